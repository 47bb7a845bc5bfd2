//! How numbers, probabilities and dates are said to people: rounded as a person would, never finer than the data.
//!
//! Two significant digits, a tie to the smaller number; bounds of a probability are rounded outwards, so that what is
//! printed never claims more certainty than there is. The rules are our own.

mod chance;
mod date;
mod number;

pub(crate) use chance::{change, occurrence, probability, probability_interval, same_chain};
pub use chance::{percent, share_in_words, share_of};
pub use date::date;
pub(crate) use date::{date_within, dates, day_and_month, month};
use equipoise_models::treaty::Rule;
use equipoise_scenario::nearest;
use equipoise_scenario::scenario::Obligation;
pub(crate) use number::{amount, amount_within, claimed, interval, short, signed, within};
pub use number::{count, exact, number, unit_word, whole};

/// A rule of decision.
pub(crate) fn rule(rule: Rule) -> String {
    match rule {
        Rule::Consensus => "consensus".to_owned(),
        Rule::Unanimity => "unanimity of those present".to_owned(),
        Rule::Majority => "majority".to_owned(),
        Rule::Weighted { threshold_share } => format!("{} of all weight", percent(threshold_share)),
        Rule::EachForItself => "each member for itself".to_owned(),
        Rule::Lead => "the leading member alone".to_owned(),
    }
}

/// What an obligation is to.
pub(crate) fn obligation(obligation: Obligation) -> &'static str {
    match obligation {
        Obligation::Defence => "defence",
        Obligation::Offence => "war at a member's side",
        Obligation::Neutrality => "neutrality",
        Obligation::NonAggression => "no force among members",
        Obligation::Consultation => "consultation",
        Obligation::Aid => "aid",
        Obligation::CustomsUnion => "a customs union",
    }
}

/// "1 history", "2 histories": a count with its noun.
pub fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", whole(number), if number == 1 { one } else { many })
}

/// That a name is none of the known ones, with the nearest of them.
pub fn unknown(what: &str, name: &str, known: &[&str]) -> String {
    let message = format!("there is no {what} `{name}`");
    if let Some(near) = nearest(name, known.iter().copied()) {
        format!("{message}; did you mean `{near}`?")
    } else if known.is_empty() {
        format!("{message}; there are none")
    } else {
        format!("{message}; there are: {}", known.join(", "))
    }
}
