//! The kinds of events a history can contain: the closed vocabulary shared by outcomes and the engine's chronicle.

use crate::scenario::trade::SanctionId;
use crate::scenario::transit::RouteId;
use crate::scenario::{ActorId, PlaceId, TreatyId};

/// What an event is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Subject {
    /// The focus state as a whole.
    Nation,
    /// A place.
    Place(PlaceId),
    /// An actor (a member of a treaty, usually).
    Actor(ActorId),
    /// A treaty.
    Treaty(TreatyId),
    /// A shock (index).
    Shock(usize),
    /// An option of a decision (indices).
    Option(usize, usize),
    /// An issue (index).
    Issue(usize),
    /// A resolution (index).
    Resolution(usize),
    /// A state's vote on a resolution: index of the resolution, then of the state among those who vote.
    Vote(usize, usize),
    /// A route.
    Route(RouteId),
    /// A package of sanctions.
    Sanction(SanctionId),
}

macro_rules! event_kinds {
    ($($variant:ident $name:literal $meaning:literal;)*) => {
        /// Kinds of events.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum EventKind { $(#[doc = $meaning] $variant),* }
        impl EventKind {
            /// Every kind, in the order of the documentation.
            pub const ALL: &'static [EventKind] = &[$(EventKind::$variant),*];
            /// The word that stands for it in files and tables.
            pub fn name(self) -> &'static str { match self { $(EventKind::$variant => $name),* } }
            /// What it means, in one line.
            pub fn meaning(self) -> &'static str { match self { $(EventKind::$variant => $meaning),* } }
            /// The kind of that name.
            pub fn named(name: &str) -> Option<EventKind> { match name { $($name => Some(EventKind::$variant),)* _ => None } }
        }
    };
}

event_kinds! {
    Shock "shock" "A dated change from outside (subject: the shock).";
    Choice "choice" "An actor chose an option that acts (subject: the option).";
    ProtestBegins "protest_begins" "First protest in a place.";
    ViolenceBegins "violence_begins" "First violence in a place.";
    SiteSeized "site_seized" "Rioters seize a first key site of a place.";
    SitesRecaptured "sites_recaptured" "Forces hold all key sites of a place again.";
    OrderRestored "order_restored" "A place that was in disorder is in order again.";
    CountryInOrder "country_in_order" "Every place is in order again after disorder.";
    FirstDeath "first_death" "First person killed in the country.";
    EmergencyBegins "emergency_begins" "A state of emergency begins in some place.";
    EmergencyNationwide "emergency_nationwide" "The state of emergency covers the whole country.";
    EmergencyLifted "emergency_lifted" "The state of emergency ends.";
    InternetCut "internet_cut" "Internet access falls.";
    InternetRestored "internet_restored" "Internet access is back.";
    ForcesMobilised "forces_mobilised" "Further forces are called up.";
    ShootingAllowed "shooting_allowed" "Forces are allowed to shoot.";
    FramedForeign "framed_foreign" "The leadership calls the unrest an attack from abroad.";
    Requested "requested" "Help is requested under a treaty.";
    VotedYes "voted_yes" "A member votes for the request.";
    VotedNo "voted_no" "A member votes against the request.";
    Abstained "abstained" "A member abstains on the request.";
    Granted "granted" "The alliance grants the request.";
    Refused "refused" "The alliance refuses the request.";
    LesserAnswer "lesser_answer" "The alliance gives something less than was asked (amount: number of the answer in the treaty's list, from 1).";
    RequestLapsed "request_lapsed" "A request runs out of time without an answer.";
    RequestWithdrawn "request_withdrawn" "The requester takes its request back.";
    Ratified "ratified" "A member's parliament consents.";
    RatificationFailed "ratification_failed" "A member's parliament does not consent.";
    PledgeLapsed "pledge_lapsed" "A member's pledge lapses: its parliament does not consent, or its time is up (amount: soldiers who do not come).";
    RequestCalledOff "request_called_off" "The requester calls off help that was granted and is not all there yet (amount: soldiers who do not come).";
    PledgeReleased "pledge_released" "A member is released from the rest of its pledge: help was called off or the mandate ended (amount: soldiers who do not come).";
    TroopsArrive "troops_arrive" "First troops of a member arrive.";
    MandateEnds "mandate_ends" "The mission's mandate ends and withdrawal begins.";
    TroopsLeave "troops_leave" "The last troops of a member leave.";
    DeadlineMissed "deadline_missed" "Foreign troops are still in the country after the deadline they were to leave by.";
    DeadlineKept "deadline_kept" "The last foreign soldier has left by the deadline.";
    MissionOver "mission_over" "The last foreign soldier has left.";
    MissionLapsed "mission_lapsed" "A mission ends before it began: nobody came, and nobody is left who could.";
    Bargain "bargain" "A round of bargaining moves positions on an issue (amount: points moved by the focus state).";
    PutToVote "put_to_vote" "A resolution is put to the vote (amount: its severity).";
    VoteFor "vote_for" "A state votes for a resolution (subject: the resolution and the state).";
    VoteAbstain "vote_abstain" "A state abstains on a resolution (subject: the resolution and the state).";
    VoteAgainst "vote_against" "A state votes against a resolution (subject: the resolution and the state).";
    VoteAbsent "vote_absent" "A state stays away from the vote on a resolution (subject: the resolution and the state).";
    RouteLimited "route_limited" "A route's capacity is set to a share of the usual.";
    RouteDamaged "route_damaged" "An accident takes a part of a route's capacity.";
    RouteRestored "route_restored" "A route has its usual capacity again.";
    TransitClosed "transit_closed" "A state closes its routes.";
    TransitOpened "transit_opened" "A state opens its routes again.";
    ContractsRest "contracts_rest" "Contracts on routes cannot all be kept and rest.";
    ExportsFall "exports_fall" "Less reaches the markets than before.";
    ExportsRise "exports_rise" "More reaches the markets than before.";
    SanctionBegins "sanction_begins" "A package of sanctions comes into force.";
    SanctionEnds "sanction_ends" "A package of sanctions is lifted.";
    ComplianceSet "compliance_set" "The focus state changes how far it enforces others' sanctions.";
    UnionLeft "union_left" "A state leaves a customs union.";
    UnionJoined "union_joined" "A state joins a customs union.";
}

impl EventKind {
    /// Whether such an event is about a treaty: a request under it, the answer, or the mission.
    #[must_use]
    pub fn is_of_treaty(self) -> bool {
        matches!(
            self,
            EventKind::Requested
                | EventKind::Granted
                | EventKind::Refused
                | EventKind::LesserAnswer
                | EventKind::RequestLapsed
                | EventKind::RequestWithdrawn
                | EventKind::RequestCalledOff
                | EventKind::DeadlineMissed
                | EventKind::DeadlineKept
                | EventKind::MandateEnds
                | EventKind::MissionOver
                | EventKind::MissionLapsed
        )
    }
}

/// A pattern that events are matched against: a kind, and a subject if one is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trigger {
    /// The kind.
    pub kind: EventKind,
    /// The subject, or any.
    pub subject: Option<Subject>,
}
