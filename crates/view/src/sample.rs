//! Made-up findings about a state that does not exist, fixed, for the tests of what people see.

mod alliance;
mod analyses;
mod days;
mod grounds;
mod land;
mod outcomes;

pub(crate) use analyses::{compared, regrets};
pub(crate) use days::why;
use jiff::civil::{Date, date};

use crate::findings::*;
use alliance::{alliances, ballots};
use analyses::{cards, drives, rule};
use days::{closest, fans, surprising, typical};
use grounds::{conflict, parameters, sources};
use land::{routes, unrest};
use outcomes::{accounts, outcomes};

const START: Date = date(2031, 1, 1);

/// A full report: three accounts, a record, two timelines, conflicts.
pub(crate) fn findings() -> Findings {
    Findings {
        title: "Estria 2031: a winter of fuel and guns".into(),
        question: "Would Estria have asked its allies for troops, and would they have come, whichever story of the unrest one believes?".into(),
        ensemble: Ensemble {
            scenario: "estria-2031".into(),
            hash: "b3".repeat(32),
            policy: None,
            histories: 10_000,
            seed: 1,
            design: "Sobol’, Owen-scrambled".into(),
            version: "0.1.0".into(),
            command: "equipoise run estria-2031 --histories 10000 --seed 1 --design sobol".into(),
            period: (START, date(2031, 8, 31)),
        },
        accounts: accounts(),
        outcomes: outcomes(),
        rules: vec![rule()],
        fans: fans(),
        drives: drives(),
        positions: vec![Fan { id: "position_land".into(), title: "Estria on the land question".into(), record: Vec::new(), ..fans().remove(0) }],
        ballots: vec![ballots()],
        zoom: (START, date(2031, 1, 31)),
        unrest: Some(unrest()),
        routes: Some(routes()),
        alliances: alliances(),
        timelines: vec![typical(), surprising(), closest()],
        fit: [("All accounts", 4, 0.11, None), ("Protest at home", 5, 0.08, Some(0.84)), ("Attack from abroad", 2, 0.31, Some(1.62)), ("Protest, then hijacked", 4, 0.1, Some(0.97))]
            .map(|(account, covered, brier, ratio)| AccountFit { account: account.into(), covered, compared: 6, brier: Some(brier), crps_ratio: ratio })
            .to_vec(),
        cards: cards(),
        parameters: parameters(),
        conflicts: vec![conflict()],
        sources: sources(),
    }
}

/// A run of which no history is complete.
pub(crate) fn empty() -> Findings {
    let mut findings = findings();
    findings.ensemble.histories = 0;
    findings.drives.clear();
    findings.routes = None;
    findings.unrest = None;
    findings.timelines.clear();
    findings.fit.clear();
    findings.rules.clear();
    findings.cards.clear();
    for row in &mut findings.outcomes {
        row.found = Found::Nothing;
        row.by_account.fill(Found::Nothing);
        row.record.clear();
    }
    findings.ballots.clear();
    for fan in findings.fans.iter_mut().chain(&mut findings.positions) {
        fan.quantiles.clear();
        fan.record.clear();
        fan.histories = 0;
    }
    for account in &mut findings.accounts {
        account.histories = 0;
    }
    findings
}

/// A run of one account only.
pub(crate) fn single_account() -> Findings {
    let mut findings = findings();
    findings.accounts.truncate(1);
    findings.fit.truncate(1);
    findings.cards.truncate(3);
    for row in &mut findings.outcomes {
        row.by_account.truncate(1);
    }
    findings
}

/// A run in which the yes/no outcomes and the dates never came about.
pub(crate) fn never_happened() -> Findings {
    let mut findings = findings();
    for row in &mut findings.outcomes {
        for found in std::iter::once(&mut row.found).chain(&mut row.by_account) {
            match found {
                Found::Probability { share, interval } => (*share, *interval) = (0.0, (0.0, 0.0004)),
                Found::Date { happened, interval, when } => {
                    (*happened, *interval, *when) = (0.0, (0.0, 0.0004), None);
                }
                _ => {}
            }
        }
    }
    findings
}
