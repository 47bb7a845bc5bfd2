//! The closed vocabulary of expressions: what can be observed in the world, with its unit and what it is about.
//!
//! The engine gives each word its value; here stand only names, units and meanings, so that files can be checked
//! without running anything and `equipoise schema` can print the list.

use crate::unit::Unit;

/// What an observable is asked about, written in parentheses after its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum About {
    /// The focus state as a whole: no argument.
    Nation,
    /// A place, or the whole country when the argument is left out.
    NationOrPlace,
    /// An actor, or the sum over all when the argument is left out.
    NationOrActor,
    /// An actor: the argument is needed.
    Actor,
    /// A treaty: the argument is needed.
    Treaty,
    /// An actor and an issue: both arguments are needed, in this order. Their index is actor × issues + issue.
    ActorOnIssue,
    /// An actor and a resolution: both arguments are needed, in this order. Their index is actor × resolutions +
    /// resolution.
    ActorOnResolution,
    /// A route: the argument is needed.
    Route,
    /// A node of the network of routes, or the sum over all when the argument is left out.
    NationOrNode,
}

macro_rules! observables {
    ($($variant:ident $name:literal $about:ident $unit:expr, $meaning:literal;)*) => {
        /// One thing an expression can read off the world on the day it is evaluated.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Observable { $(#[doc = $meaning] $variant),* }

        impl Observable {
            /// Every observable, in the order of the documentation.
            pub const ALL: &'static [Observable] = &[$(Observable::$variant),*];
            /// The word that stands for it in an expression.
            pub fn name(self) -> &'static str { match self { $(Observable::$variant => $name),* } }
            /// What its argument names.
            pub fn about(self) -> About { match self { $(Observable::$variant => About::$about),* } }
            /// Its unit.
            pub fn unit(self) -> Unit { match self { $(Observable::$variant => $unit),* } }
            /// What it means, in one line.
            pub fn meaning(self) -> &'static str { match self { $(Observable::$variant => $meaning),* } }
            /// The observable of that name.
            pub fn named(name: &str) -> Option<Observable> {
                match name { $($name => Some(Observable::$variant),)* _ => None }
            }
        }
    };
}

observables! {
    Day "day" Nation Unit::DAYS, "Days since the start of the simulation.";
    Participants "participants" NationOrPlace Unit::PERSONS, "People protesting in the street today, peaceful or violent.";
    Violent "violent" NationOrPlace Unit::PERSONS, "People taking part in violence today.";
    PlacesInProtest "places_in_protest" Nation Unit::NUMBER, "Places with people protesting today.";
    PlacesInDisorder "places_in_disorder" Nation Unit::NUMBER, "Places with violence or seized sites today.";
    SitesHeld "sites_held" NationOrPlace Unit::NUMBER, "Key sites held by rioters.";
    OrderDays "order_days" NationOrPlace Unit::DAYS, "Days since any place (or the named one) was last in disorder; zero while there is disorder or before any.";
    DisorderDays "disorder_days" Nation Unit::DAYS, "Days in a row, up to today, with disorder somewhere.";
    Disordered "disordered" Nation Unit::YES_NO, "There has been disorder somewhere, today or before.";
    Detained "detained" NationOrPlace Unit::PERSONS, "People detained so far.";
    Killed "killed" NationOrPlace Unit::PERSONS, "People killed so far, officers included.";
    KilledOfficers "killed_officers" NationOrPlace Unit::PERSONS, "Officers killed so far.";
    Injured "injured" NationOrPlace Unit::PERSONS, "People injured so far.";
    ReportedKilled "reported_killed" Nation Unit::PERSONS, "People killed so far, as reported by today.";
    ReportedInjured "reported_injured" Nation Unit::PERSONS, "People injured so far, as reported by today.";
    ReportedDetained "reported_detained" Nation Unit::PERSONS, "People detained so far, as reported by today.";
    FreeForce "free_force" Nation Unit::PERSONS, "National forces not tied to guard duty, whole country.";
    Strain "strain" Nation Unit::NUMBER, "Participants in disordered places per member of the forces there; zero without disorder.";
    PriceIndex "price_index" NationOrPlace Unit::NUMBER, "Price of the shocked fuel over its price before the shock (population mean without argument).";
    Legitimacy "legitimacy" Nation Unit::NUMBER, "Legitimacy of the government, 0 to 1.";
    Loyalty "loyalty" Nation Unit::NUMBER, "Share of the forces that follow orders, 0 to 1.";
    Internet "internet" Nation Unit::NUMBER, "Share of normal internet access that is on, 0 to 1.";
    Emergency "emergency" NationOrPlace Unit::NUMBER, "Share of the population under a state of emergency, 0 to 1.";
    LethalForce "lethal_force" Nation Unit::YES_NO, "Forces are allowed to shoot.";
    Framed "framed" Nation Unit::YES_NO, "The leadership has called the unrest an attack from abroad.";
    Belief "belief" Actor Unit::NUMBER, "How far an actor believes that the unrest is an attack from abroad, 0 to 1.";
    Requested "requested" Treaty Unit::YES_NO, "Help has been requested under the treaty.";
    Pending "pending" Treaty Unit::YES_NO, "A request under the treaty waits for its decision.";
    Granted "granted" Treaty Unit::YES_NO, "The request under the treaty has been granted.";
    Refused "refused" Treaty Unit::YES_NO, "The last request under the treaty has been refused.";
    Admissibility "admissibility" Treaty Unit::NUMBER, "How far the treaty's clauses in force cover the case, 0 to 1, as last tested.";
    LeadInFavour "lead_in_favour" Treaty Unit::YES_NO, "The leading member has voted for the request under decision.";
    Troops "troops" NationOrActor Unit::PERSONS, "Foreign troops in the country on request.";
    Awaited "awaited" NationOrActor Unit::PERSONS, "Foreign soldiers pledged on request who may still come.";
    CalledOff "called_off" Treaty Unit::YES_NO, "Help granted under the treaty was called off before all of it had come.";
    MissionDays "mission_days" Treaty Unit::DAYS, "Days since the first foreign troops arrived under the treaty; zero before.";
    Withdrawing "withdrawing" Treaty Unit::YES_NO, "The mission under the treaty is leaving or has left.";
    DeadlineMissed "deadline_missed" Treaty Unit::YES_NO, "Foreign troops stayed beyond the deadline they were to leave by.";
    DeadlineKept "deadline_kept" Treaty Unit::YES_NO, "The last foreign soldier left by the deadline.";
    GuardsFreed "guards_freed" Nation Unit::PERSONS, "National guards whom foreign soldiers relieve at strategic sites today.";
    Relation "relation" Actor Unit::POINTS, "Relation of the focus state with an actor, 0 (hostile) to 100 (close).";
    Position "position" ActorOnIssue Unit::POINTS, "Where an actor stands on an issue, 0 to 100; the middle where it has no position.";
    VotedFor "voted_for" ActorOnResolution Unit::YES_NO, "A state has voted for a resolution.";
    AbstainedOn "abstained_on" ActorOnResolution Unit::YES_NO, "A state has abstained on a resolution.";
    VotedAgainst "voted_against" ActorOnResolution Unit::YES_NO, "A state has voted against a resolution.";
    AbsentFrom "absent_from" ActorOnResolution Unit::YES_NO, "A state has stayed away from the vote on a resolution.";
    Severity "severity" Nation Unit::NUMBER, "Severity of the resolution under vote, 0 to 1; zero at other times.";
    LastVote "last_vote" Actor Unit::NUMBER, "How a state voted on the predecessor of the resolution under vote: 1 for, -1 against, 0 otherwise.";
    WasAbsent "was_absent" Actor Unit::YES_NO, "A state stayed away from the vote on the predecessor of the resolution under vote.";
    Flow "flow_mt_per_year" Route Unit::NUMBER, "What a route carries, million tonnes a year.";
    Exports "exports_mt_per_year" Nation Unit::NUMBER, "What all markets get over the routes, million tonnes a year.";
    ShutIn "shut_in_mt_per_year" Nation Unit::NUMBER, "What is on offer but stays in the ground, million tonnes a year.";
    Stored "stored_mt" NationOrNode Unit::NUMBER, "What tanks hold at the end of the day, million tonnes.";
    ShareThrough "share_through" Actor Unit::NUMBER, "Share of what markets get that crosses an actor, 0 to 1.";
    Dependence "dependence" Actor Unit::NUMBER, "Share of the netback of exports that would be lost if an actor closed its routes, after rerouting, 0 to 1.";
    Potential "potential_mt_per_year" Actor Unit::NUMBER, "The most that could be sold to a buyer over routes that cross no avoided state, million tonnes a year.";
    TransitFees "transit_fees" Actor Unit::USD_PER_DAY, "What shippers pay for the routes that cross an actor.";
    BenchmarkPrice "benchmark_price" Nation Unit::USD_PER_TONNE, "Benchmark price of the commodity on the routes.";
    ExportRevenue "export_revenue" Nation Unit::USD_PER_DAY, "What markets pay for what the routes bring.";
    Compliance "compliance" Nation Unit::NUMBER, "How far the focus state enforces others' sanctions, 0 to 1.";
    Sanctioned "sanctioned" Actor Unit::YES_NO, "A package of sanctions against an actor is in force.";
    Welfare "welfare_percent" Actor Unit::NUMBER, "Change of an actor's welfare by the trade measures in force, in per cent; zero while there are none.";
    ExportShare "export_share" Actor Unit::NUMBER, "Share of the focus state's exports that goes to an actor.";
    ImportShare "import_share" Actor Unit::NUMBER, "Share of the focus state's imports that comes from an actor.";
    WayRoundIncome "way_round_income" Nation Unit::USD_PER_DAY, "What the focus state earns on sanctioned goods that go round through it.";
}
