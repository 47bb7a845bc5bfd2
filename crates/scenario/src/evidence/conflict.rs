//! Claims that cannot all be true.

use serde::Serialize;

use super::{Claim, ClaimValue, Evidence};

/// Claims of one conflict group on one subject that disagree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Conflict {
    /// The conflict group.
    pub group: String,
    /// What they disagree about (index of the subject).
    pub subject: usize,
    /// The sides, two or more: claims (indices) that agree with one another, lowest values first.
    pub sides: Vec<Vec<usize>>,
}

impl Evidence {
    /// Every conflict group and subject on which claims disagree: by different answers or words, or by intervals that
    /// do not meet. In the order in which the groups first appear. Claims without a value take no side.
    pub fn conflicts(&self) -> Vec<Conflict> {
        let mut seen: Vec<(&str, usize)> = Vec::new();
        let mut conflicts = Vec::new();
        for claim in &self.claims {
            let key = (claim.group.as_str(), claim.subject);
            if claim.group.is_empty() || seen.contains(&key) {
                continue;
            }
            seen.push(key);
            let members: Vec<usize> = (0..self.claims.len())
                .filter(|i| (self.claims[*i].group.as_str(), self.claims[*i].subject) == key)
                .collect();
            let sides = self.sides(&members);
            if sides.len() > 1 {
                conflicts.push(Conflict { group: claim.group.clone(), subject: claim.subject, sides });
            }
        }
        conflicts
    }

    /// Splits claims so that those on one side have a value in common.
    fn sides(&self, members: &[usize]) -> Vec<Vec<usize>> {
        let mut placed: Vec<(Stand<'_>, Vec<usize>)> = Vec::new();
        let mut stands: Vec<(usize, Stand<'_>)> =
            members.iter().filter_map(|i| Some((*i, stand(&self.claims[*i])?))).collect();
        stands.sort_by(|(_, a), (_, b)| a.low().total_cmp(&b.low()));
        for (claim, stand) in stands {
            match placed.iter_mut().find_map(|(side, list)| Some((side.meet(&stand)?, side, list))) {
                Some((common, side, list)) => {
                    *side = common;
                    list.push(claim);
                }
                None => placed.push((stand, vec![claim])),
            }
        }
        placed.into_iter().map(|(_, list)| list).collect()
    }
}

/// What a claim stands for.
#[derive(Clone)]
enum Stand<'a> {
    Interval([f64; 2]),
    Word(&'a str),
}

impl Stand<'_> {
    fn low(&self) -> f64 {
        match self {
            Stand::Interval([low, _]) => *low,
            Stand::Word(_) => 0.0,
        }
    }

    fn meet(&self, other: &Self) -> Option<Self> {
        match (self, other) {
            (Stand::Interval(a), Stand::Interval(b)) => {
                let common = [a[0].max(b[0]), a[1].min(b[1])];
                (common[0] <= common[1]).then_some(Stand::Interval(common))
            }
            (Stand::Word(a), Stand::Word(b)) if a == b => Some(self.clone()),
            _ => None,
        }
    }
}

fn stand(claim: &Claim) -> Option<Stand<'_>> {
    match &claim.value {
        Some(ClaimValue::YesNo(answer)) => Some(Stand::Interval([f64::from(u8::from(*answer)); 2])),
        Some(ClaimValue::Category(word)) => Some(Stand::Word(word)),
        _ => claim.interval.map(Stand::Interval),
    }
}
