//! Records of roll calls, one vote a row: what a row must hold, and the CSV form. Such files have a million rows, so they
//! are read as a stream and not as a [`Sheet`](crate::Sheet).

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::Path;

use equipoise_models::roll_call::{Cast, RollCall, Vote, Votes};
use jiff::civil::Date;

use crate::diagnostic::{Diagnostics, Report, Spot};
use crate::format::csv_file::cell_ranges;

/// The columns of a record of votes, in the order of [`VoteRow`].
pub const VOTE_COLUMNS: [&str; 6] = ["session", "date", "resolution_id", "unres", "country_iso3", "vote"];

/// The word for a state that did not vote.
const ABSENT: &str = "absent";
/// Mistakes shown of one file; a column of the wrong kind is wrong a million times.
pub const MOST_MISTAKES: usize = 20;

/// One row: the cells of [`VOTE_COLUMNS`] as text, trimmed.
pub type VoteRow<'a> = [&'a str; 6];

/// A cell of a row that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoteMistake {
    /// Which of [`VOTE_COLUMNS`].
    pub column: usize,
    /// What was found.
    pub message: String,
    /// What was expected.
    pub expected: String,
}

/// Gathers rows into [`Votes`]. States and roll calls are numbered in the order of the rows.
#[derive(Debug, Default)]
pub struct VoteRecord {
    votes: Votes,
    states: HashMap<String, u32>,
    roll_calls: HashMap<String, u32>,
    /// For each roll call, the cells that must be the same in all of its rows.
    stated: Vec<[String; 3]>,
    seen: HashSet<(u32, u32)>,
}

impl VoteRecord {
    /// Adds a row. `absent` counts as no vote.
    ///
    /// # Errors
    /// The session is no number from 0 to 9999, the date none, the roll call or the state has no name, the vote is none
    /// of yes, abstain, no and absent, the roll call was given another session, date or text in an earlier row, or the
    /// state has a row for it already.
    pub fn add(&mut self, row: VoteRow) -> Result<(), VoteMistake> {
        let [.., state_name, word] = row;
        let roll_call = match self.roll_calls.get(row[2]) {
            Some(&known) => {
                self.check_same(known, row)?;
                known
            }
            None => self.new_roll_call(row)?,
        };
        if state_name.is_empty() {
            return Err(mistake(4, "this cell is empty", "the name of a state"));
        }
        let state = match self.states.get(state_name) {
            Some(&known) => known,
            None => {
                let new = self.votes.states.len() as u32;
                self.states.insert(state_name.to_owned(), new);
                self.votes.states.push(state_name.to_owned());
                new
            }
        };
        let vote = Vote::ALL.into_iter().find(|vote| vote.word() == word);
        if vote.is_none() && word != ABSENT {
            return Err(mistake(5, found(word), "yes, abstain, no or absent"));
        }
        if !self.seen.insert((roll_call, state)) {
            let message = format!("{state_name} has a second vote on roll call {}", row[2]);
            return Err(mistake(4, message, "one row for each state and roll call"));
        }
        self.votes.casts.extend(vote.map(|vote| Cast { roll_call, state, vote }));
        Ok(())
    }

    /// All that was gathered.
    #[must_use]
    pub fn finish(self) -> Votes {
        self.votes
    }

    fn new_roll_call(&mut self, row: VoteRow) -> Result<u32, VoteMistake> {
        let [session, date, id, text, ..] = row;
        let number = session.parse::<u32>().ok().filter(|session| *session <= 9999);
        let session_number =
            number.ok_or_else(|| mistake(0, found(session), "the number of a session, 0 to 9999"))?;
        let day: Date = date
            .parse()
            .map_err(|_| mistake(1, found(date), "a date as year-month-day, such as 2022-03-02"))?;
        if id.is_empty() {
            return Err(mistake(2, "this cell is empty", "the name or number of the roll call"));
        }
        let new = self.votes.roll_calls.len() as u32;
        self.votes.roll_calls.push(RollCall {
            id: id.to_owned(),
            text: text.to_owned(),
            session: session_number,
            day: days_since_1970(day),
            repeats: None,
        });
        self.roll_calls.insert(id.to_owned(), new);
        self.stated.push([session, date, text].map(str::to_owned));
        Ok(new)
    }

    fn check_same(&self, roll_call: u32, row: VoteRow) -> Result<(), VoteMistake> {
        let stated = &self.stated[roll_call as usize];
        for (column, before) in [0, 1, 3].into_iter().zip(stated) {
            if row[column] != before {
                let message =
                    format!("roll call {} has the {} `{}`", row[2], VOTE_COLUMNS[column], row[column]);
                return Err(mistake(column, message, format!("`{before}`, as in an earlier row")));
            }
        }
        Ok(())
    }
}

/// A day as its number, 1 January 1970 being 0.
#[must_use]
pub fn days_since_1970(day: Date) -> i32 {
    // Dates have years of four digits: a few million days at most.
    (day - Date::constant(1970, 1, 1)).get_days()
}

/// Reads a CSV file with the columns [`VOTE_COLUMNS`], in any order and among others.
///
/// # Errors
/// It cannot be read, is no CSV, lacks columns, or has rows that cannot be used: the first twenty of these are told.
pub fn read_votes_csv(path: &Path) -> Result<Votes, Diagnostics> {
    let name = path.display().to_string();
    match fs::read(path).map_err(|error| error.to_string()).and_then(|bytes| {
        String::from_utf8(bytes).map_err(|error| format!("it is not UTF-8 text ({})", error.utf8_error()))
    }) {
        Ok(text) => parse_votes_csv(&name, &text),
        Err(why) => {
            let mut report = Report::default();
            report.add_file(&name, "");
            report.file_error(&name, format!("cannot read this file: {why}"));
            Err(report.finish())
        }
    }
}

/// Reads such a text; `name` is the file it is said to come from.
///
/// # Errors
/// As [`read_votes_csv`].
fn parse_votes_csv(name: &str, text: &str) -> Result<Votes, Diagnostics> {
    let mut report = Report::default();
    let file = report.add_file(name, text);
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let top = Spot { file, start: 0, end: text.find('\n').unwrap_or(text.len()) };
    let header = match reader.headers() {
        Ok(header) if !header.is_empty() => header.clone(),
        Ok(_) => {
            report.error(top, "this file is empty").expected("a first line of column names");
            return Err(report.finish());
        }
        Err(error) => {
            report.error(top, error.to_string()).expected("valid CSV");
            return Err(report.finish());
        }
    };
    // A byte order mark is no part of the first column's name.
    let names: Vec<&str> = header.iter().map(|name| name.trim_start_matches('\u{feff}')).collect();
    let mut columns = [0; 6];
    for (place, wanted) in columns.iter_mut().zip(VOTE_COLUMNS) {
        match names.iter().position(|name| *name == wanted) {
            Some(at) => *place = at,
            None => {
                report
                    .error(top, format!("the column `{wanted}` is missing"))
                    .near(wanted, names.iter().copied());
            }
        }
    }
    if !report.is_empty() {
        return Err(report.finish());
    }
    let mut record = VoteRecord::default();
    let mut row = csv::StringRecord::new();
    let mut mistakes = 0;
    loop {
        let wrong = match reader.read_record(&mut row) {
            Ok(false) => break,
            Ok(true) if row.len() != names.len() => Err(None),
            Ok(true) => record.add(columns.map(|at| &row[at])).map_err(Some),
            Err(error) => {
                let start = error.position().map_or(0, |at| at.byte() as usize);
                report.error(Spot { file, start, end: start }, error.to_string()).expected("valid CSV");
                return Err(report.finish());
            }
        };
        let Err(wrong) = wrong else { continue };
        mistakes += 1;
        if mistakes > MOST_MISTAKES {
            continue;
        }
        let start = row.position().map_or(0, |at| at.byte() as usize);
        let cells = cell_ranges(text, start, row.len());
        let spot = |at: usize| Spot { file, start: cells[at].start, end: cells[at].end };
        match wrong {
            Some(wrong) => {
                report.error(spot(columns[wrong.column]), wrong.message).expected(wrong.expected);
            }
            None => {
                report
                    .error(spot(0), format!("this row has {} cells", row.len()))
                    .expected(format!("{}, one for each column", names.len()));
            }
        }
    }
    if mistakes > MOST_MISTAKES {
        report.error(top, format!("{} more rows cannot be used", mistakes - MOST_MISTAKES));
    }
    if report.is_empty() { Ok(record.finish()) } else { Err(report.finish()) }
}

fn mistake(column: usize, message: impl Into<String>, expected: impl Into<String>) -> VoteMistake {
    VoteMistake { column, message: message.into(), expected: expected.into() }
}

fn found(cell: &str) -> String {
    if cell.is_empty() { "this cell is empty".to_owned() } else { format!("found `{cell}`") }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const HEADER: &str = "session,date,resolution_id,unres,country_iso3,vote\n";

    fn wrong(rows: &str) -> String {
        parse_votes_csv("votes.csv", &format!("{HEADER}{rows}")).unwrap_err().to_string()
    }

    #[test]
    fn votes_are_read_in_any_order_of_columns_and_the_absent_have_none() {
        let text = "vote,country_iso3,unres,extra,resolution_id,date,session\n\
                    yes,AAA,R/1,x,1,1970-01-02,3\nabsent,BBB,R/1,x,1,1970-01-02,3\nno,BBB,,x,2,1970-01-03,3\n";
        let votes = parse_votes_csv("votes.csv", text).unwrap();
        assert_eq!(votes.states, ["AAA", "BBB"]);
        assert_eq!(votes.roll_calls.iter().map(|r| (r.session, r.day)).collect::<Vec<_>>(), [(3, 1), (3, 2)]);
        assert_eq!(
            votes.casts,
            [
                Cast { roll_call: 0, state: 0, vote: Vote::Yes },
                Cast { roll_call: 1, state: 1, vote: Vote::No }
            ]
        );
    }

    #[test]
    fn every_cell_that_cannot_be_used_is_pointed_at() {
        let found = wrong(
            "x,2000-01-01,1,R,AAA,yes\n3,2000-02-30,1,R,AAA,yes\n3,2000-01-01,1,R,AAA,maybe\n3,2000-01-01,1,R,,yes\n",
        );
        assert_eq!(
            found,
            "votes.csv:2:1: found `x`; expected the number of a session, 0 to 9999\n\
             votes.csv:3:3: found `2000-02-30`; expected a date as year-month-day, such as 2022-03-02\n\
             votes.csv:4:22: found `maybe`; expected yes, abstain, no or absent\n\
             votes.csv:5:18: this cell is empty; expected the name of a state\n"
        );
    }

    #[test]
    fn two_votes_of_a_state_on_one_roll_call_are_a_mistake_even_if_alike() {
        let found = wrong("3,2000-01-01,1,R,AAA,yes\n3,2000-01-01,1,R,AAA,yes\n");
        assert!(found.starts_with("votes.csv:3:18: AAA has a second vote on roll call 1;"), "{found}");
    }

    #[test]
    fn a_roll_call_has_one_session_date_and_text() {
        let found = wrong("3,2000-01-01,1,R,AAA,yes\n4,2000-01-01,1,R,BBB,yes\n");
        assert!(found.contains("votes.csv:3:1: roll call 1 has the session `4`; expected `3`"), "{found}");
    }

    #[test]
    fn a_column_of_the_wrong_kind_is_told_twenty_times_and_counted() {
        let rows: String = (0..50).map(|i| format!("3,2000-01-01,1,R,S{i},9\n")).collect();
        let found = wrong(&rows);
        assert_eq!(found.lines().count(), 21);
        assert!(found.contains("30 more rows"), "{found}");
    }

    #[test]
    fn a_missing_column_is_told_with_the_nearest() {
        let text = "session,date,resolution_id,unres,country_is3,vote\n";
        let found = parse_votes_csv("votes.csv", text).unwrap_err().to_string();
        assert!(found.contains("`country_iso3` is missing; did you mean `country_is3`?"), "{found}");
        assert!(parse_votes_csv("votes.csv", "").unwrap_err().to_string().contains("this file is empty"));
    }
}
