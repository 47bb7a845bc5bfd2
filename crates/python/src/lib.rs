//! The compiled half of the Python package: what Python says is turned into calls of the floors below, answers into
//! JSON text and Arrow tables. Everything a reader of Python sees (names, defaults, documentation) is in
//! `python/equipoise`.

mod failure;
mod model;
mod run;
mod scenario;
mod simulate;
mod table;
mod watch;

use pyo3::prelude::*;

#[pymodule]
mod _equipoise {
    #[pymodule_export]
    use super::failure::{EquipoiseError, ModelError, RunError, ScenarioError};
    #[pymodule_export]
    use super::model::bargaining::{bargaining_eum, bargaining_smp};
    #[pymodule_export]
    use super::model::civil_violence::civil_violence;
    #[pymodule_export]
    use super::model::gravity::{gravity_parity, gravity_solve};
    #[pymodule_export]
    use super::model::roll_call::roll_call;
    #[pymodule_export]
    use super::model::transit::{transit_schedule, transit_solve};
    #[pymodule_export]
    use super::model::treaty::{treaty_bundled, treaty_judge};
    #[pymodule_export]
    use super::run::{Run, comparison, comparison_report};
    #[pymodule_export]
    use super::scenario::{Scenario, bundled, load};
    #[pymodule_export]
    use super::simulate::{calibrate, compare, merge, simulate};
    #[pymodule_export]
    use super::table::Table;
}
