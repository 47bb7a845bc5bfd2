//! Beliefs in the framing: who is told that the unrest is an attack from abroad believes it by its credulity, and what
//! the evidence shows moves the belief from then on.

use equipoise_scenario::Scenario;
use equipoise_scenario::chronicle::{EventKind, Subject};
use equipoise_scenario::scenario::Treaty;

use crate::history::{EventId, History};
use crate::observe::evaluate;
use crate::world::World;

/// Calling the unrest an attack from abroad moves the belief of each who hears it towards certainty by its credulity.
pub(crate) fn frame(world: &mut World, scenario: &Scenario, cause: EventId, history: &mut History) {
    if world.state.framed.value > 0.0 {
        return;
    }
    let event = history.record(world.day, 0, EventKind::FramedForeign, Subject::Nation, 0.0, &[cause]);
    world.state.framed.set(1.0, event);
    for treaty in &scenario.treaties {
        for (actor, credulity) in hearers(treaty) {
            let credulity = world.parameters[credulity].clamp(0.0, 1.0);
            let belief = &mut world.actors[actor].belief;
            belief.set(belief.value + credulity * (1.0 - belief.value), event);
        }
    }
}

/// A day of evidence: the same share of the gap between each belief and what is shown closes every day (ours).
pub(super) fn follow_evidence(world: &mut World, treaty: &Treaty) {
    let Some((rate, evidence)) = &treaty.evidence else { return };
    let rate = world.parameters[*rate].clamp(0.0, 1.0);
    let shown = evaluate(world, evidence).clamp(0.0, 1.0);
    for (actor, _) in hearers(treaty) {
        let belief = &mut world.actors[actor].belief;
        belief.value += rate * (shown - belief.value);
    }
}

/// Members and audience, each with the parameter of its credulity.
fn hearers(treaty: &Treaty) -> impl Iterator<Item = (usize, usize)> + '_ {
    let members = treaty.members.iter().map(|member| (member.actor, member.credulity));
    members.chain(treaty.audience.iter().copied())
}
