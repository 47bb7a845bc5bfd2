//! Made-up findings about a state that does not exist, fixed, for the tests of what people see.

use equipoise_lab::score::{self, Card, Skill, Verdict};
use equipoise_lab::treaty::{CaseLearned, Learned, Score, TextAlone};
use equipoise_models::treaty::{CaseFit, Fit, Forecast, Observed, Span, WeightFit};
use equipoise_scenario::unit::Unit;
use jiff::civil::{Date, date};

use crate::findings::rule::{self, Rule, Term};
use crate::findings::*;

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
        timelines: vec![typical(), surprising()],
        fit: [("All accounts", 4, 0.11, None), ("Protest at home", 5, 0.08, Some(0.84)), ("Attack from abroad", 2, 0.31, Some(1.62)), ("Protest, then hijacked", 4, 0.1, Some(0.97))]
            .map(|(account, covered, brier, ratio)| AccountFit { account: account.into(), covered, compared: 6, brier: Some(brier), crps_ratio: ratio })
            .to_vec(),
        cards: cards(),
        parameters: parameters(),
        conflicts: vec![conflict()],
        sources: sources(),
    }
}

fn drives() -> Vec<Drives> {
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

fn ballots() -> BallotTable {
    let row = |state: &str, shares, record| BallotRow { state: state.into(), shares, record };
    BallotTable {
        title: "On the land question".into(),
        date: date(2031, 3, 2),
        histories: 10_000,
        rows: vec![
            row("Estria of the votes", [0.25, 0.62, 0.1, 0.03], Some(1)),
            row("Ordland", [0.7, 0.2, 0.1, 0.0], Some(2)),
        ],
        fit: Some(equipoise_lab::votes::VoteFit {
            states: 2,
            right: 1,
            persistent: 1,
            modal: 1,
            log_score: -1.39,
        }),
    }
}

/// A treaty with two members and two past requests.
fn alliances() -> Alliances {
    let span = |mean| Span { mean, low: mean / 2.0, high: (1.0 + mean) / 2.0 };
    let forecast = |mean| Forecast { formal: span(mean), lead: span(mean), either: span(mean) };
    let case = |id: &str, granted, grants, p: f64| CaseLearned {
        title: format!("Request {id}"),
        date: date(2024, 6, 1),
        requester: "Estria".into(),
        answer: "A statement".into(),
        text: TextAlone { degree: [0.2, 0.9], grants },
        fit: CaseFit {
            id: id.into(),
            observed: Observed { granted, lead_in_favour: Some(granted) },
            prior: forecast(0.5),
            left_out: forecast(p),
            fitted: forecast(p),
            weights_without: [span(0.5); 8],
            lead_alone_without: 0.5,
        },
    };
    let row = |member: &str, leads, shares, parts| VoteRow {
        treaty: "PACT".into(),
        member: member.into(),
        leads,
        votes: 420,
        shares,
        parts,
    };
    Alliances {
        course: Vec::new(),
        histories: 1000,
        votes: vec![
            row("Ordmark", true, [0.7, 0.25, 0.05], [0.3, 1.2, 0.0, 0.0, -0.4, 0.0, 0.0]),
            row("Lisse", false, [0.4, 0.4, 0.2], [-0.2, 0.1, 0.0, 0.0, -0.6, 0.0, 0.5]),
        ],
        past: vec![PastRequests {
            treaty: "Pact of the North".into(),
            learned: Learned {
                fit: Fit {
                    weights: vec![WeightFit { name: "obligation", prior: span(1.5), posterior: span(1.6) }],
                    cases: Vec::new(),
                    log_evidence: [-1.0, -0.9],
                    lead_alone: 0.52,
                    effective_draws: 900.0,
                },
                cases: vec![case("one", false, true, 0.1), case("two", true, true, 0.6)],
                scores: vec![Score { name: "text alone", brier: 0.5, log: -2.3 }],
                draws: 1000,
            },
        }],
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

/// Two places, the second south-east of the first, on a square of land.
fn unrest() -> UnrestMap {
    let day = |day, places: [(f64, f64); 2]| UnrestDay { date: date(2031, 1, day), places: places.to_vec() };
    UnrestMap {
        histories: 200,
        outline: vec![vec![[60.0, 20.0], [60.0, 24.0], [57.0, 24.0], [57.0, 20.0]]],
        places: vec![("Estria".into(), [59.0, 21.0]), ("Northfield".into(), [58.0, 23.0])],
        days: vec![day(2, [(300.0, 0.0), (0.0, 0.0)]), day(5, [(1_200.0, 0.25), (500.0, 0.1)])],
    }
}

/// Twelve million tonnes, nine of them through a neighbour who then closes his routes.
fn routes() -> RoutesFound {
    let sure = |value: f64| -> Range { (value, (value, value)) };
    let node = |name: &str, supplies, sells| NodeFound { name: name.into(), supplies, sells };
    let route = |name: &str, from, to, crosses: &[&str], before, after| RouteFound {
        name: name.into(),
        from,
        to,
        crosses: crosses.iter().map(|name| (*name).to_owned()).collect(),
        main: crosses.contains(&"Vastland"),
        flow: [sure(before), sure(after)],
    };
    RoutesFound {
        histories: 48,
        days: [START, date(2031, 8, 31)],
        nodes: vec![
            node("Northfield", true, false),
            node("Coldharbour", false, false),
            node("The south", false, true),
        ],
        routes: vec![
            route("Pipeline through Vastland", 0, 2, &["Vastland"], 9.0, 1.0),
            route("Road to Coldharbour", 0, 1, &[], 3.0, 4.0),
            route("Ships from Coldharbour", 1, 2, &["Estmark"], 3.0, 4.0),
        ],
        delivered: Some([sure(12.0), (5.0, (4.0, 6.0))]),
        revenue: Some([sure(6.1), (2.4, (2.0, 3.1))]),
        states: vec![StateFound {
            name: "Vastland".into(),
            share: [sure(0.75), sure(0.2)],
            loss_mt_per_year: [sure(8.0), sure(1.0)],
            loss_busd_per_year: [(3.9, (3.5, 4.2)), sure(0.5)],
        }],
        welfare: vec![
            ("Estria".into(), (-0.42, (-0.61, -0.2))),
            ("Vastland".into(), (-0.001, (-0.002, 0.0))),
        ],
    }
}

/// A tree of causes in which one event stands twice.
pub(crate) fn why() -> WhyTold {
    let branch = |depth, date: &str, text: &str, repeated| WhyBranch {
        depth,
        date: date.into(),
        text: text.into(),
        repeated,
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

/// Score cards of all accounts together and of one.
fn cards() -> Vec<(String, Card)> {
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
    }
}

/// A claim's place.
fn at(claim: &str, source: usize, paragraph: &str) -> Citation {
    let source = &sources()[source];
    Citation {
        claim: claim.into(),
        source: source.id.clone(),
        outlet: source.outlet.clone(),
        date: source.date.clone(),
        paragraph: paragraph.into(),
    }
}

fn accounts() -> Vec<AccountRow> {
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

fn probability(share: f64, half: f64) -> Found {
    Found::Probability { share, interval: ((share - half).max(0.0), (share + half).min(1.0)) }
}

fn number(median: f64, low: f64, high: f64) -> Found {
    Found::Number { median, interval: (low, high) }
}

fn when(happened: f64, median: i8, low: i8, high: i8) -> Found {
    Found::Date {
        happened,
        interval: ((happened - 0.01).max(0.0), (happened + 0.01).min(1.0)),
        when: Some((date(2031, 1, median), (date(2031, 1, low), date(2031, 1, high)))),
    }
}

fn row(
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

fn scored(value: &str, interval: (f64, f64), found: &str, verdict: Verdict, citation: Citation) -> Scored {
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

fn outcomes() -> Vec<OutcomeRow> {
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

fn fan(
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

fn fans() -> Vec<Fan> {
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

fn event(id: u32, day: i8, hour: Option<u8>, text: &str, central: bool, causes: &[u32]) -> TimelineEvent {
    TimelineEvent { id, date: date(2031, 1, day), hour, text: text.into(), central, causes: causes.to_vec() }
}

fn typical() -> Timeline {
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
            event(10, 6, Some(11), "The Pact of Five grants the request", true, &[9]),
            event(11, 8, None, "First troops of Vastland arrive: 300 soldiers", true, &[10]),
            event(12, 11, None, "Order restored in Highmarket", true, &[11]),
        ],
    }
}

fn surprising() -> Timeline {
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

fn claim(
    claim: &str,
    source: usize,
    paragraph: &str,
    value: &str,
    status: &str,
    chain: &str,
    text: &str,
) -> ClaimRow {
    ClaimRow {
        value: value.into(),
        text: text.into(),
        status: status.into(),
        chain: chain.into(),
        citation: at(claim, source, paragraph),
    }
}

fn parameters() -> Vec<ParameterRow> {
    let assumption = |id: &str, title: &str, unit, range, reason: &str| ParameterRow {
        id: id.into(),
        title: title.into(),
        unit,
        basis: BasisRow::Assumption {
            range,
            shape: "every value equally likely".into(),
            reason: reason.into(),
        },
    };
    vec![
        ParameterRow {
            id: "foreign_share".into(),
            title: "Share of rioters from abroad".into(),
            unit: Unit::NUMBER,
            basis: BasisRow::Evidence {
                subject: "rioters who came from abroad".into(),
                claims: vec![
                    TrustedClaim {
                        claim: conflict().sides[0][0].clone(),
                        weights: vec![("at-home".into(), 1.0), ("hijacked".into(), 0.5)],
                    },
                    TrustedClaim {
                        claim: conflict().sides[1][0].clone(),
                        weights: vec![("from-abroad".into(), 1.0), ("hijacked".into(), 0.5)],
                    },
                ],
            },
        },
        ParameterRow {
            id: "contingent".into(),
            title: "Soldiers Vastland can send".into(),
            unit: Unit::PERSONS,
            basis: BasisRow::Evidence {
                subject: "soldiers of the mission".into(),
                claims: vec![TrustedClaim {
                    claim: claim(
                        "C040",
                        1,
                        "3",
                        "2,000–2,500",
                        "reported",
                        "Valley Post ← ministry",
                        "The mission had between 2,000 and 2,500 soldiers.",
                    ),
                    weights: vec![
                        ("at-home".into(), 1.0),
                        ("from-abroad".into(), 1.0),
                        ("hijacked".into(), 1.0),
                    ],
                }],
            },
        },
        assumption(
            "onset_rate",
            "Rate of joining without example",
            Unit::PER_DAY,
            [0.1, 0.6],
            "No source measures it; earlier waves of protest over fuel took between two and ten days to start.",
        ),
        assumption(
            "credulity",
            "How readily Vastland believes the framing",
            Unit::NUMBER,
            [0.2, 0.9],
            "Its own press is divided.",
        ),
        assumption(
            "recovery_rate",
            "Rate at which legitimacy recovers",
            Unit::PER_DAY,
            [0.001, 0.02],
            "Polls after earlier crises came back within months to years.",
        ),
    ]
}

fn conflict() -> Conflict {
    Conflict {
        group: "G3".into(),
        subject: "rioters who came from abroad".into(),
        sides: vec![
            vec![
                claim(
                    "C024",
                    0,
                    "5",
                    "0",
                    "asserted",
                    "Estrian Herald",
                    "None of those brought to court had come from abroad.",
                ),
                claim(
                    "C044",
                    1,
                    "3",
                    "0",
                    "reported",
                    "Valley Post ← lawyers",
                    "Lawyers of the detained know of no foreigner among them.",
                ),
            ],
            vec![claim(
                "C099",
                2,
                "8",
                "over 50 %",
                "alleged",
                "State Agency ← president",
                "Most of the attackers were trained fighters from other states.",
            )],
        ],
    }
}

fn sources() -> Vec<SourceRow> {
    [
        ("herald", "Estrian Herald", "Four nights in Highmarket", "15 Jan 2031", "en", "private", "", 31),
        ("post", "Valley Post", "Who called whom", "2 Feb 2031", "en", "cooperative", "", 22),
        (
            "agency",
            "State Agency",
            "Statements of the president",
            "not printed",
            "es",
            "state",
            "prints no date",
            12,
        ),
    ]
    .map(|(id, outlet, title, date, language, affiliation, note, claims)| SourceRow {
        id: id.into(),
        outlet: outlet.into(),
        title: title.into(),
        date: date.into(),
        language: language.into(),
        affiliation: affiliation.into(),
        note: note.into(),
        claims,
    })
    .to_vec()
}

/// When the request is granted.
fn rule() -> Rule {
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
