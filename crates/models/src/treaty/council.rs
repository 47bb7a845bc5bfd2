//! How likely a council grants a request, exactly, from the members' probabilities of voting yes, abstaining and no.

use super::{Rule, TreatyError};

/// A council about to vote. The others vote independently of one another once the leading member's ballot is known.
#[derive(Clone, Copy, Debug)]
pub struct Council<'a> {
    /// How it decides.
    pub rule: Rule,
    /// Index of the leading member, if one leads.
    pub lead: Option<usize>,
    /// Weights of the members; read by [`Rule::Weighted`] only.
    pub weights: &'a [f64],
    /// Probabilities of yes, abstaining and no of each member if the leading one votes yes. Its own, at its index, are
    /// those it votes by.
    pub if_lead_yes: &'a [[f64; 3]],
    /// The same if it does not; without a leading member these are read.
    pub if_lead_not: &'a [[f64; 3]],
}

/// What a council may do: joint probabilities of the leading member's ballot and the decision.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Prospects {
    /// The leading member votes yes and the request is granted.
    pub lead_yes_granted: f64,
    /// The leading member votes yes and the request is refused.
    pub lead_yes_refused: f64,
    /// The leading member abstains or votes no, or none leads, and the request is granted.
    pub lead_not_granted: f64,
    /// The leading member abstains or votes no, or none leads, and the request is refused.
    pub lead_not_refused: f64,
}

impl Prospects {
    /// The probability of a grant.
    #[must_use]
    pub fn granted(&self) -> f64 {
        self.lead_yes_granted + self.lead_not_granted
    }
}

/// The prospects of a request in a council.
///
/// The number of yes and no ballots is the sum of independent trials (a Poisson multinomial count), added up member by
/// member. Exact, but for a weighted vote of more than sixteen members, where sums closer than a 100,000th of all
/// weight count as one.
///
/// # Errors
/// As [`super::decide`]; the lists of probabilities count as ballots.
pub fn prospects(council: &Council<'_>) -> Result<Prospects, TreatyError> {
    let members = council.if_lead_not.len();
    if members == 0 {
        return Err(TreatyError::NoMembers);
    }
    if council.if_lead_yes.len() != members {
        return Err(TreatyError::WeightCount { weights: council.if_lead_yes.len(), members });
    }
    let Some(lead) = council.lead else {
        if council.rule == Rule::Lead {
            return Err(TreatyError::LeadMissing);
        }
        let granted = granted(council, council.if_lead_not, None)?;
        return Ok(Prospects {
            lead_not_granted: granted,
            lead_not_refused: 1.0 - granted,
            ..Prospects::default()
        });
    };
    let Some(&own) = council.if_lead_not.get(lead) else {
        return Err(TreatyError::LeadNotAMember { lead, members });
    };
    let mut found = Prospects::default();
    for (ballot, &probability) in own.iter().enumerate() {
        let others = if ballot == 0 { council.if_lead_yes } else { council.if_lead_not };
        let granted = probability * granted(council, others, Some((lead, ballot)))?;
        if ballot == 0 {
            found.lead_yes_granted += granted;
            found.lead_yes_refused += probability - granted;
        } else {
            found.lead_not_granted += granted;
            found.lead_not_refused += probability - granted;
        }
    }
    Ok(found)
}

/// The probability of a grant where one member's ballot (0 yes, 1 abstain, 2 no) may be known.
fn granted(
    council: &Council<'_>,
    ballots: &[[f64; 3]],
    known: Option<(usize, usize)>,
) -> Result<f64, TreatyError> {
    let ballot = |member: usize| match known {
        Some((lead, ballot)) if lead == member => {
            let mut sure = [0.0; 3];
            sure[ballot] = 1.0;
            sure
        }
        _ => ballots[member],
    };
    let members = ballots.len();
    let product = |of: &dyn Fn([f64; 3]) -> f64| (0..members).map(|m| of(ballot(m))).product::<f64>();
    Ok(match council.rule {
        Rule::Consensus => product(&|[yes, abstain, _]| yes + abstain) - product(&|[_, abstain, _]| abstain),
        Rule::Unanimity => product(&|[yes, ..]| yes),
        Rule::EachForItself => 1.0 - product(&|[yes, ..]| 1.0 - yes),
        Rule::Lead => known.map_or(0.0, |(_, ballot)| f64::from(ballot == 0)),
        Rule::Majority => majority((0..members).map(ballot)),
        Rule::Weighted { threshold_share } => {
            // The ballots do not matter for the checks of threshold and weights.
            super::decide(&council.rule, &vec![super::Ballot::Yes; members], council.weights, None)?;
            weighted((0..members).map(ballot), council.weights, threshold_share)
        }
    })
}

/// The probability that yes ballots outnumber no ballots.
fn majority(ballots: impl ExactSizeIterator<Item = [f64; 3]>) -> f64 {
    let members = ballots.len();
    // One entry per lead of yes over no, from −members to members.
    let mut lead = vec![0.0; 2 * members + 1];
    lead[members] = 1.0;
    for [yes, abstain, no] in ballots {
        let before = lead.clone();
        for (at, chance) in lead.iter_mut().enumerate() {
            let from = |other: Option<usize>| other.and_then(|i| before.get(i)).copied().unwrap_or(0.0);
            *chance = from(at.checked_sub(1)) * yes + before[at] * abstain + from(at.checked_add(1)) * no;
        }
    }
    lead[members + 1..].iter().sum()
}

/// The probability that those in favour hold at least the share of all weight.
fn weighted(ballots: impl Iterator<Item = [f64; 3]>, weights: &[f64], threshold_share: f64) -> f64 {
    let all: f64 = weights.iter().sum();
    let alike = if weights.len() > 16 { 1e-5 } else { 1e-12 };
    // Shares of weight in favour with their chances, in ascending order.
    let mut sums = vec![(0.0, 1.0)];
    for ([yes, ..], weight) in ballots.zip(weights) {
        let share = weight / all;
        let with = sums.iter().map(|&(sum, chance)| (sum + share, chance * yes));
        let mut next: Vec<(f64, f64)> =
            with.chain(sums.iter().map(|&(sum, chance)| (sum, chance * (1.0 - yes)))).collect();
        next.sort_by(|a, b| a.0.total_cmp(&b.0));
        next.dedup_by(|later, earlier| {
            let same = later.0 - earlier.0 <= alike;
            if same {
                earlier.1 += later.1;
            }
            same
        });
        sums = next;
    }
    sums.iter().filter(|(sum, _)| *sum >= threshold_share - alike).map(|(_, chance)| chance).sum()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::{BALLOTS, Ballot, decide};
    use super::*;
    use proptest::prelude::*;

    fn ballot() -> impl Strategy<Value = [f64; 3]> {
        (0.0..1.0f64, 0.0..1.0f64, 0.01..1.0f64).prop_map(|(yes, abstain, no)| {
            let all = yes + abstain + no;
            [yes / all, abstain / all, no / all]
        })
    }

    /// The same by adding up every combination of ballots.
    fn by_enumeration(council: &Council<'_>) -> f64 {
        let n = council.if_lead_not.len();
        let mut granted = 0.0;
        for combination in 0..3usize.pow(n as u32) {
            let choice: Vec<usize> = (0..n).map(|m| combination / 3usize.pow(m as u32) % 3).collect();
            let lead_yes = council.lead.is_some_and(|lead| choice[lead] == 0);
            let chances = if lead_yes { council.if_lead_yes } else { council.if_lead_not };
            let chance: f64 = (0..n)
                .map(|m| {
                    let own = Some(m) == council.lead;
                    (if own { council.if_lead_not } else { chances })[m][choice[m]]
                })
                .product();
            let ballots: Vec<Ballot> = choice.iter().map(|&ballot| BALLOTS[ballot]).collect();
            let decision = decide(&council.rule, &ballots, council.weights, council.lead).unwrap();
            granted += chance * f64::from(decision.granted);
        }
        granted
    }

    proptest! {
        #[test]
        fn prospects_are_those_of_all_combinations_of_ballots(
            members in prop::collection::vec((ballot(), ballot(), 1u32..6), 1..6), lead in any::<prop::sample::Index>(),
            led in any::<bool>(), threshold_share in 0.05..1.0f64,
        ) {
            let (if_lead_yes, mut if_lead_not): (Vec<_>, Vec<_>) = members.iter().map(|m| (m.0, m.1)).unzip();
            let weights: Vec<f64> = members.iter().map(|m| f64::from(m.2)).collect();
            let lead = led.then(|| lead.index(members.len()));
            if let Some(lead) = lead { if_lead_not[lead] = if_lead_yes[lead]; }
            for rule in [Rule::Consensus, Rule::Unanimity, Rule::Majority, Rule::EachForItself, Rule::Lead,
                         Rule::Weighted { threshold_share }] {
                if rule == Rule::Lead && lead.is_none() { continue; }
                let council =
                    Council { rule, lead, weights: &weights, if_lead_yes: &if_lead_yes, if_lead_not: &if_lead_not };
                let found = prospects(&council).unwrap();
                let all = found.lead_yes_granted + found.lead_yes_refused + found.lead_not_granted
                    + found.lead_not_refused;
                prop_assert!((all - 1.0).abs() < 1e-9);
                prop_assert!((found.granted() - by_enumeration(&council)).abs() < 1e-9, "{rule:?}");
            }
        }

        #[test]
        fn identical_members_under_unanimity_are_never_easier_to_move_than_under_majority(
            member in ballot(), count in 1usize..30,
        ) {
            let alike = vec![member; count];
            let weights = vec![1.0; count];
            let granted = |rule| {
                let council =
                    Council { rule, lead: None, weights: &weights, if_lead_yes: &alike, if_lead_not: &alike };
                prospects(&council).unwrap().granted()
            };
            prop_assert!(granted(Rule::Unanimity) <= granted(Rule::Consensus) + 1e-12);
            prop_assert!(granted(Rule::Consensus) <= granted(Rule::Majority) + 1e-12);
            prop_assert!(granted(Rule::Majority) <= granted(Rule::EachForItself) + 1e-12);
        }
    }

    #[test]
    fn a_council_without_a_decider_is_an_error() {
        let one = [[1.0, 0.0, 0.0]];
        let council =
            Council { rule: Rule::Lead, lead: None, weights: &[], if_lead_yes: &one, if_lead_not: &one };
        assert_eq!(prospects(&council), Err(TreatyError::LeadMissing));
        assert!(prospects(&Council { if_lead_yes: &[], if_lead_not: &[], ..council }).is_err());
        assert!(prospects(&Council { lead: Some(3), ..council }).is_err());
    }
}
