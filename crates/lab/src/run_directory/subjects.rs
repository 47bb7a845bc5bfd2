//! Names of what events are about, as tables write them.

use equipoise_scenario::Scenario;
use equipoise_scenario::chronicle::Subject;

/// The name of every possible subject of a scenario.
#[derive(Debug, Clone)]
pub(crate) struct Subjects {
    names: Vec<String>,
    places: usize,
    actors: usize,
    treaties: usize,
    shocks: usize,
    decisions: Vec<usize>,
    issues: usize,
    /// Resolutions stand after the issues, and after them the votes on each.
    resolutions: usize,
    votes: usize,
    voters: usize,
    routes: usize,
    sanctions: usize,
}

impl Subjects {
    /// The names in a scenario: the id of a place, actor, treaty, shock, issue, resolution, route or package of
    /// sanctions; `decision.option`; `resolution.STATE`; nothing for the nation.
    pub(crate) fn of(scenario: &Scenario) -> Subjects {
        let mut names = vec![String::new()];
        let places = names.len();
        names.extend(scenario.places.iter().map(|place| place.id.clone()));
        let actors = names.len();
        names.extend(scenario.actors.iter().map(|actor| actor.id.clone()));
        let treaties = names.len();
        names.extend(scenario.treaties.iter().map(|treaty| treaty.id.clone()));
        let shocks = names.len();
        names.extend(scenario.shocks.iter().map(|shock| shock.id.clone()));
        let mut decisions = Vec::new();
        for decision in &scenario.decisions {
            decisions.push(names.len());
            for option in &decision.options {
                names.push(format!("{}.{}", decision.id, option.id));
            }
        }
        let issues = names.len();
        names.extend(scenario.issues.iter().map(|issue| issue.id.clone()));
        let resolutions = names.len();
        let voting = scenario.voting.as_ref();
        let texts = voting.map_or(&[][..], |voting| &voting.resolutions);
        names.extend(texts.iter().map(|text| text.id.clone()));
        let votes = names.len();
        let voters = voting.map_or(&[][..], |voting| &voting.voters);
        for text in texts {
            names.extend(
                voters.iter().map(|voter| format!("{}.{}", text.id, scenario.actors[voter.actor].id)),
            );
        }
        let voters = voters.len();
        let routes = names.len();
        names.extend(scenario.transit.iter().flat_map(|t| &t.routes).map(|route| route.id.clone()));
        let sanctions = names.len();
        names.extend(scenario.trade.iter().flat_map(|t| &t.sanctions).map(|package| package.id.clone()));
        Subjects {
            names,
            places,
            actors,
            treaties,
            shocks,
            decisions,
            issues,
            resolutions,
            votes,
            voters,
            routes,
            sanctions,
        }
    }

    /// All names; [`Subjects::index`] points into them.
    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// The place of a subject's name in [`Subjects::names`].
    pub(crate) fn index(&self, subject: Subject) -> usize {
        match subject {
            Subject::Nation => 0,
            Subject::Place(place) => self.places + place,
            Subject::Actor(actor) => self.actors + actor,
            Subject::Treaty(treaty) => self.treaties + treaty,
            Subject::Shock(shock) => self.shocks + shock,
            Subject::Option(decision, option) => self.decisions[decision] + option,
            Subject::Issue(issue) => self.issues + issue,
            Subject::Resolution(resolution) => self.resolutions + resolution,
            Subject::Vote(resolution, voter) => self.votes + resolution * self.voters + voter,
            Subject::Route(route) => self.routes + route,
            Subject::Sanction(package) => self.sanctions + package,
        }
    }

    /// The name of a subject.
    pub(crate) fn name(&self, subject: Subject) -> &str {
        &self.names[self.index(subject)]
    }
}
