//! Reading a run directory back: whole columns, single histories, and daily quantiles in bounded memory.

mod events;
mod fan;
mod table_file;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use equipoise_scenario::Scenario;
use parquet::data_type::{BoolType, ByteArrayType, DoubleType, FloatType, Int32Type};
use rayon::prelude::*;

use crate::design::{DesignTable, Points};
use crate::draws::Draws;
use crate::ensemble::under_policy;
use crate::error::LabError;
use crate::run_directory::{ColumnKind, Columns, Manifest, Table, shard_table};
pub(crate) use events::EventGroup;
pub use events::EventRow;
pub use fan::Fan;
use table_file::{TableFile, spread};

/// Columns of the outcomes and parameters tables before the first outcome or parameter: history, account.
const LEADING: usize = 2;
/// Columns of the series table before the first series: history, date.
const LEADING_SERIES: usize = 2;

/// A complete run directory.
#[derive(Debug)]
pub struct Run {
    dir: PathBuf,
    manifest: Manifest,
    scenario: Scenario,
    columns: Columns,
    /// Tables opened so far, in the order of [`Table::ALL`]: their footers are large, and read once.
    tables: [OnceLock<TableFile>; Table::ALL.len()],
}

impl Run {
    /// Opens a complete run directory and loads its copy of the scenario, under the run's policy. Sizes of the tables
    /// are checked, checksums are not ([`resume`](crate::resume) checks them).
    ///
    /// # Errors
    /// It is not a run directory, is not finished, lacks part of a table, or its scenario cannot be loaded.
    pub fn open(dir: &Path) -> Result<Run, LabError> {
        let manifest = Manifest::read(dir)?;
        if !manifest.complete {
            return Err(LabError::Unfinished { path: dir.to_owned() });
        }
        if let Some(part) = manifest.part {
            return Err(LabError::NotARun {
                path: dir.to_owned(),
                why: format!("it is part {part} of one; `equipoise merge` joins the parts"),
            });
        }
        for table in Table::ALL {
            let path = table.path(dir);
            let expected = manifest.tables.get(table.name()).map_or(0, |seal| seal.bytes);
            let found = fs::metadata(&path).ok().map(|metadata| metadata.len());
            if found != Some(expected) {
                return Err(LabError::Corrupt {
                    path,
                    expected_bytes: expected,
                    found_bytes: found,
                    advice: "run the ensemble again in another folder, or restore the file from a copy"
                        .to_owned(),
                });
            }
        }
        let scenario = scenario_of(&manifest, dir)?;
        let columns = Columns::of(&scenario);
        Ok(Run { dir: dir.to_owned(), manifest, scenario, columns, tables: Default::default() })
    }

    /// Where it lies.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// What was run.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The scenario it was run with, the run's policy applied.
    #[must_use]
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// Number of histories.
    #[must_use]
    pub fn histories(&self) -> u64 {
        self.manifest.histories
    }

    /// The account of every history, an index into the scenario's evidence.
    ///
    /// # Errors
    /// The table cannot be read.
    pub fn accounts(&self) -> Result<Vec<u16>, LabError> {
        let file = self.table(Table::Outcomes)?;
        let mut accounts = Vec::with_capacity(self.manifest.histories as usize);
        for group in 0..file.groups() {
            accounts.extend(self.accounts_of_group(file, group)?);
        }
        Ok(accounts)
    }

    /// One outcome of every history, as the engine gives it: a number, a yes/no as 1 and 0, a date as days since the
    /// scenario's start; NaN where there is none.
    ///
    /// # Errors
    /// There is no such outcome, or the table cannot be read.
    pub fn outcome(&self, id: &str) -> Result<Vec<f64>, LabError> {
        let at = position("outcome", id, self.columns.outcomes.iter().map(|(id, _)| id))?;
        self.value_column(Table::Outcomes, LEADING + at, self.columns.outcomes[at].1)
    }

    /// One parameter of every history, a yes/no as 1 and 0.
    ///
    /// # Errors
    /// There is no such parameter, or the table cannot be read.
    pub fn parameter(&self, id: &str) -> Result<Vec<f64>, LabError> {
        let at = position("parameter", id, self.columns.parameters.iter().map(|(id, _)| id))?;
        self.value_column(Table::Parameters, LEADING + at, self.columns.parameters[at].1)
    }

    /// Every parameter of the first histories, a column each in the scenario's order, yes/no as 1 and 0.
    ///
    /// # Errors
    /// The table cannot be read.
    pub(crate) fn first_parameters(&self, histories: usize) -> Result<Vec<Vec<f64>>, LabError> {
        let groups = histories.div_ceil(self.manifest.block.max(1) as usize);
        let threads = rayon::current_num_threads();
        let numbers: Vec<usize> = (0..groups).collect();
        let parts: Vec<Vec<Vec<f64>>> = numbers
            .par_chunks(groups.div_ceil(threads).max(1))
            .map(|groups| {
                let file = self.table(Table::Parameters)?;
                let mut columns = vec![Vec::new(); self.columns.parameters.len()];
                for group in groups {
                    for (at, (column, (_, kind))) in
                        columns.iter_mut().zip(&self.columns.parameters).enumerate()
                    {
                        values_of_group(file, *group, LEADING + at, *kind, self.columns.start, column)?;
                    }
                }
                Ok(columns)
            })
            .collect::<Result<_, LabError>>()?;
        let mut columns = vec![Vec::with_capacity(histories); self.columns.parameters.len()];
        for part in parts {
            for (column, part) in columns.iter_mut().zip(part) {
                column.extend(part);
                column.truncate(histories);
            }
        }
        Ok(columns)
    }

    /// What the first histories were simulated from: for each its parameters and the number its random draws are keyed by.
    ///
    /// # Errors
    /// A table, or the table of the design, cannot be read.
    pub(crate) fn first_inputs(&self, histories: u64) -> Result<Vec<(Vec<f64>, u64)>, LabError> {
        let manifest = &self.manifest;
        let count = histories.min(manifest.histories) as usize;
        let columns = self.first_parameters(count)?;
        let accounts = &self.scenario.evidence.accounts;
        let fixed =
            manifest.account.as_ref().and_then(|id| accounts.iter().position(|known| known.id == *id));
        let points = Points { design: manifest.design, seed: manifest.seed };
        let table = match &manifest.design_table {
            Some(checksum) => Some(DesignTable::read(&self.scenario, checksum, &self.dir)?),
            None => None,
        };
        let draws = match &table {
            Some(table) => Draws::from_table(&self.scenario, points, table, fixed, None),
            None => Draws::new(&self.scenario, points, fixed),
        };
        let row = |at: usize| columns.iter().map(|column| column[at]).collect();
        Ok((0..count).map(|at| (row(at), draws.chance(at as u64))).collect())
    }

    /// One series of every history on one day, counted from the scenario's start.
    ///
    /// # Errors
    /// There is no such series, the day is not simulated, or the table cannot be read.
    pub fn series_on(&self, id: &str, day: u32) -> Result<Vec<f64>, LabError> {
        let column = self.series_column(id)?;
        let days = self.columns.days as usize;
        if day as usize >= days {
            return Err(LabError::Unknown {
                what: "simulated day",
                name: self.scenario.date(day).to_string(),
                known: vec![format!(
                    "{} to {}",
                    self.scenario.start,
                    self.scenario.date(self.columns.days.saturating_sub(1))
                )],
            });
        }
        let file = self.table(Table::Series)?;
        let mut values = Vec::with_capacity(self.manifest.histories as usize);
        for group in 0..file.groups() {
            let all = file.column::<FloatType>(group, column)?.values;
            values.extend(all.iter().skip(day as usize).step_by(days).map(|v| f64::from(*v)));
        }
        Ok(values)
    }

    /// One series of the first histories on some simulated days, a column for each day; the series is read once.
    pub(crate) fn series_on_days(
        &self,
        id: &str,
        days: &[u32],
        histories: u64,
    ) -> Result<Vec<Vec<f64>>, LabError> {
        let column = self.series_column(id)?;
        let file = self.table(Table::Series)?;
        let period = self.columns.days as usize;
        let mut columns = vec![Vec::new(); days.len()];
        for group in 0..histories.div_ceil(self.manifest.block.max(1)) as usize {
            let all = file.column::<FloatType>(group, column)?.values;
            for (values, day) in columns.iter_mut().zip(days) {
                values.extend(all.iter().skip(*day as usize).step_by(period).map(|v| f64::from(*v)));
            }
        }
        Ok(columns)
    }

    /// Every series of one history, row-major: `[day * number_of_series + series]`.
    ///
    /// # Errors
    /// There is no such history, or the table cannot be read.
    pub fn history_series(&self, history: u64) -> Result<Vec<f32>, LabError> {
        let (group, within) = self.place(history)?;
        let file = self.table(Table::Series)?;
        let (days, width) = (self.columns.days as usize, self.columns.series.len());
        let mut rows = vec![0.0; days * width];
        for at in 0..width {
            let column = file.part::<FloatType>(group, LEADING_SERIES + at, within * days, days)?;
            for (day, value) in column.values.iter().enumerate() {
                rows[day * width + at] = *value;
            }
        }
        Ok(rows)
    }

    /// Everything that happened in one history, in the order of time.
    ///
    /// # Errors
    /// There is no such history, or the table cannot be read.
    pub fn history_events(&self, history: u64) -> Result<Vec<EventRow>, LabError> {
        let (group, _) = self.place(history)?;
        let group = self.event_group(self.event_table()?, group)?;
        let span = group.spans.iter().find(|(number, _)| *number == history);
        Ok(span.map_or_else(Vec::new, |(_, span)| span.clone().map(|row| group.row(row)).collect()))
    }

    /// Daily quantiles of a series over the histories of one account (an index) or of all.
    ///
    /// At most the first 20,000 histories are used, fewer where the simulation is very long; [`Fan::histories`] says how
    /// many. The first histories of a design are a fair sample of all.
    ///
    /// # Errors
    /// There is no such series, or a table cannot be read.
    pub fn series_quantiles(
        &self,
        id: &str,
        probabilities: &[f64],
        account: Option<usize>,
    ) -> Result<Fan, LabError> {
        let column = self.series_column(id)?;
        let outcomes = self.table(Table::Outcomes)?;
        let series = self.table(Table::Series)?;
        let mut sample = fan::Sample::new(self.columns.days);
        for group in 0..series.groups() {
            if sample.is_full() {
                break;
            }
            let values = series.column::<FloatType>(group, column)?.values;
            match account {
                None => sample.take(&values, |_| true),
                Some(account) => {
                    let accounts = self.accounts_of_group(outcomes, group)?;
                    sample.take(&values, |at| {
                        accounts.get(at).is_some_and(|&there| usize::from(there) == account)
                    });
                }
            }
        }
        Ok(sample.quantiles(probabilities))
    }

    /// Opens the table of events for reading group by group.
    pub(crate) fn event_table(&self) -> Result<&TableFile, LabError> {
        self.table(Table::Events)
    }

    /// The events of one row group.
    pub(crate) fn event_group(&self, file: &TableFile, group: usize) -> Result<EventGroup, LabError> {
        EventGroup::read(file, group, self.columns.start)
    }

    /// One series of the histories of one row group, history after history.
    pub(crate) fn series_of_group(&self, id: &str, group: usize) -> Result<Vec<f32>, LabError> {
        let column = self.series_column(id)?;
        let file = self.table(Table::Series)?;
        Ok(file.column::<FloatType>(group, column)?.values)
    }

    /// A table, opened on first use.
    fn table(&self, table: Table) -> Result<&TableFile, LabError> {
        let place = &self.tables[table as usize];
        if let Some(file) = place.get() {
            return Ok(file);
        }
        let file = TableFile::open(&self.dir, table)?;
        Ok(place.get_or_init(|| file))
    }

    fn series_column(&self, id: &str) -> Result<usize, LabError> {
        Ok(LEADING_SERIES + position("series", id, &self.columns.series)?)
    }

    /// The row group of a history, and its place in it.
    fn place(&self, history: u64) -> Result<(usize, usize), LabError> {
        let histories = self.manifest.histories;
        if history >= histories {
            return Err(LabError::NoSuchHistory { history, histories });
        }
        let block = self.manifest.block;
        Ok(((history / block) as usize, (history % block) as usize))
    }

    fn accounts_of_group(&self, file: &TableFile, group: usize) -> Result<Vec<u16>, LabError> {
        let names = file.column::<ByteArrayType>(group, 1)?.values;
        let known = &self.columns.accounts;
        names
            .iter()
            .map(|name| {
                let at = known.iter().position(|id| id.as_bytes() == name.data());
                at.map(|at| at as u16).ok_or_else(|| LabError::Unknown {
                    what: "account",
                    name: String::from_utf8_lossy(name.data()).into_owned(),
                    known: known.clone(),
                })
            })
            .collect()
    }

    fn value_column(&self, table: Table, at: usize, kind: ColumnKind) -> Result<Vec<f64>, LabError> {
        let file = self.table(table)?;
        let mut all = Vec::with_capacity(self.manifest.histories as usize);
        for group in 0..file.groups() {
            values_of_group(file, group, at, kind, self.columns.start, &mut all)?;
        }
        Ok(all)
    }
}

/// The scenario that a run directory keeps a copy of, under the run's policy.
pub(crate) fn scenario_of(manifest: &Manifest, dir: &Path) -> Result<Scenario, LabError> {
    let mut files = Vec::new();
    for stored in &manifest.files {
        let path = dir.join(&stored.copy);
        let content = fs::read(&path).map_err(LabError::io("read", &path))?;
        files.push((stored.path.clone(), content));
    }
    let bad_copy = |why: String| LabError::BadScenarioCopy { path: dir.to_owned(), why };
    let scenario = equipoise_scenario::load_files(&manifest.scenario.id, files)
        .map_err(|mistakes| bad_copy(mistakes.to_string()))?;
    if scenario.hash != manifest.scenario.hash {
        return Err(bad_copy("its files are not those the run was made with".to_owned()));
    }
    match &manifest.policy {
        Some(policy) => under_policy(&scenario, policy),
        None => Ok(scenario),
    }
}

/// One outcome of the histories of a complete shard, as [`Run::outcome`] gives it.
pub(crate) fn shard_outcome(
    dir: &Path,
    shard: u64,
    columns: &Columns,
    id: &str,
) -> Result<Vec<f64>, LabError> {
    let at = position("outcome", id, columns.outcomes.iter().map(|(id, _)| id))?;
    let file = TableFile::open_path(shard_table(dir, shard, Table::Outcomes))?;
    let mut all = Vec::new();
    for group in 0..file.groups() {
        values_of_group(&file, group, LEADING + at, columns.outcomes[at].1, columns.start, &mut all)?;
    }
    Ok(all)
}

/// Appends the values of a column of one row group, NaN where there is none; `start` is the scenario's first day.
fn values_of_group(
    file: &TableFile,
    group: usize,
    at: usize,
    kind: ColumnKind,
    start: i32,
    into: &mut Vec<f64>,
) -> Result<(), LabError> {
    match kind {
        ColumnKind::Number => spread(&file.column::<DoubleType>(group, at)?, |value| *value, into),
        ColumnKind::YesNo => {
            spread(&file.column::<BoolType>(group, at)?, |value| f64::from(u8::from(*value)), into);
        }
        ColumnKind::Date => {
            spread(&file.column::<Int32Type>(group, at)?, |value| f64::from(*value - start), into);
        }
    }
    Ok(())
}

/// The place of a name among those known.
fn position<'a>(
    what: &'static str,
    name: &str,
    known: impl IntoIterator<Item = &'a String, IntoIter: Clone>,
) -> Result<usize, LabError> {
    let known = known.into_iter();
    known.clone().position(|id| id == name).ok_or_else(|| LabError::Unknown {
        what,
        name: name.to_owned(),
        known: known.cloned().collect(),
    })
}
