//! The cases that policies are judged on: the histories of a comparison, of ensembles in memory, or the rows of a table.

use std::collections::BTreeMap;
use std::path::Path;

use equipoise_scenario::sheet::Sheet;
use equipoise_scenario::{Diagnostics, Scenario};
use jiff::civil::Date;

use crate::comparison::Comparison;
use crate::error::LabError;
use crate::live::Sample;
use crate::score::ScoreKind;

/// The same cases under every policy.
#[derive(Debug, Clone, PartialEq)]
pub struct Cases {
    /// Names of the policies, the baseline first.
    pub policies: Vec<String>,
    /// Names of the accounts; empty where a table knows none.
    pub accounts: Vec<String>,
    /// The account of each case (an index; 0 throughout where there are none).
    pub account_of: Vec<usize>,
    /// The outcomes.
    pub outcomes: Vec<CaseOutcome>,
    /// Number of histories under each account, where each was simulated by itself: the cases are then those of the first
    /// account, of the second and so on, and all accounts count alike.
    pub per_account: Option<usize>,
    /// First simulated day and number of days, for dates; `None` for a table.
    pub start: Option<(Date, u32)>,
}

/// One outcome of all cases under every policy.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseOutcome {
    /// Short name.
    pub id: String,
    /// What it is, for people.
    pub title: String,
    /// Its unit in words.
    pub unit: String,
    /// What its values are.
    pub kind: ScoreKind,
    /// `[policy][case]`: a yes/no as 1 and 0, a date as days since the start and, where it never comes, the number of
    /// simulated days; NaN where there is no value.
    pub values: Vec<Vec<f64>>,
}

impl Cases {
    /// The histories of a finished comparison.
    ///
    /// # Errors
    /// A run is missing, unfinished or does not belong to the comparison, or a table cannot be read.
    pub fn of(comparison: &Comparison) -> Result<(Cases, Scenario), LabError> {
        let runs = comparison.open()?;
        let Some(first) = runs.first() else {
            return Err(LabError::NotAComparison {
                path: comparison.dir().to_owned(),
                why: "it names no policies".to_owned(),
            });
        };
        let scenario = first.scenario();
        let mut values = Vec::new();
        for outcome in &scenario.outcomes {
            let columns: Result<Vec<_>, _> = runs.iter().map(|run| run.outcome(&outcome.id)).collect();
            values.push(columns?);
        }
        let account_of = first.accounts()?.into_iter().map(usize::from).collect();
        let cases = Cases::simulated(scenario, comparison.file().policies.clone(), account_of, values);
        let scenario = scenario.clone();
        Ok((cases, scenario))
    }

    /// The histories of a folder that holds a finished comparison, or one under each account (`compare --each-account`).
    ///
    /// # Errors
    /// The folder holds neither, an account has no comparison or another one than the first, or as [`Cases::of`].
    pub fn of_folder(dir: &Path) -> Result<(Cases, Scenario), LabError> {
        let refused = match Comparison::read(dir) {
            Ok(comparison) => return Cases::of(&comparison),
            Err(error) => error,
        };
        let parts = Comparison::under_accounts(dir)?;
        let Some(first) = parts.first() else { return Err(refused) };
        let (mut cases, scenario) = Cases::of(first)?;
        let wrong = |why: String| LabError::NotAComparison { path: dir.to_owned(), why };
        let (mut account_of, mut columns) =
            (Vec::new(), vec![vec![Vec::new(); cases.policies.len()]; cases.outcomes.len()]);
        for account in &scenario.evidence.accounts {
            let Some(part) = parts.iter().find(|part| part.file().account.as_ref() == Some(&account.id))
            else {
                return Err(wrong(format!(
                    "it holds comparisons under single accounts, but none under `{}`; finish it with `equipoise compare … \
                     --each-account --resume`",
                    account.id
                )));
            };
            if !part.differs_by_account(first) {
                return Err(wrong(format!(
                    "the comparisons in {} and {} are not of the same scenario, policies and histories",
                    first.dir().display(),
                    part.dir().display()
                )));
            }
            let of = Cases::of(part)?.0;
            account_of.extend(of.account_of);
            for (all, one) in columns.iter_mut().zip(of.outcomes) {
                for (all, one) in all.iter_mut().zip(one.values) {
                    all.extend(one);
                }
            }
        }
        cases.per_account = Some(cases.len());
        cases.account_of = account_of;
        for (outcome, values) in cases.outcomes.iter_mut().zip(columns) {
            outcome.values = values;
        }
        Ok((cases, scenario))
    }

    /// The histories that ensembles in memory share, one ensemble for each of the named policies, the baseline first.
    #[must_use]
    pub fn of_samples(scenario: &Scenario, policies: &[(String, Sample)]) -> Cases {
        let shared = policies.iter().map(|(_, sample)| sample.histories.len()).min().unwrap_or(0);
        let column = |sample: &Sample, at: usize| {
            sample.histories[..shared].iter().map(|it| it.outcomes[at]).collect()
        };
        let values = (0..scenario.outcomes.len())
            .map(|at| policies.iter().map(|(_, sample)| column(sample, at)).collect())
            .collect();
        let account_of = policies.first().map_or_else(Vec::new, |(_, baseline)| {
            baseline.histories[..shared].iter().map(|lived| lived.account).collect()
        });
        let names = policies.iter().map(|(name, _)| name.clone()).collect();
        Cases::simulated(scenario, names, account_of, values)
    }

    /// Simulated cases; `values[outcome][policy][case]` are as the engine gives them.
    fn simulated(
        scenario: &Scenario,
        policies: Vec<String>,
        account_of: Vec<usize>,
        values: Vec<Vec<Vec<f64>>>,
    ) -> Cases {
        let outcomes = scenario.outcomes.iter().zip(values).map(|(outcome, mut values)| {
            let kind = ScoreKind::of_outcome(outcome);
            if kind == ScoreKind::Date {
                for day in values.iter_mut().flatten().filter(|day| day.is_nan()) {
                    *day = f64::from(scenario.days);
                }
            }
            CaseOutcome {
                id: outcome.id.clone(),
                title: outcome.title.clone(),
                unit: outcome.unit.to_string(),
                kind,
                values,
            }
        });
        Cases {
            policies,
            accounts: scenario.evidence.accounts.iter().map(|account| account.id.clone()).collect(),
            account_of,
            outcomes: outcomes.collect(),
            per_account: None,
            start: Some((scenario.start, scenario.days)),
        }
    }

    /// The rows of a table with a column `policy`, a column `case` that names the same cases under every policy,
    /// optionally a column `account`, and one column of numbers per outcome (yes/no as 1 and 0). An empty cell is a
    /// missing value.
    ///
    /// # Errors
    /// A column is missing, a cell is no number, or a case is missing or doubled under some policy.
    pub fn of_table(mut sheet: Sheet) -> Result<Cases, Diagnostics> {
        let (policy, case) = (sheet.required("policy"), sheet.required("case"));
        let account = sheet.column("account");
        let columns = sheet.columns().to_vec();
        let numbers: Vec<usize> =
            (0..columns.len()).filter(|at| ![policy, case, account].contains(&Some(*at))).collect();
        if numbers.is_empty() {
            sheet.table_error("there is no outcome").expected("a column of numbers for each outcome");
        }
        if sheet.is_empty() {
            sheet.table_error("there is no row").expected("a row for each policy and case");
        }
        sheet.checked()?;
        // Both were found, or the check above would have ended this.
        let (policy, case) = (policy.unwrap_or_default(), case.unwrap_or_default());
        let mut policies = Names::default();
        let mut names = Names::default();
        let mut accounts = Names::default();
        let mut row_of: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        let mut account_of: Vec<usize> = Vec::new();
        for row in 0..sheet.len() {
            let under = policies.at(sheet.text(row, policy));
            let this = names.at(sheet.text(row, case));
            let believed = account.map_or(0, |column| accounts.at(sheet.text(row, column)));
            if this == account_of.len() {
                account_of.push(believed);
            } else if account_of[this] != believed
                && let Some(column) = account
            {
                sheet
                    .error(row, column, "this case has another account under another policy")
                    .expected("the same");
            }
            if row_of.insert((under, this), row).is_some() {
                sheet.error(row, case, "this case appears twice under its policy").expected("once");
            }
        }
        for (under, name) in policies.list.iter().enumerate() {
            let missing = (0..names.list.len()).find(|this| !row_of.contains_key(&(under, *this)));
            if let Some(missing) = missing {
                let missing = &names.list[missing];
                sheet
                    .table_error(format!("the policy `{name}` has no case `{missing}`"))
                    .expected("the same cases under every policy");
            }
        }
        sheet.checked()?;
        let mut outcomes: Vec<CaseOutcome> = numbers
            .iter()
            .map(|at| CaseOutcome {
                id: columns[*at].clone(),
                title: columns[*at].clone(),
                unit: String::new(),
                kind: ScoreKind::Number,
                values: vec![vec![f64::NAN; names.list.len()]; policies.list.len()],
            })
            .collect();
        for ((under, this), row) in row_of {
            for (outcome, column) in outcomes.iter_mut().zip(&numbers) {
                if !sheet.text(row, *column).is_empty()
                    && let Some(value) = sheet.number(row, *column)
                {
                    outcome.values[under][this] = value;
                }
            }
        }
        sheet.checked()?;
        Ok(Cases {
            policies: policies.list,
            accounts: accounts.list,
            account_of,
            outcomes,
            per_account: None,
            start: None,
        })
    }

    /// Number of cases.
    #[must_use]
    pub fn len(&self) -> usize {
        self.account_of.len()
    }

    /// The number of a case's history, under its account where each was simulated by itself.
    #[must_use]
    pub fn history(&self, case: usize) -> usize {
        self.per_account.map_or(case, |histories| case % histories)
    }

    /// Whether there is no case.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.account_of.is_empty()
    }

    /// Where an outcome stands.
    ///
    /// # Errors
    /// There is none of this name.
    pub fn outcome(&self, id: &str) -> Result<usize, LabError> {
        self.outcomes.iter().position(|outcome| outcome.id == id).ok_or_else(|| LabError::Unknown {
            what: "outcome",
            name: id.to_owned(),
            known: self.outcomes.iter().map(|outcome| outcome.id.clone()).collect(),
        })
    }
}

/// Names in the order in which they first appear.
#[derive(Default)]
struct Names {
    list: Vec<String>,
    places: BTreeMap<String, usize>,
}

impl Names {
    /// The place of a name, a new one if it is new.
    fn at(&mut self, name: &str) -> usize {
        if let Some(at) = self.places.get(name) {
            return *at;
        }
        self.places.insert(name.to_owned(), self.list.len());
        self.list.push(name.to_owned());
        self.list.len() - 1
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Cases, String> {
        Cases::of_table(Sheet::parse("cases.csv", text).unwrap()).map_err(|found| found.to_string())
    }

    #[test]
    fn a_table_is_read_whatever_the_order_of_its_rows() {
        let cases = read(
            "case,policy,account,killed\n1,none,state,5\n2,none,street,7\n2,quiet,street,\n1,quiet,state,3\n",
        )
        .unwrap();
        assert_eq!((cases.policies.len(), cases.accounts.len(), cases.len()), (2, 2, 2));
        assert_eq!(cases.outcomes[0].values[0], [5.0, 7.0]);
        assert_eq!(cases.outcomes[0].values[1][0], 3.0);
        assert!(cases.outcomes[0].values[1][1].is_nan());
    }

    #[test]
    fn a_table_whose_policies_have_other_cases_is_refused() {
        assert!(read("policy,case,y\na,1,2\nb,2,3\n").unwrap_err().contains("`a` has no case `2`"));
        assert!(read("policy,case,y\na,1,2\na,1,3\n").unwrap_err().contains("appears twice"));
        assert!(read("policy,y\na,1\n").unwrap_err().contains("the column `case` is missing"));
        assert!(read("policy,case\na,1\n").unwrap_err().contains("there is no outcome"));
        assert!(read("policy,case,y\n").unwrap_err().contains("there is no row"));
        assert!(read("policy,case,y\na,1,x\n").unwrap_err().contains("found `x`"));
        assert!(read("policy,case,account,y\na,1,s,1\nb,1,t,1\n").unwrap_err().contains("another account"));
    }
}
