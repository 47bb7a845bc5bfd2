//! Names turned into the keys of keyed randomness, once per scenario.
//!
//! Keys are hashes of names, so adding an actor, a place or a decision leaves the draws of all others as they were.

use equipoise_models::noise::{Stream, entity};
use equipoise_scenario::Scenario;

/// First protest, spread, violence, arrests, casualties in a place.
pub(crate) const UNREST: Stream = Stream::named("unrest");
/// Choices of actors.
pub(crate) const DECISION: Stream = Stream::named("decision");
/// Hours at which requests go out.
pub(crate) const CLOCK: Stream = Stream::named("clock");
/// Hours that the stages of a request take.
pub(crate) const STAGE: Stream = Stream::named("stage");
/// Ballots of members of a treaty.
pub(crate) const BALLOT: Stream = Stream::named("ballot");
/// Accidents on routes.
pub(crate) const ROUTE: Stream = Stream::named("route");
/// Attendance and votes in a member's parliament.
pub(crate) const CHAMBER: Stream = Stream::named("chamber");

/// Errors of reports.
pub(crate) const REPORT: Stream = Stream::named("report");
/// Votes of states on resolutions.
pub(crate) const RESOLUTION: Stream = Stream::named("resolution");

/// Keys of everything that draws.
#[derive(Debug, Clone)]
pub(crate) struct Keys {
    pub places: Vec<u32>,
    pub decisions: Vec<u32>,
    /// By decision, then option.
    pub options: Vec<Vec<u32>>,
    pub treaties: Vec<u32>,
    pub routes: Vec<u32>,
    /// By treaty, then member.
    pub members: Vec<Vec<u32>>,
    /// By resolution, then by state among those who vote.
    pub votes: Vec<Vec<u32>>,
}

impl Keys {
    pub fn new(scenario: &Scenario) -> Keys {
        Keys {
            places: scenario.places.iter().map(|place| entity(&place.id)).collect(),
            decisions: scenario.decisions.iter().map(|decision| entity(&decision.id)).collect(),
            options: scenario
                .decisions
                .iter()
                .map(|decision| decision.options.iter().map(|option| entity(&option.id)).collect())
                .collect(),
            treaties: scenario.treaties.iter().map(|treaty| entity(&treaty.id)).collect(),
            routes: scenario.transit.iter().flat_map(|t| &t.routes).map(|route| entity(&route.id)).collect(),
            members: scenario
                .treaties
                .iter()
                .map(|treaty| {
                    let name = |actor: usize| format!("{}/{}", treaty.id, scenario.actors[actor].id);
                    treaty.members.iter().map(|member| entity(&name(member.actor))).collect()
                })
                .collect(),
            votes: scenario
                .voting
                .iter()
                .flat_map(|voting| {
                    voting.resolutions.iter().map(|resolution| {
                        let name = |actor: usize| format!("{}/{}", resolution.id, scenario.actors[actor].id);
                        voting.voters.iter().map(|voter| entity(&name(voter.actor))).collect()
                    })
                })
                .collect(),
        }
    }
}
