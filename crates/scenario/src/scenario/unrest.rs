//! The parameters of unrest, forces, legitimacy and reports of casualties, each in the table of its name.

use super::ParameterId;
use crate::unit::Unit;

parameter_table! {
    /// The parameters of unrest: names in the `[unrest]` table of a scenario. The equations stand in the engine's unrest step.
    Unrest {
        /// Share of inhabitants who could be mobilised at all (the susceptible pool, ζ).
        mobilisable_share: Unit::NUMBER,
        /// Weight of the price shock, times dependence, in grievance beside standing grievance.
        price_weight: Unit::NUMBER,
        /// Rate at which a price rise fades from grievance as people get used to it.
        shock_fading_rate: Unit::PER_DAY,
        /// Grievance above which people start a protest on their own.
        onset_threshold: Unit::NUMBER,
        /// Rate of joining without any example, per unit of grievance above the threshold.
        onset_rate: Unit::PER_DAY,
        /// Largest rate of joining by example, per unit of grievance (η).
        contagion_rate: Unit::PER_DAY,
        /// Gain of the response to exposure, per thousand protesters heard of (γ).
        contagion_gain: Unit::NUMBER,
        /// Distance at which the pull of another city starts to fall (d₀, km).
        distance_scale_km: Unit::NUMBER,
        /// Exponent of that fall (δ).
        distance_exponent: Unit::NUMBER,
        /// Share of what is heard that comes through media, whatever the distance.
        media_share: Unit::NUMBER,
        /// How much a full internet shutdown lowers joining by example at home (0 none, 1 all).
        shutdown_effect: Unit::NUMBER,
        /// Gain of the perceived probability of arrest on forces per protester (Epstein's k).
        arrest_perception: Unit::NUMBER,
        /// Mean risk aversion: how much perceived arrest keeps people at home.
        risk_aversion: Unit::NUMBER,
        /// Rate at which peaceful protesters go home (ω).
        leaving_rate: Unit::PER_DAY,
        /// Rate at which violent protesters stop.
        violent_leaving_rate: Unit::PER_DAY,
        /// Factor on both leaving rates under a state of emergency.
        emergency_effect: Unit::NUMBER,
        /// Rate at which violence breaks out in a place whose large crowd outnumbers the forces beyond measure.
        escalation_rate: Unit::PER_DAY,
        /// Rate at which violence breaks out in a place with a large crowd where rioters are organised from abroad.
        infiltration_rate: Unit::PER_DAY,
        /// Rate at which protesters turn violent where violence has broken out.
        radicalisation_rate: Unit::PER_DAY,
        /// Share of rioters who are foreign fighters.
        foreign_share: Unit::NUMBER,
        /// Crowd at which a place is half as likely to see violence as with the largest crowd.
        crowd_cover: Unit::PERSONS,
        /// Decisiveness of numbers in contests over sites (Tullock's exponent).
        contest_exponent: Unit::NUMBER,
        /// Rate at which contested sites change hands.
        contest_rate: Unit::PER_DAY,
        /// Effect of one rioter against one officer.
        rioter_strength: Unit::NUMBER,
        /// Arrests an officer on duty can make in a day, in the street.
        arrests_per_officer: Unit::PER_DAY,
        /// Rate at which those who took part in violence are found afterwards.
        pursuit_rate: Unit::PER_DAY,
        /// Civilians killed per clash pair and day without permission to shoot.
        civilian_death_rate: Unit::PER_DAY,
        /// Officers killed per clash pair and day.
        officer_death_rate: Unit::PER_DAY,
        /// Factor on civilian deaths when forces are allowed to shoot.
        lethal_factor: Unit::NUMBER,
        /// Factor on the rate at which violent protesters stop when forces are allowed to shoot.
        lethal_deterrence: Unit::NUMBER,
        /// Injured per clash pair and day.
        injury_rate: Unit::PER_DAY,
        /// Protesters below which a place without violence counts as in order, per hundred thousand inhabitants.
        calm_per_100000: Unit::NUMBER,
    }
}

parameter_table! {
    /// The parameters of the national forces: names in the `[forces]` table of a scenario.
    Forces {
        /// Police officers per 100,000 inhabitants.
        police_per_100000: Unit::NUMBER,
        /// Share of the police of a place that can be in its streets on one day.
        police_on_duty_share: Unit::NUMBER,
        /// Paramilitary forces, the mobile reserve of the country.
        reserve: Unit::PERSONS,
        /// Share of the reserve ready on an ordinary day.
        reserve_ready_share: Unit::NUMBER,
        /// Share of the distance to the wanted deployment that the reserve covers in a day.
        redeployment_share: Unit::NUMBER,
        /// Reserve tied to the guard of strategic sites while there is disorder.
        guard_duty: Unit::PERSONS,
        /// National guards that one foreign soldier on guard duty frees.
        guard_substitution: Unit::NUMBER,
        /// Loyalty of the forces at the start.
        loyalty: Unit::NUMBER,
        /// Loyalty lost per day and place with seized sites.
        loyalty_loss: Unit::PER_DAY,
    }
}

parameter_table! {
    /// The parameters of legitimacy: names in the `[legitimacy]` table of a scenario.
    Legitimacy {
        /// Legitimacy at the start, 0 to 1.
        initial: Unit::NUMBER,
        /// Share of the gap to the initial level that closes in a day.
        recovery_rate: Unit::PER_DAY,
        /// Loss per hundred people killed.
        loss_per_100_killed: Unit::NUMBER,
        /// Loss per day with foreign troops in the country.
        loss_per_troop_day: Unit::PER_DAY,
    }
}

parameter_table! {
    /// The parameters of reports of casualties and arrests: names in the `[reporting]` table of a scenario.
    Reporting {
        /// Days until a case is reported, on average, while the internet is on.
        delay: Unit::DAYS,
        /// Days more while it is off.
        offline_delay: Unit::DAYS,
        /// Share of cases that are never reported.
        missed_share: Unit::NUMBER,
        /// Share more that cannot be counted while the internet is off.
        offline_missed_share: Unit::NUMBER,
        /// Standard deviation of the logarithm of a day's additions.
        error: Unit::NUMBER,
        /// The same to be added while the internet is off.
        offline_error: Unit::NUMBER,
    }
}
