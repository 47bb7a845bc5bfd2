//! The table of a run directory: the parameters of its histories and the account each stands on.

use equipoise_scenario::Scenario;
use equipoise_scenario::unit::Unit;

use super::{DiscoverError, Input, Inputs, Values};
use crate::error::LabError;
use crate::read::Run;
use crate::when::When;

/// Name of the column that says which account a history stands on.
const ACCOUNT: &str = "account";

/// What discovery needs to know of a run.
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
    let scenario: &Scenario = run.scenario();
    let accounts = run.accounts()?;
    let mut columns = Vec::new();
    let mut parameters = Vec::new();
    if accounts.iter().any(|account| *account != accounts[0]) {
        let names = scenario.evidence.accounts.iter().map(|account| account.id.clone()).collect();
        let of = accounts.iter().map(|account| usize::from(*account)).collect();
        columns.push(Input { name: ACCOUNT.to_owned(), values: Values::Levels { names, of } });
        parameters.push(None);
    }
    for (at, parameter) in scenario.parameters.iter().enumerate() {
        let values = run.parameter(&parameter.id)?;
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
            LabError::BadPlan { why: "every history of this run has the same parameters".to_owned() }
        }
        other => LabError::BadPlan { why: other.to_string() },
    })?;
    Ok(Discovery { inputs, parameters })
}
