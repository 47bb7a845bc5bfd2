//! One place on one day: people join, turn violent, contest sites, clash with forces, are arrested and go home.

use equipoise_scenario::chronicle::{EventKind, Subject};

use super::rates::{Draw, count, is_certainly_none};
use super::{Reads, is_at_rest, parameter};
use crate::history::{EventId, History, NO_EVENT};
use crate::keys::UNREST;
use crate::world::World;

/// Exposure is counted in thousands of protesters heard of, so that the gain is a number of ordinary size.
const PERSONS_PER_UNIT_OF_EXPOSURE: f64 = 1000.0;

/// One place on one day.
pub(super) struct PlaceDay<'a> {
    pub(super) k: usize,
    pub(super) grievance: f64,
    /// Grievance above the threshold.
    pub(super) excess: f64,
    pub(super) heard: f64,
    pub(super) active: &'a [f64],
}

impl PlaceDay<'_> {
    /// Says whether anything in the place can be other than before.
    pub(super) fn run(&self, world: &mut World, reads: &Reads<'_>, history: &mut History) -> bool {
        let was_at_rest = is_at_rest(&world.places[self.k]);
        self.join(world, reads, history);
        if was_at_rest && world.places[self.k].crowd() == 0 {
            return false;
        }
        if world.places[self.k].crowd() > 0 || world.places[self.k].sites_held > 0 {
            self.escalate(world, reads, history);
            self.contest(world, reads, history);
            self.clash(world, reads, history);
        }
        self.arrest(world, reads);
        self.leave(world, reads);
        self.restore(world, reads, history);
        true
    }

    /// People join: on their own where grievance passes the threshold, and by example.
    fn join(&self, world: &mut World, reads: &Reads<'_>, history: &mut History) {
        let rules = &reads.scenario.unrest;
        let value = |id| parameter(world, id);
        let place = &world.places[self.k];
        if place.susceptible == 0 {
            return;
        }
        let alone = value(rules.onset_rate) * self.excess.max(0.0);
        let heard = value(rules.contagion_gain) * self.heard / PERSONS_PER_UNIT_OF_EXPOSURE;
        let offline = 1.0 - value(rules.shutdown_effect) * (1.0 - world.state.internet.value);
        let pull = value(rules.contagion_rate) * self.grievance * offline;
        // Response, of 1 at most, and perceived arrest only lower the rate: on most days in most places this settles it.
        let u = self.uniform(world, reads, Draw::Joining);
        let most = alone + pull * heard.min(1.0);
        if is_certainly_none(u, place.susceptible, most) {
            return;
        }
        let crowd = place.crowd() as f64;
        let perceived = 1.0 - (-value(rules.arrest_perception) * place.force / (crowd + 1.0)).exp();
        let ventured = (1.0 - value(rules.risk_aversion) * perceived).max(0.0);
        if is_certainly_none(u, place.susceptible, most * ventured) {
            return;
        }
        let example = pull * -(-heard).exp_m1();
        let rate = (alone + example) * ventured;
        let joining = count(u, place.susceptible, rate);
        let place = &mut world.places[self.k];
        place.susceptible -= joining;
        place.peaceful += joining;
        if place.protest == NO_EVENT && joining > 0 {
            let example_from = if example > alone { self.loudest(world, reads) } else { NO_EVENT };
            let causes = [world.places[self.k].price_index.cause, example_from];
            let subject = Subject::Place(self.k);
            let event =
                history.record(world.day, 0, EventKind::ProtestBegins, subject, joining as f64, &causes);
            world.places[self.k].protest = event;
        }
    }

    /// The first protest of the place that weighs most in what is heard here.
    fn loudest(&self, world: &World, reads: &Reads<'_>) -> EventId {
        let loudness = |j: usize| reads.kernel.weight(self.k, j, world.state.internet.value) * self.active[j];
        (0..self.active.len())
            .filter(|&j| j != self.k && self.active[j] > 0.0)
            .max_by(|&a, &b| loudness(a).total_cmp(&loudness(b)))
            .map_or(NO_EVENT, |j| world.places[j].protest)
    }

    /// Violence breaks out, and protesters turn violent while it lasts.
    fn escalate(&self, world: &mut World, reads: &Reads<'_>, history: &mut History) {
        let rules = &reads.scenario.unrest;
        let value = |id| parameter(world, id);
        let place = &world.places[self.k];
        let peaceful = place.peaceful as f64;
        let mut broken_out = place.violent > 0;
        if !broken_out && place.peaceful > 0 {
            let cover = peaceful / (peaceful + value(rules.crowd_cover).max(0.0));
            let foreign = value(rules.foreign_share).clamp(0.0, 1.0);
            let outnumbered = peaceful / (peaceful + place.force);
            let rate = cover
                * (value(rules.escalation_rate) * (1.0 - foreign) * outnumbered
                    + value(rules.infiltration_rate) * foreign);
            broken_out = self.binomial(world, reads, Draw::Outbreak, 1, rate) == 1;
        }
        if !broken_out || place.peaceful == 0 {
            return;
        }
        let (peaceful, rate) = (place.peaceful, value(rules.radicalisation_rate));
        let begins = place.violent == 0;
        let radicalised = self.at_known_rate(world, reads, Draw::Radicalised, peaceful, rate);
        let begins = begins && radicalised > 0;
        let place = &mut world.places[self.k];
        place.peaceful -= radicalised;
        place.violent += radicalised;
        if begins && !place.disordered {
            let causes = [place.protest, place.emergency.cause, world.state.lethal_force.cause];
            let subject = Subject::Place(self.k);
            let event =
                history.record(world.day, 0, EventKind::ViolenceBegins, subject, radicalised as f64, &causes);
            let place = &mut world.places[self.k];
            place.violence = event;
            place.order = event;
            place.disordered = true;
        }
    }

    /// Rioters and forces contest the key sites.
    pub(super) fn contest(&self, world: &mut World, reads: &Reads<'_>, history: &mut History) {
        let rules = &reads.scenario.unrest;
        let value = |id| parameter(world, id);
        let place = &world.places[self.k];
        let sites = reads.scenario.places[self.k].key_sites;
        if place.violent == 0 && place.sites_held == 0 {
            return;
        }
        let exponent = value(rules.contest_exponent);
        let rioters = (value(rules.rioter_strength) * place.violent as f64).powf(exponent);
        let forces = place.force.powf(exponent);
        let rioters_win = if rioters + forces > 0.0 { rioters / (rioters + forces) } else { 0.5 };
        let rate = value(rules.contest_rate);
        let free_sites = u64::from(sites.saturating_sub(place.sites_held));
        let seized = self.binomial(world, reads, Draw::Seized, free_sites, rate * rioters_win) as u32;
        let held = u64::from(place.sites_held);
        let recaptured =
            self.binomial(world, reads, Draw::Recaptured, held, rate * (1.0 - rioters_win)) as u32;
        let held_before = place.sites_held;
        let violence = place.violence;
        let held_now = held_before + seized - recaptured;
        world.places[self.k].sites_held = held_now;
        let kind = match (held_before, held_now) {
            (0, now) if now > 0 => EventKind::SiteSeized,
            (before, 0) if before > 0 => EventKind::SitesRecaptured,
            _ => return,
        };
        let causes = [violence, world.places[self.k].sites, world.state.reserve_ready.cause];
        let amount = f64::from(held_now.abs_diff(held_before));
        let event = history.record(world.day, 0, kind, Subject::Place(self.k), amount, &causes);
        world.places[self.k].sites = event;
    }

    /// People are killed and injured where rioters and forces meet.
    fn clash(&self, world: &mut World, reads: &Reads<'_>, history: &mut History) {
        let rules = &reads.scenario.unrest;
        let value = |id| parameter(world, id);
        let place = &world.places[self.k];
        if place.violent == 0 || place.force <= 0.0 {
            return;
        }
        let violent = place.violent as f64;
        let pairs = violent * place.force / (violent + place.force);
        let shooting = world.state.lethal_force.value > 0.0;
        let lethality = if shooting { value(rules.lethal_factor) } else { 1.0 };
        let poisson = |draw: Draw, mean: f64| {
            reads.noise.poisson(UNREST, reads.keys.places[self.k], world.day, draw as u32, mean)
        };
        let killed = poisson(Draw::KilledCivilians, value(rules.civilian_death_rate) * lethality * pairs)
            .min(place.violent);
        let officers = poisson(Draw::KilledOfficers, value(rules.officer_death_rate) * pairs);
        let injured = poisson(Draw::Injured, value(rules.injury_rate) * pairs);
        let (violence, lethal) = (place.violence, world.state.lethal_force.cause);
        let place = &mut world.places[self.k];
        place.violent -= killed;
        place.killed_civilians += killed;
        place.killed_officers += officers;
        place.injured += injured;
        if killed + officers > 0 && world.state.deaths == NO_EVENT {
            let subject = Subject::Place(self.k);
            let amount = (killed + officers) as f64;
            world.state.deaths =
                history.record(world.day, 0, EventKind::FirstDeath, subject, amount, &[violence, lethal]);
        }
    }

    /// Forces arrest in the street, and under a state of emergency find those who took part in violence before.
    pub(super) fn arrest(&self, world: &mut World, reads: &Reads<'_>) {
        let rules = &reads.scenario.unrest;
        let value = |id| parameter(world, id);
        let place = &world.places[self.k];
        let under_emergency = place.emergency.value > 0.0;
        let wanted = place.violent as f64 + if under_emergency { place.peaceful as f64 } else { 0.0 };
        let capacity = place.force * value(rules.arrests_per_officer);
        let (mut violent, mut peaceful, mut found) = (0, 0, 0);
        if wanted > 0.0 && capacity > 0.0 {
            let rate = capacity / wanted;
            violent = self.binomial(world, reads, Draw::ArrestedViolent, place.violent, rate);
            if under_emergency {
                peaceful = self.binomial(world, reads, Draw::ArrestedPeaceful, place.peaceful, rate);
            }
        }
        if under_emergency && place.fugitive > 0 {
            let strength = world.state.free_reserve / value(reads.scenario.forces.reserve).max(1.0);
            let rate = value(rules.pursuit_rate) * strength;
            let fugitive = place.fugitive;
            found = self.at_known_rate(world, reads, Draw::Found, fugitive, rate);
        }
        let place = &mut world.places[self.k];
        place.violent -= violent;
        place.peaceful -= peaceful;
        place.fugitive -= found;
        place.detained += violent + peaceful + found;
    }

    /// People go home: sooner under a state of emergency, and the violent sooner when shots are fired.
    fn leave(&self, world: &mut World, reads: &Reads<'_>) {
        let rules = &reads.scenario.unrest;
        let value = |id| parameter(world, id);
        let place = &world.places[self.k];
        let curfew = if place.emergency.value > 0.0 { value(rules.emergency_effect) } else { 1.0 };
        let shots = if world.state.lethal_force.value > 0.0 { value(rules.lethal_deterrence) } else { 1.0 };
        let peaceful_rate = value(rules.leaving_rate) * curfew;
        let violent_rate = value(rules.violent_leaving_rate) * curfew * shots;
        let (peaceful, violent) = (place.peaceful, place.violent);
        let peaceful = self.at_known_rate(world, reads, Draw::LeavingPeaceful, peaceful, peaceful_rate);
        let violent = self.at_known_rate(world, reads, Draw::LeavingViolent, violent, violent_rate);
        let place = &mut world.places[self.k];
        place.peaceful -= peaceful;
        place.violent -= violent;
        place.fugitive += violent;
    }

    /// A place that was in disorder is in order again once violence and seized sites are gone and the streets are calm.
    fn restore(&self, world: &mut World, reads: &Reads<'_>, history: &mut History) {
        let calm = parameter(world, reads.scenario.unrest.calm_per_100000)
            * reads.scenario.places[self.k].population
            / 100_000.0;
        let place = &world.places[self.k];
        if !place.disordered || place.in_disorder() || place.crowd() as f64 > calm {
            return;
        }
        let causes = [place.violence, place.sites, place.emergency.cause, world.state.lethal_force.cause];
        let event =
            history.record(world.day, 0, EventKind::OrderRestored, Subject::Place(self.k), 0.0, &causes);
        let place = &mut world.places[self.k];
        place.order = event;
        place.disordered = false;
    }

    /// How many of `n` persons or sites an event of this daily rate befalls.
    fn binomial(&self, world: &World, reads: &Reads<'_>, draw: Draw, n: u64, rate: f64) -> u64 {
        if n == 0 || rate <= 0.0 {
            return 0;
        }
        count(self.uniform(world, reads, draw), n, rate)
    }

    /// The same at a rate that is mostly that of the place or day before.
    fn at_known_rate(&self, world: &mut World, reads: &Reads<'_>, draw: Draw, n: u64, rate: f64) -> u64 {
        if n == 0 || rate <= 0.0 {
            return 0;
        }
        let u = self.uniform(world, reads, draw);
        if is_certainly_none(u, n, rate) {
            return 0;
        }
        world.rates.chance(draw, rate).binomial_quantile(u, n)
    }

    fn uniform(&self, world: &World, reads: &Reads<'_>, draw: Draw) -> f64 {
        reads.noise.uniform(UNREST, reads.keys.places[self.k], world.day, draw as u32)
    }
}
