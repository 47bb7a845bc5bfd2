//! Unrest: protest that spreads from city to city, turns violent, takes and loses sites, and is put down.
//!
//! Spread has the form of Bonnasse-Gahot et al. (2018): each city loses susceptible persons to protest at a rate that
//! answers to the protest heard of elsewhere, and protesters go home for good at a constant rate. To that this module
//! adds, as extensions of our own:
//!
//! * a common trigger: grievance `G = (g + w·d·(π−1)·e^(−φt))·(1−L)` in a place with standing grievance `g`, fuel
//!   dependence `d` and price index `π`, `t` days after the price rose, under legitimacy `L` (the form `hardship ×
//!   (1 − legitimacy)` is Epstein 2002), starts protest at rate `a·(G−T′)₊` where it passes the threshold
//!   `T′ = max(T, g·(1−L₀))`: the grievance of the eve, under the legitimacy `L₀` of the eve, had started none;
//! * Epstein's (2002) perceived probability of arrest, `1 − exp(−k·F/(A+1))`, which keeps people at home in proportion
//!   to their mean risk aversion;
//! * violence as a state of its own: it breaks out in a place at rate `ε·(1−f)·A/(A+F)·A/(A+c)` from confrontation and
//!   `ι·f·A/(A+c)` by infiltration (f the share of foreign fighters, c the crowd that gives cover), then protesters turn
//!   violent at a constant rate until the last violent one is gone;
//! * contests over sites by Tullock's (1980) success function `(s·V)^m / ((s·V)^m + F^m)`;
//! * casualties in proportion to clash pairs `V·F/(V+F)` (a mixed Lanchester law).

mod place_day;
mod rates;

use equipoise_models::contagion::Kernel;
use equipoise_models::noise::Noise;
use equipoise_scenario::Scenario;
use equipoise_scenario::scenario::ParameterId;

use crate::history::History;
use crate::keys::Keys;
use crate::world::{PlaceState, World};
use place_day::PlaceDay;
pub(crate) use rates::Rates;

/// What the step reads beside the world.
pub(crate) struct Reads<'a> {
    pub scenario: &'a Scenario,
    pub keys: &'a Keys,
    pub noise: &'a Noise,
    pub kernel: &'a Kernel,
}

/// One day of unrest in all places.
pub(crate) fn step(
    world: &mut World,
    reads: &Reads<'_>,
    active: &mut [f64],
    exposure: &mut [f64],
    history: &mut History,
) {
    let quiet = world.totals.participants == 0.0 && world.totals.sites_held == 0.0;
    let sweeping = world.totals.fugitive > 0.0 && world.totals.emergency > 0.0;
    let at_ease = quiet && !sweeping;
    if at_ease && world.state.borne.is_some_and(|legitimacy| world.state.legitimacy.value >= legitimacy) {
        return;
    }
    for (count, place) in active.iter_mut().zip(&world.places) {
        *count = place.crowd() as f64;
    }
    if quiet {
        exposure.fill(0.0);
    } else {
        reads.kernel.exposure(active, world.state.internet.value, exposure);
    }
    let (mut changed, mut borne) = (false, at_ease);
    let mut fading = Fading { price_day: world.day, left: 1.0 };
    for (k, &heard) in exposure.iter().enumerate() {
        let grievance = grievance(world, reads.scenario, k, &mut fading);
        let excess = grievance - world.places[k].threshold;
        let content = excess <= 0.0;
        borne &= content && only_fades(world, reads.scenario, k);
        if content && (at_ease || (heard == 0.0 && is_at_rest(&world.places[k]))) {
            continue;
        }
        let day = PlaceDay { k, grievance, excess, heard, active };
        changed |= day.run(world, reads, history);
    }
    world.state.borne = borne.then_some(world.state.legitimacy.value);
    if changed {
        world.sum_up(reads.scenario);
    }
}

/// Whether a place stays as it is unless somebody joins.
fn is_at_rest(place: &PlaceState) -> bool {
    place.crowd() == 0 && place.sites_held == 0 && place.fugitive == 0 && !place.disordered
}

/// Whether grievance in a place can only fall while legitimacy does not, and prices do not rise.
fn only_fades(world: &World, scenario: &Scenario, k: usize) -> bool {
    let PlaceState { standing_grievance, price_response, .. } = world.places[k];
    let fading = parameter(world, scenario.unrest.shock_fading_rate);
    [standing_grievance, price_response, fading].iter().all(|number| *number >= 0.0)
}

/// What is left of a price rise in grievance, for the day of the last rise looked at: mostly the same in every place.
struct Fading {
    price_day: u32,
    left: f64,
}

impl Fading {
    fn since(&mut self, price_day: u32, world: &World, scenario: &Scenario) -> f64 {
        if price_day != self.price_day {
            let days = f64::from(world.day - price_day);
            let left = (-parameter(world, scenario.unrest.shock_fading_rate) * days).exp();
            *self = Fading { price_day, left };
        }
        self.left
    }
}

/// Grievance in a place: `(standing + weight · dependence · price rise · fading) · (1 − legitimacy)`.
fn grievance(world: &World, scenario: &Scenario, k: usize, fading: &mut Fading) -> f64 {
    let place = &world.places[k];
    let rise = place.price_index.value - 1.0;
    let mut shock = 0.0;
    if rise > 0.0 {
        shock = place.price_response * rise * fading.since(place.price_day, world, scenario);
    }
    (place.standing_grievance + shock) * (1.0 - world.state.legitimacy.value)
}

fn parameter(world: &World, id: ParameterId) -> f64 {
    world.parameters[id]
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::{Engine, response};
    use equipoise_models::contagion::Spread;
    use equipoise_scenario::{load_files, template};
    use proptest::prelude::*;

    fn persons(place: &PlaceState) -> u64 {
        place.susceptible + place.crowd() + place.fugitive + place.detained + place.killed_civilians
    }

    /// The template's country on its first morning, under the middle of every parameter but those given.
    fn staged<T>(changes: &[(&str, f64)], act: impl FnOnce(&mut World, &Reads<'_>, &mut History) -> T) -> T {
        let files = template("Varnia").into_iter().map(|(path, text)| (path, text.into_bytes()));
        let scenario = load_files("varnia", files.collect()).unwrap();
        let mut parameters: Vec<f64> = scenario.parameters.iter().map(|p| p.draw(0.5, 0)).collect();
        for (id, value) in changes {
            let at = scenario.parameters.iter().position(|p| p.id == *id).unwrap();
            parameters[at] = *value;
        }
        let engine = Engine::new(&scenario);
        let mut workspace = engine.workspace();
        let world = &mut workspace.world;
        world.reset(&scenario, &parameters);
        let keys = Keys::new(&scenario);
        let noise = Noise::new(3, 0);
        let distances = vec![100.0; world.places.len() * world.places.len()];
        let populations: Vec<f64> = scenario.places.iter().map(|p| p.population).collect();
        let spread = Spread { scale_km: 50.0, exponent: 0.8, media_share: 0.2 };
        let kernel = Kernel::new(&distances, &populations, &spread);
        let reads = Reads { scenario: &scenario, keys: &keys, noise: &noise, kernel: &kernel };
        act(world, &reads, &mut History::default())
    }

    /// Sixty days of unrest without any decision.
    fn sixty_days(changes: &[(&str, f64)], mut each_day: impl FnMut(&World, &World)) -> World {
        staged(changes, |world, reads, history| {
            for place in &mut world.places {
                place.price_index.value = 3.0;
            }
            let (mut active, mut exposure) = (vec![0.0; world.places.len()], vec![0.0; world.places.len()]);
            for day in 0..60 {
                let yesterday = world.clone();
                world.day = day;
                response::deploy(world, reads.scenario);
                step(world, reads, &mut active, &mut exposure, history);
                each_day(&yesterday, world);
            }
            world.clone()
        })
    }

    /// Place 0 on one of many days.
    const FIRST: PlaceDay<'_> = PlaceDay { k: 0, grievance: 0.0, excess: 0.0, heard: 0.0, active: &[] };

    /// Sites held after each of so many contests, each begun with `held`, on days of their own.
    fn contests(days: u32, violent: u64, force: f64, held: u32) -> (Vec<u32>, u32) {
        staged(&[], |world, reads, history| {
            let sites = reads.scenario.places[0].key_sites;
            let after = (0..days).map(|day| {
                world.day = day;
                let place = &mut world.places[0];
                (place.violent, place.force, place.sites_held) = (violent, force, held.min(sites));
                FIRST.contest(world, reads, history);
                world.places[0].sites_held
            });
            (after.collect(), sites)
        })
    }

    /// Persons arrested in the street on each of so many days, of so many violent and peaceful ones.
    fn arrests(days: u32, violent: u64, peaceful: u64, force: f64, emergency: bool) -> (Vec<u64>, f64) {
        staged(&[], |world, reads, _| {
            let capacity = force * world.parameters[reads.scenario.unrest.arrests_per_officer];
            let arrested = (0..days).map(|day| {
                world.day = day;
                let place = &mut world.places[0];
                place.emergency.value = f64::from(u8::from(emergency));
                (place.violent, place.peaceful, place.force) = (violent, peaceful, force);
                (place.fugitive, place.detained) = (0, 0);
                FIRST.arrest(world, reads);
                let place = &world.places[0];
                assert_eq!(place.violent + place.peaceful + place.detained, violent + peaceful);
                assert!(emergency || place.peaceful == peaceful, "only the violent are arrested");
                place.detained
            });
            (arrested.collect(), capacity)
        })
    }

    #[test]
    fn only_peaceful_protesters_who_go_home_leave_the_count_of_persons() {
        let violent = [("escalation_rate", 1.0), ("onset_threshold", 0.0), ("contagion_rate", 3.0)];
        let end = sixty_days(&violent, |yesterday, today| {
            for (before, after) in yesterday.places.iter().zip(&today.places) {
                assert!(persons(after) <= persons(before), "nobody appears from nowhere");
                assert!(persons(before) - persons(after) <= before.peaceful + before.susceptible);
                assert!(after.detained >= before.detained && after.injured >= before.injured);
            }
        });
        assert!(end.totals.injured > 0.0 || end.totals.detained > 0.0, "the unrest was worth the test");
    }

    #[test]
    fn with_no_leaving_every_person_is_accounted_for() {
        sixty_days(&[("leaving_rate", 0.0)], |yesterday, today| {
            for (before, after) in yesterday.places.iter().zip(&today.places) {
                assert_eq!(persons(before), persons(after));
            }
        });
    }

    #[test]
    fn a_higher_threshold_never_starts_more_protest() {
        let joined = |threshold: f64| {
            let end = sixty_days(&[("onset_threshold", threshold), ("contagion_rate", 0.0)], |_, _| {});
            let left: u64 = end.places.iter().map(|place| place.susceptible).sum();
            std::cmp::Reverse(left)
        };
        assert!(joined(0.0) >= joined(0.1) && joined(0.1) >= joined(0.9));
        assert!(joined(0.0) > joined(0.9));
    }

    #[test]
    fn without_anyone_turning_violent_nobody_dies() {
        let end = sixty_days(&[("escalation_rate", 0.0), ("infiltration_rate", 0.0)], |_, _| {});
        assert_eq!((end.totals.killed, end.totals.sites_held), (0.0, 0.0));
    }

    /// Who is left to join after days under these legitimacies; whether calm of the day before is remembered, and on how many
    /// days it was.
    fn under(legitimacies: &[f64], remembering: bool) -> (Vec<(u64, u64)>, usize) {
        let brief = [("leaving_rate", 9.0), ("violent_leaving_rate", 9.0), ("shock_fading_rate", 0.01)];
        staged(&brief, |world, reads, history| {
            for place in &mut world.places {
                place.price_index.value = 1.5;
            }
            let (mut active, mut exposure) = (vec![0.0; world.places.len()], vec![0.0; world.places.len()]);
            let mut calm = 0;
            for (day, legitimacy) in (0..).zip(legitimacies) {
                world.day = day;
                world.state.legitimacy.value = *legitimacy;
                if !remembering {
                    world.state.borne = None;
                }
                calm += usize::from(world.state.borne.is_some_and(|borne| borne <= *legitimacy));
                response::deploy(world, reads.scenario);
                step(world, reads, &mut active, &mut exposure, history);
            }
            (world.places.iter().map(|place| (place.susceptible, place.fugitive)).collect(), calm)
        })
    }

    #[test]
    fn remembered_calm_ends_as_soon_as_legitimacy_falls_below_it() {
        let (of_calm, calm) = under(&[0.95; 30], true);
        assert!(calm > 25, "{calm} days");
        let (of_fall, _) = under(&[&[0.95; 20][..], &[0.0; 10]].concat(), true);
        assert!(of_fall.iter().zip(&of_calm).all(|(after, before)| after.0 < before.0), "{of_fall:?}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn remembering_calm_changes_nothing(legitimacies in prop::collection::vec(0.4..1.0f64, 40)) {
            prop_assert_eq!(under(&legitimacies, true).0, under(&legitimacies, false).0);
        }

        #[test]
        fn superior_force_decides_who_holds_the_sites(
            violent in 0u64..3000, more in 1u64..3000, force in 0.0..3000.0f64, held in 0u32..6,
        ) {
            // The same numbers are drawn on the same day, so that each day compares with itself.
            let (after, sites) = contests(20, violent, force, held);
            let (of_more, _) = contests(20, violent + more, force, held);
            let (of_stronger, _) = contests(20, violent, force + more as f64, held);
            for day in 0..20 {
                prop_assert!(after[day] <= sites);
                prop_assert!(of_more[day] >= after[day], "more rioters hold no fewer sites");
                prop_assert!(of_stronger[day] <= after[day], "more police hold no fewer either");
            }
        }

        #[test]
        fn nobody_takes_a_site_alone_from_nobody(force in 1.0..3000.0f64, violent in 1u64..3000, held in 0u32..6) {
            let (police_alone, sites) = contests(20, 0, force, held);
            prop_assert!(police_alone.iter().all(|now| *now <= held.min(sites)), "no rioters, no occupation");
            let (rioters_alone, _) = contests(20, violent, 0.0, held);
            prop_assert!(rioters_alone.iter().all(|now| *now >= held.min(sites)), "no police, no recapture");
        }

        #[test]
        fn arrests_are_bounded_by_the_force_that_is_there(
            violent in 0u64..4000, peaceful in 0u64..4000, force in 0.0..2000.0f64, emergency: bool,
        ) {
            let days = 40;
            let (arrested, capacity) = arrests(days, violent, peaceful, force, emergency);
            let mean = arrested.iter().sum::<u64>() as f64 / f64::from(days);
            // A day may see more than the mean day's capacity: a binomial count whose mean is below it.
            let error = (capacity / f64::from(days)).sqrt();
            prop_assert!(mean <= capacity + 5.0 * error, "{mean} of {capacity}");
            let (of_none, _) = arrests(days, violent, peaceful, 0.0, emergency);
            prop_assert!(of_none.iter().all(|count| *count == 0), "no force, no arrest");
            let (of_more, _) = arrests(days, violent, peaceful, force + 500.0, emergency);
            prop_assert!(arrested.iter().zip(&of_more).all(|(few, many)| few <= many));
        }
    }

    #[test]
    fn sites_are_seized_as_often_as_the_contest_says() {
        // Equal strength: each free site falls with half the daily rate (Tullock 1980), each held one is lost with it.
        let strength = staged(&[], |world, reads, _| world.parameters[reads.scenario.unrest.rioter_strength]);
        let days = 4000;
        let (after, sites) = contests(days, 1000, 1000.0 * strength, 0);
        let rate = staged(&[], |world, reads, _| world.parameters[reads.scenario.unrest.contest_rate]);
        let expected = f64::from(sites) * (1.0 - (-rate / 2.0).exp());
        let mean = f64::from(after.iter().sum::<u32>()) / f64::from(days);
        let error = (expected / f64::from(days)).sqrt();
        assert!((mean - expected).abs() < 4.0 * error, "{mean} and {expected}");
        let (kept, _) = contests(days, 1000, 1000.0 * strength, sites);
        let lost = f64::from(sites) - f64::from(kept.iter().sum::<u32>()) / f64::from(days);
        assert!((lost - expected).abs() < 4.0 * error, "{lost} and {expected}");
    }

    #[test]
    fn those_who_hide_are_found_by_the_free_reserve_under_emergency() {
        let found = |free: f64, emergency: f64| {
            staged(&[], |world, reads, _| {
                world.state.free_reserve = free * world.parameters[reads.scenario.forces.reserve];
                let place = &mut world.places[0];
                (place.fugitive, place.emergency.value) = (100_000, emergency);
                FIRST.arrest(world, reads);
                world.places[0].detained
            })
        };
        assert_eq!([found(0.0, 1.0), found(1.0, 0.0)], [0, 0]);
        assert!(found(0.2, 1.0) < found(0.5, 1.0) && found(0.5, 1.0) < found(1.0, 1.0));
    }
}
