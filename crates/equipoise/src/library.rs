//! Where scenarios come from: a folder, or those that are part of the program.

use equipoise_bundled::OpenError;
use equipoise_scenario::Scenario;

use crate::failure::Failure;

/// The bundled scenario that is meant when none is named.
const DEFAULT: &str = "kazakhstan-2022";

/// Loads the scenario an argument names: a folder, a bundled id, or the default one.
///
/// # Errors
/// There is neither such a folder nor such a bundled scenario, or it has mistakes.
pub fn scenario(named: Option<&str>) -> Result<Scenario, Failure> {
    let opened = named.map_or_else(|| equipoise_bundled::bundled(DEFAULT), equipoise_bundled::open);
    opened.map_err(|error| match error {
        OpenError::Missing(why) => Failure::Wrong(why),
        OpenError::Mistakes(found) => {
            Failure::Mistakes { scenario: named.unwrap_or(DEFAULT).to_owned(), found }
        }
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_bundled_scenario_is_meant_where_none_is_named() {
        assert_eq!(scenario(None).unwrap().id, DEFAULT);
    }
}
