//! What drives the outcomes of an ensemble: inputs and outcomes of a run directory, or of a sample in memory, by the
//! design they stand on.

use equipoise_scenario::Scenario;
use equipoise_scenario::scenario::Basis;

use super::given_data::Inputs;
use super::morris::{Steps, morris};
use super::sobol::sobol;
use super::table::{Options, Table};
use super::{Found, Method, Unanswerable};
use crate::design::{Design, Factor, Layout, Morris, Saltelli};
use crate::error::LabError;
use crate::live::{Sample, Setting};
use crate::read::Run;

/// Histories that estimators for any sample read at most: more would tell little more, and take long.
const ENOUGH: usize = 20_000;

/// The groups that inputs and chance fall into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Parameters that rest on claims, beyond what the account says.
    Evidence,
    /// Parameters that rest on a reason alone.
    Assumption,
    /// Which account is true.
    Account,
    /// What a history draws while it runs.
    Chance,
}

impl Group {
    /// Every group; those of inputs come first.
    pub const ALL: [Group; 4] = [Group::Evidence, Group::Assumption, Group::Account, Group::Chance];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Group::Evidence => "evidence",
            Group::Assumption => "assumption",
            Group::Account => "account",
            Group::Chance => "chance",
        }
    }
}

/// What was asked of a run and what it answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// What the entries of `found` are of.
    pub factors: Vec<Factor>,
    /// Histories used.
    pub histories: usize,
    /// What was found. For given data its groups are those of [`Group::ALL`] without chance; for Sobol its sets are all
    /// of [`Group::ALL`].
    pub found: Found,
}

/// The inputs of a run, read once for any number of outcomes.
#[derive(Debug)]
pub struct RunInputs {
    design: Design,
    seed: u64,
    layout: Layout,
    /// Whether inputs come from a posterior, which draws them together.
    posterior: bool,
    /// The group of each parameter.
    groups: Vec<Group>,
    /// Histories that stand on their own, in the first [`ENOUGH`] of such.
    alone: Vec<usize>,
    accounts: Vec<u16>,
    parameters: Vec<Vec<f64>>,
    /// Made for given data, when first asked for.
    classes: std::sync::OnceLock<Inputs>,
}

impl RunInputs {
    /// Reads the inputs of a run.
    ///
    /// # Errors
    /// A table cannot be read.
    pub fn read(run: &Run) -> Result<RunInputs, LabError> {
        let (scenario, manifest) = (run.scenario(), run.manifest());
        let accounts = &scenario.evidence.accounts;
        let fixed = manifest.account.as_ref().and_then(|id| accounts.iter().position(|it| it.id == *id));
        let layout = Layout::of(scenario, manifest.design, fixed);
        let rows = layout.rows_per_point() as usize;
        let histories = manifest.histories as usize;
        // The first and the last row of Saltelli's design are independent; along a trajectory only the first stands alone.
        let is_alone = |history: &usize| match manifest.design {
            Design::Sobol | Design::LatinHypercube | Design::Random | Design::Table => true,
            Design::Saltelli | Design::SaltelliGroups => [0, rows - 1].contains(&(history % rows)),
            Design::Morris => history.is_multiple_of(rows),
        };
        let alone: Vec<usize> = (0..histories).filter(is_alone).take(ENOUGH).collect();
        let read = alone.last().map_or(0, |last| last + 1);
        let mut parameters = run.first_parameters(read)?;
        let all_accounts = run.accounts()?;
        if alone.len() < read {
            for column in &mut parameters {
                *column = alone.iter().map(|history| column[*history]).collect();
            }
        }
        Ok(RunInputs {
            design: manifest.design,
            seed: manifest.seed,
            layout,
            posterior: manifest.posterior.is_some(),
            groups: groups(scenario),
            accounts: alone.iter().map(|history| all_accounts[*history]).collect(),
            alone,
            parameters,
            classes: std::sync::OnceLock::new(),
        })
    }

    /// The inputs of an ensemble in memory.
    #[must_use]
    pub fn of_sample(scenario: &Scenario, setting: Setting, sample: &Sample) -> RunInputs {
        let histories = &sample.histories[..sample.histories.len().min(ENOUGH)];
        let column = |at: usize| histories.iter().map(|lived| lived.parameters[at]).collect();
        RunInputs {
            design: Design::Sobol,
            seed: setting.seed,
            layout: Layout::of(scenario, Design::Sobol, setting.account),
            posterior: false,
            groups: groups(scenario),
            // No scenario has as many accounts as that.
            accounts: histories.iter().map(|lived| lived.account as u16).collect(),
            alone: (0..histories.len()).collect(),
            parameters: (0..scenario.parameters.len()).map(column).collect(),
            classes: std::sync::OnceLock::new(),
        }
    }

    /// The method that fits the run's design.
    #[must_use]
    pub fn fitting(&self) -> Method {
        match self.design {
            Design::Saltelli | Design::SaltelliGroups => Method::Sobol,
            Design::Morris => Method::Morris,
            Design::Sobol | Design::LatinHypercube | Design::Random | Design::Table => Method::GivenData,
        }
    }

    /// Whether the run's design has what the method needs.
    #[must_use]
    pub fn allows(&self, method: Method) -> bool {
        !matches!(method, Method::Sobol | Method::Morris) || method == self.fitting()
    }

    /// The group a factor belongs to.
    #[must_use]
    pub fn group(&self, factor: Factor) -> Group {
        match factor {
            Factor::Account => Group::Account,
            Factor::Parameter(at) => self.groups[at],
            Factor::Evidence => Group::Evidence,
            Factor::Assumption => Group::Assumption,
            Factor::Chance => Group::Chance,
        }
    }

    /// What drives an outcome, given with one value for each history of the run. Sobol and Morris look at all complete
    /// base points or trajectories; the others at histories that stand on their own, the first 20,000 at most, and of
    /// those at the ones that have a value.
    ///
    /// # Errors
    /// The run's design is not the method's, or the outcome is constant, has gaps the method cannot bear, or too few rows.
    pub fn ask(&self, method: Method, outcome: &[f64], options: &Options) -> Result<Answer, Unanswerable> {
        match method {
            Method::Sobol | Method::Morris if !self.allows(method) => Err(Unanswerable::Layout {
                row: 0,
                why: format!("histories of the design {} are not those of {}", self.design, method.name()),
            }),
            Method::Sobol => self.sobol(outcome, options),
            Method::Morris => self.morris(outcome, options),
            Method::GivenData if self.posterior => Err(Unanswerable::Dependent),
            Method::GivenData => self.given_data(outcome, options),
            Method::Pawn | Method::Delta => {
                let mut columns = vec![self.accounts.iter().map(|account| f64::from(*account)).collect()];
                columns.extend(self.parameters.iter().cloned());
                let table = Table { names: Vec::new(), columns, factors: Vec::new(), bounds: Vec::new() };
                let outcome = self.of_alone(outcome);
                let histories = outcome.iter().filter(|value| value.is_finite()).count();
                Ok(Answer { factors: self.inputs(), histories, found: table.ask(method, &outcome, options)? })
            }
        }
    }

    fn sobol(&self, outcome: &[f64], options: &Options) -> Result<Answer, Unanswerable> {
        let factors = self.layout.factors().to_vec();
        let sets = Group::ALL.map(|group| {
            (0..factors.len()).filter(|at| self.group(factors[*at]) == group).collect::<Vec<usize>>()
        });
        let design = Saltelli { factors: factors.len(), second_order: false };
        let found = sobol(outcome, design, &sets, &options.resampling)?;
        let histories = found.points * design.rows_per_point();
        Ok(Answer { factors, histories, found: Found::Sobol(found) })
    }

    fn morris(&self, outcome: &[f64], options: &Options) -> Result<Answer, Unanswerable> {
        let factors = self.layout.factors().to_vec();
        let length = factors.len() + 1;
        let trajectories = outcome.len() / length;
        // Only order and direction of the steps are asked of it, and these do not depend on the number of levels.
        let design = Morris { factors: factors.len(), levels: 2, seed: self.seed };
        let step = |trajectory: usize, factor: usize| {
            let high = |within| design.is_high(trajectory as u64, within, factor);
            let within = (1..length).find(|within| high(*within) != high(0)).unwrap_or(1);
            // Chance has no range: its step is one other draw.
            let size = if factors[factor] == Factor::Chance { 1.0 } else { Morris::STEP };
            (trajectory * length + within - 1, if high(0) { -size } else { size })
        };
        let steps: Steps = (0..trajectories)
            .map(|trajectory| (0..factors.len()).map(|factor| step(trajectory, factor)).collect())
            .collect();
        let found = morris(outcome, &steps, &options.resampling)?;
        Ok(Answer { factors, histories: trajectories * length, found: Found::Morris(found) })
    }

    fn given_data(&self, outcome: &[f64], options: &Options) -> Result<Answer, Unanswerable> {
        let inputs = self.classes.get_or_init(|| {
            let mut inputs = Inputs::new(self.alone.len(), &self.accounts, Group::ALL.len() - 1);
            inputs.push_strata(Group::Account as usize);
            let columns: Vec<_> = (self.parameters.iter().zip(&self.groups))
                .map(|(column, group)| (column.as_slice(), *group as usize, *group == Group::Evidence))
                .collect();
            inputs.push_all(&columns);
            inputs
        });
        let found = inputs.explain(&self.of_alone(outcome), options.resampling.confidence)?;
        Ok(Answer { factors: self.inputs(), histories: found.rows, found: Found::GivenData(found) })
    }

    /// Account and parameters.
    fn inputs(&self) -> Vec<Factor> {
        std::iter::once(Factor::Account).chain((0..self.groups.len()).map(Factor::Parameter)).collect()
    }

    fn of_alone(&self, outcome: &[f64]) -> Vec<f64> {
        self.alone.iter().map(|history| outcome[*history]).collect()
    }
}

/// The group of each parameter.
fn groups(scenario: &Scenario) -> Vec<Group> {
    let group = |basis: &Basis| match basis {
        Basis::Evidenced { .. } => Group::Evidence,
        Basis::Assumption { .. } => Group::Assumption,
    };
    scenario.parameters.iter().map(|parameter| group(&parameter.basis)).collect()
}
