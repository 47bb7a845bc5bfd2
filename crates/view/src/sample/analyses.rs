//! Made-up analyses: drivers, score cards, a rule, a comparison.

use equipoise_lab::score::{self, Card, Skill};
use equipoise_scenario::unit::Unit;

use super::findings;
use crate::findings::rule::{self, Rule, Term};
use crate::findings::*;

pub(super) fn drives() -> Vec<Drives> {
    let share = |value: f64, low: f64, high: f64| Share { value, low, high };
    let driver =
        |id: &str, title: &str, group, share| Driver { id: id.into(), title: title.into(), group, share };
    let constant = Drives {
        outcome: "Order restored".into(),
        histories: 0,
        nothing: Some("the outcome is 3 in every row, so there is nothing to be driven".into()),
        evidence: Share::default(),
        assumption: Share::default(),
        account: Share::default(),
        rest: Share::default(),
        named: Vec::new(),
    };
    let killed = Drives {
        outcome: "People killed".into(),
        histories: 10_000,
        nothing: None,
        evidence: share(0.09, 0.07, 0.11),
        assumption: share(0.62, 0.58, 0.66),
        account: share(0.02, 0.01, 0.03),
        rest: share(0.27, 0.22, 0.32),
        named: vec![
            driver(
                "civilian_death_rate",
                "Civilians killed per clash pair and day",
                "assumption",
                share(0.31, 0.28, 0.34),
            ),
            driver("foreign_share", "Share of rioters from abroad", "evidence", share(0.08, 0.06, 0.1)),
        ],
    };
    vec![killed, constant]
}

/// Score cards of all accounts together and of one.
pub(super) fn cards() -> Vec<(String, Card)> {
    let card = |account, part, rows, skill: Option<f64>| Card {
        account,
        part,
        rows,
        numbers: rows / 2,
        yes_no: rows / 2,
        within_half: rows / 5,
        within_90: rows * 2 / 5,
        brier: (rows > 0).then_some(0.11),
        log: (rows > 0).then_some(0.37),
        pit: [rows / 5, 0, 0, 1, 0, 0, 0, 0, rows / 10, rows / 10],
        climatology: Skill {
            crps: skill,
            crps_rows: rows / 2,
            brier: skill.map(|skill| skill / 2.0),
            brier_rows: rows / 2,
        },
        expected: Skill::default(),
    };
    let titled = |title: &str, card| (title.to_owned(), card);
    vec![
        titled("All accounts", card(None, score::Part::All, 30, Some(0.22))),
        titled("All accounts", card(None, score::Part::Fit, 20, Some(0.31))),
        titled("All accounts", card(None, score::Part::HeldOut, 10, Some(-0.14))),
        titled("Protest at home", card(Some(0), score::Part::All, 30, Some(0.3))),
    ]
}

/// When the request is granted.
pub(super) fn rule() -> Rule {
    let term = |title: &str, said: &str, part| Term {
        title: title.to_owned(),
        said: said.to_owned(),
        part,
        quasi_p: Some(0.001),
    };
    Rule {
        happens: "“The request is granted” happens".to_owned(),
        noun: "histories".to_owned(),
        terms: vec![
            term(
                "Legitimacy on the first day",
                "at most 0.4",
                rule::Part::Range {
                    kept: [0.1, 0.4],
                    whole: [0.1, 0.7],
                    ends: ["0.1".to_owned(), "0.7".to_owned()],
                },
            ),
            term(
                "the account",
                "“Attack from abroad”",
                rule::Part::Levels {
                    levels: vec![
                        ("Protest at home".to_owned(), false),
                        ("Attack from abroad".to_owned(), true),
                    ],
                },
            ),
        ],
        coverage: 0.81,
        density: 0.75,
        base: 0.3,
        mass: 0.32,
    }
}

/// A comparison of two policies, one of which changes nothing.
pub(crate) fn compared() -> Compared {
    let changed = |count, examples: &[(u64, &str, &str)]| ChangedTold {
        count,
        of: 10_000,
        interval: (count as f64 / 10_000.0 - 0.01, count as f64 / 10_000.0 + 0.01),
        examples: examples.iter().map(|(history, a, b)| (*history, (*a).into(), (*b).into())).collect(),
    };
    let told = |texts: [&str; 4], drawn: [f64; 3], unit, ratio, changed| ChangeTold {
        baseline: texts[0].into(),
        policy: texts[1].into(),
        change: texts[2].into(),
        also: texts[3].into(),
        drawn: Some(drawn),
        unit,
        clear: drawn[1] > 0.0 || drawn[2] < 0.0,
        clarity: drawn[0].abs() / ((drawn[2] - drawn[1]) / 2.0),
        variance_ratio: Some(ratio),
        changed,
    };
    let outcome = |id: &str, title: &str, headline, all: ChangeTold| ComparedOutcome {
        id: id.into(),
        title: title.into(),
        headline,
        by_account: vec![("Protest at home".into(), all.clone()), ("Attack from abroad".into(), all.clone())],
        all,
    };
    let troops = told(
        ["0.69 (0.68–0.7)", "0 (0–0.0004)", "−0.69 (−0.7 to −0.681)", ""],
        [-0.69, -0.7, -0.681],
        Unit::NUMBER,
        1.0,
        changed(6_900, &[(0, "yes", "no"), (3, "yes", "no")]),
    );
    let killed = told(
        ["310 (median 220)", "320 (median 230)", "+12 (−3 to +27)", ""],
        [12.0, -3.0, 27.0],
        Unit::PERSONS,
        0.21,
        changed(4_100, &[(4_711, "210", "1,400")]),
    );
    let left = told(
        ["2 Feb 2031, in 0.69 (0.68–0.7)", "never", "−0.69 (−0.7 to −0.681) of coming", ""],
        [-0.69, -0.7, -0.681],
        Unit::NUMBER,
        1.0,
        changed(6_900, &[]),
    );
    let outcomes = vec![
        outcome("troops_sent", "The pact sends troops", true, troops),
        outcome("killed", "People killed", true, killed.clone()),
        outcome("last_departure", "Last allied soldier leaves", false, left),
        outcome("injured", "People injured", false, killed),
    ];
    let still = |outcome: &ComparedOutcome| ComparedOutcome {
        all: ChangeTold {
            policy: outcome.all.baseline.clone(),
            change: "0 (−0.0002 to +0.0002)".into(),
            also: String::new(),
            drawn: Some([0.0, -0.0002, 0.0002]),
            clear: false,
            clarity: 0.0,
            variance_ratio: Some(0.0),
            changed: changed(0, &[]),
            ..outcome.all.clone()
        },
        ..outcome.clone()
    };
    let name = |id: &str, title: &str| PolicyName { id: id.into(), title: title.into() };
    Compared {
        title: findings().title,
        question: findings().question,
        scenario: "estria-2031".into(),
        hash: "b3".repeat(32),
        version: "0.1.0".into(),
        dir: "runs/estria-2031-compare".into(),
        command: "equipoise compare estria-2031 no-request quiet --histories 10000 --seed 1 --design sobol"
            .into(),
        histories: 10_000,
        seed: 1,
        design: "sobol".into(),
        baseline: name("none", "Without a policy"),
        policies: vec![
            ComparedPolicy {
                name: name("no-request", "No help is asked for"),
                nothing: false,
                changed: changed(7_200, &[(3, "", "4 outcomes")]),
                outcomes: outcomes.clone(),
            },
            ComparedPolicy {
                name: name("quiet", "The capital keeps quiet"),
                nothing: true,
                changed: changed(0, &[]),
                outcomes: outcomes.iter().map(still).collect(),
            },
        ],
        regrets: regrets(),
    }
}

/// Four policies in an outcome that tells three of them apart, and one that does not.
pub(crate) fn regrets() -> Vec<RegretRow> {
    let largest = |said: &str, share: f64, account: &str| Largest {
        said: said.into(),
        share,
        account: account.into(),
        least: share == 0.0,
    };
    let policy = |id: &str, less: Largest, more: Largest| PolicyRegret { policy: id.into(), less, more };
    let none = || largest("none", 0.0, "");
    vec![
        RegretRow {
            outcome: "People killed".into(),
            policies: vec![
                policy("none", largest("120", 1.0, "Attack from abroad"), none()),
                policy(
                    "no-request",
                    largest("31", 0.26, "Protest at home"),
                    largest("90", 0.75, "Attack from abroad"),
                ),
                policy("alliance-declines", none(), largest("120", 1.0, "Attack from abroad")),
                policy("kyrgyz-veto", none(), largest("120", 1.0, "Attack from abroad")),
            ],
            histories: 200,
        },
        RegretRow { outcome: "Order returns".into(), policies: Vec::new(), histories: 200 },
    ]
}
