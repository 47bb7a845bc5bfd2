//! Names and arguments of a parsed expression: every mistake that can be found is found in one go. The rules of units
//! stand in `units`.

use std::ops::Range;

use super::names::{Meaning, Names, nearest};
use super::operator::{FUNCTIONS, Operator};
use super::parse::{Form, Node};
use super::units::{Kind, Operand};
use super::{Expected, ExpressionError, Reference};
use crate::unit::Unit;
use crate::vocabulary::{About, Observable};

/// One step of the postfix form, every name resolved.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Step {
    Constant(f64),
    Read(Reference),
    Apply(Operator, usize),
}

/// Resolves names and checks units; returns the steps, which are complete only if there are no errors, and the unit.
pub(super) fn check(
    text: &str,
    nodes: &[Node],
    names: &Names,
    expected: Expected,
) -> (Vec<Step>, Unit, Vec<ExpressionError>) {
    let mut checker = Checker { text, names, errors: Vec::new(), steps: Vec::new() };
    let mut stack: Vec<Operand> = Vec::new();
    for node in nodes {
        let operands = match node.form {
            Form::Apply(_, operands) | Form::Broken(operands) => operands,
            _ => 0,
        };
        let operands = stack.split_off(stack.len().saturating_sub(operands));
        let kind = checker.node(node, &operands);
        stack.push(Operand { kind, span: node.span.clone() });
    }
    let unit = match stack.pop() {
        Some(value) => checker.whole(&value, expected),
        None => Unit::NUMBER,
    };
    (checker.steps, unit, checker.errors)
}

/// The check under way.
pub(super) struct Checker<'t> {
    pub(super) text: &'t str,
    names: &'t Names,
    errors: Vec<ExpressionError>,
    steps: Vec<Step>,
}

impl Checker<'_> {
    fn node(&mut self, node: &Node, operands: &[Operand]) -> Kind {
        match &node.form {
            Form::Broken(_) => Kind::Unknown,
            Form::Zero => self.constant(0.0, Kind::Zero),
            Form::One => self.constant(1.0, Kind::Of(Unit::NUMBER)),
            Form::Truth(holds) => self.constant(f64::from(u8::from(*holds)), Kind::Of(Unit::YesNo)),
            Form::Name => self.name(node.span.clone()),
            Form::Asked { name, argument } => self.question(name.clone(), argument.clone()),
            Form::Apply(operator, count) => {
                self.steps.push(Step::Apply(*operator, *count));
                if !operator.takes(*count) {
                    self.wrong_count(*operator, *count, node.span.clone());
                    return Kind::Unknown;
                }
                self.operation(*operator, operands)
            }
        }
    }

    fn constant(&mut self, value: f64, kind: Kind) -> Kind {
        self.steps.push(Step::Constant(value));
        kind
    }

    fn read(&mut self, reference: Reference, unit: Unit) -> Kind {
        self.steps.push(Step::Read(reference));
        Kind::Of(unit)
    }

    /// A word without parentheses.
    fn name(&mut self, span: Range<usize>) -> Kind {
        let word = &self.text[span.clone()];
        match self.names.meaning(word) {
            Some(Meaning::Quantity(reference, unit)) => self.read(reference, unit),
            Some(Meaning::Event(event)) => self.read(Reference::Happened(event), Unit::YesNo),
            Some(Meaning::Observable(observable)) => match observable.about() {
                About::Nation | About::NationOrPlace | About::NationOrActor | About::NationOrNode => {
                    self.read(Reference::World(observable, None), observable.unit())
                }
                About::Actor
                | About::Treaty
                | About::ActorOnIssue
                | About::ActorOnResolution
                | About::Route => {
                    let sort = sort_of(observable).unwrap_or("argument");
                    let message =
                        format!("`{word}` says nothing by itself: it is asked about {}", article(sort));
                    self.report(span, message, Some(format!("`{word}({sort})`")), None)
                }
            },
            None if word == "days_since" => {
                let message = "`days_since` is a function".to_owned();
                self.report(span, message, Some("`days_since(event)`".into()), None)
            }
            None if word == "self" => {
                let message = "`self` stands only in the parentheses of an observable".to_owned();
                self.report(span, message, Some("for example `belief(self)`".into()), None)
            }
            None => self.unknown(span),
        }
    }

    /// A word with an argument.
    fn question(&mut self, name: Range<usize>, argument: Range<usize>) -> Kind {
        let word = &self.text[name.clone()];
        if word == "days_since" {
            return self.days_since(argument);
        }
        match self.names.meaning(word) {
            Some(Meaning::Observable(observable)) => {
                let Some(sort) = sort_of(observable) else {
                    let message = format!("`{word}` is about the whole state and takes no argument");
                    return self.report(
                        name.start..argument.end + 1,
                        message,
                        Some(format!("`{word}` alone")),
                        None,
                    );
                };
                let about = match observable.about() {
                    About::ActorOnIssue => self.pair("issue", word, &argument),
                    About::ActorOnResolution => self.pair("resolution", word, &argument),
                    _ => self.argument(sort, &argument),
                };
                match about {
                    Some(about) => self.read(Reference::World(observable, Some(about)), observable.unit()),
                    None => Kind::Unknown,
                }
            }
            Some(Meaning::Event(_)) => {
                let message = format!("`{word}` is an event and takes no argument");
                let expected = format!("`{word}` alone, or `days_since({word})`");
                self.report(name, message, Some(expected), None)
            }
            Some(Meaning::Quantity(..)) => {
                let message = format!("`{word}` is a quantity of the scenario and takes no argument");
                self.report(name, message, Some(format!("`{word}` alone")), None)
            }
            None => self.unknown(name),
        }
    }

    fn days_since(&mut self, argument: Range<usize>) -> Kind {
        let word = &self.text[argument.clone()];
        if let Some(event) = self.names.event(word) {
            return self.read(Reference::DaysSince(event), Unit::DAYS);
        }
        let suggestion = nearest(word, self.names.events());
        let message = match word {
            "" => "`days_since` needs an event in its parentheses".to_owned(),
            _ => format!("`{}` is neither a shock nor an option", short(word)),
        };
        let options = self.names.options_of(word);
        let expected =
            if options.is_empty() { "a shock or `decision.option`".into() } else { one_of(&options) };
        self.report(argument, message, Some(expected), suggestion)
    }

    /// The index of an actor and something else, separated by a comma, or `None` after a report.
    fn pair(&mut self, sort: &str, word: &str, argument: &Range<usize>) -> Option<usize> {
        let inside = &self.text[argument.clone()];
        let parts: Vec<&str> = inside.split(',').collect();
        let [actor, other] = parts.as_slice() else {
            let message = format!("`{word}` is asked about an actor and {}", article(sort));
            self.report(argument.clone(), message, Some(format!("`{word}(actor, {sort})`")), None);
            return None;
        };
        let trimmed = |part: &str, start: usize| {
            let start = start + (part.len() - part.trim_start().len());
            start..start + part.trim().len()
        };
        let comma = argument.start + actor.len();
        let actor = self.argument("actor", &trimmed(actor, argument.start));
        let second = self.argument(sort, &trimmed(other, comma + 1));
        let count = if sort == "issue" { self.names.issues.len() } else { self.names.resolutions.len() };
        Some(actor? * count + second?)
    }

    /// The index of what the argument names, or `None` after a report.
    fn argument(&mut self, sort: &str, argument: &Range<usize>) -> Option<usize> {
        let names = self.names;
        let known = match sort {
            "place" => &names.places,
            "actor" => &names.actors,
            "issue" => &names.issues,
            "resolution" => &names.resolutions,
            "route" => &names.routes,
            "node" => &names.nodes,
            _ => &names.treaties,
        };
        let word = &self.text[argument.clone()];
        if let Some(&index) = known.get(word) {
            return Some(index);
        }
        if word == "self" && sort == "actor" && names.itself.is_some() {
            return names.itself;
        }
        let others = [
            ("a place", &names.places),
            ("an actor", &names.actors),
            ("a treaty", &names.treaties),
            ("an issue", &names.issues),
            ("a resolution", &names.resolutions),
            ("a route", &names.routes),
            ("a node", &names.nodes),
        ];
        let other = others.iter().find(|(_, ids)| ids.contains_key(word));
        let message = match (word, other) {
            ("", _) => format!("the parentheses are empty: {} is missing", article(sort)),
            ("self", _) if sort == "actor" => "`self` stands for no actor here".to_owned(),
            ("self", _) => format!("`self` is an actor, not {}", article(sort)),
            (_, Some((found, _))) => format!("`{word}` is {found}, not {}", article(sort)),
            _ if is_id(word) => format!("there is no {sort} `{word}`"),
            _ => format!("`{}` is not the id of {}", short(word), article(sort)),
        };
        let suggestion = nearest(word, known.keys().map(String::as_str));
        self.report(argument.clone(), message, Some(format!("the id of {}", article(sort))), suggestion);
        None
    }

    fn unknown(&mut self, span: Range<usize>) -> Kind {
        let word = &self.text[span.clone()];
        let options = self.names.options_of(word);
        let (message, expected) = match (options.as_slice(), word.contains('.')) {
            ([], true) => (format!("there is no option `{word}`"), "`decision.option`".into()),
            ([], false) => {
                (format!("unknown name `{word}`"), "a parameter, stock, shock, observable or function".into())
            }
            (options, _) => (format!("`{word}` is a decision, not a value"), one_of(options)),
        };
        let suggestion = self.names.nearest(word);
        self.report(span, message, Some(expected), suggestion)
    }

    fn wrong_count(&mut self, operator: Operator, count: usize, span: Range<usize>) {
        let signature = FUNCTIONS.iter().find(|f| f.name == operator.sign()).map(|f| f.signature);
        let message = format!("`{}` does not take {count} argument{}", operator.sign(), plural(count));
        self.report(span, message, signature.map(|s| format!("`{s}`")), None);
    }

    pub(super) fn report(
        &mut self,
        span: Range<usize>,
        message: String,
        expected: Option<String>,
        suggestion: Option<String>,
    ) -> Kind {
        self.errors.push(ExpressionError { span, message, expected, suggestion });
        Kind::Unknown
    }
}

/// What an observable is asked about, as a word; nothing for those about the whole state alone.
fn sort_of(observable: Observable) -> Option<&'static str> {
    match observable.about() {
        About::Nation => None,
        About::NationOrPlace => Some("place"),
        About::NationOrActor | About::Actor => Some("actor"),
        About::Treaty => Some("treaty"),
        About::ActorOnIssue => Some("actor, issue"),
        About::ActorOnResolution => Some("actor, resolution"),
        About::Route => Some("route"),
        About::NationOrNode => Some("node"),
    }
}

fn article(sort: &str) -> String {
    format!("{} {sort}", if sort.starts_with(['a', 'i']) { "an" } else { "a" })
}

fn one_of(options: &[&str]) -> String {
    format!("one of `{}`", options.join("`, `"))
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

fn is_id(word: &str) -> bool {
    word.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
}

/// The text, or its beginning where it is long.
pub(super) fn short(text: &str) -> String {
    const LONGEST: usize = 40;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Expected::Any;
    use super::super::trial::{faults, one_fault};

    #[test]
    fn an_unknown_name_is_answered_with_the_nearest_known_one() {
        for (text, found, suggestion) in [
            ("particpants / participants", "particpants", "participants"),
            ("twoo", "twoo", "two"),
            ("three * grattitude", "grattitude", "gratitude"),
            ("waar", "waar", "war"),
            ("maxx(two, three)", "maxx", "max"),
            ("request_help.aks", "request_help.aks", "request_help.ask"),
            ("True", "True", "true"),
        ] {
            let (at, message) = one_fault(text, Any);
            assert_eq!(at, found, "{text}");
            assert!(message.ends_with(&format!("did you mean `{suggestion}`?")), "{text}: {message}");
        }
        let (_, message) = one_fault("weather", Any);
        assert!(message.starts_with("unknown name `weather`") && !message.contains("did you mean"));
    }

    #[test]
    fn arguments_are_needed_allowed_or_forbidden_as_the_vocabulary_says() {
        for (text, found, message) in [
            ("belief", "belief", "`belief` says nothing by itself: it is asked about an actor"),
            ("requested", "requested", "`requested` says nothing by itself: it is asked about a treaty"),
            ("legitimacy(almaty)", "legitimacy(almaty)", "`legitimacy` is about the whole state"),
            ("participants()", "", "the parentheses are empty: a place is missing"),
            ("participants(RUS)", "RUS", "`RUS` is an actor, not a place"),
            ("belief(almaty)", "almaty", "`almaty` is a place, not an actor"),
            ("participants(self)", "self", "`self` is an actor, not a place"),
            (
                "belief(RSU)",
                "RSU",
                "there is no actor `RSU`; expected the id of an actor; did you mean `RUS`?",
            ),
            ("belief(RUS + 1)", "RUS + 1", "`RUS + 1` is not the id of an actor"),
            ("two(almaty)", "two", "`two` is a quantity of the scenario and takes no argument"),
            ("war(almaty)", "war", "`war` is an event and takes no argument"),
            ("self", "self", "`self` stands only in the parentheses"),
            (
                "request_help",
                "request_help",
                "`request_help` is a decision, not a value; expected one of `request_help.ask`, `request_help.wait`",
            ),
            ("days_since", "days_since", "`days_since` is a function"),
            ("days_since()", "", "`days_since` needs an event"),
            ("days_since(wor)", "wor", "`wor` is neither a shock nor an option"),
            (
                "days_since(request_help)",
                "request_help",
                "`request_help` is neither a shock nor an option; expected one of",
            ),
        ] {
            let (at, fault) = one_fault(text, Any);
            assert_eq!(at, found, "{text}");
            assert!(fault.starts_with(message), "{text}: {fault}");
        }
        for text in
            ["belief(self)", "troops", "troops(RUS)", "requested(CSTO)", "days_since(request_help.ask)"]
        {
            assert_eq!(faults(text, Any), [], "{text}");
        }
    }

    #[test]
    fn what_is_asked_about_two_things_names_both() {
        for text in ["position(RUS, trade)", "position( self ,trade)", "voted_for(KAZ, es_11_1)"] {
            assert_eq!(faults(text, Any), [], "{text}");
        }
        for (text, found, message) in [
            ("position", "position", "`position` says nothing by itself: it is asked about an actor, issue"),
            ("position(RUS)", "RUS", "`position` is asked about an actor and an issue"),
            ("position(RSU, trade)", "RSU", "there is no actor `RSU`"),
            (
                "position(RUS, trad)",
                "trad",
                "there is no issue `trad`; expected the id of an issue; did you mean `trade`?",
            ),
            ("position(RUS, es_11_1)", "es_11_1", "`es_11_1` is a resolution, not an issue"),
            ("voted_for(KAZ, trade)", "trade", "`trade` is an issue, not a resolution"),
        ] {
            let (at, fault) = one_fault(text, Any);
            assert_eq!(at, found, "{text}");
            assert!(fault.starts_with(message), "{text}: {fault}");
        }
    }

    #[test]
    fn functions_count_their_arguments() {
        for (text, message) in [
            ("exp()", "`exp` does not take 0 arguments; expected `exp(x)`"),
            ("min(two)", "`min` does not take 1 argument; expected `min(a, b, …)`"),
            ("clamp(two, three)", "`clamp` does not take 2 arguments"),
            ("if(true, two, three, two)", "`if` does not take 4 arguments"),
        ] {
            let (at, fault) = one_fault(text, Any);
            assert_eq!(at, text);
            assert!(fault.starts_with(message), "{text}: {fault}");
        }
    }

    #[test]
    fn several_mistakes_come_in_one_go_and_in_order() {
        let faults =
            faults("particpants > 5000 and belief(RSU) * requested(CSTO) > gratitude + days_since(war)", Any);
        let places: Vec<&str> = faults.iter().map(|(at, _)| at.as_str()).collect();
        assert_eq!(places, ["particpants", "5000", "RSU", "requested(CSTO)", "days_since(war)"]);
    }

    #[test]
    fn names_before_a_mistake_of_form_are_still_checked() {
        let faults = faults("particpants + (two", Any);
        assert_eq!(faults.len(), 2);
    }
}
