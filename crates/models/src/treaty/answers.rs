//! What an alliance may give short of what was asked for.

use super::{Stakes, VoteWeights};

/// A lesser answer, measured against the whole of what was asked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Answer {
    /// How much of the help it is, 0 to 1.
    pub help: f64,
    /// How much of the burden it is, 0 to 1.
    pub burden: f64,
}

impl Answer {
    /// A member's weights and stakes when it votes on this answer instead: interest is served by the share of help,
    /// every cost is borne by the share of burden, and so much less of a case is needed (ours).
    #[must_use]
    pub fn scale(&self, weights: &VoteWeights, stakes: &Stakes) -> (VoteWeights, Stakes) {
        let weights = VoteWeights { needed: weights.needed * self.burden, ..*weights };
        let stakes = Stakes {
            interest: stakes.interest * self.help,
            relation: stakes.relation * self.burden,
            capacity: stakes.capacity * self.burden,
            home: stakes.home * self.burden,
            precedent: stakes.precedent * self.burden,
        };
        (weights, stakes)
    }
}

#[cfg(test)]
mod tests {
    use super::super::VoteParts;
    use super::*;

    #[test]
    fn a_lighter_answer_to_a_weak_case_is_easier_to_give() {
        let weights = VoteWeights { obligation: 3.0, needed: 0.6, home: 2.0, ..VoteWeights::default() };
        let stakes = Stakes { home: 0.8, ..Stakes::default() };
        let total = |answer: Answer| {
            let (weights, stakes) = answer.scale(&weights, &stakes);
            VoteParts::weigh(&weights, &stakes, 0.3, None).total()
        };
        let whole = total(Answer { help: 1.0, burden: 1.0 });
        assert_eq!(whole, VoteParts::weigh(&weights, &stakes, 0.3, None).total());
        assert!(total(Answer { help: 0.1, burden: 0.05 }) > whole);
    }
}
