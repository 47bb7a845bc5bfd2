//! The rules of units: what may be added, compared and multiplied, and the unit of what comes out.

use std::ops::Range;

use super::Expected;
use super::check::{Checker, short};
use super::operator::Operator;
use crate::unit::Unit;

/// Powers of a unit beyond this are a mistake.
const HIGHEST_POWER: i8 = 32;

/// What is known of a value's unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Kind {
    /// Reported already: fits everything, so that one mistake is reported once.
    Unknown,
    /// The literal 0 and what is made of it alone: fits every unit but yes/no.
    Zero,
    Of(Unit),
}

/// A value on the stack of the check: its unit and its text.
#[derive(Debug, Clone)]
pub(super) struct Operand {
    pub(super) kind: Kind,
    pub(super) span: Range<usize>,
}

impl Checker<'_> {
    /// The unit of an operation on these operands, whose number is right.
    pub(super) fn operation(&mut self, operator: Operator, operands: &[Operand]) -> Kind {
        use Operator::*;
        let yes_no = Kind::Of(Unit::YesNo);
        match operator {
            Or | And | Not => {
                for operand in operands {
                    self.yes_no(operator, operand);
                }
                yes_no
            }
            Equal | Unequal
                if operands.iter().all(|o| matches!(o.kind, Kind::Of(Unit::YesNo) | Kind::Unknown)) =>
            {
                yes_no
            }
            Less | AtMost | Greater | AtLeast | Equal | Unequal => {
                self.same(operator, operands);
                yes_no
            }
            Add | Subtract | Min | Max | Clamp => self.same(operator, operands),
            Multiply | Divide => self.product(operator, &operands[0], &operands[1]),
            Negate | Abs => {
                if self.quantities(operator, operands) {
                    operands[0].kind
                } else {
                    Kind::Unknown
                }
            }
            If => {
                self.yes_no(operator, &operands[0]);
                let branches = &operands[1..];
                if branches.iter().all(|o| o.kind == yes_no) { yes_no } else { self.same(operator, branches) }
            }
            Sqrt => self.root(&operands[0]),
            Exp | Ln => {
                if self.quantities(operator, operands)
                    && let Kind::Of(unit) = operands[0].kind
                    && unit != Unit::NUMBER
                {
                    let message = format!("{} is in {unit}", self.quoted(&operands[0]));
                    let expected =
                        format!("a plain number in `{}`: divide by a parameter in {unit}", operator.sign());
                    self.report(operands[0].span.clone(), message, Some(expected), None);
                }
                Kind::Of(Unit::NUMBER)
            }
        }
    }

    /// Reports an operand that is not yes/no where one is needed.
    fn yes_no(&mut self, operator: Operator, operand: &Operand) {
        if matches!(operand.kind, Kind::Unknown | Kind::Of(Unit::YesNo)) {
            return;
        }
        let place = match operator {
            Operator::If => "as the condition of `if`".to_owned(),
            _ => format!("beside `{}`", operator.sign()),
        };
        let message = format!("{} is {}, not yes/no", self.quoted(operand), describe(operand.kind));
        let expected = format!("a yes/no {place}: a comparison, as in `x > 0`");
        self.report(operand.span.clone(), message, Some(expected), None);
    }

    /// Whether no operand is yes/no; reports those that are.
    fn quantities(&mut self, operator: Operator, operands: &[Operand]) -> bool {
        let mut all = true;
        for operand in operands {
            match operand.kind {
                Kind::Unknown => all = false,
                Kind::Of(Unit::YesNo) => {
                    all = false;
                    let text = &self.text[operand.span.clone()];
                    let message = format!(
                        "{} is yes/no, and `{}` works on numbers",
                        self.quoted(operand),
                        operator.sign()
                    );
                    let expected = "a number; `if(condition, a, b)` makes one of a yes/no".to_owned();
                    let suggestion = (operator != Operator::If).then(|| format!("if({text}, 1, 0)"));
                    self.report(operand.span.clone(), message, Some(expected), suggestion);
                }
                _ => {}
            }
        }
        all
    }

    /// The unit that all operands share, zeros apart; reports the first that differs from those before it.
    fn same(&mut self, operator: Operator, operands: &[Operand]) -> Kind {
        if !self.quantities(operator, operands) {
            return Kind::Unknown;
        }
        let mut shared: Option<&Operand> = None;
        for operand in operands {
            match shared {
                _ if operand.kind == Kind::Zero => {}
                None => shared = Some(operand),
                Some(first) if first.kind == operand.kind => {}
                Some(first) => {
                    let message = format!(
                        "{} is {}, but {} is {}",
                        self.quoted(operand),
                        describe(operand.kind),
                        self.quoted(first),
                        describe(first.kind)
                    );
                    let expected = format!("the same unit on all sides of `{}`", operator.sign());
                    return self.report(operand.span.clone(), message, Some(expected), None);
                }
            }
        }
        shared.map_or(Kind::Zero, |operand| operand.kind)
    }

    fn product(&mut self, operator: Operator, left: &Operand, right: &Operand) -> Kind {
        if !self.quantities(operator, &[left.clone(), right.clone()]) {
            return Kind::Unknown;
        }
        let sign: i32 = if operator == Operator::Multiply { 1 } else { -1 };
        match (left.kind, right.kind) {
            (_, Kind::Zero) if operator == Operator::Divide => {
                self.report(right.span.clone(), "division by 0".into(), None, None)
            }
            (Kind::Of(Unit::Quantity(mut powers)), Kind::Of(Unit::Quantity(others))) => {
                for (power, other) in powers.iter_mut().zip(others) {
                    let sum = i32::from(*power) + sign * i32::from(other);
                    match i8::try_from(sum) {
                        Ok(sum) if sum.abs() <= HIGHEST_POWER => *power = sum,
                        _ => {
                            let message = "the power of a unit is beyond all sense here".to_owned();
                            return self.report(left.span.start..right.span.end, message, None, None);
                        }
                    }
                }
                Kind::Of(Unit::Quantity(powers))
            }
            _ => Kind::Zero,
        }
    }

    fn root(&mut self, operand: &Operand) -> Kind {
        if !self.quantities(Operator::Sqrt, std::slice::from_ref(operand)) {
            return Kind::Unknown;
        }
        match operand.kind {
            Kind::Of(Unit::Quantity(powers)) if powers.iter().all(|power| power % 2 == 0) => {
                Kind::Of(Unit::Quantity(powers.map(|power| power / 2)))
            }
            Kind::Of(unit) => {
                let message = format!("{} is in {unit}, which has no square root", self.quoted(operand));
                let expected = "a plain number, or units in even powers".to_owned();
                self.report(operand.span.clone(), message, Some(expected), None)
            }
            kind => kind,
        }
    }

    /// The unit of the whole expression; reports if it is not what its place in the file needs.
    pub(super) fn whole(&mut self, value: &Operand, expected: Expected) -> Unit {
        let unit = match (value.kind, expected) {
            (Kind::Of(unit), _) => unit,
            (Kind::Zero, Expected::Unit(unit)) if unit != Unit::YesNo => return unit,
            (Kind::Zero, _) => Unit::NUMBER,
            (Kind::Unknown, _) => return Unit::NUMBER,
        };
        let (fits, needed) = match expected {
            Expected::Any => return unit,
            Expected::YesNo | Expected::Unit(Unit::YesNo) => (unit == Unit::YesNo, "yes/no".to_owned()),
            Expected::Unit(needed) => (unit == needed, describe(Kind::Of(needed))),
            Expected::NumberOrYesNo => {
                (matches!(unit, Unit::NUMBER | Unit::YesNo), "a plain number or yes/no".to_owned())
            }
        };
        if !fits {
            let text = &self.text[value.span.clone()];
            let (hint, suggestion) = match (needed.as_str(), unit, text) {
                ("yes/no", _, "0") => ("", Some("false".to_owned())),
                ("yes/no", _, "1") => ("", Some("true".to_owned())),
                ("yes/no", ..) => (": a comparison, as in `x > 0`", None),
                (_, Unit::YesNo, _) if needed == "a plain number" => ("", Some(format!("if({text}, 1, 0)"))),
                (_, Unit::YesNo, _) => (": `if(condition, a, b)` makes a quantity of a yes/no", None),
                _ => ("", None),
            };
            let message = format!("the expression is {}", describe(Kind::Of(unit)));
            self.report(value.span.clone(), message, Some(format!("{needed}{hint}")), suggestion);
        }
        unit
    }

    fn quoted(&self, operand: &Operand) -> String {
        format!("`{}`", short(&self.text[operand.span.clone()]))
    }
}

fn describe(kind: Kind) -> String {
    match kind {
        Kind::Of(Unit::YesNo) => "yes/no".into(),
        Kind::Of(Unit::NUMBER) => "a plain number".into(),
        Kind::Of(unit) => format!("in {unit}"),
        Kind::Zero | Kind::Unknown => "a number".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Expected::{self, Any, NumberOrYesNo, YesNo};
    use super::super::trial::{compile, faults, one_fault};
    use crate::unit::Unit;

    #[test]
    fn products_and_quotients_combine_units_and_roots_halve_them() {
        for (text, unit) in [
            ("participants / days_since(war)", "persons / days"),
            ("participants * participants / troops", "persons"),
            ("sqrt(participants * troops)", "persons"),
            ("participants / troops", "number"),
            ("1 / days_since(war)", "1 / days"),
            ("0 * participants", "number"),
            ("max(0, participants)", "persons"),
            ("if(war, participants, 0)", "persons"),
            ("abs(-participants)", "persons"),
            ("requested(CSTO) == war", "yes_no"),
        ] {
            assert_eq!(compile(text, Any).unit().to_string(), unit, "{text}");
        }
        assert_eq!(compile("0", Expected::Unit(Unit::POINTS)).unit(), Unit::POINTS);
    }

    #[test]
    fn like_joins_only_with_like() {
        for (text, found, message) in [
            (
                "participants + day",
                "day",
                "`day` is in days, but `participants` is in persons; expected the same unit on all sides of `+`",
            ),
            ("participants > 1", "1", "`1` is a plain number, but `participants` is in persons"),
            ("max(0, participants, day)", "day", "`day` is in days"),
            ("clamp(day, 0, 1)", "1", "`1` is a plain number, but `day` is in days"),
            ("if(war, participants, day)", "day", "`day` is in days"),
            (
                "exp(participants)",
                "participants",
                "`participants` is in persons; expected a plain number in `exp`: divide by a parameter in persons",
            ),
            ("sqrt(day)", "day", "`day` is in days, which has no square root"),
            ("day / 0", "0", "division by 0"),
        ] {
            let (at, fault) = one_fault(text, Any);
            assert_eq!(at, found, "{text}");
            assert!(fault.starts_with(message), "{text}: {fault}");
        }
        for text in ["participants > 0", "participants - 0", "belief(RUS) < 1", "0 < day"] {
            assert_eq!(faults(text, YesNo).len(), usize::from(text.contains('-')), "{text}");
        }
    }

    #[test]
    fn yes_and_no_are_not_numbers() {
        for (text, found, message) in [
            (
                "two * war",
                "war",
                "`war` is yes/no, and `*` works on numbers; expected a number; `if(condition, a, b)` makes one of a yes/no; did you mean `if(war, 1, 0)`?",
            ),
            ("-war", "war", "`war` is yes/no"),
            ("war < true", "war", "`war` is yes/no"),
            ("war == 0", "war", "`war` is yes/no"),
            ("war and two", "two", "`two` is a plain number, not yes/no; expected a yes/no beside `and`"),
            ("not day", "day", "`day` is in days, not yes/no"),
            (
                "if(participants, two, three)",
                "participants",
                "`participants` is in persons, not yes/no; expected a yes/no as the condition of `if`",
            ),
            ("if(war, war, two)", "war", "`war` is yes/no"),
        ] {
            let all = faults(text, Any);
            assert_eq!(all[0].0, found, "{text}");
            assert!(all[0].1.starts_with(message), "{text}: {}", all[0].1);
        }
        assert_eq!(faults("if(war, requested(CSTO), false)", YesNo), []);
    }

    #[test]
    fn the_whole_must_be_what_its_place_needs() {
        let points = Expected::Unit(Unit::POINTS);
        for (text, expected, message) in [
            (
                "participants",
                YesNo,
                "the expression is in persons; expected yes/no: a comparison, as in `x > 0`",
            ),
            ("0", YesNo, "the expression is a plain number; expected yes/no; did you mean `false`?"),
            (
                "1",
                Expected::Unit(Unit::YesNo),
                "the expression is a plain number; expected yes/no; did you mean `true`?",
            ),
            ("two", points, "the expression is a plain number; expected in points"),
            (
                "war",
                Expected::Unit(Unit::NUMBER),
                "the expression is yes/no; expected a plain number; did you mean `if(war, 1, 0)`?",
            ),
            ("day", NumberOrYesNo, "the expression is in days; expected a plain number or yes/no"),
        ] {
            let (at, fault) = one_fault(text, expected);
            assert_eq!((at.as_str(), fault.as_str()), (text, message));
        }
        for text in ["two", "war", "0"] {
            assert_eq!(faults(text, NumberOrYesNo), [], "{text}");
        }
    }

    #[test]
    fn a_unit_has_no_absurd_powers() {
        let text = vec!["day"; 40].join(" * ");
        assert!(faults(&text, Any)[0].1.contains("beyond all sense"));
    }
}
