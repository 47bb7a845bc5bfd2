//! The observed flows a counterfactual starts from, checked.

use super::GravityError;

/// A value that belongs to an exporter and an importer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    /// The exporter's index.
    pub exporter: usize,
    /// The importer's index.
    pub importer: usize,
    /// The value, such as a flow or a log change.
    pub value: f64,
}

/// A matrix of flows between countries, domestic sales included, in any one unit of value.
///
/// Output of a country is its row's sum and expenditure its column's sum, so that world output equals world
/// expenditure by construction.
#[derive(Clone, Debug, PartialEq)]
pub struct Trade {
    countries: usize,
    flows: Vec<f64>,
    output: Vec<f64>,
    expenditure: Vec<f64>,
}

impl Trade {
    /// Flows given row by row: `flows[i * countries + j]` is what exporter i sells to importer j.
    ///
    /// # Errors
    /// No countries; a wrong number of flows; a flow negative or not finite; a country without any flow or
    /// without domestic sales; countries that no chain of trade connects; a sum that overflows.
    pub fn new(countries: usize, flows: Vec<f64>) -> Result<Trade, GravityError> {
        check_size("flows", countries, flows.len())?;
        let (mut output, mut expenditure) = (vec![0.0; countries], vec![0.0; countries]);
        for (exporter, row) in flows.chunks_exact(countries).enumerate() {
            for (importer, &value) in row.iter().enumerate() {
                if !(value.is_finite() && value >= 0.0) {
                    return Err(GravityError::Flow { exporter, importer, value });
                }
                output[exporter] += value;
                expenditure[importer] += value;
            }
        }
        if !output.iter().sum::<f64>().is_finite() {
            return Err(GravityError::TotalOverflow { what: "flows" });
        }
        for country in 0..countries {
            if output[country] == 0.0 && expenditure[country] == 0.0 {
                return Err(GravityError::NoFlows { country });
            }
            if flows[country * countries + country] == 0.0 {
                return Err(GravityError::NoDomesticFlow { country });
            }
        }
        check_connected(countries, &flows)?;
        Ok(Trade { countries, flows, output, expenditure })
    }

    /// Flows given as a list of pairs; a pair left out is a flow of 0.
    ///
    /// # Errors
    /// As [`Trade::new`]; a pair given twice; an index that is no country.
    pub fn from_pairs(countries: usize, pairs: &[Pair]) -> Result<Trade, GravityError> {
        Trade::new(countries, matrix_of(countries, pairs)?)
    }

    /// How many countries there are.
    #[must_use]
    pub fn countries(&self) -> usize {
        self.countries
    }

    /// The flows, row by row: exporter × importer.
    #[must_use]
    pub fn flows(&self) -> &[f64] {
        &self.flows
    }

    /// What each country sells, at home and abroad.
    #[must_use]
    pub fn output(&self) -> &[f64] {
        &self.output
    }

    /// What each country buys, at home and abroad.
    #[must_use]
    pub fn expenditure(&self) -> &[f64] {
        &self.expenditure
    }
}

/// The matrix of a list of pairs, 0 where none is given.
pub(super) fn matrix_of(countries: usize, pairs: &[Pair]) -> Result<Vec<f64>, GravityError> {
    let cells = countries.checked_mul(countries).ok_or(GravityError::TotalOverflow { what: "countries" })?;
    let (mut matrix, mut seen) = (vec![0.0; cells], vec![false; cells]);
    for &Pair { exporter, importer, value } in pairs {
        if let Some(country) = [exporter, importer].into_iter().find(|&c| c >= countries) {
            return Err(GravityError::UnknownCountry { country, countries });
        }
        let cell = exporter * countries + importer;
        if std::mem::replace(&mut seen[cell], true) {
            return Err(GravityError::DuplicatePair { exporter, importer });
        }
        matrix[cell] = value;
    }
    Ok(matrix)
}

/// That a table has one entry for each pair of countries, of which there is at least one.
pub(super) fn check_size(what: &'static str, countries: usize, found: usize) -> Result<(), GravityError> {
    if countries == 0 {
        return Err(GravityError::NoCountries);
    }
    let expected = countries.saturating_mul(countries);
    if found == expected { Ok(()) } else { Err(GravityError::Count { what, found, expected }) }
}

/// That some chain of trade, in either direction, leads from the first country to every other.
pub(super) fn check_connected(countries: usize, flows: &[f64]) -> Result<(), GravityError> {
    let mut reached = vec![false; countries];
    let mut frontier = vec![0];
    reached[0] = true;
    let mut missing = countries - 1;
    while let Some(here) = frontier.pop().filter(|_| missing > 0) {
        for there in 0..countries {
            let trades = flows[here * countries + there] > 0.0 || flows[there * countries + here] > 0.0;
            if trades && !reached[there] {
                reached[there] = true;
                missing -= 1;
                frontier.push(there);
            }
        }
    }
    match reached.iter().position(|r| !r) {
        None => Ok(()),
        Some(country) => Err(GravityError::Unconnected { country, from: 0 }),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn pair(exporter: usize, importer: usize, value: f64) -> Pair {
        Pair { exporter, importer, value }
    }

    #[test]
    fn output_is_what_a_row_sells_and_expenditure_what_a_column_buys() {
        let trade = Trade::new(2, vec![10.0, 1.0, 2.0, 20.0]).unwrap();
        assert_eq!(trade.output(), [11.0, 22.0]);
        assert_eq!(trade.expenditure(), [12.0, 21.0]);
    }

    #[test]
    fn a_list_and_a_matrix_say_the_same() {
        let listed = [pair(1, 1, 20.0), pair(0, 1, 1.0), pair(0, 0, 10.0), pair(1, 0, 2.0)];
        assert_eq!(Trade::from_pairs(2, &listed), Trade::new(2, vec![10.0, 1.0, 2.0, 20.0]));
    }

    #[test]
    fn every_bad_flow_is_pointed_at() {
        let flows = |f: [f64; 4]| Trade::new(2, f.to_vec()).unwrap_err();
        assert_eq!(
            flows([1.0, -2.0, 1.0, 1.0]),
            GravityError::Flow { exporter: 0, importer: 1, value: -2.0 }
        );
        assert!(matches!(
            flows([1.0, 1.0, f64::NAN, 1.0]),
            GravityError::Flow { exporter: 1, importer: 0, .. }
        ));
        assert_eq!(flows([1.0, 0.0, 0.0, 0.0]), GravityError::NoFlows { country: 1 });
        assert_eq!(flows([0.0, 1.0, 1.0, 1.0]), GravityError::NoDomesticFlow { country: 0 });
        assert_eq!(flows([1.0, 0.0, 0.0, 1.0]), GravityError::Unconnected { country: 1, from: 0 });
        assert_eq!(flows([f64::MAX, f64::MAX, 1.0, 1.0]), GravityError::TotalOverflow { what: "flows" });
        assert_eq!(Trade::new(0, vec![]), Err(GravityError::NoCountries));
        assert_eq!(
            Trade::new(2, vec![1.0; 3]),
            Err(GravityError::Count { what: "flows", found: 3, expected: 4 })
        );
        assert_eq!(
            Trade::from_pairs(2, &[pair(0, 1, 1.0), pair(0, 1, 1.0)]),
            Err(GravityError::DuplicatePair { exporter: 0, importer: 1 })
        );
        assert_eq!(
            Trade::from_pairs(2, &[pair(0, 2, 1.0)]),
            Err(GravityError::UnknownCountry { country: 2, countries: 2 })
        );
    }
}
