//! How much a forecast owes to the choices a model leaves open: run them all, report the range.

use super::Actors;
use super::eum::{self, Alternatives, Capitulation, Centre, Choice, Perspective, Probability};
use super::eum::{Offer, RiskBasis};
use super::smp::{self, BargainModel, Equilibrium, Interpolation, ReceiverEstimate, RiskAdjust};
use super::smp::{RiskRange, ThirdParty, VictoryModel, VotingRule};

/// Where one set of options ends, on 0–100 per dimension.
#[derive(Clone, Debug, PartialEq)]
pub struct Forecast {
    /// The mean position, weighing capability × salience.
    pub mean: Vec<f64>,
    /// The position that prevails: the likeliest one (Spatial Model of Politics; of equals the first), or the
    /// median (Expected Utility Model).
    pub prevailing: Vec<f64>,
    /// The turns it took.
    pub turns: usize,
    /// Whether it came to rest: little moved, or nobody did in the last round.
    pub at_rest: bool,
}

/// One set of options and its forecast.
#[derive(Clone, Debug, PartialEq)]
pub struct Variant<O> {
    /// The options.
    pub options: O,
    /// Where they end.
    pub forecast: Forecast,
}

/// The range of one number over all variants.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// The least.
    pub low: f64,
    /// The median (of an even number of variants the mean of the middle two).
    pub middle: f64,
    /// The largest.
    pub high: f64,
}

/// All variants, and the range of their forecasts per dimension. Both ranges are empty if there are no
/// variants.
#[derive(Clone, Debug, PartialEq)]
pub struct Spread<O> {
    /// In the order of the options given.
    pub variants: Vec<Variant<O>>,
    /// The range of the mean positions.
    pub mean: Vec<Range>,
    /// The range of the prevailing positions.
    pub prevailing: Vec<Range>,
}

/// Runs the Spatial Model of Politics under every given set of options.
///
/// # Errors
/// If a set of options cannot be used with these actors.
pub fn smp_variants(
    actors: &Actors,
    options: Vec<smp::Options>,
) -> Result<Spread<smp::Options>, smp::OptionsError> {
    let variants = options.into_iter().map(|options| {
        let run = smp::run(actors, &options)?;
        let last = run.last();
        let mut likeliest = 0;
        for (actor, probability) in last.win_probability.iter().enumerate() {
            if *probability > last.win_probability[likeliest] {
                likeliest = actor;
            }
        }
        let forecast = Forecast {
            mean: actors.weighted_mean(&last.positions),
            prevailing: last.positions[likeliest].clone(),
            turns: run.turns.len() - 1,
            at_rest: run.quiet,
        };
        Ok(Variant { options, forecast })
    });
    Ok(spread(variants.collect::<Result<_, smp::OptionsError>>()?))
}

/// Runs so many rounds of the Expected Utility Model under every given set of options.
///
/// # Errors
/// If there is more than one dimension, or a set of options cannot be used.
pub fn eum_variants(
    actors: &Actors,
    options: Vec<eum::Options>,
    rounds: usize,
) -> Result<Spread<eum::Options>, eum::OptionsError> {
    let variants = options.into_iter().map(|options| {
        let turns = eum::run(actors, &options, rounds)?;
        let last = turns.last().expect("turn 0 is always there");
        let moves = |(actor, offer): (usize, &Option<Offer>)| {
            let before = &turns[turns.len().saturating_sub(2)].positions;
            offer.is_some_and(|offer| offer.position != before[actor])
        };
        let forecast = Forecast {
            mean: vec![last.mean],
            prevailing: vec![last.median],
            turns: rounds,
            at_rest: !last.offers.iter().enumerate().any(moves),
        };
        Ok(Variant { options, forecast })
    });
    Ok(spread(variants.collect::<Result<_, eum::OptionsError>>()?))
}

impl<O> Spread<O> {
    /// One spread over the variants of several, in their order: for callers that share the work out among threads.
    #[must_use]
    pub fn join(parts: Vec<Spread<O>>) -> Spread<O> {
        spread(parts.into_iter().flat_map(|part| part.variants).collect())
    }
}

fn spread<O>(variants: Vec<Variant<O>>) -> Spread<O> {
    let ranges = |of: fn(&Forecast) -> &Vec<f64>| {
        let dimensions = variants.first().map_or(0, |v| of(&v.forecast).len());
        (0..dimensions).map(|k| range(variants.iter().map(|v| of(&v.forecast)[k]).collect())).collect()
    };
    Spread {
        mean: ranges(|forecast| &forecast.mean),
        prevailing: ranges(|forecast| &forecast.prevailing),
        variants,
    }
}

fn range(mut values: Vec<f64>) -> Range {
    values.sort_by(f64::total_cmp);
    let last = values.len() - 1;
    Range { low: values[0], middle: (values[last / 2] + values[last.div_ceil(2)]) / 2.0, high: values[last] }
}

/// The values to try of each choice of the Spatial Model of Politics; all else is as in `base`.
#[derive(Clone, Debug, PartialEq)]
pub struct SmpChoices {
    /// What is not listed below, and the values the choices are set over.
    pub base: smp::Options,
    /// Voting rules.
    pub voting_rule: Vec<VotingRule>,
    /// Victory models.
    pub victory_model: Vec<VictoryModel>,
    /// Elections.
    pub equilibrium: Vec<Equilibrium>,
    /// Third parties' commitments.
    pub third_party: Vec<ThirdParty>,
    /// Ranges of risk attitudes.
    pub risk_range: Vec<RiskRange>,
    /// Adjustments of risk attitudes.
    pub risk_adjust: Vec<RiskAdjust>,
    /// Interpolations.
    pub interpolation: Vec<Interpolation>,
    /// Bargain models.
    pub bargain_model: Vec<BargainModel>,
    /// Receiver's estimates; only varied where the bargain model asks the receiver.
    pub receiver_estimate: Vec<ReceiverEstimate>,
}

impl SmpChoices {
    /// Only the values `base` has: one combination. Widen the choices of interest from here.
    #[must_use]
    pub fn only(base: smp::Options) -> SmpChoices {
        SmpChoices {
            voting_rule: vec![base.voting_rule],
            victory_model: vec![base.victory_model],
            equilibrium: vec![base.equilibrium],
            third_party: vec![base.third_party],
            risk_range: vec![base.risk_range],
            risk_adjust: vec![base.risk_adjust],
            interpolation: vec![base.interpolation],
            bargain_model: vec![base.bargain_model],
            receiver_estimate: vec![base.receiver_estimate],
            base,
        }
    }

    /// Every value of every choice: 60 750 combinations.
    #[must_use]
    pub fn all(base: smp::Options) -> SmpChoices {
        SmpChoices {
            base,
            voting_rule: VotingRule::ALL.to_vec(),
            victory_model: VictoryModel::ALL.to_vec(),
            equilibrium: Equilibrium::ALL.to_vec(),
            third_party: ThirdParty::ALL.to_vec(),
            risk_range: RiskRange::ALL.to_vec(),
            risk_adjust: RiskAdjust::ALL.to_vec(),
            interpolation: Interpolation::ALL.to_vec(),
            bargain_model: BargainModel::ALL.to_vec(),
            receiver_estimate: ReceiverEstimate::ALL.to_vec(),
        }
    }

    /// All combinations that can differ.
    #[must_use]
    pub fn combinations(&self) -> Vec<smp::Options> {
        let mut sets = vec![self.base.clone()];
        cross(&mut sets, &self.voting_rule, |o, v| o.voting_rule = v);
        cross(&mut sets, &self.victory_model, |o, v| o.victory_model = v);
        cross(&mut sets, &self.equilibrium, |o, v| o.equilibrium = v);
        cross(&mut sets, &self.third_party, |o, v| o.third_party = v);
        cross(&mut sets, &self.risk_range, |o, v| o.risk_range = v);
        cross(&mut sets, &self.risk_adjust, |o, v| o.risk_adjust = v);
        cross(&mut sets, &self.interpolation, |o, v| o.interpolation = v);
        cross(&mut sets, &self.bargain_model, |o, v| o.bargain_model = v);
        let (asked, mut unasked) =
            sets.into_iter().partition(|o| o.bargain_model != BargainModel::InitiatorOnly);
        sets = asked;
        cross(&mut sets, &self.receiver_estimate, |o, v| o.receiver_estimate = v);
        unasked.append(&mut sets);
        unasked
    }
}

/// The values to try of each choice of the Expected Utility Model.
#[derive(Clone, Debug, PartialEq)]
pub struct EumChoices {
    /// Probabilities.
    pub probability: Vec<Probability>,
    /// Perspectives.
    pub perspective: Vec<Perspective>,
    /// Choices between offers.
    pub choice: Vec<Choice>,
    /// Whether capitulation happens.
    pub capitulation: Vec<Capitulation>,
    /// Against what danger is measured.
    pub risk_basis: Vec<RiskBasis>,
    /// Values of Q.
    pub unchanged: Vec<f64>,
    /// Values of T; only varied where Q is not 1.
    pub better: Vec<f64>,
    /// Centres; only varied where Q is not 1.
    pub centre: Vec<Centre>,
    /// Signs; only varied where Q is not 1.
    pub alternatives: Vec<Alternatives>,
}

impl EumChoices {
    /// Only the values `base` has: one combination. Widen the choices of interest from here.
    #[must_use]
    pub fn only(base: &eum::Options) -> EumChoices {
        EumChoices {
            probability: vec![base.probability],
            perspective: vec![base.perspective],
            choice: vec![base.choice],
            capitulation: vec![base.capitulation],
            risk_basis: vec![base.risk_basis],
            unchanged: vec![base.unchanged],
            better: vec![base.better],
            centre: vec![base.centre],
            alternatives: vec![base.alternatives],
        }
    }

    /// Every value of every choice, with Q at 1 and ½ (the values of the literature) and T at 1 and 0: 1080
    /// combinations.
    #[must_use]
    pub fn all() -> EumChoices {
        EumChoices {
            probability: Probability::ALL.to_vec(),
            perspective: Perspective::ALL.to_vec(),
            choice: Choice::ALL.to_vec(),
            capitulation: Capitulation::ALL.to_vec(),
            risk_basis: RiskBasis::ALL.to_vec(),
            unchanged: vec![1.0, 0.5],
            better: vec![1.0, 0.0],
            centre: Centre::ALL.to_vec(),
            alternatives: Alternatives::ALL.to_vec(),
        }
    }

    /// All combinations that can differ.
    #[must_use]
    pub fn combinations(&self) -> Vec<eum::Options> {
        let mut sets = vec![eum::Options::default()];
        cross(&mut sets, &self.probability, |o, v| o.probability = v);
        cross(&mut sets, &self.perspective, |o, v| o.perspective = v);
        cross(&mut sets, &self.choice, |o, v| o.choice = v);
        cross(&mut sets, &self.capitulation, |o, v| o.capitulation = v);
        cross(&mut sets, &self.risk_basis, |o, v| o.risk_basis = v);
        cross(&mut sets, &self.unchanged, |o, v| o.unchanged = v);
        let (mut certain, mut open): (Vec<_>, Vec<_>) = sets.into_iter().partition(|o| o.unchanged == 1.0);
        cross(&mut open, &self.better, |o, v| o.better = v);
        cross(&mut open, &self.centre, |o, v| o.centre = v);
        cross(&mut open, &self.alternatives, |o, v| o.alternatives = v);
        certain.append(&mut open);
        certain
    }
}

/// Replaces each set by one copy per value.
fn cross<O: Clone, V: Copy>(sets: &mut Vec<O>, values: &[V], put: impl Fn(&mut O, V)) {
    *sets = sets
        .iter()
        .flat_map(|set| {
            values.iter().map(|&value| {
                let mut set = set.clone();
                put(&mut set, value);
                set
            })
        })
        .collect();
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn quarrel() -> Actors {
        let rows = |values: [f64; 4]| values.map(|v| vec![v]).to_vec();
        Actors::new(
            ["north", "south", "east", "west"].map(String::from).to_vec(),
            vec![3.0, 2.0, 1.5, 1.0],
            rows([10.0, 90.0, 60.0, 35.0]),
            rows([70.0, 80.0, 40.0, 95.0]),
        )
        .unwrap()
    }

    #[test]
    fn combinations_are_counted_once() {
        assert_eq!(SmpChoices::all(smp::Options::default()).combinations().len(), 60_750);
        assert_eq!(EumChoices::all().combinations().len(), 1080);
        let base = smp::Options::default();
        assert_eq!(SmpChoices::only(base.clone()).combinations(), [base]);
        let base = eum::Options::default();
        assert_eq!(EumChoices::only(&base).combinations(), [base]);
    }

    #[test]
    fn the_range_holds_every_forecast() {
        let choices = SmpChoices {
            voting_rule: VotingRule::ALL.to_vec(),
            third_party: ThirdParty::ALL.to_vec(),
            ..SmpChoices::only(smp::Options::default())
        };
        let spread = smp_variants(&quarrel(), choices.combinations()).unwrap();
        assert_eq!(spread.variants.len(), 18);
        let range = spread.mean[0];
        assert!(range.low < range.high, "{range:?}");
        for variant in &spread.variants {
            assert!((range.low..=range.high).contains(&variant.forecast.mean[0]));
        }
    }

    #[test]
    fn all_accounts_of_the_expected_utility_model_run() {
        let spread = eum_variants(&quarrel(), EumChoices::all().combinations(), 10).unwrap();
        assert!(spread.prevailing[0].low >= 10.0 && spread.prevailing[0].high <= 90.0);
        assert!(spread.prevailing[0].low < spread.prevailing[0].high);
    }

    #[test]
    fn parts_join_to_the_whole() {
        let sets = EumChoices::only(&eum::Options::default());
        let sets = EumChoices { probability: Probability::ALL.to_vec(), ..sets }.combinations();
        let whole = eum_variants(&quarrel(), sets.clone(), 3).unwrap();
        let parts = sets.chunks(2).map(|part| eum_variants(&quarrel(), part.to_vec(), 3).unwrap());
        assert_eq!(Spread::join(parts.collect()), whole);
    }

    #[test]
    fn no_variants_have_no_range() {
        let spread = smp_variants(&quarrel(), Vec::new()).unwrap();
        assert!(spread.variants.is_empty() && spread.mean.is_empty());
    }

    #[test]
    fn the_middle_of_an_even_number_lies_between_two() {
        assert_eq!(range(vec![4.0, 1.0, 2.0, 3.0]).middle, 2.5);
        assert_eq!(range(vec![4.0, 1.0, 2.0]).middle, 2.0);
    }
}
