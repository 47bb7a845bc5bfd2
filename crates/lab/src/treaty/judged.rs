//! One request, before anything is learnt from others: weights come from the treaty's priors.

use equipoise_models::noise::{Noise, Stream, entity};
use equipoise_models::treaty::{
    Council, End, Rule, Span, StageKind, Stakes, VoteParts, VoteWeights, WEIGHT_NAMES, ballot_probabilities,
    prospects, vote_weights,
};
use equipoise_scenario::scenario::Obligation;
use equipoise_scenario::treaty::{CaseMember, Limits, TreatyCase, TreatyText};
use jiff::civil::Date;

use super::{TextAlone, priors, spread, text_alone, wrong};
use crate::error::LabError;

const WEIGHT: Stream = Stream::named("case-weight");
const FACT: Stream = Stream::named("case-fact");
const COURSE: Stream = Stream::named("case-course");

/// A request held against a treaty.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// The clauses in force that day.
    pub clauses: Vec<ClauseJudged>,
    /// What the text alone says.
    pub text: TextAlone,
    /// The rule of decision that is written for it.
    pub rule: Rule,
    /// The members, the order that of the treaty.
    pub members: Vec<MemberJudged>,
    /// Probability of a grant by the rule written.
    pub written: Span,
    /// Probability of a grant if the leading member decides alone, where one leads and votes.
    pub lead_alone: Option<Span>,
    /// Probability of each lesser answer by the rule written, in the treaty's order; what is left is nothing.
    pub answers: Vec<(String, f64)>,
    /// How and when the procedure ends, the likeliest first.
    pub ends: Vec<EndJudged>,
}

/// A clause against the facts.
#[derive(Debug, Clone, PartialEq)]
pub struct ClauseJudged {
    /// Its short name.
    pub id: String,
    /// Its article.
    pub article: String,
    /// Its kind.
    pub obligation: Obligation,
    /// Since when the wording that counts has been in force.
    pub since: Date,
    /// How far its trigger is met, lowest and highest.
    pub degree: Limits,
    /// The area it holds in, where the case lies outside that: then nothing meets it.
    pub outside: Option<String>,
    /// How strongly it binds, 0 to 1.
    pub strength: f64,
}

/// A member's vote.
#[derive(Debug, Clone, PartialEq)]
pub struct MemberJudged {
    /// Its name.
    pub actor: String,
    /// Whether it leads.
    pub leads: bool,
    /// How far the clauses cover the case in its eyes.
    pub admissibility: Limits,
    /// Probabilities of yes, abstaining and no.
    pub ballot: [f64; 3],
    /// Parts of its utility of yes over abstaining, in the order of `VoteParts::NAMES`; pressure is the mean over the
    /// leading member's ballots.
    pub parts: [Span; 7],
}

/// One way a procedure can end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EndJudged {
    /// How.
    pub end: End,
    /// With which probability.
    pub probability: f64,
    /// After how many hours, where it ends so.
    pub hours: Span,
}

/// One draw's council: what each member's ballot is, given the leading member's.
struct Drawn {
    if_yes: Vec<[f64; 3]>,
    if_not: Vec<[f64; 3]>,
}

/// Judges a case by its treaty with `draws` draws.
///
/// # Errors
/// The treaty gives no priors, or its rule cannot decide.
pub fn judge(text: &TreatyText, case: &TreatyCase, draws: u32, seed: u64) -> Result<Judged, LabError> {
    let priors = priors(text)?;
    let middles: Vec<f64> = case.facts.iter().map(|limits| super::middle(*limits)).collect();
    let rule = text.carry(case.date, &case.place, &middles).rule;
    let covers: Vec<Limits> = case.members.iter().map(|member| case.help(text, &member.beliefs)).collect();
    let talks: Vec<Limits> = case.members.iter().map(|member| talk(text, case, member)).collect();
    let member_weights: Vec<f64> = case.members.iter().map(|member| member.weight).collect();
    let count = case.members.len();
    let mut parts = vec![<[Vec<f64>; 7]>::default(); count];
    let mut ballots = vec![[0.0; 3]; count];
    let (mut written, mut alone) = (Vec::new(), Vec::new());
    let mut answers = vec![0.0; text.answers.len()];
    let mut courses = Vec::new();
    for number in 0..draws.max(1) {
        let noise = Noise::new(seed, u64::from(number));
        let values =
            std::array::from_fn(|w| priors[w].quantile(noise.uniform(WEIGHT, entity(WEIGHT_NAMES[w]), 0, 0)));
        let weights = vote_weights(&values);
        let stakes: Vec<Stakes> = case.members.iter().map(|member| stakes(member, &noise)).collect();
        let known = |limits: &[Limits]| -> Vec<f64> {
            (0..count)
                .map(|m| within(limits[m], &noise, &format!("{}/admissibility", case.members[m].actor)))
                .collect()
        };
        let council = |drawn: &Drawn, rule| {
            prospects(&Council {
                rule,
                lead: case.lead,
                weights: &member_weights,
                if_lead_yes: &drawn.if_yes,
                if_lead_not: &drawn.if_not,
            })
            .map_err(wrong)
        };
        let covered = known(&covers);
        let drawn = draw(case, &covered, |m| (weights, stakes[m]));
        let granted = council(&drawn, rule)?.granted();
        written.push(granted);
        if case.lead.is_some() {
            alone.push(council(&drawn, Rule::Lead)?.granted());
        }
        let lead_yes = case.lead.map_or(0.0, |lead| drawn.if_not[lead][0]);
        for (m, stakes) in stakes.iter().enumerate() {
            let led = case.lead.is_some_and(|lead| lead != m);
            let mut mean = VoteParts::weigh(&weights, stakes, covered[m], None);
            if led {
                mean.pressure = weights.pressure * (2.0 * lead_yes - 1.0);
            }
            for (part, value) in parts[m].iter_mut().zip(mean.values()) {
                part.push(value);
            }
            for (ballot, (yes, not)) in ballots[m].iter_mut().zip(drawn.if_yes[m].iter().zip(drawn.if_not[m]))
            {
                *ballot += (lead_yes * yes + (1.0 - lead_yes) * not) / f64::from(draws.max(1));
            }
        }
        let talked = known(&talks);
        let mut left = 1.0;
        for (answer, chance) in text.answers.iter().zip(&mut answers) {
            let lesser = draw(case, &talked, |m| answer.answer.scale(&weights, &stakes[m]));
            let given = left * council(&lesser, text.rule)?.granted();
            *chance += (1.0 - granted) * given / f64::from(draws.max(1));
            left -= given;
        }
        courses.push(course(text, case, &noise, &talks, granted, 1.0 - left));
    }
    Ok(Judged {
        clauses: clauses(text, case),
        text: text_alone(text, case),
        rule,
        members: case
            .members
            .iter()
            .enumerate()
            .map(|(m, member)| MemberJudged {
                actor: member.actor.clone(),
                leads: case.lead == Some(m),
                admissibility: covers[m],
                ballot: ballots[m],
                parts: std::mem::take(&mut parts[m]).map(spread),
            })
            .collect(),
        written: spread(written),
        lead_alone: case.lead.map(|_| spread(alone)),
        answers: text.answers.iter().map(|answer| answer.title.clone()).zip(answers).collect(),
        ends: ends(&courses),
    })
}

/// The clauses in force, each at the lower and upper limits of what is known.
fn clauses(text: &TreatyText, case: &TreatyCase) -> Vec<ClauseJudged> {
    let at = |end: usize| {
        let facts: Vec<f64> = case.facts.iter().map(|limits| limits[end]).collect();
        text.carry(case.date, &case.place, &facts).tests
    };
    let pairs = at(0).into_iter().zip(at(1));
    pairs
        .map(|(one, two)| {
            let (low, high) = (one.degree, two.degree);
            let clause = &text.clauses[one.clause];
            let version = &clause.versions[one.version];
            ClauseJudged {
                id: clause.id.clone(),
                article: clause.article.clone(),
                obligation: clause.obligation,
                since: version.from,
                degree: [low.min(high), low.max(high)],
                outside: text.area_title(clause).filter(|_| !one.in_area).map(str::to_owned),
                strength: version.strength,
            }
        })
        .collect()
}

/// How far the clauses, those that oblige to talk too, cover the case in a member's eyes.
fn talk(text: &TreatyText, case: &TreatyCase, member: &CaseMember) -> Limits {
    let at = |end: usize| {
        let facts: Vec<f64> = member.beliefs.iter().map(|limits| limits[end]).collect();
        text.carry(case.date, &case.place, &facts).talk
    };
    let (one, two) = (at(0), at(1));
    [one.min(two), one.max(two)]
}

fn within([low, high]: Limits, noise: &Noise, name: &str) -> f64 {
    if low < high { low + noise.uniform(FACT, entity(name), 0, 0) * (high - low) } else { low }
}

fn stakes(member: &CaseMember, noise: &Noise) -> Stakes {
    let names = ["interest", "relation", "capacity", "home", "precedent"];
    let [interest, relation, capacity, home, precedent] =
        std::array::from_fn(|s| within(member.stakes[s], noise, &format!("{}/{}", member.actor, names[s])));
    Stakes { interest, relation, capacity, home, precedent }
}

fn draw(case: &TreatyCase, covered: &[f64], of: impl Fn(usize) -> (VoteWeights, Stakes)) -> Drawn {
    let ballot = |m: usize, lead_yes: bool| {
        let (weights, stakes) = of(m);
        let lead = case.lead.filter(|&lead| lead != m).map(|_| lead_yes);
        ballot_probabilities(&VoteParts::weigh(&weights, &stakes, covered[m], lead), 1.0)
    };
    let count = case.members.len();
    Drawn {
        if_yes: (0..count).map(|m| ballot(m, true)).collect(),
        if_not: (0..count).map(|m| ballot(m, false)).collect(),
    }
}

/// One way through the procedure.
fn course(
    text: &TreatyText,
    case: &TreatyCase,
    noise: &Noise,
    talks: &[Limits],
    granted: f64,
    lesser: f64,
) -> (End, f64) {
    let patience = case.patience_hours.map_or(f64::INFINITY, |hours| within(hours, noise, "patience"));
    let chance = |kind: &str| noise.uniform(COURSE, entity(kind), 0, 0);
    let mut entered = 0;
    let passage = text.procedure.pass(
        patience,
        |stage| {
            entered += 1;
            noise.uniform(COURSE, entity(&text.stages[stage]), 1, entered)
        },
        |kind| match kind {
            StageKind::Admissibility => talks.iter().any(|[_, high]| *high > 0.0),
            StageKind::Consultation | StageKind::Announcement => true,
            StageKind::Vote => chance("vote") < granted,
            StageKind::LesserAnswer => chance("lesser") < lesser,
        },
    );
    (passage.end, passage.hours)
}

fn ends(courses: &[(End, f64)]) -> Vec<EndJudged> {
    let all = [End::Granted, End::Lesser, End::Refused, End::Lapsed, End::Withdrawn];
    let mut found: Vec<EndJudged> = all
        .into_iter()
        .filter_map(|end| {
            let hours: Vec<f64> =
                courses.iter().filter(|(e, _)| *e == end).map(|(_, hours)| *hours).collect();
            let probability = hours.len() as f64 / courses.len() as f64;
            (!hours.is_empty()).then(|| EndJudged { end, probability, hours: spread(hours) })
        })
        .collect();
    found.sort_by(|a, b| b.probability.total_cmp(&a.probability));
    found
}
