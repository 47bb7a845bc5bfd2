//! What the words of an expression stand for, and which word was meant by one that stands for nothing.

use std::collections::HashMap;

use super::Reference;
use super::operator::FUNCTIONS;
use crate::chronicle::Subject;
use crate::scenario::{ActorId, ParameterId, StockId};
use crate::unit::Unit;
use crate::vocabulary::Observable;

/// Names an expression may use beside the vocabulary, filled by whoever reads the scenario's files.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// Parameters, with their units.
    pub parameters: HashMap<String, (ParameterId, Unit)>,
    /// Stocks, with their units.
    pub stocks: HashMap<String, (StockId, Unit)>,
    /// Places, as arguments.
    pub places: HashMap<String, usize>,
    /// Actors, as arguments.
    pub actors: HashMap<String, usize>,
    /// Treaties, as arguments.
    pub treaties: HashMap<String, usize>,
    /// Issues, as second arguments.
    pub issues: HashMap<String, usize>,
    /// Resolutions, as second arguments.
    pub resolutions: HashMap<String, usize>,
    /// Routes, as arguments.
    pub routes: HashMap<String, usize>,
    /// Nodes of the network of routes, as arguments.
    pub nodes: HashMap<String, usize>,
    /// Shocks: yes/no, whether they have happened.
    pub shocks: HashMap<String, usize>,
    /// Options as `decision.option`: yes/no, whether they were chosen.
    pub options: HashMap<String, (usize, usize)>,
    /// The actor that the argument `self` stands for.
    pub itself: Option<ActorId>,
}

/// Words with a fixed place in the language.
const WORDS: [&str; 6] = ["and", "or", "not", "true", "false", "self"];

/// Whether the language or its vocabulary already gives this word a meaning, so that no parameter, stock, shock or
/// decision may be called so.
pub fn is_reserved(word: &str) -> bool {
    WORDS.contains(&word) || FUNCTIONS.iter().any(|f| f.name == word) || Observable::named(word).is_some()
}

/// What a word outside parentheses stands for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Meaning {
    /// A parameter or a stock.
    Quantity(Reference, Unit),
    /// A shock or a choice.
    Event(Subject),
    /// A word of the vocabulary.
    Observable(Observable),
}

impl Names {
    pub(super) fn meaning(&self, word: &str) -> Option<Meaning> {
        if let Some(observable) = Observable::named(word) {
            return Some(Meaning::Observable(observable));
        }
        if let Some(&(id, unit)) = self.parameters.get(word) {
            return Some(Meaning::Quantity(Reference::Parameter(id), unit));
        }
        if let Some(&(id, unit)) = self.stocks.get(word) {
            return Some(Meaning::Quantity(Reference::Stock(id), unit));
        }
        self.event(word).map(Meaning::Event)
    }

    pub(super) fn event(&self, word: &str) -> Option<Subject> {
        let shock = self.shocks.get(word).map(|&id| Subject::Shock(id));
        shock.or_else(|| self.options.get(word).map(|&(decision, option)| Subject::Option(decision, option)))
    }

    /// The known word nearest to one outside parentheses.
    pub(super) fn nearest(&self, word: &str) -> Option<String> {
        let fixed = WORDS.iter().copied().filter(|w| *w != "self");
        let vocabulary = Observable::ALL.iter().map(|o| o.name());
        let quantities = self.parameters.keys().chain(self.stocks.keys());
        let words = fixed
            .chain(FUNCTIONS.iter().map(|f| f.name))
            .chain(vocabulary)
            .chain(quantities.map(String::as_str))
            .chain(self.events());
        nearest(word, words)
    }

    /// Every shock and option.
    pub(super) fn events(&self) -> impl Iterator<Item = &str> {
        self.shocks.keys().chain(self.options.keys()).map(String::as_str)
    }

    /// The options of a decision, sorted, where the word is the name of one.
    pub(super) fn options_of(&self, decision: &str) -> Vec<&str> {
        let belongs = |option: &&str| option.strip_prefix(decision).is_some_and(|rest| rest.starts_with('.'));
        let mut options: Vec<&str> = self.options.keys().map(String::as_str).filter(belongs).collect();
        options.sort_unstable();
        options
    }
}

/// The candidate that a slip of the pen could turn into the word: at most one slip (a letter missing, added, changed
/// or two swapped) for every three letters, capitals apart.
pub(super) fn nearest<'n>(word: &str, candidates: impl Iterator<Item = &'n str>) -> Option<String> {
    let word = word.to_lowercase();
    let most = (word.chars().count() / 3).max(1);
    candidates
        .map(|candidate| (strsim::damerau_levenshtein(&word, &candidate.to_lowercase()), candidate))
        .filter(|(slips, candidate)| *slips <= most && *slips < candidate.chars().count())
        .min()
        .map(|(_, candidate)| candidate.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_near_miss_is_recognised_and_a_far_one_is_not() {
        let words = ["participants", "price_index", "RUS", "USA", "min"];
        let near = |word: &str| nearest(word, words.into_iter());
        assert_eq!(near("particpants").as_deref(), Some("participants"));
        assert_eq!(near("price-index").as_deref(), Some("price_index"));
        assert_eq!(near("Rus").as_deref(), Some("RUS"));
        assert_eq!(near("weather"), None);
        assert_eq!(near("x"), None);
    }

    #[test]
    fn words_of_the_language_are_reserved() {
        for word in ["and", "self", "clamp", "days_since", "troops"] {
            assert!(is_reserved(word), "{word}");
        }
        assert!(!is_reserved("gratitude"));
    }
}
