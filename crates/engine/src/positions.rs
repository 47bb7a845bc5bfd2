//! Bargaining: on the days of a round the actors bargain over each issue, go part of the way to the bargain, and the
//! relations of the focus state follow what positions make of them.
//!
//! A round is so many turns of a published model (`equipoise_models::bargaining`) from today's positions, with the
//! capabilities and saliences of the day. Two steps around it are ours: actor i moves from xᵢ to
//! xᵢ + adoption·(bargainᵢ − xᵢ); and a relation r moves to r + pull·(a − r), where the agreement
//! a = 100 − Σₖ sₖ|x_focus,ₖ − x_actor,ₖ| / Σₖ sₖ over the issues k both stand on, with the focus state's saliences s.

use equipoise_models::bargaining::{Actors, Line, eum, smp};
use equipoise_scenario::chronicle::{EventKind, Subject};
use equipoise_scenario::scenario::{Bargaining, BargainingModel, Issue};

use crate::actions::Reads;
use crate::history::{EventId, History, NO_EVENT};
use crate::observe::trace;
use crate::recall::{Fingerprint, Memory};
use crate::world::World;

/// Capabilities beyond this the models do not take.
const MOST_CAPABILITY: f64 = 1e8;
/// The kind of work that is recalled; the model is the scenario's.
const BARGAINING: u64 = 1;
/// Saliences below this count as none.
const LEAST_SALIENCE: f64 = 1e-9;

/// One round over all issues.
pub(crate) fn round(
    world: &mut World,
    reads: &Reads<'_>,
    memory: &mut Memory<'_>,
    bargaining: &Bargaining,
    causes: &mut Vec<EventId>,
    history: &mut History,
) {
    let mut last = NO_EVENT;
    for (i, issue) in reads.scenario.issues.iter().enumerate() {
        let event = bargain(world, reads, memory, (bargaining, i, issue), causes, history);
        if event != NO_EVENT {
            last = event;
        }
    }
    if last != NO_EVENT {
        follow(world, reads, bargaining, last);
    }
}

/// One round on one issue; no event where nobody is there to bargain.
fn bargain(
    world: &mut World,
    reads: &Reads<'_>,
    memory: &mut Memory<'_>,
    (bargaining, i, issue): (&Bargaining, usize, &Issue),
    causes: &mut Vec<EventId>,
    history: &mut History,
) -> EventId {
    let issues = reads.scenario.issues.len();
    causes.clear();
    let most = issue.standings.len();
    let (mut who, mut capability) = (Vec::with_capacity(most), Vec::with_capacity(most));
    let (mut positions, mut saliences) = (Vec::with_capacity(most), Vec::with_capacity(most));
    for (standing, formulas) in issue.standings.iter().zip(&reads.formulas.weights[i]) {
        let (Some((strength, attention)), Some(formulas)) = (&standing.weight, formulas) else { continue };
        let [weight, salience] = formulas.each_ref().map(|formula| formula.value(world));
        let salience = salience.clamp(0.0, 1.0);
        if salience < LEAST_SALIENCE {
            continue;
        }
        trace(world, reads.scenario, strength, causes);
        trace(world, reads.scenario, attention, causes);
        let position = world.positions[standing.actor * issues + i];
        causes.push(position.cause);
        who.push(standing.actor);
        capability.push(weight.clamp(0.0, MOST_CAPABILITY));
        positions.push(position.value);
        saliences.push(salience * 100.0);
    }
    let turns = world.parameters[bargaining.turns].round().max(1.0) as usize;
    // Fewer than two actors, or none with any capability: nobody bargains.
    let Ok(line) = Line::new(&capability, &positions, &saliences) else { return NO_EVENT };
    let print = Fingerprint::new(BARGAINING).with(&[turns as f64]);
    let print = print.with(&capability).with(&positions).with(&saliences);
    let bargained = memory.recall(print, || outcome(&line, bargaining.model, turns));
    let Some(bargained) = bargained else { return NO_EVENT };
    let adoption = world.parameters[bargaining.adoption].clamp(0.0, 1.0);
    let moved = |world: &World, actor: usize, to: f64| {
        let from = world.positions[actor * issues + i].value;
        (from + adoption * (to - from)).clamp(0.0, 100.0)
    };
    let focus = who.iter().position(|&actor| actor == reads.scenario.focus);
    let amount = focus
        .map_or(0.0, |at| moved(world, who[at], bargained[at]) - world.positions[who[at] * issues + i].value);
    let event = history.record(world.day, 0, EventKind::Bargain, Subject::Issue(i), amount, causes);
    for (&actor, &to) in who.iter().zip(&bargained) {
        let value = moved(world, actor, to);
        world.positions[actor * issues + i].set(value, event);
    }
    event
}

/// Where the model leaves each actor.
fn outcome(line: &Line<'_>, model: BargainingModel, turns: usize) -> Option<Vec<f64>> {
    match model {
        BargainingModel::Smp => {
            let options = smp::Options { most_turns: turns, ..smp::Options::default() };
            smp::last_positions_on_a_line(line, &options).ok()
        }
        BargainingModel::Eum(options) => {
            let rows = |list: &[f64]| list.iter().map(|value| vec![*value]).collect();
            // Names only key random draws, and here nothing is drawn.
            let names = vec![String::new(); line.capability().len()];
            let (positions, saliences) = (rows(line.positions()), rows(line.saliences()));
            let actors = Actors::new(names, line.capability().to_vec(), positions, saliences).ok()?;
            Some(eum::run(&actors, &options, turns).ok()?.last()?.positions.clone())
        }
    }
}

/// Relations follow positions.
fn follow(world: &mut World, reads: &Reads<'_>, bargaining: &Bargaining, event: EventId) {
    let scenario = reads.scenario;
    let pull = world.parameters[bargaining.relation_pull].clamp(0.0, 1.0);
    if pull == 0.0 {
        return;
    }
    // Of each actor the focus state has a relation with: how far apart they are, and what that is weighed by.
    let mut sums = vec![(0.0, 0.0); scenario.relations.len()];
    for (i, issue) in scenario.issues.iter().enumerate() {
        let on = |who: usize| issue.standings.iter().position(|standing| standing.actor == who);
        let Some(own) = on(scenario.focus) else { continue };
        let weight = reads.formulas.weights[i][own]
            .as_ref()
            .map_or(1.0, |[_, attention]| attention.value(world).clamp(0.0, 1.0));
        let at = |who: usize| world.positions[who * scenario.issues.len() + i].value;
        for ((apart, weights), &(actor, _)) in sums.iter_mut().zip(&scenario.relations) {
            if on(actor).is_some() {
                *apart += weight * (at(scenario.focus) - at(actor)).abs();
                *weights += weight;
            }
        }
    }
    for ((apart, weights), &(actor, _)) in sums.into_iter().zip(&scenario.relations) {
        if weights > 0.0 {
            let relation = &mut world.actors[actor].relation;
            let value = relation.value + pull * (100.0 - apart / weights - relation.value);
            relation.set(value.clamp(0.0, 100.0), event);
        }
    }
}
