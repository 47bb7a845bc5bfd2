//! Made-up accounts and outcomes, with what really happened.

use equipoise_lab::score::Verdict;
use equipoise_scenario::unit::Unit;
use jiff::civil::date;

use super::grounds::at;
use crate::findings::*;

pub(super) fn accounts() -> Vec<AccountRow> {
    [
        ("at-home", "Protest at home", 0.5, 5_000, "Told by the Estrian Herald and the Valley Post: prices set it off, and those who rioted were locals. Half of the weight, because two outlets that share nothing else agree on it."),
        ("from-abroad", "Attack from abroad", 0.2, 2_000, "Told by the government and by the agency that quotes it. A fifth, because no name and no passport was ever shown."),
        ("hijacked", "Protest, then hijacked", 0.3, 3_000, "Peaceful at first; armed groups of the old elite used its cover. Told in part by all outlets."),
    ]
    .map(|(id, title, credence, histories, explanation)| AccountRow {
        id: id.into(),
        title: title.into(),
        explanation: explanation.into(),
        credence,
        histories,
    })
    .to_vec()
}

pub(super) fn probability(share: f64, half: f64) -> Found {
    Found::Probability { share, interval: ((share - half).max(0.0), (share + half).min(1.0)) }
}

pub(super) fn number(median: f64, low: f64, high: f64) -> Found {
    Found::Number { median, interval: (low, high) }
}

pub(super) fn when(happened: f64, median: i8, low: i8, high: i8) -> Found {
    Found::Date {
        happened,
        interval: ((happened - 0.01).max(0.0), (happened + 0.01).min(1.0)),
        when: Some((date(2031, 1, median), (date(2031, 1, low), date(2031, 1, high)))),
    }
}

pub(super) fn row(
    id: &str,
    title: &str,
    unit: Unit,
    headline: bool,
    found: Found,
    by_account: [Found; 3],
    record: Vec<Scored>,
) -> OutcomeRow {
    OutcomeRow {
        id: id.into(),
        title: title.into(),
        unit,
        headline,
        found,
        by_account: by_account.to_vec(),
        record,
    }
}

pub(super) fn scored(
    value: &str,
    interval: (f64, f64),
    found: &str,
    verdict: Verdict,
    citation: Citation,
) -> Scored {
    Scored {
        value: value.into(),
        interval: Some(interval),
        day: None,
        citation,
        held_out: false,
        note: String::new(),
        found: found.into(),
        position: None,
        crps: None,
        brier: None,
        verdict,
    }
}

pub(super) fn outcomes() -> Vec<OutcomeRow> {
    vec![
        row(
            "troops_sent",
            "Allied troops are sent",
            Unit::YES_NO,
            true,
            probability(0.69, 0.009),
            [probability(0.62, 0.014), probability(0.88, 0.014), probability(0.68, 0.017)],
            vec![Scored {
                brier: Some(0.096),
                ..scored("yes", (1.0, 1.0), "about 7 in 10", Verdict::Agrees, at("C014", 0, "4"))
            }],
        ),
        row(
            "coup",
            "The president is overthrown",
            Unit::YES_NO,
            true,
            probability(0.024, 0.003),
            [probability(0.03, 0.005), probability(0.01, 0.005), probability(0.022, 0.005)],
            vec![Scored {
                brier: Some(0.0006),
                held_out: true,
                ..scored("no", (0.0, 0.0), "about 1 in 40", Verdict::Agrees, at("C090", 1, "2"))
            }],
        ),
        row(
            "killed",
            "People killed",
            Unit::PERSONS,
            true,
            number(141.0, 22.0, 905.0),
            [number(150.0, 30.0, 700.0), number(120.0, 12.0, 1_400.0), number(139.0, 20.0, 860.0)],
            vec![
                Scored {
                    position: Some(0.63),
                    crps: Some(41.0),
                    ..scored(
                        "at least 225",
                        (225.0, f64::INFINITY),
                        "140 (22–900)",
                        Verdict::Edge,
                        at("C031", 0, "6"),
                    )
                },
                Scored {
                    position: Some(0.65),
                    crps: Some(44.0),
                    note: "Counted again a year later.".into(),
                    ..scored("238", (238.0, 238.0), "140 (22–900)", Verdict::Edge, at("F007", 2, "1"))
                },
            ],
        ),
        row(
            "troops_peak",
            "Allied troops at their peak",
            Unit::PERSONS,
            true,
            number(2_160.0, 0.0, 3_900.0),
            [number(1_900.0, 0.0, 3_700.0), number(2_700.0, 0.0, 4_000.0), number(2_100.0, 0.0, 3_800.0)],
            vec![Scored {
                position: Some(0.46),
                crps: Some(230.0),
                ..scored(
                    "2,000–2,500",
                    (2_000.0, 2_500.0),
                    "2,100 (0–3,900)",
                    Verdict::Inside,
                    at("C040", 1, "3"),
                )
            }],
        ),
        row(
            "first_arrival",
            "First allied soldiers arrive",
            Unit::DAYS,
            true,
            when(0.69, 8, 6, 15),
            [when(0.62, 8, 6, 15), when(0.88, 7, 6, 13), when(0.68, 9, 6, 16)],
            vec![Scored {
                position: Some(0.05),
                crps: Some(1.9),
                ..scored(
                    "6 Jan 2031",
                    (5.0, 5.0),
                    "8 Jan 2031 (6–15 Jan 2031)",
                    Verdict::Edge,
                    at("C041", 1, "5"),
                )
            }],
        ),
        row(
            "republic",
            "A republic breaks away",
            Unit::YES_NO,
            false,
            probability(0.0, 0.0004),
            [probability(0.0, 0.0008), probability(0.0, 0.002), probability(0.0, 0.0013)],
            vec![],
        ),
        row(
            "detained",
            "People detained by 13 January",
            Unit::PERSONS,
            false,
            number(3_200.0, 700.0, 8_400.0),
            [
                number(3_500.0, 800.0, 8_900.0),
                number(2_600.0, 500.0, 7_000.0),
                number(3_300.0, 700.0, 8_300.0),
            ],
            vec![Scored {
                position: Some(0.98),
                crps: Some(3_900.0),
                ..scored(
                    "almost 10,000",
                    (9_000.0, 10_000.0),
                    "3,200 (700–8,400)",
                    Verdict::Outside,
                    at("C055", 2, "7"),
                )
            }],
        ),
    ]
}
