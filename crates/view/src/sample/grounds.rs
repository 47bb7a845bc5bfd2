//! Made-up evidence: parameters, claims, conflicts, sources.

use equipoise_scenario::unit::Unit;

use crate::findings::*;

/// A claim's place.
pub(super) fn at(claim: &str, source: usize, paragraph: &str) -> Citation {
    let source = &sources()[source];
    Citation {
        claim: claim.into(),
        source: source.id.clone(),
        outlet: source.outlet.clone(),
        date: source.date.clone(),
        paragraph: paragraph.into(),
    }
}

pub(super) fn claim(
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

pub(super) fn parameters() -> Vec<ParameterRow> {
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

pub(super) fn conflict() -> Conflict {
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

pub(super) fn sources() -> Vec<SourceRow> {
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
