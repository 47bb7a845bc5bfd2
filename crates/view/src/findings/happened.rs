//! Events in words: what a chronicle's kinds and names say to people.

use equipoise_lab::read::EventRow;
use equipoise_lab::why::{Basis, Link, Question, Why};
use equipoise_scenario::Scenario;
use equipoise_scenario::chronicle::EventKind;
use equipoise_scenario::scenario::Measure;

use super::{Found, WhyBranch, WhyTold};
use crate::wording;

/// One event as a sentence without a full stop.
pub(super) fn sentence(scenario: &Scenario, event: &EventRow) -> String {
    let text = text(scenario, event.kind, &event.subject);
    let people = |noun: &str| format!("{text}: {} {noun}", wording::count(f64::from(event.amount)));
    match event.kind {
        EventKind::TroopsArrive if event.amount >= 1.0 => people("on the first flights"),
        EventKind::ForcesMobilised if event.amount >= 1.0 => people("people"),
        EventKind::RouteLimited | EventKind::RouteDamaged => {
            format!("{text}: {} of the usual is left", wording::percent(f64::from(event.amount)))
        }
        EventKind::ExportsFall | EventKind::ExportsRise => {
            format!(
                "{text}: by {} Mt a year",
                wording::exact(f64::from((event.amount * 10.0).round() / 10.0))
            )
        }
        EventKind::ComplianceSet => format!("{text}: now {}", wording::percent(f64::from(event.amount))),
        _ => text,
    }
}

/// What kind of thing happened, about whom or where.
pub(super) fn text(scenario: &Scenario, kind: EventKind, subject: &str) -> String {
    if kind == EventKind::Choice {
        return choice(scenario, subject);
    }
    if let (Some(verb), Some((resolution, state))) = (voted(kind), subject.split_once('.')) {
        return format!("{} {verb} {}", name(scenario, kind, state), resolution_title(scenario, resolution));
    }
    if subject.is_empty() && names_somebody(kind) {
        return in_general(kind).to_owned();
    }
    let name = name(scenario, kind, subject);
    let at = if name.is_empty() { String::new() } else { format!(" in {name}") };
    match kind {
        EventKind::Choice | EventKind::Shock => name.to_owned(),
        EventKind::ProtestBegins => format!("First protest{at}"),
        EventKind::ViolenceBegins => format!("First violence{at}"),
        EventKind::SiteSeized => format!("Rioters seize a key site{at}"),
        EventKind::SitesRecaptured => format!("Forces hold all key sites{at} again"),
        EventKind::OrderRestored => format!("Order is restored{at}"),
        EventKind::CountryInOrder => "The whole country is in order again".to_owned(),
        EventKind::FirstDeath => format!("The first person is killed{at}"),
        EventKind::EmergencyBegins => "A state of emergency begins".to_owned(),
        EventKind::EmergencyNationwide => "The state of emergency covers the whole country".to_owned(),
        EventKind::EmergencyLifted => "The state of emergency ends".to_owned(),
        EventKind::InternetCut => "Internet access falls".to_owned(),
        EventKind::InternetRestored => "Internet access is back".to_owned(),
        EventKind::ForcesMobilised => "Further forces are called up".to_owned(),
        EventKind::ShootingAllowed => "Forces are allowed to shoot".to_owned(),
        EventKind::FramedForeign => "The leadership calls the unrest an attack from abroad".to_owned(),
        EventKind::Requested => format!("Help is requested ({name})"),
        EventKind::VotedYes => format!("{name} votes for the request"),
        EventKind::VotedNo => format!("{name} votes against the request"),
        EventKind::Abstained => format!("{name} abstains on the request"),
        EventKind::Granted => format!("The request is granted ({name})"),
        EventKind::Refused => format!("The request is refused ({name})"),
        EventKind::LesserAnswer => format!("Something less than was asked is given ({name})"),
        EventKind::RequestLapsed => format!("The request runs out of time ({name})"),
        EventKind::RequestWithdrawn => format!("The request is taken back ({name})"),
        EventKind::DeadlineMissed => format!("Foreign troops stay beyond their deadline ({name})"),
        EventKind::DeadlineKept => format!("Foreign troops have left by their deadline ({name})"),
        EventKind::Ratified => format!("The parliament of {name} consents"),
        EventKind::RatificationFailed => format!("The parliament of {name} does not consent"),
        EventKind::PledgeLapsed => format!("The pledge of {name} lapses"),
        EventKind::RequestCalledOff => format!("Help that was granted is called off ({name})"),
        EventKind::PledgeReleased => format!("{name} need send nobody else"),
        EventKind::TroopsArrive => format!("Troops of {name} arrive"),
        EventKind::MandateEnds => format!("The mandate ends and withdrawal begins ({name})"),
        EventKind::TroopsLeave => format!("The last troops of {name} leave"),
        EventKind::MissionOver => format!("The last foreign soldier has left ({name})"),
        EventKind::MissionLapsed => format!("The mission ends before anybody came ({name})"),
        EventKind::Bargain => format!("Bargaining over: {name}"),
        EventKind::PutToVote => format!("Put to the vote: {name}"),
        // A vote without a state was told in general above.
        EventKind::VoteFor | EventKind::VoteAbstain | EventKind::VoteAgainst | EventKind::VoteAbsent => {
            name.to_owned()
        }
        EventKind::RouteLimited => format!("{name}: the capacity changes"),
        EventKind::RouteDamaged => format!("{name}: an accident"),
        EventKind::RouteRestored => format!("{name}: the usual capacity again"),
        EventKind::TransitClosed => format!("{name} closes its routes"),
        EventKind::TransitOpened => format!("{name} opens its routes again"),
        EventKind::ContractsRest => "Contracts on routes cannot all be kept and rest".to_owned(),
        EventKind::ExportsFall => "Less reaches the markets than before".to_owned(),
        EventKind::ExportsRise => "More reaches the markets than before".to_owned(),
        EventKind::SanctionBegins => format!("In force: {name}"),
        EventKind::SanctionEnds => format!("Lifted: {name}"),
        EventKind::ComplianceSet => "Compliance with others' sanctions changes".to_owned(),
        EventKind::UnionLeft => format!("{name} leaves the customs union"),
        EventKind::UnionJoined => format!("{name} joins the customs union"),
    }
}

/// How a state votes on a resolution, as a verb.
fn voted(kind: EventKind) -> Option<&'static str> {
    match kind {
        EventKind::VoteFor => Some("votes for"),
        EventKind::VoteAbstain => Some("abstains on"),
        EventKind::VoteAgainst => Some("votes against"),
        EventKind::VoteAbsent => Some("stays away from the vote on"),
        _ => None,
    }
}

fn resolution_title<'a>(scenario: &'a Scenario, id: &'a str) -> &'a str {
    let resolutions = scenario.voting.iter().flat_map(|voting| &voting.resolutions);
    resolutions.into_iter().find(|resolution| resolution.id == id).map_or(id, |resolution| &resolution.title)
}

/// Whether an event is the vote of a state other than the focus state: told in a table of its own.
pub(super) fn is_foreign_vote(scenario: &Scenario, event: &EventRow) -> bool {
    let focus = &scenario.actors[scenario.focus].id;
    voted(event.kind).is_some() && event.subject.split_once('.').is_none_or(|(_, state)| state != focus)
}

/// Whether an event of this kind is about a member, a treaty or a shock that a sentence needs.
fn names_somebody(kind: EventKind) -> bool {
    let others = matches!(
        kind,
        EventKind::VotedYes
            | EventKind::VotedNo
            | EventKind::Abstained
            | EventKind::Ratified
            | EventKind::RatificationFailed
            | EventKind::PledgeLapsed
            | EventKind::PledgeReleased
            | EventKind::TroopsArrive
            | EventKind::TroopsLeave
            | EventKind::Shock
            | EventKind::Bargain
            | EventKind::PutToVote
            | EventKind::VoteFor
            | EventKind::VoteAbstain
            | EventKind::VoteAgainst
            | EventKind::VoteAbsent
            | EventKind::RouteLimited
            | EventKind::RouteDamaged
            | EventKind::RouteRestored
            | EventKind::TransitClosed
            | EventKind::TransitOpened
            | EventKind::SanctionBegins
            | EventKind::SanctionEnds
            | EventKind::UnionLeft
            | EventKind::UnionJoined
    );
    others || kind.is_of_treaty()
}

/// The kind of thing, whoever it is about: what the vocabulary says, without its full stop.
fn in_general(kind: EventKind) -> &'static str {
    kind.meaning().trim_end_matches('.')
}

/// Whether an event is about a single place.
pub(super) fn is_local(scenario: &Scenario, event: &EventRow) -> bool {
    !matches!(event.kind, EventKind::Shock | EventKind::Choice)
        && scenario.places.iter().any(|place| place.id == event.subject)
}

/// What a chain of causes begins with, by its first event.
pub(super) fn beginning(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Shock => "a shock from outside",
        EventKind::Bargain | EventKind::PutToVote => "its date",
        _ => "a draw of chance",
    }
}

/// Why, in words.
pub fn why_told(scenario: &Scenario, question: &Question, why: &Why) -> WhyTold {
    let asked = match question {
        Question::Outcome(at) => scenario.outcomes[*at].title.clone(),
        Question::Event { kind, subject } => text(scenario, *kind, subject.as_deref().unwrap_or("")),
    };
    let value = match (question, why.value) {
        (Question::Outcome(at), Some(value)) => format!(": {}", outcome_value(scenario, *at, value)),
        _ => String::new(),
    };
    let basis = match why.basis {
        Basis::Decides => "The first line is the event that decides it; below each event stand its causes.",
        Basis::SetsOff => {
            "No single event decides a number; the first line is the event that set off what it measures."
        }
        Basis::LatestBefore => {
            "No event belongs to this number; the first line is the latest one before it is read."
        }
        Basis::Nothing => "Nothing of the kind happened in this history.",
    };
    let chain = |links: &[Link]| -> String {
        let texts: Vec<String> = links.iter().map(|link| text(scenario, link.kind, &link.subject)).collect();
        texts.join(" ← ")
    };
    WhyTold {
        heading: format!("{asked}{value} (history {})", wording::whole(why.history)),
        basis: basis.to_owned(),
        tree: why
            .tree
            .iter()
            .map(|branch| WhyBranch {
                depth: branch.depth,
                date: wording::date(scenario.date(branch.event.day)),
                text: sentence(scenario, &branch.event),
                repeated: branch.repeated,
                begins: branch.event.causes.is_empty().then(|| beginning(branch.event.kind)),
            })
            .collect(),
        chain: chain(&why.chain),
        same_chain: why.same_chain,
        occurrence: if why.value.is_some() { "It has a value in" } else { "It happens in" }.to_owned(),
        occurs: why.occurs,
        histories: why.histories,
        commonest: why.commonest.iter().map(|share| (chain(&share.chain), share.histories)).collect(),
    }
}

/// The value of an outcome (an index) in one history, in words.
pub fn outcome_value(scenario: &Scenario, at: usize, value: f64) -> String {
    let outcome = &scenario.outcomes[at];
    if value.is_nan() {
        return "never".to_owned();
    }
    match outcome.measure {
        Measure::First { .. } | Measure::Last { .. } => wording::date(super::outcome::date(scenario, value)),
        Measure::Happens { .. } => if value == 0.0 { "no" } else { "yes" }.to_owned(),
        _ => wording::amount(value, outcome.unit),
    }
}

/// Whether a found value is a yes/no.
pub(super) fn is_yes_no(found: &Found) -> bool {
    matches!(found, Found::Probability { .. })
}

/// "President: Declare an emergency (in the regions in disorder)"; an option that is the only one to act stands alone.
fn choice(scenario: &Scenario, subject: &str) -> String {
    let found = subject.split_once('.').and_then(|(decision, option)| {
        let decision = scenario.decisions.iter().find(|there| there.id == decision)?;
        let option = decision.options.iter().find(|there| there.id == option)?;
        let actor = &scenario.actors[decision.actor].name;
        let acting = decision.options.iter().filter(|option| !option.actions.is_empty()).count();
        Some(if acting > 1 {
            format!("{actor}: {} ({})", decision.title, uncapitalised(&option.title))
        } else {
            format!("{actor}: {}", option.title)
        })
    });
    found.unwrap_or_else(|| subject.to_owned())
}

/// A title in the middle of a sentence; an abbreviation keeps its capitals.
fn uncapitalised(title: &str) -> String {
    let mut letters = title.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => title.to_owned(),
    }
}

/// The name for people of a subject as tables write it.
fn name<'a>(scenario: &'a Scenario, kind: EventKind, id: &'a str) -> &'a str {
    if kind == EventKind::Shock {
        return scenario.shocks.iter().find(|shock| shock.id == id).map_or(id, |shock| &shock.title);
    }
    if kind == EventKind::Bargain {
        return scenario.issues.iter().find(|issue| issue.id == id).map_or(id, |issue| &issue.title);
    }
    if kind == EventKind::PutToVote {
        return resolution_title(scenario, id);
    }
    let routes = scenario.transit.iter().flat_map(|transit| &transit.routes);
    let route = routes.into_iter().find(|route| route.id == id).map(|route| route.name.as_str());
    let packages = scenario.trade.iter().flat_map(|trade| &trade.sanctions);
    let package = packages.into_iter().find(|package| package.id == id).map(|package| package.title.as_str());
    if kind.is_of_treaty() {
        // A treaty's title is too long for a line.
        return id;
    }
    let place = scenario.places.iter().find(|place| place.id == id).map(|place| place.name.as_str());
    let actor = || scenario.actors.iter().find(|actor| actor.id == id).map(|actor| actor.name.as_str());
    let traded = match kind {
        EventKind::RouteLimited | EventKind::RouteDamaged | EventKind::RouteRestored => route,
        EventKind::SanctionBegins | EventKind::SanctionEnds => package,
        _ => None,
    };
    traded.or(place).or_else(actor).unwrap_or(id)
}
