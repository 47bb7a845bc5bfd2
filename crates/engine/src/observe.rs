//! What expressions read off the world, and which event each reading goes back to.

use equipoise_scenario::Scenario;
use equipoise_scenario::chronicle::Subject;
use equipoise_scenario::expression::{Expression, Reference};
use equipoise_scenario::scenario::{Action, Measure, Telling, Vote};
use equipoise_scenario::vocabulary::Observable;

use crate::formulas::Measured;
use crate::history::{EventId, NO_EVENT};
use crate::world::{Cast, Happening, TreatyState, World};

/// The value of an expression today.
pub(crate) fn evaluate(world: &World, expression: &Expression) -> f64 {
    expression.evaluate(|reference| read(world, reference))
}

/// Adds the events behind everything an expression reads, where causes are asked for.
#[inline]
pub(crate) fn trace(world: &World, scenario: &Scenario, expression: &Expression, causes: &mut Vec<EventId>) {
    if world.traced {
        trace_reads(world, scenario, expression.reads(), causes);
    }
}

fn trace_reads(world: &World, scenario: &Scenario, reads: &[Reference], causes: &mut Vec<EventId>) {
    for &reference in reads {
        let cause = cause(world, scenario, reference);
        if cause != NO_EVENT && !causes.contains(&cause) {
            causes.push(cause);
        }
    }
}

/// Whether what an expression reads changes only where an event is written: choices, shocks, and what they set off.
pub(crate) fn follows_events(expression: &Expression) -> bool {
    expression.reads().iter().all(|reference| match reference {
        Reference::Parameter(_) | Reference::Happened(_) => true,
        Reference::Stock(_) | Reference::DaysSince(_) => false,
        Reference::World(what, _) => matches!(
            what,
            Observable::Internet
                | Observable::Emergency
                | Observable::LethalForce
                | Observable::Framed
                | Observable::Relation
                | Observable::Position
                | Observable::VotedFor
                | Observable::AbstainedOn
                | Observable::VotedAgainst
                | Observable::AbsentFrom
                | Observable::Severity
                | Observable::LastVote
                | Observable::WasAbsent
                | Observable::Requested
                | Observable::Pending
                | Observable::Granted
                | Observable::Refused
                | Observable::Withdrawing
                | Observable::CalledOff
                | Observable::Compliance
                | Observable::Sanctioned
                | Observable::DeadlineMissed
                | Observable::DeadlineKept
        ),
    })
}

/// Whether what an expression reads can change on a quiet day: the passing of time, and what drifts or recovers.
pub(crate) fn drifts(scenario: &Scenario, expression: &Expression) -> bool {
    expression.reads().iter().any(|reference| match reference {
        Reference::Parameter(_) | Reference::Happened(_) => false,
        Reference::DaysSince(_) => true,
        Reference::Stock(id) => scenario.stocks[*id].change.is_some(),
        Reference::World(what, _) => matches!(
            what,
            Observable::Day
                | Observable::OrderDays
                | Observable::DisorderDays
                | Observable::MissionDays
                | Observable::Legitimacy
                | Observable::FreeForce
                | Observable::Belief
                | Observable::ReportedKilled
                | Observable::ReportedInjured
                | Observable::ReportedDetained
        ),
    })
}

/// The value of one reference today.
#[inline]
pub(crate) fn read(world: &World, reference: Reference) -> f64 {
    match reference {
        Reference::Parameter(id) => world.parameters[id],
        Reference::Stock(id) => world.stocks[id].value,
        Reference::World(what, about) => observe(world, what, about),
        Reference::Happened(subject) => f64::from(happening(world, subject).happened()),
        Reference::DaysSince(subject) => {
            let happening = happening(world, subject);
            if happening.happened() { f64::from(world.day - happening.day) } else { f64::INFINITY }
        }
    }
}

fn observe(world: &World, what: Observable, about: Option<usize>) -> f64 {
    let totals = &world.totals;
    let state = &world.state;
    let place = about.map(|index| index.min(world.places.len().saturating_sub(1)));
    match what {
        Observable::Day => f64::from(world.day),
        Observable::Participants => place.map_or(totals.participants, |k| world.places[k].crowd() as f64),
        Observable::Violent => place.map_or(totals.violent, |k| world.places[k].violent as f64),
        Observable::PlacesInProtest => totals.places_in_protest,
        Observable::PlacesInDisorder => totals.places_in_disorder,
        Observable::SitesHeld => place.map_or(totals.sites_held, |k| f64::from(world.places[k].sites_held)),
        Observable::OrderDays => f64::from(place.map_or(state.order_days, |k| world.places[k].order_days)),
        Observable::DisorderDays => f64::from(state.disorder_days),
        Observable::Disordered => f64::from(state.disordered),
        Observable::Detained => place.map_or(totals.detained, |k| world.places[k].detained as f64),
        Observable::Killed => place.map_or(totals.killed, |k| {
            (world.places[k].killed_civilians + world.places[k].killed_officers) as f64
        }),
        Observable::KilledOfficers => {
            place.map_or(totals.killed_officers, |k| world.places[k].killed_officers as f64)
        }
        Observable::Injured => place.map_or(totals.injured, |k| world.places[k].injured as f64),
        Observable::ReportedKilled => world.reports.killed.reported,
        Observable::ReportedInjured => world.reports.injured.reported,
        Observable::ReportedDetained => world.reports.detained.reported,
        Observable::FreeForce => state.free_reserve,
        Observable::GuardsFreed => state.guards_freed,
        Observable::Strain => {
            if totals.places_in_disorder > 0.0 {
                totals.crowd_in_disorder / totals.force_in_disorder.max(1.0)
            } else {
                0.0
            }
        }
        Observable::PriceIndex => place.map_or(totals.price_index, |k| world.places[k].price_index.value),
        Observable::Legitimacy => state.legitimacy.value,
        Observable::Loyalty => state.loyalty.value,
        Observable::Internet => state.internet.value,
        Observable::Emergency => place.map_or(totals.emergency, |k| world.places[k].emergency.value),
        Observable::LethalForce => state.lethal_force.value,
        Observable::Framed => state.framed.value,
        Observable::Belief => about.map_or(0.0, |actor| world.actors[actor].belief.value),
        Observable::Troops => match about {
            None => world.troops(),
            Some(actor) => world.actors[actor].troops,
        },
        Observable::Awaited => awaited(world, about),
        Observable::Relation => about.map_or(0.0, |actor| world.actors[actor].relation.value),
        Observable::Position => about.map_or(0.0, |at| world.positions[at].value),
        Observable::VotedFor => has_voted(world, about, Vote::For),
        Observable::AbstainedOn => has_voted(world, about, Vote::Abstain),
        Observable::VotedAgainst => has_voted(world, about, Vote::Against),
        Observable::AbsentFrom => has_voted(world, about, Vote::Absent),
        Observable::Severity => world.under_vote.map_or(0.0, |text| text.severity),
        Observable::LastVote => match last_cast(world, about).and_then(|cast| cast.vote) {
            Some(Vote::For) => 1.0,
            Some(Vote::Against) => -1.0,
            _ => 0.0,
        },
        Observable::WasAbsent => {
            f64::from(last_cast(world, about).is_some_and(|cast| cast.vote == Some(Vote::Absent)))
        }
        Observable::Flow
        | Observable::Exports
        | Observable::ShutIn
        | Observable::Stored
        | Observable::ShareThrough
        | Observable::Dependence
        | Observable::Potential
        | Observable::TransitFees
        | Observable::BenchmarkPrice
        | Observable::ExportRevenue => world.transit.as_ref().map_or(0.0, |state| state.read(what, about)),
        Observable::Compliance
        | Observable::Sanctioned
        | Observable::Welfare
        | Observable::ExportShare
        | Observable::ImportShare
        | Observable::WayRoundIncome => world.trade.as_ref().map_or(0.0, |state| state.read(what, about)),
        Observable::Requested
        | Observable::Pending
        | Observable::Granted
        | Observable::Refused
        | Observable::Admissibility
        | Observable::LeadInFavour
        | Observable::MissionDays
        | Observable::CalledOff
        | Observable::DeadlineMissed
        | Observable::DeadlineKept
        | Observable::Withdrawing => about.map_or(0.0, |treaty| observe_treaty(world, what, treaty)),
    }
}

/// Soldiers pledged who may still come, an actor's or all.
fn awaited(world: &World, actor: Option<usize>) -> f64 {
    match actor {
        None => world.treaties.iter().map(TreatyState::awaited).sum(),
        Some(actor) => world.treaties.iter().map(|treaty| treaty.awaited_of(actor)).sum(),
    }
}

fn has_voted(world: &World, about: Option<usize>, vote: Vote) -> f64 {
    f64::from(about.is_some_and(|at| world.votes[at].vote == Some(vote)))
}

/// An actor's vote on the predecessor of the resolution under vote.
fn last_cast(world: &World, actor: Option<usize>) -> Option<Cast> {
    let predecessor = world.under_vote?.predecessor?;
    let resolutions = world.votes.len() / world.actors.len();
    Some(world.votes[actor? * resolutions + predecessor])
}

fn observe_treaty(world: &World, what: Observable, treaty: usize) -> f64 {
    let treaty = &world.treaties[treaty];
    match what {
        Observable::Requested => f64::from(treaty.requested != NO_EVENT),
        Observable::Pending => f64::from(treaty.clock.is_some()),
        Observable::Granted => f64::from(treaty.granted),
        Observable::Refused => f64::from(treaty.refused),
        Observable::Admissibility => treaty.admissibility,
        Observable::LeadInFavour => f64::from(treaty.lead_in_favour),
        Observable::MissionDays if treaty.arrived != NO_EVENT => f64::from(world.day - treaty.arrival_day),
        Observable::CalledOff => f64::from(treaty.called_off != NO_EVENT),
        Observable::Withdrawing => f64::from(treaty.ended != NO_EVENT),
        Observable::DeadlineMissed => f64::from(treaty.deadline_missed != NO_EVENT),
        Observable::DeadlineKept => f64::from(treaty.deadline_kept != NO_EVENT),
        _ => 0.0,
    }
}

fn happening(world: &World, subject: Subject) -> Happening {
    match subject {
        Subject::Shock(shock) => world.shocks[shock],
        Subject::Option(decision, option) => world.options[decision][option],
        _ => Happening::NEVER,
    }
}

/// The event that last moved what a reference reads; [`NO_EVENT`] where nothing has moved it yet.
fn cause(world: &World, scenario: &Scenario, reference: Reference) -> EventId {
    match reference {
        Reference::Parameter(_) => NO_EVENT,
        Reference::Stock(id) => world.stocks[id].cause,
        Reference::Happened(subject) | Reference::DaysSince(subject) => happening(world, subject).event,
        Reference::World(what, about) => cause_of_observable(world, scenario, what, about),
    }
}

fn cause_of_observable(
    world: &World,
    scenario: &Scenario,
    what: Observable,
    about: Option<usize>,
) -> EventId {
    let state = &world.state;
    let busiest = || about.map(|k| &world.places[k]).or_else(|| world.busiest_place());
    let most_violent = || about.map(|k| &world.places[k]).or_else(|| world.most_violent_place());
    match what {
        Observable::Day => NO_EVENT,
        Observable::Participants | Observable::PlacesInProtest => busiest().map_or(NO_EVENT, |p| p.protest),
        Observable::Violent
        | Observable::PlacesInDisorder
        | Observable::DisorderDays
        | Observable::Disordered
        | Observable::Strain
        | Observable::Injured
        | Observable::Detained
        | Observable::ReportedInjured
        | Observable::ReportedDetained => most_violent().map_or(NO_EVENT, |p| p.violence),
        Observable::SitesHeld => most_violent().map_or(NO_EVENT, |p| p.sites),
        Observable::OrderDays => about.map_or(state.country_in_order, |k| world.places[k].order),
        Observable::Killed | Observable::KilledOfficers | Observable::ReportedKilled => state.deaths,
        Observable::FreeForce => state.reserve_ready.cause,
        Observable::DeadlineMissed => about.map_or(NO_EVENT, |t| world.treaties[t].deadline_missed),
        Observable::DeadlineKept => about.map_or(NO_EVENT, |t| world.treaties[t].deadline_kept),
        Observable::PriceIndex => about
            .or(if scenario.places.is_empty() { None } else { Some(0) })
            .map_or(NO_EVENT, |k| world.places[k].price_index.cause),
        Observable::Legitimacy => state.legitimacy.cause,
        Observable::Loyalty => state.loyalty.cause,
        Observable::Internet => state.internet.cause,
        Observable::Emergency => about.map_or(state.emergency, |k| world.places[k].emergency.cause),
        Observable::LethalForce => state.lethal_force.cause,
        Observable::Framed => state.framed.cause,
        Observable::Belief => about.map_or(NO_EVENT, |actor| world.actors[actor].belief.cause),
        Observable::Relation => about.map_or(NO_EVENT, |actor| world.actors[actor].relation.cause),
        Observable::Position => about.map_or(NO_EVENT, |at| world.positions[at].cause),
        Observable::VotedFor
        | Observable::AbstainedOn
        | Observable::VotedAgainst
        | Observable::AbsentFrom => about.map_or(NO_EVENT, |at| world.votes[at].event),
        Observable::Severity => world.under_vote.map_or(NO_EVENT, |text| text.event),
        Observable::LastVote | Observable::WasAbsent => {
            last_cast(world, about).map_or(NO_EVENT, |cast| cast.event)
        }
        Observable::Awaited => {
            let decided = world.treaties.iter().filter(|treaty| treaty.granted).map(|treaty| treaty.decided);
            decided.max().unwrap_or(NO_EVENT)
        }
        Observable::CalledOff => about.map_or(NO_EVENT, |t| world.treaties[t].called_off),
        Observable::Troops | Observable::GuardsFreed => {
            world.treaties.iter().map(|t| t.arrived).find(|&e| e != NO_EVENT).unwrap_or(NO_EVENT)
        }
        Observable::Flow
        | Observable::Exports
        | Observable::ShutIn
        | Observable::Stored
        | Observable::ShareThrough
        | Observable::Dependence
        | Observable::Potential
        | Observable::TransitFees
        | Observable::BenchmarkPrice
        | Observable::ExportRevenue => world.transit.as_ref().map_or(NO_EVENT, |state| state.cause(what)),
        Observable::Compliance
        | Observable::Sanctioned
        | Observable::Welfare
        | Observable::ExportShare
        | Observable::ImportShare
        | Observable::WayRoundIncome => {
            world.trade.as_ref().map_or(NO_EVENT, |state| state.cause(what, about))
        }
        Observable::Requested | Observable::Pending => {
            about.map_or(NO_EVENT, |t| world.treaties[t].requested)
        }
        Observable::Granted | Observable::Refused | Observable::Admissibility | Observable::LeadInFavour => {
            about.map_or(NO_EVENT, |t| world.treaties[t].decided)
        }
        Observable::MissionDays => about.map_or(NO_EVENT, |t| world.treaties[t].arrived),
        Observable::Withdrawing => about.map_or(NO_EVENT, |t| world.treaties[t].ended),
    }
}

/// Everything that expressions read anywhere in a scenario: choices, stocks, actions, treaties, and the outcomes and series
/// that are asked for.
pub(crate) fn all_reads(scenario: &Scenario, measured: &Measured) -> Vec<Reference> {
    reads_beside(scenario, measured, &stocks_read(scenario, measured))
}

fn reads_beside(scenario: &Scenario, measured: &Measured, stocks_read: &[bool]) -> Vec<Reference> {
    let mut reads: Vec<Reference> = reads_of_a_day(scenario, measured, stocks_read);
    for (outcome, _) in scenario.outcomes.iter().zip(&measured.outcomes).filter(|(_, measured)| **measured) {
        if let Measure::Value { value, .. } | Measure::Peak { value } = &outcome.measure {
            reads.extend(value.reads());
        }
    }
    reads
}

/// Whether each stock is read by anything that is simulated or asked for.
pub(crate) fn stocks_read(scenario: &Scenario, measured: &Measured) -> Vec<bool> {
    let mut read = vec![false; scenario.stocks.len()];
    loop {
        let reads = reads_beside(scenario, measured, &read);
        let stocks = reads.iter().filter_map(|reference| match reference {
            Reference::Stock(id) => Some(*id),
            _ => None,
        });
        let before = read.clone();
        stocks.for_each(|id| read[id] = true);
        if read == before {
            return read;
        }
    }
}

/// What is read on days that no outcome is due: everything but the values of outcomes on their day.
pub(crate) fn daily_reads(scenario: &Scenario, measured: &Measured) -> Vec<Reference> {
    reads_of_a_day(scenario, measured, &stocks_read(scenario, measured))
}

fn reads_of_a_day(scenario: &Scenario, measured: &Measured, stocks_read: &[bool]) -> Vec<Reference> {
    let mut reads: Vec<Reference> = Vec::new();
    let mut add = |expression: &Expression| reads.extend(expression.reads());
    for decision in &scenario.decisions {
        add(&decision.when);
        for option in &decision.options {
            add(&option.utility);
            option.actions.iter().flat_map(expressions).for_each(&mut add);
        }
    }
    scenario.shocks.iter().flat_map(|shock| &shock.actions).flat_map(expressions).for_each(&mut add);
    for (stock, _) in scenario.stocks.iter().zip(stocks_read).filter(|(_, read)| **read) {
        stock.change.iter().for_each(&mut add);
    }
    let series = scenario.series.iter().zip(&measured.series).filter(|(_, measured)| **measured);
    series.map(|(series, _)| &series.value).for_each(&mut add);
    for treaty in &scenario.treaties {
        treaty.facts.iter().flatten().for_each(&mut add);
        for voice in &treaty.voices {
            if let Telling::Value(says) = &voice.says {
                add(says);
            }
            voice.when.iter().for_each(&mut add);
        }
        for member in &treaty.members {
            let stakes = &member.stakes;
            [&stakes.interest, &stakes.relation, &stakes.capacity, &stakes.home, &stakes.precedent]
                .into_iter()
                .for_each(&mut add);
        }
    }
    for issue in &scenario.issues {
        let weights = issue.standings.iter().filter_map(|standing| standing.weight.as_ref());
        weights.flat_map(|(capability, salience)| [capability, salience]).for_each(&mut add);
    }
    if let Some(voting) = &scenario.voting {
        for voter in &voting.voters {
            [&voter.position, &voter.severity, &voter.precedent, &voter.pressure, &voter.absence]
                .into_iter()
                .for_each(&mut add);
        }
        voting.resolutions.iter().filter_map(|text| text.when.as_ref()).for_each(&mut add);
        voting.consequences.iter().flatten().flat_map(expressions).for_each(&mut add);
    }
    for (outcome, _) in scenario.outcomes.iter().zip(&measured.outcomes).filter(|(_, measured)| **measured) {
        if let Measure::Peak { value } = &outcome.measure {
            add(value);
        }
    }
    reads
}

/// The states that some action closes or opens routes of.
pub(crate) fn transit_states(scenario: &Scenario) -> Vec<usize> {
    let of_shocks = scenario.shocks.iter().flat_map(|shock| &shock.actions);
    let options = scenario.decisions.iter().flat_map(|decision| &decision.options);
    of_shocks
        .chain(options.flat_map(|option| &option.actions))
        .filter_map(|action| match action {
            Action::Transit { through, .. } => Some(*through),
            _ => None,
        })
        .collect()
}

fn expressions(action: &Action) -> Vec<&Expression> {
    match action {
        Action::Price { index: value, .. }
        | Action::Internet { access: value }
        | Action::Mobilise { persons: value }
        | Action::Legitimacy { by: value }
        | Action::Loyalty { by: value }
        | Action::Relation { by: value, .. }
        | Action::Shift { by: value, .. }
        | Action::Move { by: value, .. }
        | Action::ExtendMission { by: value, .. }
        | Action::Supply { share: value, .. }
        | Action::Compliance { level: value }
        | Action::Membership { own_tariff: value, .. } => vec![value],
        Action::LimitRoute { share, days, .. } => std::iter::once(share).chain(days).collect(),
        Action::Emergency { .. }
        | Action::LiftEmergency
        | Action::LethalForce { .. }
        | Action::Frame
        | Action::Request { .. }
        | Action::EndMission { .. }
        | Action::WithdrawRequest { .. }
        | Action::Transit { .. }
        | Action::Sanction { .. } => Vec::new(),
    }
}
