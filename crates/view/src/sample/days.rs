//! Made-up series, histories and reasons.

use equipoise_lab::score::Verdict;
use equipoise_scenario::unit::Unit;
use jiff::civil::date;

use super::grounds::at;
use super::outcomes::scored;
use crate::findings::*;

pub(super) fn fan(
    id: &str,
    title: &str,
    at_day: impl Fn(f64) -> f64,
    spread: f64,
    record: &[(i8, f64, f64, &str)],
) -> Fan {
    let quantiles = (0..243)
        .map(|day| {
            let median = at_day(f64::from(day));
            [-1.64, -0.67, 0.0, 0.67, 1.64].map(|z| (median * (z * spread).exp() * 10.0).round() / 10.0)
        })
        .collect();
    let record = record
        .iter()
        .map(|(day, low, high, value)| Scored {
            day: Some(date(2031, 1, *day)),
            ..scored(value, (*low, *high), "see the chart", Verdict::Inside, at("F001", 2, "1"))
        })
        .collect();
    Fan { id: id.into(), title: title.into(), unit: Unit::PERSONS, quantiles, histories: 10_000, record }
}

pub(super) fn fans() -> Vec<Fan> {
    let bell =
        |day: f64| 31_000.0 * (-((day - 5.0) / 3.2).powi(2)).exp() + if day > 40.0 { 0.0 } else { 120.0 };
    let ramp =
        |top: f64, middle: f64, width: f64| move |day: f64| top / (1.0 + (-(day - middle) / width).exp());
    vec![
        fan(
            "participants",
            "People protesting",
            bell,
            0.55,
            &[
                (4, 38_000.0, 38_000.0, "38,000"),
                (5, 50_000.0, 50_000.0, "50,000"),
                (6, 2_000.0, 20_000.0, "2,000–20,000"),
            ],
        ),
        fan(
            "detained",
            "People detained",
            ramp(3_200.0, 7.0, 1.6),
            0.7,
            &[
                (6, 2_000.0, 2_500.0, "2,000–2,500"),
                (9, 5_135.0, 5_800.0, "5,135–5,800"),
                (13, 9_000.0, 10_000.0, "almost 10,000"),
            ],
        ),
        fan(
            "killed",
            "People killed",
            ramp(141.0, 5.5, 0.9),
            1.0,
            &[(9, 160.0, 164.0, "160–164"), (15, 225.0, f64::INFINITY, "at least 225")],
        ),
        fan(
            "troops",
            "Allied troops in the country",
            |day: f64| 2_160.0 / (1.0 + (-(day - 8.0)).exp()) / (1.0 + ((day - 21.0) / 1.5).exp()),
            0.45,
            &[(6, 270.0, 1_000.0, "270–1,000"), (9, 2_000.0, 2_500.0, "2,000–2,500"), (19, 0.0, 0.0, "0")],
        ),
    ]
}

pub(super) fn event(
    id: u32,
    day: i8,
    hour: Option<u8>,
    text: &str,
    central: bool,
    causes: &[u32],
) -> TimelineEvent {
    TimelineEvent {
        id,
        date: date(2031, 1, day),
        hour,
        text: text.into(),
        central,
        causes: causes.to_vec(),
        chain: None,
    }
}

pub(super) fn typical() -> Timeline {
    Timeline {
        title: "A typical history".into(),
        rule: "Of all histories it is the one whose outcomes, standardised, lie nearest the medians and likelier answers of the whole ensemble.".into(),
        history: 4_711,
        account: "Protest at home".into(),
        outcomes: vec![("Allied troops are sent".into(), "yes".into()), ("People killed".into(), "160".into()), ("First allied soldiers arrive".into(), "8 Jan 2031".into())],
        events: vec![
            event(0, 1, None, "Shock: the price cap on fuel is lifted", true, &[]),
            event(1, 2, None, "First protest in Port Salt", true, &[0]),
            event(2, 3, None, "First protest in Old Quay", false, &[0, 1]),
            event(3, 3, None, "First protest in Highmarket", false, &[1]),
            event(4, 4, None, "First violence in Highmarket", true, &[3]),
            event(5, 5, None, "President: declare an emergency", true, &[4]),
            event(6, 5, None, "Internet access falls", true, &[5]),
            event(7, 5, None, "Key site seized in Highmarket", true, &[4]),
            event(8, 5, Some(21), "Help is requested under the Pact of Five", true, &[5, 7]),
            event(9, 6, Some(9), "Vastland votes for the request", true, &[8]),
            TimelineEvent {
                chain: Some(ChainTold {
                    causes: vec![9, 8, 7, 4, 3, 1, 0],
                    begins: "a shock from outside",
                    same_chain: 1_240,
                    occurs: 6_200,
                    histories: 10_000,
                }),
                ..event(10, 6, Some(11), "The Pact of Five grants the request", true, &[9])
            },
            event(11, 8, None, "First troops of Vastland arrive: 300 soldiers", true, &[10]),
            event(12, 11, None, "Order restored in Highmarket", true, &[11]),
        ],
    }
}

pub(super) fn surprising() -> Timeline {
    Timeline {
        title: "A surprising history".into(),
        rule: "“The president is overthrown” comes out as “yes” in only about 1 in 40 histories; of those it is the most central by the same measure.".into(),
        history: 902,
        account: "Protest, then hijacked".into(),
        outcomes: vec![("Allied troops are sent".into(), "no".into()), ("The president is overthrown".into(), "yes".into())],
        events: vec![
            event(0, 1, None, "Shock: the price cap on fuel is lifted", true, &[]),
            event(1, 2, None, "First protest in Port Salt", true, &[0]),
            event(2, 6, Some(14), "Vastland votes against the request", true, &[1]),
            event(3, 9, None, "Old elite: overthrow the president", true, &[1, 2]),
        ],
    }
}

pub(super) fn closest() -> Timeline {
    let event = event(0, 4, None, "First protest in Highmarket", true, &[]);
    let chain = ChainTold {
        causes: Vec::new(),
        begins: "a draw of chance",
        same_chain: 800,
        occurs: 800,
        histories: 10_000,
    };
    Timeline {
        title: Kind::Closest.title().into(),
        rule: "Of 10,000 histories it misses the record by least.".into(),
        history: 17,
        account: "Protest at home".into(),
        outcomes: vec![("People killed".into(), "225".into())],
        events: vec![TimelineEvent { chain: Some(chain), ..event }],
    }
}

/// A tree of causes in which one event stands twice.
pub(crate) fn why() -> WhyTold {
    let branch = |depth, date: &str, text: &str, repeated| WhyBranch {
        depth,
        date: date.into(),
        text: text.into(),
        repeated,
        begins: None,
    };
    WhyTold {
        heading: "First allied soldiers arrive: 8 Jan 2031 in history 4,711".into(),
        basis: "The event that decides it.".into(),
        tree: vec![
            branch(0, "8 Jan 2031", "First troops of Vastland arrive: 300", false),
            branch(1, "6 Jan 2031", "The Pact of Five grants the request", false),
            branch(2, "5 Jan 2031", "Help is requested under the Pact of Five", false),
            branch(3, "5 Jan 2031", "President: declare an emergency", false),
            branch(4, "4 Jan 2031", "First violence in Highmarket", false),
            branch(3, "5 Jan 2031", "Key site seized in Highmarket", false),
            branch(4, "4 Jan 2031", "First violence in Highmarket", true),
            branch(1, "1 Jan 2031", "Shock: the price cap on fuel is lifted", false),
        ],
        chain: "First troops of Vastland arrive ← The Pact of Five grants the request ← Shock: the price cap on fuel is lifted".into(),
        same_chain: 3_120,
        occurrence: "It happens in".into(),
        occurs: 6_900,
        histories: 10_000,
        commonest: vec![("First troops of Vastland arrive ← The Pact of Five grants the request".into(), 3_120)],
    }
}
