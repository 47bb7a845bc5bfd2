//! What is kept of the places, and of the country as a whole.

use super::Traced;
use crate::history::{EventId, NO_EVENT};

/// People and forces in one place.
#[derive(Debug, Clone)]
pub(crate) struct PlaceState {
    /// Grievance that does not depend on prices, at no legitimacy at all.
    pub standing_grievance: f64,
    /// What a doubling of the fuel price adds to it, before it fades.
    pub price_response: f64,
    /// Grievance above which protest starts on its own.
    pub threshold: f64,
    /// Could still be mobilised.
    pub susceptible: u64,
    /// Protest peacefully today.
    pub peaceful: u64,
    /// Take part in violence today.
    pub violent: u64,
    /// Took part in violence and went home.
    pub fugitive: u64,
    /// Detained so far.
    pub detained: u64,
    /// Killed so far, officers apart.
    pub killed_civilians: u64,
    /// Officers killed so far.
    pub killed_officers: u64,
    /// Injured so far.
    pub injured: u64,
    /// Key sites in the hands of rioters.
    pub sites_held: u32,
    /// Members of the reserve sent here.
    pub reserve: f64,
    /// All forces here today.
    pub force: f64,
    /// Fuel price over its price before the shock.
    pub price_index: Traced,
    /// The day of its last change.
    pub price_day: u32,
    /// State of emergency, as 0 or 1.
    pub emergency: Traced,
    /// First protest.
    pub protest: EventId,
    /// Begin of the present or last violence.
    pub violence: EventId,
    /// Last seizure or recapture of a site.
    pub sites: EventId,
    /// Last change of any kind in the order of the place.
    pub order: EventId,
    /// In disorder since violence began, until order is restored.
    pub disordered: bool,
    /// Days since order was restored; zero before.
    pub order_days: u32,
}

impl PlaceState {
    /// Protesters of both kinds.
    pub fn crowd(&self) -> u64 {
        self.peaceful + self.violent
    }

    /// Violence or a seized site.
    pub fn in_disorder(&self) -> bool {
        self.violent > 0 || self.sites_held > 0
    }
}

/// Sums over all places.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Totals {
    pub participants: f64,
    pub violent: f64,
    pub places_in_protest: f64,
    pub places_in_disorder: f64,
    pub sites_held: f64,
    pub detained: f64,
    pub killed: f64,
    pub killed_officers: f64,
    pub injured: f64,
    pub fugitive: f64,
    /// Protesters in disordered places, and forces there.
    pub crowd_in_disorder: f64,
    pub force_in_disorder: f64,
    /// Population means.
    pub price_index: f64,
    pub emergency: f64,
}

/// The government and its forces.
#[derive(Debug, Clone)]
pub(crate) struct StateOfAffairs {
    pub legitimacy: Traced,
    pub loyalty: Traced,
    pub internet: Traced,
    pub lethal_force: Traced,
    pub framed: Traced,
    /// Share of the reserve that is ready.
    pub reserve_ready: Traced,
    /// Persons called up beside the reserve.
    pub called_up: f64,
    /// Reserve not tied to guard duty.
    pub free_reserve: f64,
    /// Guards relieved by foreign soldiers.
    pub guards_freed: f64,
    /// First death.
    pub deaths: EventId,
    /// The last event that began, ended or spread the emergency.
    pub emergency: EventId,
    /// Order everywhere after disorder.
    pub country_in_order: EventId,
    pub disordered: bool,
    pub order_days: u32,
    pub disorder_days: u32,
    pub killed_yesterday: f64,
    /// A legitimacy under which no place had a reason to protest on its own, as long as no price rises.
    pub borne: Option<f64>,
}

impl StateOfAffairs {
    pub fn calm() -> StateOfAffairs {
        StateOfAffairs {
            legitimacy: Traced::new(1.0),
            loyalty: Traced::new(1.0),
            internet: Traced::new(1.0),
            lethal_force: Traced::new(0.0),
            framed: Traced::new(0.0),
            reserve_ready: Traced::new(1.0),
            called_up: 0.0,
            free_reserve: 0.0,
            guards_freed: 0.0,
            deaths: NO_EVENT,
            emergency: NO_EVENT,
            country_in_order: NO_EVENT,
            disordered: false,
            order_days: 0,
            disorder_days: 0,
            killed_yesterday: 0.0,
            borne: None,
        }
    }
}

impl PlaceState {
    pub fn empty() -> PlaceState {
        PlaceState {
            standing_grievance: 0.0,
            price_response: 0.0,
            threshold: 0.0,
            susceptible: 0,
            peaceful: 0,
            violent: 0,
            fugitive: 0,
            detained: 0,
            killed_civilians: 0,
            killed_officers: 0,
            injured: 0,
            sites_held: 0,
            reserve: 0.0,
            force: 0.0,
            price_index: Traced::new(1.0),
            price_day: 0,
            emergency: Traced::new(0.0),
            protest: NO_EVENT,
            violence: NO_EVENT,
            sites: NO_EVENT,
            order: NO_EVENT,
            disordered: false,
            order_days: 0,
        }
    }
}
