//! Every choice the Spatial Model of Politics leaves open, with KTAB's names and defaults.

use std::fmt;

use crate::noise::Noise;

named_options! {
    /// How strongly an actor of weight w votes for i over j when its utility differs by δ = uᵢ − uⱼ.
    VotingRule {
        /// w·δ/10⁻⁸, held within ±w: all or nothing.
        Binary = "Binary",
        /// w·(0.8 δ + 0.2 binary).
        PropBin = "PropBin",
        /// w·δ. KTAB's default.
        Proportional = "Prop",
        /// w·(δ + δ³)/2.
        PropCubic = "PropCbc",
        /// w·δ³.
        Cubic = "Cubic",
        /// w·δ for a loss, two thirds of that for a gain (after prospect theory). The only rule under
        /// which the vote for i over j is not minus that for j over i, so that the order of the actors
        /// matters: coalitions are told from the side of the later one, as in KTAB.
        AsymmetricProspect = "ASymProsp",
    }
}

named_options! {
    /// How the strengths a and b of two coalitions become the first one's probability of winning.
    VictoryModel {
        /// a/(a+b). KTAB's default.
        Linear = "Linear",
        /// a²/(a²+b²).
        Square = "Square",
        /// a⁴/(a⁴+b⁴).
        Quartic = "Quartic",
        /// a⁸/(a⁸+b⁸).
        Octic = "Octic",
        /// All but certain at 1.1 times the other's strength, straight between.
        Binary = "Binary",
    }
}

named_options! {
    /// How the pairwise probabilities become one probability per alternative (the probabilistic Condorcet
    /// election).
    Equilibrium {
        /// The probability of beating all others at once, made to sum to 1. KTAB's default.
        Conditional = "Conditional",
        /// The stationary state when the standing winner is challenged by those with an incentive to
        /// (strength × probability of winning).
        MarkovIncentive = "MarkovIncentive",
        /// The stationary state when everyone challenges the standing winner equally often.
        MarkovUniform = "MarkovUniform",
    }
}

named_options! {
    /// Which risk attitudes actors can have, from the least likely position's holder to the likeliest's.
    RiskRange {
        /// 0 to 1.
        Min = "Min",
        /// −½ to 1. KTAB's default.
        Mid = "Mid",
        /// −1 to 1.
        Max = "Max",
    }
}

named_options! {
    /// How far an observer's estimate of another's risk attitude goes from its own attitude to the true one.
    RiskAdjust {
        /// Everyone is taken to be like oneself.
        None = "None",
        /// A third of the way. KTAB's default.
        OneThird = "OneThird",
        /// Half the way.
        Half = "Half",
        /// Two thirds of the way.
        TwoThirds = "TwoThirds",
        /// Others' attitudes are known.
        Full = "Full",
    }
}

named_options! {
    /// What a third party stakes when it joins a contest.
    ThirdParty {
        /// Nothing: it keeps its own position whoever wins.
        NoCommitment = "NoCommit",
        /// It takes the winner's position if its side loses. KTAB's default.
        SemiCommitment = "SemiCommit",
        /// It takes the winner's position either way.
        FullCommitment = "FullCommit",
    }
}

named_options! {
    /// Where a bargain lies between two positions, given saliences s and probabilities p of winning.
    Interpolation {
        /// Weights s·p.
        S1P1 = "S1P1",
        /// Weights s²·p². KTAB's default.
        S2P2 = "S2P2",
        /// Only the likely loser moves, by the difference of the probabilities and s².
        S2PMax = "S2PMax",
    }
}

named_options! {
    /// Whose estimates a bargain is made from.
    BargainModel {
        /// The initiator's. KTAB's default.
        InitiatorOnly = "InitOnlyInterp",
        /// One bargain from the initiator's and another from the receiver's.
        InitiatorAndReceiver = "InitRcvrInterp",
        /// One bargain, the mean of those two weighted by capability × salience.
        PowerWeighted = "PWCompInterp",
    }
}

named_options! {
    /// What the receiver's own version of a bargain is made from; no matter under
    /// [`BargainModel::InitiatorOnly`].
    ReceiverEstimate {
        /// What KTAB's program does: the receiver's estimate of the initiator's *gain* stands where a
        /// probability belongs, and both versions are weighed with the initiator's capability. Such a
        /// "probability" can be negative, and bargains can then lie outside the two positions.
        AsInKtab = "Ktab",
        /// What KTAB's comments say: the receiver's estimate of the probability that the initiator wins,
        /// and each version weighed with its author's capability.
        AsStated = "Stated",
    }
}

/// How an actor's ideal follows positions: the new ideal of i is Σⱼ Aᵢⱼ·positionⱼ + (1 − Σⱼ Aᵢⱼ)·old ideal.
#[derive(Clone, Debug, PartialEq)]
pub enum Accommodation {
    /// Everyone's ideal is its own position (A is the identity). KTAB's default.
    OwnPosition,
    /// Everyone's ideal follows its own position by this share a turn, 0 (never) to 1.
    OwnPositionBy(f64),
    /// The whole matrix A, row by row: shares of 0–1, each row adding up to 1 at most.
    Matrix(Vec<Vec<f64>>),
}

/// How an actor chooses between its bargains and the status quo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transition {
    /// The likeliest. Of equally likely ones (common under [`VotingRule::Binary`]) the first made: actors
    /// make theirs one after another, the status quo first. KTAB does the same when its threads keep order.
    Deterministic,
    /// Each with its probability. The draw depends on nothing but this noise, the actor's name and the turn.
    Stochastic(Noise),
}

/// The options of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// How utilities become votes, everywhere.
    pub voting_rule: VotingRule,
    /// How coalitions become probabilities between positions and between bargains. (Within a challenge
    /// KTAB always takes the linear one.)
    pub victory_model: VictoryModel,
    /// How pairwise probabilities become one per alternative.
    pub equilibrium: Equilibrium,
    /// What third parties stake.
    pub third_party: ThirdParty,
    /// The range of risk attitudes.
    pub risk_range: RiskRange,
    /// How others' risk attitudes are estimated.
    pub risk_adjust: RiskAdjust,
    /// Where bargains lie.
    pub interpolation: Interpolation,
    /// Whose estimates bargains are made from.
    pub bargain_model: BargainModel,
    /// How the receiver's version is made.
    pub receiver_estimate: ReceiverEstimate,
    /// How ideals follow positions.
    pub accommodation: Accommodation,
    /// How actors choose between bargains.
    pub transition: Transition,
    /// The run ends after this many turns at the latest; 100 in KTAB.
    pub most_turns: usize,
    /// The run ends, from the second turn on, when the positions move less than this share of what they
    /// moved in the first; 0.02 in KTAB.
    pub quiet_share: f64,
}

impl Default for Options {
    /// What KTAB runs a CSV file with.
    fn default() -> Options {
        Options {
            voting_rule: VotingRule::Proportional,
            victory_model: VictoryModel::Linear,
            equilibrium: Equilibrium::Conditional,
            third_party: ThirdParty::SemiCommitment,
            risk_range: RiskRange::Mid,
            risk_adjust: RiskAdjust::OneThird,
            interpolation: Interpolation::S2P2,
            bargain_model: BargainModel::InitiatorOnly,
            receiver_estimate: ReceiverEstimate::AsInKtab,
            accommodation: Accommodation::OwnPosition,
            transition: Transition::Deterministic,
            most_turns: 100,
            quiet_share: 0.02,
        }
    }
}

/// What is wrong with the options.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum OptionsError {
    /// The accommodation matrix is not one row and one column per actor.
    AccommodationSize {
        /// The row at fault, or the number of rows if that is wrong.
        row: usize,
        /// How long it is.
        found: usize,
        /// The actors.
        actors: usize,
    },
    /// A share of accommodation is not a number of 0–1.
    AccommodationShare {
        /// Whose ideal.
        actor: usize,
        /// Whose position.
        follows: usize,
        /// What was given.
        value: f64,
    },
    /// The shares of an actor's accommodation add up to more than 1.
    AccommodationAboveOne {
        /// Whose ideal.
        actor: usize,
        /// Their sum.
        total: f64,
    },
    /// The share of movement that counts as quiet is negative or not a number.
    QuietShare {
        /// What was given.
        value: f64,
    },
}

impl fmt::Display for OptionsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AccommodationSize { row, found, actors } => write!(
                f,
                "the accommodation matrix has {found} entries at row {row} for {actors} actors; it needs one row and one column each"
            ),
            Self::AccommodationShare { actor, follows, value } => {
                write!(f, "actor {actor} accommodates actor {follows} by {value}; it must be within 0–1")
            }
            Self::AccommodationAboveOne { actor, total } => {
                write!(f, "the accommodation shares of actor {actor} add up to {total}; they may reach 1")
            }
            Self::QuietShare { value } => {
                write!(f, "quiet_share is {value}; it must be 0 or more")
            }
        }
    }
}

impl std::error::Error for OptionsError {}

impl Options {
    /// Checks the options for so many actors.
    ///
    /// # Errors
    /// If the accommodation matrix or the quiet share cannot be used; see [`OptionsError`].
    pub fn check(&self, actors: usize) -> Result<(), OptionsError> {
        if self.quiet_share.is_nan() || self.quiet_share < 0.0 {
            let value = self.quiet_share;
            return Err(OptionsError::QuietShare { value });
        }
        match &self.accommodation {
            Accommodation::OwnPosition => Ok(()),
            Accommodation::OwnPositionBy(share) => check_share(0, 0, *share),
            Accommodation::Matrix(rows) => check_matrix(rows, actors),
        }
    }
}

fn check_matrix(rows: &[Vec<f64>], actors: usize) -> Result<(), OptionsError> {
    let size = |row, found| OptionsError::AccommodationSize { row, found, actors };
    if rows.len() != actors {
        return Err(size(rows.len(), rows.len()));
    }
    for (actor, row) in rows.iter().enumerate() {
        if row.len() != actors {
            return Err(size(actor, row.len()));
        }
        for (follows, &share) in row.iter().enumerate() {
            check_share(actor, follows, share)?;
        }
        let total: f64 = row.iter().sum();
        if total > 1.0 + 1e-10 {
            return Err(OptionsError::AccommodationAboveOne { actor, total });
        }
    }
    Ok(())
}

fn check_share(actor: usize, follows: usize, value: f64) -> Result<(), OptionsError> {
    if (0.0..=1.0).contains(&value) {
        Ok(())
    } else {
        Err(OptionsError::AccommodationShare { actor, follows, value })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(accommodation: Accommodation) -> Result<(), OptionsError> {
        let options = Options { accommodation, ..Options::default() };
        options.check(2)
    }

    #[test]
    fn an_accommodation_matrix_is_checked_entry_by_entry() {
        let matrix =
            |rows: &[&[f64]]| checked(Accommodation::Matrix(rows.iter().map(|row| row.to_vec()).collect()));
        assert_eq!(matrix(&[&[0.5, 0.5], &[0.0, 0.2]]), Ok(()));
        assert_eq!(
            matrix(&[&[0.5, 0.6], &[0.0, 0.2]]),
            Err(OptionsError::AccommodationAboveOne { actor: 0, total: 1.1 })
        );
        assert!(matches!(
            matrix(&[&[0.5, 0.5], &[0.0, -0.2]]),
            Err(OptionsError::AccommodationShare { actor: 1, follows: 1, .. })
        ));
        assert!(matches!(
            matrix(&[&[0.5, 0.5], &[0.0]]),
            Err(OptionsError::AccommodationSize { row: 1, found: 1, actors: 2 })
        ));
        assert!(matrix(&[&[1.0, 0.0]]).is_err());
        assert!(checked(Accommodation::OwnPositionBy(f64::NAN)).is_err());
    }

    #[test]
    fn a_quiet_share_must_be_a_number() {
        let options = Options { quiet_share: f64::NAN, ..Options::default() };
        assert!(options.check(2).is_err());
    }
}
