//! How members' ballots become a decision, by the voting rule of the treaty.

use super::TreatyError;

/// How an alliance decides.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rule {
    /// Nobody votes against and at least one member votes for; abstaining and staying away do not block.
    Consensus,
    /// Every member present votes for, and somebody is present: abstaining blocks, staying away does not.
    Unanimity,
    /// More members vote for than against; those who abstain or stay away do not count.
    Majority,
    /// The members voting for hold at least this share of the weight of *all* members.
    Weighted {
        /// From above 0 to 1.
        threshold_share: f64,
    },
    /// Each member decides for itself: granted if anyone votes for, and those who do act.
    EachForItself,
    /// The leading member decides alone.
    Lead,
}

/// What one member does in a vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ballot {
    /// For.
    Yes,
    /// Against.
    No,
    /// Present, neither for nor against.
    Abstain,
    /// Not there.
    Absent,
}

/// What a vote came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Whether the request is granted.
    pub granted: bool,
    /// Members for.
    pub yes: usize,
    /// Members against.
    pub no: usize,
}

/// Decides a request from the members' `ballots`.
///
/// `weights`, one per member, are read by [`Rule::Weighted`] only (an empty slice serves the others); `lead`,
/// the index of the leading member, by [`Rule::Lead`] only.
///
/// # Errors
/// No members; for the weighted rule a threshold outside (0, 1], a number of weights that differs from the
/// members', a weight that is negative or not finite, or none above 0; for the lead rule a lead that is
/// missing or no member.
pub fn decide(
    rule: &Rule,
    ballots: &[Ballot],
    weights: &[f64],
    lead: Option<usize>,
) -> Result<Decision, TreatyError> {
    if ballots.is_empty() {
        return Err(TreatyError::NoMembers);
    }
    let yes = ballots.iter().filter(|b| **b == Ballot::Yes).count();
    let no = ballots.iter().filter(|b| **b == Ballot::No).count();
    let granted = match *rule {
        Rule::Consensus => no == 0 && yes > 0,
        Rule::Unanimity => {
            yes > 0 && ballots.iter().all(|ballot| matches!(ballot, Ballot::Yes | Ballot::Absent))
        }
        Rule::Majority => yes > no,
        Rule::Weighted { threshold_share } => {
            yes_share(ballots, weights, threshold_share)? >= threshold_share - SHARE_ROUNDING
        }
        Rule::EachForItself => yes > 0,
        Rule::Lead => {
            let lead = lead.ok_or(TreatyError::LeadMissing)?;
            let ballot =
                ballots.get(lead).ok_or(TreatyError::LeadNotAMember { lead, members: ballots.len() })?;
            *ballot == Ballot::Yes
        }
    };
    Ok(Decision { granted, yes, no })
}

/// The rounding allowed in a sum of weights, so that the members' order cannot decide a close vote.
const SHARE_ROUNDING: f64 = 1e-12;

/// The share of all weight that votes for, once threshold and weights are checked.
fn yes_share(ballots: &[Ballot], weights: &[f64], threshold: f64) -> Result<f64, TreatyError> {
    if !(threshold > 0.0 && threshold <= 1.0) {
        return Err(TreatyError::ThresholdShare { threshold });
    }
    if weights.len() != ballots.len() {
        return Err(TreatyError::WeightCount { weights: weights.len(), members: ballots.len() });
    }
    let (mut yes, mut all) = (0.0, 0.0);
    for (member, (&weight, ballot)) in weights.iter().zip(ballots).enumerate() {
        if !(weight.is_finite() && weight >= 0.0) {
            return Err(TreatyError::Weight { member, weight });
        }
        all += weight;
        if *ballot == Ballot::Yes {
            yes += weight;
        }
    }
    if all > 0.0 && all.is_finite() { Ok(yes / all) } else { Err(TreatyError::TotalWeight { total: all }) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn granted(rule: Rule, ballots: &[Ballot]) -> bool {
        let weights = vec![1.0; ballots.len()];
        decide(&rule, ballots, &weights, Some(0)).unwrap().granted
    }

    #[test]
    fn rules_decide_as_written() {
        use Ballot::{Absent, Abstain, No, Yes};
        assert!(granted(Rule::Consensus, &[Yes, Abstain, Absent]));
        assert!(!granted(Rule::Consensus, &[Yes, Yes, No]));
        assert!(!granted(Rule::Consensus, &[Abstain, Absent]));
        assert!(granted(Rule::Unanimity, &[Yes, Yes, Absent]));
        assert!(!granted(Rule::Unanimity, &[Yes, Abstain, Absent]));
        assert!(!granted(Rule::Unanimity, &[Absent]));
        assert!(granted(Rule::Majority, &[Yes, Yes, No]));
        assert!(!granted(Rule::Majority, &[Yes, No, Abstain]));
        assert!(granted(Rule::EachForItself, &[No, No, Yes]));
        assert!(!granted(Rule::EachForItself, &[No, Abstain]));
        assert!(granted(Rule::Lead, &[Yes, No, No]));
        assert!(!granted(Rule::Lead, &[Abstain, Yes, Yes]));
    }

    #[test]
    fn a_weighted_vote_counts_the_absent_against_the_threshold() {
        use Ballot::{Absent, No, Yes};
        let rule = |threshold_share| Rule::Weighted { threshold_share };
        let weights = [0.5, 0.2, 0.3];
        let vote = |ballots: [Ballot; 3], threshold| {
            decide(&rule(threshold), &ballots, &weights, None).unwrap().granted
        };
        assert!(vote([Yes, Yes, No], 0.7));
        assert!(!vote([Yes, Yes, No], 0.71));
        assert!(!vote([Yes, Absent, Absent], 0.6));
    }

    #[test]
    fn a_vote_that_cannot_be_counted_is_an_error() {
        let yes = [Ballot::Yes; 2];
        let weighted = |threshold_share, weights: &[f64]| {
            decide(&Rule::Weighted { threshold_share }, &yes, weights, None)
        };
        assert_eq!(decide(&Rule::Majority, &[], &[], None), Err(TreatyError::NoMembers));
        assert_eq!(weighted(1.2, &[1.0, 1.0]), Err(TreatyError::ThresholdShare { threshold: 1.2 }));
        assert!(weighted(f64::NAN, &[1.0, 1.0]).is_err());
        assert_eq!(weighted(0.5, &[1.0]), Err(TreatyError::WeightCount { weights: 1, members: 2 }));
        assert_eq!(weighted(0.5, &[1.0, -1.0]), Err(TreatyError::Weight { member: 1, weight: -1.0 }));
        assert_eq!(weighted(0.5, &[0.0, 0.0]), Err(TreatyError::TotalWeight { total: 0.0 }));
        assert_eq!(decide(&Rule::Lead, &yes, &[], None), Err(TreatyError::LeadMissing));
        let not_a_member = decide(&Rule::Lead, &yes, &[], Some(2)).unwrap_err();
        assert_eq!(not_a_member.to_string(), "the lead is member 2, but members are numbered 0 to 1");
    }

    fn ballot() -> impl Strategy<Value = Ballot> {
        prop::sample::select(vec![Ballot::Yes, Ballot::No, Ballot::Abstain, Ballot::Absent])
    }

    proptest! {
        #[test]
        fn consensus_is_never_easier_than_a_majority(ballots in prop::collection::vec(ballot(), 1..12)) {
            prop_assert!(!granted(Rule::Unanimity, &ballots) || granted(Rule::Consensus, &ballots));
            prop_assert!(!granted(Rule::Consensus, &ballots) || granted(Rule::Majority, &ballots));
            prop_assert!(!granted(Rule::Majority, &ballots) || granted(Rule::EachForItself, &ballots));
        }

        #[test]
        fn the_order_of_members_does_not_matter(
            members in prop::collection::vec((ballot(), 0.0..10.0f64), 1..12).prop_shuffle(),
            turn in 0usize..12, threshold_share in 0.01..1.0f64,
        ) {
            let mut turned = members.clone();
            turned.rotate_left(turn % members.len());
            turned.reverse();
            let lead = members.len() - 1 - (members.len() - turn % members.len()) % members.len();
            for rule in [
                Rule::Consensus, Rule::Unanimity, Rule::Majority, Rule::Weighted { threshold_share }, Rule::EachForItself,
                Rule::Lead,
            ] {
                let vote = |of: &[(Ballot, f64)], lead| {
                    let (ballots, weights): (Vec<Ballot>, Vec<f64>) = of.iter().copied().unzip();
                    decide(&rule, &ballots, &weights, Some(lead))
                };
                prop_assert_eq!(vote(&members, 0), vote(&turned, lead));
            }
        }
    }
}
