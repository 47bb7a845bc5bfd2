//! Discrete choice: with which probability each option is taken, and which one is taken in one history.
//!
//! The conditional logit of McFadden 1974 ("Conditional logit analysis of qualitative choice behavior"),
//! with the shocks kept by option so that a counterfactual meets the same ones (the Gumbel-max
//! construction; as a causal mechanism, Oberst and Sontag 2019, arXiv 1905.05824).

use crate::noise::{LOWEST_GUMBEL, Noise, Stream};

/// Writes to `out` the probability of each option: exp(r·uᵢ) / Σⱼ exp(r·uⱼ).
///
/// `rationality` r is per unit of utility: 0 is uniform, infinity splits evenly between the best options;
/// a negative or NaN rationality counts as 0. An option of utility −∞ or NaN has probability 0; if one
/// or more have +∞, they share everything evenly. If no option can be chosen, all are 0.
///
/// # Panics
/// If `out` and `utilities` differ in length.
pub fn probabilities(utilities: &[f64], rationality: f64, out: &mut [f64]) {
    assert_eq!(utilities.len(), out.len(), "one probability per option");
    let rationality = checked(rationality);
    let best = best_utility(utilities);
    let mut total = 0.0;
    for (share, &utility) in out.iter_mut().zip(utilities) {
        *share = if !can_be_chosen(utility) {
            0.0
        } else if utility == best {
            1.0
        } else if best == f64::INFINITY || rationality == f64::INFINITY {
            0.0
        } else {
            // Relative to the best, so that no exponential overflows.
            (rationality * (utility - best)).exp()
        };
        total += *share;
    }
    if total > 0.0 {
        for share in out {
            *share /= total;
        }
    }
}

/// The option taken: the one with the largest r·uᵢ + gᵢ, with one standard Gumbel shock gᵢ per option.
///
/// The shock's address is (stream, entity, day, draw, option key): adding or removing an option, or
/// another decision, leaves the shocks of the rest untouched. Over histories the options are taken with
/// the [`probabilities`] of the same utilities and rationality (McFadden 1974; Gumbel 1954).
/// `option_keys` are [`crate::noise::entity`] of the options' ids; `day` and `draw` count modulo 2¹⁶.
///
/// Returns `None` if no option can be chosen (none given, or all utilities −∞ or NaN). With infinite
/// rationality the shocks decide between equal best options only.
///
/// # Panics
/// If `option_keys` and `utilities` differ in length.
#[expect(clippy::too_many_arguments, reason = "a draw's address is spelt the same way everywhere")]
#[must_use]
pub fn choose(
    noise: &Noise,
    stream: Stream,
    entity: u32,
    day: u32,
    draw: u32,
    utilities: &[f64],
    option_keys: &[u32],
    rationality: f64,
) -> Option<usize> {
    assert_eq!(utilities.len(), option_keys.len(), "one key per option");
    let rationality = checked(rationality);
    let best = best_utility(utilities);
    let only_best = best == f64::INFINITY || rationality == f64::INFINITY;
    // Those that can be chosen: number, key, and how far behind the best.
    let in_play = || {
        let options = utilities.iter().zip(option_keys).enumerate();
        let can = move |utility: f64| can_be_chosen(utility) && !(only_best && utility < best);
        options.filter(move |(_, (utility, _))| can(**utility)).map(move |(option, (&utility, &key))| {
            let behind = if utility == best { 0.0 } else { rationality * (utility - best) };
            (option, key, behind)
        })
    };
    // Bounds of the shocks mostly tell which is ahead.
    let within = |key| noise.gumbel_of_option_within(stream, entity, day, draw, key);
    if let Some(ahead) = surely_ahead(in_play(), within) {
        return Some(ahead);
    }
    let mut chosen = None;
    let mut highest = f64::NEG_INFINITY;
    for (option, key, behind) in in_play() {
        let shock = noise.gumbel_of_option(stream, entity, day, draw, key);
        if chosen.is_none() || behind + shock > highest {
            chosen = Some(option);
            highest = behind + shock;
        }
    }
    chosen
}

/// How far the shock that [`choose`] gives one option (an index) surely is ahead of those of all the others. While every
/// other option is further behind in r·u than that, the one is taken; a millionth allows for rounding.
///
/// # Panics
/// If there is no such option.
#[must_use]
pub fn lead(
    noise: &Noise,
    stream: Stream,
    entity: u32,
    day: u32,
    draw: u32,
    option_keys: &[u32],
    of: usize,
) -> f64 {
    let within = |key: u32| noise.gumbel_of_option_within(stream, entity, day, draw, key);
    let [own, _] = within(option_keys[of]);
    let others = option_keys.iter().enumerate().filter(|(option, _)| *option != of);
    others.map(|(_, key)| own - within(*key)[1]).fold(f64::INFINITY, f64::min)
}

/// The option that is ahead of every other wherever the shocks lie within their bounds, if there is one. Of each: its
/// number, its key, and how far behind the best it is without the shock.
#[inline(always)]
fn surely_ahead(
    options: impl Iterator<Item = (usize, u32, f64)> + Clone,
    within: impl Fn(u32) -> [f64; 2],
) -> Option<usize> {
    // The best without shocks comes last: what is unlikely mostly stays behind even the lowest shock it could meet.
    let (mut best, mut most) = (None, f64::NEG_INFINITY);
    let (mut ahead, mut least, mut most_of_others) = (None, f64::NEG_INFINITY, f64::NEG_INFINITY);
    let mut meet = |option: usize, low: f64, high: f64| {
        // Who is ahead is as good as random: choosing without a branch is faster.
        let passes = low > least;
        most_of_others = most_of_others.max(if passes { most } else { high });
        most = if passes { high } else { most };
        least = if passes { low } else { least };
        ahead = if passes { Some(option) } else { ahead };
        most.max(most_of_others)
    };
    let mut highest = f64::NEG_INFINITY;
    for (option, key, behind) in options {
        if behind == 0.0 && best.is_none() {
            best = Some((option, key));
            continue;
        }
        let [low, high] = within(key);
        highest = meet(option, behind + low, behind + high);
    }
    let (option, key) = best?;
    if highest < LOWEST_GUMBEL {
        return Some(option);
    }
    let [low, high] = within(key);
    meet(option, low, high);
    ahead.filter(|_| least > most_of_others)
}

/// The level taken of several ordered ones, counted from 0: the proportional-odds logit of McCullagh 1980
/// ("Regression models for ordinal data").
///
/// With rationality r, utility u and ascending cut points cₖ, the level is above k with probability
/// 1 / (1 + exp(−r(u − cₖ))). `uniform` is a draw from (0, 1): at the same draw a larger utility never gives
/// a lower level. A negative or NaN rationality counts as 0, at which utility does not matter but the draw
/// falls around the middle of each cut; a NaN utility counts as 0.
#[must_use]
pub fn ordered(utility: f64, cuts: &[f64], rationality: f64, uniform: f64) -> usize {
    let rationality = checked(rationality);
    let utility = if utility.is_nan() { 0.0 } else { utility };
    // The logistic noise behind the latent utility, by the inverse of its distribution function.
    let noise = (uniform / (1.0 - uniform)).ln();
    cuts.iter().filter(|&&cut| rationality * (utility - cut) + noise > 0.0).count()
}

fn can_be_chosen(utility: f64) -> bool {
    utility > f64::NEG_INFINITY
}

/// The largest utility; NaN is passed over.
fn best_utility(utilities: &[f64]) -> f64 {
    utilities.iter().copied().fold(f64::NEG_INFINITY, f64::max)
}

/// `f64::max` also answers 0 for NaN.
fn checked(rationality: f64) -> f64 {
    rationality.max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::noise::entity;
    use proptest::prelude::*;

    const VOTE: Stream = Stream::named("vote");

    fn shares(utilities: &[f64], rationality: f64) -> Vec<f64> {
        let mut out = vec![f64::NAN; utilities.len()];
        probabilities(utilities, rationality, &mut out);
        out
    }

    fn keys(count: usize) -> Vec<u32> {
        (0..count).map(|i| entity(&format!("option-{i}"))).collect()
    }

    #[test]
    fn ordered_levels_come_with_the_probabilities_of_proportional_odds() {
        let (utility, cuts, rationality) = (0.4, [-1.0, 0.5], 1.5);
        let above = |cut: f64| 1.0 / (1.0 + (-rationality * (utility - cut)).exp());
        let expected = [1.0 - above(cuts[0]), above(cuts[0]) - above(cuts[1]), above(cuts[1])];
        let draws = 200_000_u32;
        let mut counts = [0_u32; 3];
        for i in 0..draws {
            counts[ordered(utility, &cuts, rationality, (f64::from(i) + 0.5) / f64::from(draws))] += 1;
        }
        for (count, share) in counts.iter().zip(expected) {
            assert!((f64::from(*count) / f64::from(draws) - share).abs() < 2.0 / f64::from(draws));
        }
    }

    #[test]
    fn a_lead_mostly_tells_who_is_taken() {
        let (noise, keys) = (Noise::new(11, 0), keys(2));
        let days = 0..1000u32;
        let taken = |day: &u32| choose(&noise, VOTE, 7, *day, 0, &[0.0, -3.0], &keys, 1.0) == Some(0);
        let told = |day: &u32| -3.0 < lead(&noise, VOTE, 7, *day, 0, &keys, 0) - 1e-6;
        let (taken, told) = (days.clone().filter(taken).count(), days.filter(told).count());
        assert!(taken > 920 && told > taken - 20 && told <= taken, "{told} of {taken}");
    }

    proptest! {
        #[test]
        fn whoever_is_less_behind_than_its_lead_is_taken(
            utilities in prop::collection::vec(-9.0f64..9.0, 1..5), r in 0.0f64..4.0, seed in 0u64..9999, of in 0usize..5,
        ) {
            let (noise, keys, of) = (Noise::new(seed, 0), keys(utilities.len()), of % utilities.len());
            let lead = lead(&noise, VOTE, 7, 3, 0, &keys, of);
            let others = utilities.iter().enumerate().filter(|(option, _)| *option != of);
            let behind = others.map(|(_, u)| r * (u - utilities[of])).fold(f64::NEG_INFINITY, f64::max);
            let taken = choose(&noise, VOTE, 7, 3, 0, &utilities, &keys, r);
            if behind < lead - 1e-6 {
                prop_assert_eq!(taken, Some(of));
            }
        }

        #[test]
        fn a_larger_utility_never_gives_a_lower_level(
            low in -9.0f64..9.0, more in 0.0f64..9.0, cut in 0.0f64..3.0, r in 0.0f64..4.0, u in 1e-9f64..1.0,
        ) {
            let cuts = [-cut, cut];
            prop_assert!(ordered(low, &cuts, r, u) <= ordered(low + more, &cuts, r, u));
        }
    }

    fn taken(history: u64, utilities: &[f64], rationality: f64) -> Option<usize> {
        let noise = Noise::new(3, history);
        choose(&noise, VOTE, 8, 4, 0, utilities, &keys(utilities.len()), rationality)
    }

    #[test]
    fn two_options_follow_the_logistic_curve() {
        let found = shares(&[1.5, 0.5], 2.0);
        assert!((found[0] - 1.0 / (1.0 + (-2.0_f64).exp())).abs() < 1e-15);
    }

    #[test]
    fn limits_of_rationality_are_indifference_and_the_best() {
        assert_eq!(shares(&[9.0, -9.0], 0.0), [0.5, 0.5]);
        assert_eq!(shares(&[9.0, -9.0], f64::NAN), [0.5, 0.5]);
        assert_eq!(shares(&[1.0, 2.0, 2.0], f64::INFINITY), [0.0, 0.5, 0.5]);
        assert_eq!(shares(&[1e308, -1e308], 1e308), [1.0, 0.0]);
    }

    #[test]
    fn what_is_ruled_out_is_never_chosen() {
        let ruled_out = f64::NEG_INFINITY;
        assert_eq!(shares(&[ruled_out, 1.0, f64::NAN], 0.0), [0.0, 1.0, 0.0]);
        assert_eq!(shares(&[f64::INFINITY, 1.0], 0.5), [1.0, 0.0]);
        for history in 0..200 {
            for rationality in [0.0, 1.0, f64::INFINITY] {
                assert_eq!(taken(history, &[ruled_out, 1.0, f64::NAN], rationality), Some(1));
                assert_eq!(taken(history, &[0.0, f64::INFINITY], rationality), Some(1));
            }
        }
    }

    #[test]
    fn with_nothing_to_choose_nothing_is_chosen() {
        assert_eq!(shares(&[f64::NEG_INFINITY; 2], 1.0), [0.0, 0.0]);
        assert_eq!(taken(0, &[f64::NEG_INFINITY; 2], 1.0), None);
        assert_eq!(taken(0, &[], 1.0), None);
    }

    #[test]
    fn options_are_taken_as_often_as_their_probabilities_say() {
        let utilities = [0.3, -0.4, 1.1, 0.0];
        for rationality in [0.0, 0.8, 2.5] {
            let histories = 40_000;
            let mut counts = [0.0; 4];
            for history in 0..histories {
                if let Some(option) = taken(history, &utilities, rationality) {
                    counts[option] += 1.0;
                }
            }
            let statistic: f64 = shares(&utilities, rationality)
                .iter()
                .zip(counts)
                .map(|(p, count)| (count - p * histories as f64).powi(2) / (p * histories as f64))
                .sum();
            // Chi-square with 3 degrees of freedom passes 16.3 once in a thousand.
            assert!(statistic < 16.3, "rationality {rationality}: {statistic}");
        }
    }

    #[test]
    fn equal_best_options_are_split_by_their_shocks() {
        let first =
            (0..4000).filter(|&history| taken(history, &[2.0, 2.0, 1.0], f64::INFINITY) == Some(0)).count();
        assert!((1850..2150).contains(&first), "{first}");
    }

    proptest! {
        #[test]
        fn probabilities_sum_to_one(
            utilities in prop::collection::vec(-1e6..1e6f64, 1..9), rationality in 0.0..1e4f64,
        ) {
            let found = shares(&utilities, rationality);
            prop_assert!((found.iter().sum::<f64>() - 1.0).abs() < 1e-12);
            prop_assert!(found.iter().all(|p| (0.0..=1.0).contains(p)));
        }

        #[test]
        fn an_option_made_better_is_kept_and_likelier(
            utilities in prop::collection::vec(-5.0..5.0f64, 2..6), gain in 0.0..5.0f64, history: u64,
        ) {
            let mut better = utilities.clone();
            better[0] += gain;
            prop_assert!(shares(&better, 1.0)[0] >= shares(&utilities, 1.0)[0] - 1e-15);
            // In the same history only a switch to the improved option is possible.
            let (before, after) = (taken(history, &utilities, 1.0), taken(history, &better, 1.0));
            prop_assert!(after == before || after == Some(0));
        }

        #[test]
        fn removing_an_option_not_taken_changes_nothing(
            utilities in prop::collection::vec(-5.0..5.0f64, 2..6), history: u64,
        ) {
            let noise = Noise::new(3, history);
            let keys = keys(utilities.len());
            let last = utilities.len() - 1;
            let pick = |n: usize| choose(&noise, VOTE, 8, 4, 0, &utilities[..n], &keys[..n], 1.0);
            let before = pick(last + 1);
            prop_assert!(before == Some(last) || pick(last) == before);
        }
    }
}
