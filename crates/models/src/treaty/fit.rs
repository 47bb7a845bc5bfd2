//! What past requests teach about the weights of members' votes: Bayesian computation by importance sampling.
//!
//! Weights are drawn from their priors, and each draw counts by the probability it gives to the answers that the
//! alliance really gave (importance sampling with the prior as proposal; Rubin 1988, recalled). With a handful of
//! requests the posterior stays near the prior, so the prior is a good proposal, and the same draws serve every fit that
//! leaves a case out: its likelihood is left out of the product. Facts that are known only within limits are drawn
//! within them, anew for each draw of the weights. Two rules of decision compete, each with prior probability one half:
//! the one written in the treaty, and the leading member alone.

use crate::noise::{Noise, Stream, entity, normal_quantile};

use super::{Council, Rule, Stakes, TreatyError, VoteParts, VoteWeights, ballot_probabilities, prospects};

const WEIGHT: Stream = Stream::named("treaty-weight");
const FACT: Stream = Stream::named("treaty-fact");

/// Names of the weights, in the order of the fields of [`VoteWeights`].
pub const WEIGHT_NAMES: [&str; 8] =
    ["obligation", "needed", "interest", "relation", "capacity", "home", "precedent", "pressure"];

/// Weights from values in the order of [`WEIGHT_NAMES`].
#[must_use]
pub fn vote_weights(values: &[f64; 8]) -> VoteWeights {
    let [obligation, needed, interest, relation, capacity, home, precedent, pressure] = *values;
    VoteWeights { obligation, needed, interest, relation, capacity, home, precedent, pressure }
}

/// What is held possible of a weight before any case is looked at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Prior {
    /// The absolute value of a normal number of mean zero and this standard deviation.
    HalfNormal {
        /// Standard deviation of the normal number.
        scale: f64,
    },
    /// A normal number.
    Normal {
        /// Its mean.
        mean: f64,
        /// Its standard deviation.
        sd: f64,
    },
    /// Every value of a range alike.
    Uniform {
        /// Smallest value.
        low: f64,
        /// Largest value.
        high: f64,
    },
}

impl Prior {
    /// The value below which the share `u` of the prior lies, for `u` in (0, 1).
    #[must_use]
    pub fn quantile(&self, u: f64) -> f64 {
        match *self {
            Prior::HalfNormal { scale } => scale * normal_quantile(0.5 + 0.5 * u),
            Prior::Normal { mean, sd } => mean + sd * normal_quantile(u),
            Prior::Uniform { low, high } => low + u * (high - low),
        }
    }
}

/// A member in a case: each figure as the smallest and largest value held possible.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct FitMember {
    /// How far the clauses in force cover the case from its standpoint.
    pub admissibility: [f64; 2],
    /// Interest, relation, capacity, home, precedent, as in [`Stakes`].
    pub stakes: [[f64; 2]; 5],
    /// Its weight in a weighted vote.
    pub weight: f64,
}

/// What an alliance did.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Observed {
    /// Whether what was asked was given.
    pub granted: bool,
    /// Whether the leading member was in favour, where that is known.
    pub lead_in_favour: Option<bool>,
}

/// A past request.
#[derive(Clone, Debug, PartialEq)]
pub struct FitCase {
    /// Short name; also the key of its randomness.
    pub id: String,
    /// The rule written for it.
    pub rule: Rule,
    /// The leading member's index, if one leads.
    pub lead: Option<usize>,
    /// Those who could vote.
    pub members: Vec<FitMember>,
    /// What came of it.
    pub observed: Observed,
}

/// A mean with the interval that holds nine tenths.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Span {
    /// Mean.
    pub mean: f64,
    /// Five in a hundred lie below.
    pub low: f64,
    /// Five in a hundred lie above.
    pub high: f64,
}

/// A weight before and after.
#[derive(Clone, Debug, PartialEq)]
pub struct WeightFit {
    /// One of [`WEIGHT_NAMES`].
    pub name: &'static str,
    /// Under the priors.
    pub prior: Span,
    /// Given all cases.
    pub posterior: Span,
}

/// The probability of a grant, under the two rules of decision and their mixture; the interval is over what is not known
/// of weights and facts.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Forecast {
    /// By the rule written.
    pub formal: Span,
    /// By the leading member alone.
    pub lead: Span,
    /// By either, each as likely as the cases make it.
    pub either: Span,
}

/// A case in the light of the others.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseFit {
    /// Its name.
    pub id: String,
    /// What came of it.
    pub observed: Observed,
    /// Forecast from the priors alone.
    pub prior: Forecast,
    /// Forecast from the other cases, this one left out.
    pub left_out: Forecast,
    /// Forecast from all cases, this one too: no test.
    pub fitted: Forecast,
    /// The weights given the other cases, in the order of [`WEIGHT_NAMES`].
    pub weights_without: [Span; 8],
    /// Probability that the leading member decides alone, given the other cases.
    pub lead_alone_without: f64,
}

/// What the cases teach.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// The weights.
    pub weights: Vec<WeightFit>,
    /// The cases, in order.
    pub cases: Vec<CaseFit>,
    /// Logarithms of the marginal likelihood under the rule written and under the leading member alone.
    pub log_evidence: [f64; 2],
    /// Probability that the leading member decides alone.
    pub lead_alone: f64,
    /// Number of equally good independent draws that the weighted draws are worth (Kish 1965, recalled), all cases in.
    pub effective_draws: f64,
}

/// One draw: weights, and for each case and rule the probability of what was observed and of a grant.
struct Draw {
    weights: [f64; 8],
    /// By case, then rule (written, lead): likelihood and probability of a grant.
    cases: Vec<[(f64, f64); 2]>,
}

/// Fits the weights to the cases with `draws` draws from the priors (in the order of [`WEIGHT_NAMES`]).
///
/// # Errors
/// No cases, no draws, a case whose rule cannot decide, or cases that no draw explains.
pub fn fit(priors: &[Prior; 8], cases: &[FitCase], draws: u32, seed: u64) -> Result<Fit, TreatyError> {
    if cases.is_empty() || draws == 0 {
        return Err(TreatyError::NothingToFit);
    }
    let keys = Keys::new(cases);
    let draws: Vec<Draw> = (0..draws)
        .map(|number| draw(priors, cases, &keys, &Noise::new(seed, u64::from(number))))
        .collect::<Result<_, _>>()?;
    let everything = Pool::new(&draws, None, true)?;
    let nothing = Pool::new(&draws, None, false)?;
    let weights = WEIGHT_NAMES
        .iter()
        .enumerate()
        .map(|(w, &name)| WeightFit { name, prior: nothing.weight(w), posterior: everything.weight(w) })
        .collect();
    let cases = cases
        .iter()
        .enumerate()
        .map(|(c, case)| {
            let others = Pool::new(&draws, Some(c), true)?;
            Ok(CaseFit {
                id: case.id.clone(),
                observed: case.observed,
                prior: nothing.forecast(c),
                left_out: others.forecast(c),
                fitted: everything.forecast(c),
                weights_without: std::array::from_fn(|w| others.weight(w)),
                lead_alone_without: others.lead_alone(),
            })
        })
        .collect::<Result<_, TreatyError>>()?;
    Ok(Fit {
        weights,
        cases,
        log_evidence: everything.log_evidence(),
        lead_alone: everything.lead_alone(),
        effective_draws: everything.effective_draws(),
    })
}

/// Keys of every fact: by case and member, admissibility and then the stakes.
struct Keys {
    weights: [u32; 8],
    facts: Vec<Vec<[u32; 6]>>,
}

impl Keys {
    fn new(cases: &[FitCase]) -> Keys {
        let fact =
            |case: &FitCase, member: usize, field: usize| entity(&format!("{}/{member}/{field}", case.id));
        Keys {
            weights: WEIGHT_NAMES.map(entity),
            facts: cases
                .iter()
                .map(|case| {
                    (0..case.members.len()).map(|m| std::array::from_fn(|f| fact(case, m, f))).collect()
                })
                .collect(),
        }
    }
}

fn draw(priors: &[Prior; 8], cases: &[FitCase], keys: &Keys, noise: &Noise) -> Result<Draw, TreatyError> {
    let weights: [f64; 8] =
        std::array::from_fn(|w| priors[w].quantile(noise.uniform(WEIGHT, keys.weights[w], 0, 0)));
    let theirs = vote_weights(&weights);
    let cases = cases
        .iter()
        .zip(&keys.facts)
        .map(|(case, facts)| judge(case, &theirs, facts, noise))
        .collect::<Result<_, _>>()?;
    Ok(Draw { weights, cases })
}

/// Likelihood of what was observed and probability of a grant, by the rule written and by the leading member alone.
fn judge(
    case: &FitCase,
    weights: &VoteWeights,
    keys: &[[u32; 6]],
    noise: &Noise,
) -> Result<[(f64, f64); 2], TreatyError> {
    let (mut if_yes, mut if_not) = (Vec::with_capacity(keys.len()), Vec::with_capacity(keys.len()));
    for (m, (member, keys)) in case.members.iter().zip(keys).enumerate() {
        let within = |[low, high]: [f64; 2], key: u32| {
            if low < high { low + noise.uniform(FACT, key, 0, 0) * (high - low) } else { low }
        };
        let [interest, relation, capacity, home, precedent]: [f64; 5] =
            std::array::from_fn(|s| within(member.stakes[s], keys[s + 1]));
        let stakes = Stakes { interest, relation, capacity, home, precedent };
        let admissibility = within(member.admissibility, keys[0]);
        let led = case.lead.is_some_and(|lead| lead != m);
        let ballot = |lead_yes: bool| {
            let lead = led.then_some(lead_yes);
            ballot_probabilities(&VoteParts::weigh(weights, &stakes, admissibility, lead), 1.0)
        };
        if_yes.push(ballot(true));
        if_not.push(ballot(false));
    }
    let member_weights: Vec<f64> = case.members.iter().map(|member| member.weight).collect();
    let council = |rule| Council {
        rule,
        lead: case.lead,
        weights: &member_weights,
        if_lead_yes: &if_yes,
        if_lead_not: &if_not,
    };
    let alone = if case.lead.is_some() { Rule::Lead } else { case.rule };
    let mut found = [(0.0, 0.0); 2];
    for (found, rule) in found.iter_mut().zip([case.rule, alone]) {
        let chances = prospects(&council(rule))?;
        let of = |lead_yes: bool| match (lead_yes, case.observed.granted) {
            (true, true) => chances.lead_yes_granted,
            (true, false) => chances.lead_yes_refused,
            (false, true) => chances.lead_not_granted,
            (false, false) => chances.lead_not_refused,
        };
        let likelihood = case.observed.lead_in_favour.map_or(of(true) + of(false), of);
        *found = (likelihood.clamp(0.0, 1.0), chances.granted().clamp(0.0, 1.0));
    }
    Ok(found)
}

/// All draws, each weighed by how well it explains the cases that count, under each rule.
struct Pool<'a> {
    draws: &'a [Draw],
    /// By draw, then rule.
    weights: Vec<[f64; 2]>,
    totals: [f64; 2],
}

impl Pool<'_> {
    fn new(draws: &[Draw], without: Option<usize>, with_cases: bool) -> Result<Pool<'_>, TreatyError> {
        let weight = |draw: &Draw, rule: usize| {
            let counted = draw.cases.iter().enumerate().filter(|(c, _)| with_cases && Some(*c) != without);
            counted.map(|(_, case)| case[rule].0).product::<f64>()
        };
        let weights: Vec<[f64; 2]> = draws.iter().map(|draw| [weight(draw, 0), weight(draw, 1)]).collect();
        let totals = [0, 1].map(|rule| weights.iter().map(|weight| weight[rule]).sum::<f64>());
        if totals.iter().sum::<f64>() > 0.0 {
            Ok(Pool { draws, weights, totals })
        } else {
            Err(TreatyError::Impossible)
        }
    }

    fn weight(&self, w: usize) -> Span {
        span(self.draws.iter().zip(&self.weights).map(|(draw, [a, b])| (draw.weights[w], a + b)))
    }

    fn forecast(&self, case: usize) -> Forecast {
        let of = |rule: usize| {
            let pairs = self.draws.iter().zip(&self.weights);
            pairs.map(move |(draw, weights)| (draw.cases[case][rule].1, weights[rule]))
        };
        Forecast { formal: span(of(0)), lead: span(of(1)), either: span(of(0).chain(of(1))) }
    }

    fn lead_alone(&self) -> f64 {
        self.totals[1] / (self.totals[0] + self.totals[1])
    }

    fn log_evidence(&self) -> [f64; 2] {
        self.totals.map(|total| (total / self.draws.len() as f64).ln())
    }

    fn effective_draws(&self) -> f64 {
        let sums = self.weights.iter().map(|[a, b]| a + b);
        let (one, two) = sums.fold((0.0, 0.0), |(one, two), weight| (one + weight, two + weight * weight));
        one * one / two
    }
}

/// Mean and interval of weighed values; zeros where nothing has weight.
fn span(values: impl Iterator<Item = (f64, f64)>) -> Span {
    let mut values: Vec<(f64, f64)> = values.filter(|(_, weight)| *weight > 0.0).collect();
    values.sort_by(|a, b| a.0.total_cmp(&b.0));
    let total: f64 = values.iter().map(|(_, weight)| weight).sum();
    let Some(last) = values.last().map(|(value, _)| *value) else { return Span::default() };
    let quantile = |share: f64| {
        let mut sum = 0.0;
        let found = values.iter().find(|(_, weight)| {
            sum += weight;
            sum >= share * total
        });
        found.map_or(last, |(value, _)| *value)
    };
    let mean = values.iter().map(|(value, weight)| value * weight).sum::<f64>() / total;
    Span { mean, low: quantile(0.05), high: quantile(0.95) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const PRIORS: [Prior; 8] = [
        Prior::HalfNormal { scale: 2.0 },
        Prior::Uniform { low: 0.1, high: 0.9 },
        Prior::HalfNormal { scale: 2.0 },
        Prior::HalfNormal { scale: 2.0 },
        Prior::HalfNormal { scale: 2.0 },
        Prior::HalfNormal { scale: 2.0 },
        Prior::Normal { mean: 0.0, sd: 1.0 },
        Prior::HalfNormal { scale: 2.0 },
    ];

    fn member(admissibility: f64, interest: f64, relation: f64) -> FitMember {
        let sure = |value| [value, value];
        FitMember {
            admissibility: sure(admissibility),
            stakes: [sure(interest), sure(relation), sure(0.2), [0.1, 0.4], sure(0.0)],
            weight: 1.0,
        }
    }

    fn case(id: &str, member: FitMember, granted: bool) -> FitCase {
        let observed = Observed { granted, lead_in_favour: Some(granted) };
        FitCase {
            id: id.to_owned(),
            rule: Rule::Consensus,
            lead: Some(0),
            members: vec![member; 4],
            observed,
        }
    }

    #[test]
    fn without_surprise_the_posterior_is_the_prior() {
        // A member that is torn exactly in half tells nothing.
        let torn = FitMember { weight: 1.0, ..FitMember::default() };
        let mut case = case("torn", torn, true);
        case.lead = None;
        case.observed.lead_in_favour = None;
        let mut priors = PRIORS;
        priors[0] = Prior::Uniform { low: 0.0, high: 0.0 };
        let found = fit(&priors, &[case], 500, 1).unwrap();
        assert!((found.effective_draws - 500.0).abs() < 1e-6);
        assert!(found.weights.iter().all(|weight| (weight.prior.mean - weight.posterior.mean).abs() < 1e-9));
        assert!((found.lead_alone - 0.5).abs() < 1e-12);
    }

    #[test]
    fn refusals_to_those_with_a_dear_enemy_raise_the_weight_of_relations() {
        let cases: Vec<FitCase> = (0..4)
            .flat_map(|i| {
                [
                    case(&format!("dear-{i}"), member(1.0, 0.4, 1.0), false),
                    case(&format!("free-{i}"), member(1.0, 0.4, 0.0), true),
                ]
            })
            .collect();
        let found = fit(&PRIORS, &cases, 4000, 1).unwrap();
        assert!(found.weights[3].posterior.mean > found.weights[3].prior.mean + 0.3);
        for case in &found.cases {
            let right = |forecast: &Forecast| {
                if case.observed.granted { forecast.either.mean } else { 1.0 - forecast.either.mean }
            };
            assert!(right(&case.left_out) > right(&case.prior), "{}", case.id);
            assert!(right(&case.fitted) >= right(&case.left_out));
            assert!(case.left_out.either.low <= case.left_out.either.mean);
        }
    }

    #[test]
    fn leaving_out_a_case_is_a_fit_to_the_others() {
        let cases = [case("a", member(1.0, 0.4, 1.0), false), case("b", member(0.2, 0.9, 0.0), true)];
        let both = fit(&PRIORS, &cases, 2000, 3).unwrap();
        let alone = fit(&PRIORS, &cases[..1], 2000, 3).unwrap();
        for (w, weight) in alone.weights.iter().enumerate() {
            assert_eq!(weight.posterior, both.cases[1].weights_without[w]);
        }
        assert_eq!(both.cases[1].lead_alone_without, alone.lead_alone);
    }

    #[test]
    fn the_same_seed_gives_the_same_fit_and_another_a_near_one() {
        let cases = [case("a", member(1.0, 0.4, 1.0), false)];
        let at = |seed| fit(&PRIORS, &cases, 3000, seed).unwrap();
        assert_eq!(at(1), at(1));
        let apart = at(1).cases[0].left_out.either.mean - at(2).cases[0].left_out.either.mean;
        assert!(apart != 0.0 && apart.abs() < 0.03, "{apart}");
    }

    #[test]
    fn nothing_to_fit_is_an_error() {
        assert_eq!(fit(&PRIORS, &[], 10, 1), Err(TreatyError::NothingToFit));
        let cases = [case("a", member(1.0, 0.4, 1.0), false)];
        assert_eq!(fit(&PRIORS, &cases, 0, 1), Err(TreatyError::NothingToFit));
        let nobody = FitCase { members: Vec::new(), ..cases[0].clone() };
        assert_eq!(fit(&PRIORS, &[nobody], 10, 1), Err(TreatyError::NoMembers));
    }
}
