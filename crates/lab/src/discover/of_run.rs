//! The table of an ensemble, of a run directory or in memory: the parameters of its histories and the account each
//! stands on.

use equipoise_scenario::Scenario;
use equipoise_scenario::unit::Unit;

use super::{DiscoverError, Input, Inputs, Values};
use crate::error::LabError;
use crate::live::Sample;
use crate::read::Run;
use crate::when::When;

/// Name of the column that says which account a history stands on.
const ACCOUNT: &str = "account";

/// What discovery needs to know of an ensemble.
#[derive(Debug, Clone, PartialEq)]
pub struct Discovery {
    /// The account, then every parameter that is not the same in all histories.
    pub inputs: Inputs,
    /// For each input the parameter it is (an index into the scenario's); `None` for the account.
    pub parameters: Vec<Option<usize>>,
}

impl Discovery {
    /// The same with some of the inputs (indices), all of them where none is named.
    #[must_use]
    pub fn only(&self, columns: &[usize]) -> Discovery {
        let kept = |at: &usize| columns.is_empty() || columns.contains(at);
        let parameters = (0..self.parameters.len()).filter(kept).map(|at| self.parameters[at]);
        Discovery { inputs: self.inputs.only(columns), parameters: parameters.collect() }
    }

    /// Whether the outcome is as asked, in each history.
    ///
    /// # Errors
    /// The table cannot be read.
    pub fn happens(run: &Run, when: &When) -> Result<Vec<bool>, LabError> {
        let values = run.outcome(&run.scenario().outcomes[when.outcome].id)?;
        Ok(values.into_iter().map(|value| when.holds(value)).collect())
    }
}

/// The table of inputs of a run: yes/no parameters and the account are levels, all others numbers. What never varies is
/// left out.
///
/// # Errors
/// A table of the run cannot be read, or nothing varies in it.
pub fn of_run(run: &Run) -> Result<Discovery, LabError> {
    let accounts: Vec<usize> = run.accounts()?.into_iter().map(usize::from).collect();
    let scenario = run.scenario();
    let columns: Result<Vec<_>, _> =
        scenario.parameters.iter().map(|parameter| run.parameter(&parameter.id)).collect();
    varying(scenario, accounts, columns?)
}

/// The table of inputs of an ensemble in memory, as [`of_run`] has it.
///
/// # Errors
/// Nothing varies in it.
pub fn of_sample(scenario: &Scenario, sample: &Sample) -> Result<Discovery, LabError> {
    let column = |at: usize| sample.histories.iter().map(|lived| lived.parameters[at]).collect();
    let accounts = sample.histories.iter().map(|lived| lived.account).collect();
    varying(scenario, accounts, (0..scenario.parameters.len()).map(column).collect())
}

/// What varies: the account of each history, and one column of values per parameter.
fn varying(scenario: &Scenario, accounts: Vec<usize>, values: Vec<Vec<f64>>) -> Result<Discovery, LabError> {
    let mut columns = Vec::new();
    let mut parameters = Vec::new();
    if accounts.iter().any(|account| *account != accounts[0]) {
        let names = scenario.evidence.accounts.iter().map(|account| account.id.clone()).collect();
        columns.push(Input { name: ACCOUNT.to_owned(), values: Values::Levels { names, of: accounts } });
        parameters.push(None);
    }
    for (at, (parameter, values)) in scenario.parameters.iter().zip(values).enumerate() {
        if values.iter().all(|value| *value == values[0]) {
            continue;
        }
        let values = if parameter.unit == Unit::YES_NO {
            let names = ["no", "yes"].map(str::to_owned).to_vec();
            Values::Levels { names, of: values.iter().map(|value| usize::from(*value != 0.0)).collect() }
        } else {
            Values::Real(values)
        };
        columns.push(Input { name: parameter.id.clone(), values });
        parameters.push(Some(at));
    }
    let inputs = Inputs::new(columns).map_err(|error| match error {
        DiscoverError::Empty { .. } => {
            LabError::BadPlan { why: "every history of this ensemble has the same parameters".to_owned() }
        }
        other => LabError::BadPlan { why: other.to_string() },
    })?;
    Ok(Discovery { inputs, parameters })
}
