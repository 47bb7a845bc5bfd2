//! Every choice on which accounts of the Expected Utility Model differ, with a name.

use std::fmt;
use std::str::FromStr;

named_options! {
    /// The probability that i wins against j, from the votes c·s·(|x−xⱼ| − |x−xᵢ|) of all actors.
    Probability {
        /// The votes for i as a share of all votes cast between the two.
        Positive = "pos",
        /// The majority for i, if there is one, as a share of all votes cast between the two.
        Net = "bdm",
        /// The votes for i as a share of the votes cast between *all* pairs of actors, distances raised to
        /// the voters' risk exponents: what Scholz's program does. It makes every probability tiny.
        AllPairs = "allpairs",
    }
}

named_options! {
    /// With whose risk exponent an actor works out what others expect from challenging it.
    Perspective {
        /// With its own, for everyone.
        Receiver = "self",
        /// With the challenger's.
        Challenger = "own",
    }
}

named_options! {
    /// Which offer an actor takes when it has several.
    Choice {
        /// Confrontations before compromises before capitulations; among confrontations or capitulations
        /// the least move, among compromises the smallest |E|-weighted mean of the two positions: what
        /// Scholz's program does.
        ScholzProgram = "scholz",
        /// Confrontations before compromises before capitulations, then the least move.
        ClassThenLeastMove = "minmove",
        /// The least move of all: what the text says.
        LeastMove = "anymin",
        /// The offer whose proposer expects most; of equals the nearest proposer's.
        LargestGain = "maxeu",
        /// The challenger that expects most (of equals the nearest); if the actor beats it, it stays, and
        /// no lesser challenger is heard.
        StrongestChallenger = "strongest",
    }
}

named_options! {
    /// Whether an actor that has more to lose than the challenger has to gain gives in.
    Capitulation {
        /// It does.
        Happens = "happens",
        /// It does not: in Scholz's program the test compares a number with itself.
        Never = "never",
    }
}

named_options! {
    /// The centre μ towards which the status quo may shift.
    Centre {
        /// The mean, weighing capability × salience.
        Mean = "mean",
        /// The Condorcet winner.
        Median = "median",
    }
}

named_options! {
    /// Against what an actor's danger is measured for its risk exponent.
    RiskBasis {
        /// The dangers of the other actors, as Scholz, Calbert and Smith have it.
        OtherActors = "others",
        /// The danger it would be in at each of the positions held by anyone, as Bueno de Mesquita seems to
        /// have meant.
        OwnPositions = "positions",
    }
}

named_options! {
    /// The sign of the term (1−Q)(T·Uᵇ + (1−T)Uʷ); no matter for Q = 1.
    Alternatives {
        /// Taken from the value of the challenge, as published.
        Subtracted = "minus",
        /// Added to it, as one replication does.
        Added = "plus",
    }
}

/// The options of a run. As text, `key=value` pairs joined by `;` over the default, or the name of an entry of
/// [`Options::NAMED`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// `prob`: the probability of winning.
    pub probability: Probability,
    /// `persp`: whose risk exponent.
    pub perspective: Perspective,
    /// `choice`: which offer is taken.
    pub choice: Choice,
    /// `capitulation`: whether it happens. As text, `choice=scholz` implies `never` unless said otherwise.
    pub capitulation: Capitulation,
    /// `Q`: the probability that nothing changes without a challenge, 0–1.
    pub unchanged: f64,
    /// `T`: the probability that a change would be for the better, 0–1; no matter for Q = 1.
    pub better: f64,
    /// `mu`: the centre; no matter for Q = 1.
    pub centre: Centre,
    /// `risk`: against what danger is measured.
    pub risk_basis: RiskBasis,
    /// `alt`: the sign of the term for a changed status quo.
    pub alternatives: Alternatives,
}

const PUBLISHED: Options = Options {
    probability: Probability::Positive,
    perspective: Perspective::Receiver,
    choice: Choice::LeastMove,
    capitulation: Capitulation::Happens,
    unchanged: 1.0,
    better: 1.0,
    centre: Centre::Mean,
    risk_basis: RiskBasis::OtherActors,
    alternatives: Alternatives::Subtracted,
};

impl Options {
    /// Sets of options with a name.
    ///
    /// * `published`: the equations as the text has them (our reading). The default.
    /// * `jmckib`: the replication `bdm-scholz-expected-utility-model`, faithful to Scholz's own program.
    /// * `masad`: the replication `BDM_DecisionModel_Replication` (its `GroupDecisionModel`).
    pub const NAMED: &'static [(&'static str, Options)] = &[
        ("published", PUBLISHED),
        (
            "jmckib",
            Options {
                probability: Probability::AllPairs,
                choice: Choice::ScholzProgram,
                capitulation: Capitulation::Never,
                ..PUBLISHED
            },
        ),
        (
            "masad",
            Options {
                probability: Probability::Net,
                perspective: Perspective::Challenger,
                choice: Choice::StrongestChallenger,
                alternatives: Alternatives::Added,
                ..PUBLISHED
            },
        ),
    ];

    /// Checks the two probabilities.
    ///
    /// # Errors
    /// If Q or T is not within 0–1.
    pub fn check(&self) -> Result<(), OptionsError> {
        for (key, value) in [("Q", self.unchanged), ("T", self.better)] {
            if !(0.0..=1.0).contains(&value) {
                return Err(OptionsError::Probability { key, value });
            }
        }
        Ok(())
    }
}

impl Default for Options {
    fn default() -> Options {
        PUBLISHED
    }
}

/// What is wrong with the options, or with using them.
#[derive(Clone, Debug, PartialEq)]
pub enum OptionsError {
    /// Q or T is not within 0–1.
    Probability {
        /// Which of the two.
        key: &'static str,
        /// What was given.
        value: f64,
    },
    /// The text has neither a set's name nor `key=value`.
    NoKey {
        /// What was given.
        found: String,
    },
    /// No option has this key.
    UnknownKey {
        /// What was given.
        found: String,
    },
    /// The option has no such value.
    UnknownValue {
        /// The option's key.
        key: &'static str,
        /// What is wrong.
        reason: String,
    },
    /// The actors bargain over more than one dimension; the model knows one.
    Dimensions {
        /// How many there are.
        found: usize,
    },
}

impl fmt::Display for OptionsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Probability { key, value } => {
                write!(f, "{key} is {value}; it is a probability, within 0–1")
            }
            Self::NoKey { found } => {
                let names: Vec<&str> = Options::NAMED.iter().map(|(name, _)| *name).collect();
                write!(f, "“{found}” is neither one of {} nor of the form key=value", names.join(", "))
            }
            Self::UnknownKey { found } => {
                let keys = KEYS.join(", ");
                write!(f, "no option has the key “{found}”; there are {keys}")
            }
            Self::UnknownValue { key, reason } => write!(f, "{key}: {reason}"),
            Self::Dimensions { found } => {
                write!(f, "the Expected Utility Model takes one dimension; there are {found}")
            }
        }
    }
}

impl std::error::Error for OptionsError {}

const KEYS: [&str; 9] = ["prob", "persp", "choice", "capitulation", "Q", "T", "mu", "risk", "alt"];

impl FromStr for Options {
    type Err = OptionsError;

    fn from_str(text: &str) -> Result<Options, OptionsError> {
        if let Some((_, options)) = Options::NAMED.iter().find(|(name, _)| *name == text) {
            return Ok(*options);
        }
        let mut options = Options::default();
        let mut capitulation = None;
        for pair in text.split(';').filter(|pair| !pair.trim().is_empty()) {
            let found = || pair.trim().to_owned();
            let Some((key, value)) = pair.split_once('=') else {
                return Err(OptionsError::NoKey { found: found() });
            };
            let (key, value) = (key.trim(), value.trim());
            match key {
                "prob" => options.probability = parsed("prob", value)?,
                "persp" => options.perspective = parsed("persp", value)?,
                "choice" => options.choice = parsed("choice", value)?,
                "capitulation" => capitulation = Some(parsed("capitulation", value)?),
                "Q" => options.unchanged = parsed("Q", value)?,
                // A set that never needs T may leave it unsaid.
                "T" if value == "None" => {}
                "T" => options.better = parsed("T", value)?,
                "mu" => options.centre = parsed("mu", value)?,
                "risk" => options.risk_basis = parsed("risk", value)?,
                "alt" => options.alternatives = parsed("alt", value)?,
                _ => return Err(OptionsError::UnknownKey { found: key.to_owned() }),
            }
        }
        options.capitulation = capitulation.unwrap_or(match options.choice {
            Choice::ScholzProgram => Capitulation::Never,
            _ => Capitulation::Happens,
        });
        options.check()?;
        Ok(options)
    }
}

fn parsed<V: FromStr<Err: fmt::Display>>(key: &'static str, value: &str) -> Result<V, OptionsError> {
    value.parse().map_err(|error: V::Err| OptionsError::UnknownValue { key, reason: error.to_string() })
}

impl fmt::Display for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "prob={};persp={};choice={};capitulation={};Q={};T={};mu={};risk={};alt={}",
            self.probability,
            self.perspective,
            self.choice,
            self.capitulation,
            self.unchanged,
            self.better,
            self.centre,
            self.risk_basis,
            self.alternatives,
        )
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn options_read_back_as_they_are_written() {
        for (name, options) in Options::NAMED {
            assert_eq!(name.parse(), Ok(*options));
            assert_eq!(options.to_string().parse(), Ok(*options));
        }
    }

    #[test]
    fn what_is_left_unsaid_is_as_published() {
        let options: Options = "prob=allpairs;Q=0.5;T=None".parse().unwrap();
        assert_eq!(options.probability, Probability::AllPairs);
        assert_eq!((options.unchanged, options.better), (0.5, 1.0));
        assert_eq!(options.choice, Choice::LeastMove);
    }

    #[test]
    fn scholz_program_never_capitulates_unless_told_to() {
        let capitulation = |text: &str| text.parse::<Options>().unwrap().capitulation;
        assert_eq!(capitulation("choice=scholz"), Capitulation::Never);
        assert_eq!(capitulation("capitulation=happens;choice=scholz"), Capitulation::Happens);
        assert_eq!(capitulation("choice=minmove"), Capitulation::Happens);
    }

    #[test]
    fn bad_text_is_pointed_at() {
        let error = |text: &str| text.parse::<Options>().unwrap_err();
        assert!(matches!(error("shcolz"), OptionsError::NoKey { .. }));
        assert!(matches!(error("porb=pos"), OptionsError::UnknownKey { .. }));
        assert!(error("prob=most").to_string().contains("allpairs"));
        assert!(matches!(error("Q=2"), OptionsError::Probability { key: "Q", .. }));
        assert!(matches!(error("T=NaN"), OptionsError::Probability { key: "T", .. }));
    }
}
