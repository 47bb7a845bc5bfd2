//! Every option of the two models as a flag, and which of them `--variants` lets vary.

use std::fs;
use std::path::Path;

use clap::Args;
use equipoise_models::bargaining::{EumChoices, SmpChoices, eum, smp};
use equipoise_models::noise::Noise;
use equipoise_scenario::Sheet;

use crate::failure::Failure;

/// Rounds of the Expected Utility Model where none are asked for: what the literature runs.
const ROUNDS: usize = 10;

/// Options of the Spatial Model of Politics; left out, they are KTAB's.
#[derive(Debug, Args)]
#[command(next_help_heading = "Options of --model smp")]
pub struct SmpFlags {
    /// How utility differences become votes: Binary, PropBin, Prop, PropCbc, Cubic, ASymProsp [default: Prop].
    #[arg(long, value_name = "RULE")]
    voting_rule: Option<smp::VotingRule>,
    /// How strengths become probabilities: Linear, Square, Quartic, Octic, Binary [default: Linear].
    #[arg(long, value_name = "MODEL")]
    victory_model: Option<smp::VictoryModel>,
    /// The probabilistic Condorcet election: Conditional, MarkovIncentive, MarkovUniform [default: Conditional].
    #[arg(long, value_name = "METHOD")]
    equilibrium: Option<smp::Equilibrium>,
    /// What third parties stake: NoCommit, SemiCommit, FullCommit [default: SemiCommit].
    #[arg(long, value_name = "STAKE")]
    third_party: Option<smp::ThirdParty>,
    /// The range of risk attitudes: Min, Mid, Max [default: Mid].
    #[arg(long, value_name = "RANGE")]
    risk_range: Option<smp::RiskRange>,
    /// How well others' risk attitudes are known: None, OneThird, Half, TwoThirds, Full [default: OneThird].
    #[arg(long, value_name = "SHARE")]
    risk_adjust: Option<smp::RiskAdjust>,
    /// Where bargains lie: S1P1, S2P2, S2PMax [default: S2P2].
    #[arg(long, value_name = "RULE")]
    interpolation: Option<smp::Interpolation>,
    /// Whose estimates make a bargain: InitOnlyInterp, InitRcvrInterp, PWCompInterp [default: InitOnlyInterp].
    #[arg(long, value_name = "MODEL")]
    bargain_model: Option<smp::BargainModel>,
    /// The receiver's own version: Ktab (its program) or Stated (its comments) [default: Ktab].
    #[arg(long, value_name = "WHICH")]
    receiver_estimate: Option<smp::ReceiverEstimate>,
    /// How ideals follow positions: a share of 0 to 1 a turn, or a CSV with a row and a column per actor [default: 1].
    #[arg(long, value_name = "SHARE|FILE")]
    accommodation: Option<String>,
    /// Draw each choice with its probability, from this seed, instead of taking the likeliest.
    #[arg(long, value_name = "SEED")]
    stochastic: Option<u64>,
    /// Turns after which the run ends at the latest [default: 100].
    #[arg(long, value_name = "N")]
    most_turns: Option<usize>,
    /// The run ends when a turn moves less than this share of the first one [default: 0.02].
    #[arg(long, value_name = "SHARE")]
    quiet_share: Option<f64>,
}

impl SmpFlags {
    /// Names of the flags that were given.
    pub fn given(&self) -> Vec<&'static str> {
        let flags = [
            ("--voting-rule", self.voting_rule.is_some()),
            ("--victory-model", self.victory_model.is_some()),
            ("--equilibrium", self.equilibrium.is_some()),
            ("--third-party", self.third_party.is_some()),
            ("--risk-range", self.risk_range.is_some()),
            ("--risk-adjust", self.risk_adjust.is_some()),
            ("--interpolation", self.interpolation.is_some()),
            ("--bargain-model", self.bargain_model.is_some()),
            ("--receiver-estimate", self.receiver_estimate.is_some()),
            ("--accommodation", self.accommodation.is_some()),
            ("--stochastic", self.stochastic.is_some()),
            ("--most-turns", self.most_turns.is_some()),
            ("--quiet-share", self.quiet_share.is_some()),
        ];
        named(&flags)
    }

    /// The options: what was given over KTAB's defaults.
    ///
    /// # Errors
    /// The accommodation is neither a share nor a readable matrix.
    pub fn options(&self) -> Result<smp::Options, Failure> {
        let base = smp::Options::default();
        Ok(smp::Options {
            voting_rule: self.voting_rule.unwrap_or(base.voting_rule),
            victory_model: self.victory_model.unwrap_or(base.victory_model),
            equilibrium: self.equilibrium.unwrap_or(base.equilibrium),
            third_party: self.third_party.unwrap_or(base.third_party),
            risk_range: self.risk_range.unwrap_or(base.risk_range),
            risk_adjust: self.risk_adjust.unwrap_or(base.risk_adjust),
            interpolation: self.interpolation.unwrap_or(base.interpolation),
            bargain_model: self.bargain_model.unwrap_or(base.bargain_model),
            receiver_estimate: self.receiver_estimate.unwrap_or(base.receiver_estimate),
            accommodation: self.accommodation.as_deref().map_or(Ok(base.accommodation), accommodation)?,
            transition: self
                .stochastic
                .map_or(base.transition, |seed| smp::Transition::Stochastic(Noise::new(seed, 0))),
            most_turns: self.most_turns.unwrap_or(base.most_turns),
            quiet_share: self.quiet_share.unwrap_or(base.quiet_share),
        })
    }

    /// Every value of every choice that was not given, over these options.
    pub fn choices(&self, options: smp::Options) -> SmpChoices {
        let (only, all) = (SmpChoices::only(options.clone()), SmpChoices::all(options));
        SmpChoices {
            voting_rule: if self.voting_rule.is_some() { only.voting_rule } else { all.voting_rule },
            victory_model: if self.victory_model.is_some() { only.victory_model } else { all.victory_model },
            equilibrium: if self.equilibrium.is_some() { only.equilibrium } else { all.equilibrium },
            third_party: if self.third_party.is_some() { only.third_party } else { all.third_party },
            risk_range: if self.risk_range.is_some() { only.risk_range } else { all.risk_range },
            risk_adjust: if self.risk_adjust.is_some() { only.risk_adjust } else { all.risk_adjust },
            interpolation: if self.interpolation.is_some() { only.interpolation } else { all.interpolation },
            bargain_model: if self.bargain_model.is_some() { only.bargain_model } else { all.bargain_model },
            receiver_estimate: if self.receiver_estimate.is_some() {
                only.receiver_estimate
            } else {
                all.receiver_estimate
            },
            base: all.base,
        }
    }
}

/// Options of the Expected Utility Model; left out, they are the published ones.
#[derive(Debug, Args)]
#[command(next_help_heading = "Options of --model eum")]
pub struct EumFlags {
    /// A reading of the model: published, jmckib, masad, or key=value pairs joined by `;` [default: published].
    #[arg(long, value_name = "NAME")]
    variant: Option<eum::Options>,
    /// Rounds [default: 10].
    #[arg(long, value_name = "N")]
    rounds: Option<usize>,
    /// The probability of winning: pos, bdm, allpairs.
    #[arg(long, value_name = "KIND")]
    probability: Option<eum::Probability>,
    /// With whose risk exponent others' gains are worked out: self, own.
    #[arg(long, value_name = "WHOSE")]
    perspective: Option<eum::Perspective>,
    /// Which offer is taken: scholz, minmove, anymin, maxeu, strongest.
    #[arg(long, value_name = "RULE")]
    choice: Option<eum::Choice>,
    /// Whether capitulation happens: happens, never.
    #[arg(long, value_name = "WHETHER")]
    capitulation: Option<eum::Capitulation>,
    /// The probability that nothing changes without a challenge, Q, 0 to 1.
    #[arg(long, value_name = "Q")]
    unchanged: Option<f64>,
    /// The probability that a change would be for the better, T, 0 to 1.
    #[arg(long, value_name = "T")]
    better: Option<f64>,
    /// The centre towards which the status quo may shift: mean, median.
    #[arg(long, value_name = "WHICH")]
    centre: Option<eum::Centre>,
    /// Against what danger is measured: others, positions.
    #[arg(long, value_name = "BASIS")]
    risk_basis: Option<eum::RiskBasis>,
    /// The sign of the term for a changed status quo: minus, plus.
    #[arg(long, value_name = "SIGN")]
    alternatives: Option<eum::Alternatives>,
}

impl EumFlags {
    /// Names of the flags that were given.
    pub fn given(&self) -> Vec<&'static str> {
        let flags = [
            ("--variant", self.variant.is_some()),
            ("--rounds", self.rounds.is_some()),
            ("--probability", self.probability.is_some()),
            ("--perspective", self.perspective.is_some()),
            ("--choice", self.choice.is_some()),
            ("--capitulation", self.capitulation.is_some()),
            ("--unchanged", self.unchanged.is_some()),
            ("--better", self.better.is_some()),
            ("--centre", self.centre.is_some()),
            ("--risk-basis", self.risk_basis.is_some()),
            ("--alternatives", self.alternatives.is_some()),
        ];
        named(&flags)
    }

    /// How many rounds to run.
    pub fn rounds(&self) -> usize {
        self.rounds.unwrap_or(ROUNDS)
    }

    /// The options: single flags over the named reading.
    pub fn options(&self) -> eum::Options {
        let base = self.variant.unwrap_or_default();
        eum::Options {
            probability: self.probability.unwrap_or(base.probability),
            perspective: self.perspective.unwrap_or(base.perspective),
            choice: self.choice.unwrap_or(base.choice),
            capitulation: self.capitulation.unwrap_or(base.capitulation),
            unchanged: self.unchanged.unwrap_or(base.unchanged),
            better: self.better.unwrap_or(base.better),
            centre: self.centre.unwrap_or(base.centre),
            risk_basis: self.risk_basis.unwrap_or(base.risk_basis),
            alternatives: self.alternatives.unwrap_or(base.alternatives),
        }
    }

    /// Every value of every choice that was not given by a flag of its own; `--variant` holds nothing fixed.
    pub fn choices(&self) -> EumChoices {
        let (only, all) = (EumChoices::only(&self.options()), EumChoices::all());
        EumChoices {
            probability: if self.probability.is_some() { only.probability } else { all.probability },
            perspective: if self.perspective.is_some() { only.perspective } else { all.perspective },
            choice: if self.choice.is_some() { only.choice } else { all.choice },
            capitulation: if self.capitulation.is_some() { only.capitulation } else { all.capitulation },
            risk_basis: if self.risk_basis.is_some() { only.risk_basis } else { all.risk_basis },
            unchanged: if self.unchanged.is_some() { only.unchanged } else { all.unchanged },
            better: if self.better.is_some() { only.better } else { all.better },
            centre: if self.centre.is_some() { only.centre } else { all.centre },
            alternatives: if self.alternatives.is_some() { only.alternatives } else { all.alternatives },
        }
    }
}

fn named(flags: &[(&'static str, bool)]) -> Vec<&'static str> {
    flags.iter().filter(|(_, given)| *given).map(|(name, _)| *name).collect()
}

/// A share, or the path of a matrix without a header.
fn accommodation(text: &str) -> Result<smp::Accommodation, Failure> {
    if let Ok(share) = text.parse::<f64>() {
        return Ok(smp::Accommodation::OwnPositionBy(share));
    }
    let path = Path::new(text);
    if !path.exists() {
        return Err(Failure::Wrong(format!("--accommodation: `{text}` is neither a number nor a file")));
    }
    let lines = fs::read_to_string(path).map_err(|error| Failure::io("read", path, &error))?;
    // The matrix has no line of names: one is put above it, so that its cells can be pointed at.
    let columns = lines.lines().next().unwrap_or("").split(',').count();
    let header: Vec<String> = (1..=columns).map(|column| column.to_string()).collect();
    let mut sheet = Sheet::parse(text, &format!("{}\n{lines}", header.join(",")))?;
    let rows: Vec<Vec<f64>> = (0..sheet.len())
        .map(|row| (0..columns).filter_map(|column| sheet.number(row, column)).collect())
        .collect();
    sheet.checked()?;
    Ok(smp::Accommodation::Matrix(rows))
}
