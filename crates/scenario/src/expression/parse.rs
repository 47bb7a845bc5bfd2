//! From text to postfix: which words there are and how they bind. Names and units are the business of `check`.

use std::ops::Range;

use super::ExpressionError;
use super::operator::{FUNCTIONS, Operator};
use super::scan::{Scan, Token, scan};

/// Parentheses and calls may stand this deep in one another.
const DEEPEST: usize = 64;

/// One operand or operation; operands stand before their operation, so the list of nodes is the postfix form.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    pub(super) form: Form,
    /// The text it was read from, its operands included.
    pub(super) span: Range<usize>,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Form {
    /// Reported already; swallows that many operands.
    Broken(usize),
    /// The literal 0.
    Zero,
    /// The literal 1.
    One,
    /// `true` or `false`.
    Truth(bool),
    /// A word alone, perhaps dotted.
    Name,
    /// A word with something in parentheses that is not an expression: both as ranges of the text.
    Asked { name: Range<usize>, argument: Range<usize> },
    /// An operator or function with that many operands.
    Apply(Operator, usize),
}

/// What could be read of a text.
pub(super) struct Parsed {
    /// The postfix form, balanced even if there are errors.
    pub(super) nodes: Vec<Node>,
    pub(super) errors: Vec<ExpressionError>,
    /// Whether the text was read to its end.
    pub(super) complete: bool,
}

/// Reads a text as far as it can be understood.
pub(super) fn parse(text: &str) -> Parsed {
    let mut parser = Parser {
        text,
        token: Token::End,
        span: 0..0,
        nodes: Vec::new(),
        errors: Vec::new(),
        lost: false,
        depth: 0,
    };
    parser.advance();
    if parser.token == Token::End && !parser.lost {
        parser.give_up(0..text.len(), "the expression is empty".into(), None);
    }
    parser.disjunction();
    if parser.token != Token::End {
        let expected = match parser.token {
            Token::Sign(")") => "as many `(` before it",
            _ => "an operator, or the end of the expression",
        };
        parser.unexpected(expected);
    }
    Parsed { complete: !parser.lost, nodes: parser.nodes, errors: parser.errors }
}

struct Parser<'t> {
    text: &'t str,
    token: Token,
    /// Where the current token stands.
    span: Range<usize>,
    nodes: Vec<Node>,
    errors: Vec<ExpressionError>,
    /// After a mistake in the form itself the rest of the text is not read.
    lost: bool,
    depth: usize,
}

impl Parser<'_> {
    fn disjunction(&mut self) -> Range<usize> {
        if self.depth == DEEPEST {
            let found = format!("parentheses stand more than {DEEPEST} deep");
            self.give_up(self.span.clone(), found, Some("part of it in a stock or a series".into()));
        }
        self.depth += 1;
        let span = self.chain(&[Operator::Or], Self::conjunction);
        self.depth -= 1;
        span
    }

    fn conjunction(&mut self) -> Range<usize> {
        self.chain(&[Operator::And], Self::negation)
    }

    fn negation(&mut self) -> Range<usize> {
        self.prefixed(Operator::Not, Self::comparison)
    }

    fn comparison(&mut self) -> Range<usize> {
        use Operator::{AtLeast, AtMost, Equal, Greater, Less, Unequal};
        const COMPARISONS: [Operator; 6] = [AtMost, AtLeast, Equal, Unequal, Less, Greater];
        let mut span = self.sum();
        let mut chained = false;
        loop {
            let sign = self.span.clone();
            let Some(operator) = self.take(&COMPARISONS) else {
                return span;
            };
            let right = self.sum();
            span = span.start..right.end;
            if chained {
                self.errors.push(ExpressionError {
                    span: sign,
                    message: "comparisons do not chain".into(),
                    expected: Some("two comparisons joined by `and`, as in `a < b and b < c`".into()),
                    suggestion: None,
                });
                self.push(Form::Broken(2), span.clone());
            } else {
                self.push(Form::Apply(operator, 2), span.clone());
            }
            chained = true;
        }
    }

    fn sum(&mut self) -> Range<usize> {
        self.chain(&[Operator::Add, Operator::Subtract], Self::product)
    }

    fn product(&mut self) -> Range<usize> {
        self.chain(&[Operator::Multiply, Operator::Divide], Self::signed)
    }

    fn signed(&mut self) -> Range<usize> {
        self.prefixed(Operator::Negate, Self::operand)
    }

    fn operand(&mut self) -> Range<usize> {
        let span = self.span.clone();
        match self.token {
            Token::Number => {
                let form = self.literal();
                self.advance();
                self.push(form, span)
            }
            Token::Word => {
                self.advance();
                if let Some(function) = Operator::function(&self.text[span.clone()]) {
                    self.call(function, span)
                } else if self.token == Token::Sign("(") {
                    self.question(span)
                } else {
                    self.push(Form::Name, span)
                }
            }
            Token::Sign(word @ ("true" | "false")) => {
                self.advance();
                self.push(Form::Truth(word == "true"), span)
            }
            Token::Sign("(") => {
                self.advance();
                self.disjunction();
                let end = self.close(&span);
                span.start..end
            }
            Token::Sign("not") => {
                self.unexpected("a value; put `not …` in parentheses here");
                self.push(Form::Broken(0), span)
            }
            _ => {
                self.unexpected("a name, a function, `0`, `1` or `(`");
                self.push(Form::Broken(0), span)
            }
        }
    }

    /// Only 0 and 1 are numbers: every other one must say where it comes from.
    fn literal(&mut self) -> Form {
        let found = &self.text[self.span.clone()];
        match found {
            "0" => return Form::Zero,
            "1" => return Form::One,
            _ => {}
        }
        let value = found.parse::<f64>().ok();
        self.errors.push(ExpressionError {
            span: self.span.clone(),
            message: format!("a bare number, `{found}`: only 0 and 1 may be written as such"),
            expected: Some("a parameter, which names its claims or gives a range and a reason".into()),
            suggestion: ["0", "1"].into_iter().find(|n| n.parse().ok() == value).map(str::to_owned),
        });
        Form::Broken(0)
    }

    /// `function(a, b, …)`, the name already read.
    fn call(&mut self, function: Operator, name: Range<usize>) -> Range<usize> {
        let open = self.span.clone();
        if self.token != Token::Sign("(") {
            let signature = FUNCTIONS.iter().find(|f| f.name == function.sign()).map(|f| f.signature);
            let message = format!("`{}` is a function", function.sign());
            self.give_up(name.clone(), message, signature.map(|s| format!("`{s}`")));
            return self.push(Form::Broken(0), name);
        }
        self.advance();
        let mut operands = 0;
        if self.token != Token::Sign(")") {
            self.disjunction();
            operands += 1;
            while self.token == Token::Sign(",") {
                self.advance();
                self.disjunction();
                operands += 1;
            }
        }
        let end = self.close(&open);
        let form = if self.lost { Form::Broken(operands) } else { Form::Apply(function, operands) };
        self.push(form, name.start..end)
    }

    /// `observable(id)`, the name already read: what is in the parentheses is kept as text, since ids may have hyphens.
    fn question(&mut self, name: Range<usize>) -> Range<usize> {
        let open = self.span.clone();
        let mut depth = 0_usize;
        let close = self.text[open.start..].char_indices().find_map(|(at, character)| {
            match character {
                '(' => depth += 1,
                ')' => depth -= 1,
                _ => {}
            }
            (depth == 0).then_some(open.start + at)
        });
        let Some(close) = close else {
            self.never_closed(&open);
            return self.push(Form::Broken(0), name);
        };
        let inside = &self.text[open.end..close];
        let start = open.end + (inside.len() - inside.trim_start().len());
        let argument = start..start + inside.trim().len();
        self.span = close..close + 1;
        self.advance();
        let span = name.start..close + 1;
        self.push(Form::Asked { name, argument }, span)
    }

    fn chain(&mut self, operators: &[Operator], operand: impl Fn(&mut Self) -> Range<usize>) -> Range<usize> {
        let mut span = operand(self);
        while let Some(operator) = self.take(operators) {
            let right = operand(self);
            span = self.push(Form::Apply(operator, 2), span.start..right.end);
        }
        span
    }

    fn prefixed(&mut self, operator: Operator, operand: impl Fn(&mut Self) -> Range<usize>) -> Range<usize> {
        let mut starts = Vec::new();
        loop {
            let start = self.span.start;
            match self.take(&[operator]) {
                Some(_) => starts.push(start),
                None => break,
            }
        }
        let mut span = operand(self);
        for start in starts.into_iter().rev() {
            span = self.push(Form::Apply(operator, 1), start..span.end);
        }
        span
    }

    /// Reads one of these operators if it is next.
    fn take(&mut self, operators: &[Operator]) -> Option<Operator> {
        let found = operators.iter().copied().find(|o| self.token == Token::Sign(o.sign()))?;
        self.advance();
        Some(found)
    }

    /// Reads the closing parenthesis and returns where it ends.
    fn close(&mut self, open: &Range<usize>) -> usize {
        let end = self.span.end;
        match self.token {
            Token::Sign(")") => self.advance(),
            Token::End => self.never_closed(open),
            _ => self.unexpected("an operator, `,` or `)`"),
        }
        end
    }

    fn push(&mut self, form: Form, span: Range<usize>) -> Range<usize> {
        self.nodes.push(Node { form, span: span.clone() });
        span
    }

    fn never_closed(&mut self, open: &Range<usize>) {
        self.give_up(open.clone(), "this parenthesis is never closed".into(), Some("`)`".into()));
    }

    fn unexpected(&mut self, expected: &str) {
        let message = match self.token {
            Token::End => "the expression ends too early".to_owned(),
            _ => format!("`{}` does not fit here", &self.text[self.span.clone()]),
        };
        self.give_up(self.span.clone(), message, Some(expected.to_owned()));
    }

    /// Reports the mistake unless the reader is lost already, and reads no further.
    fn give_up(&mut self, span: Range<usize>, message: String, expected: Option<String>) {
        if !self.lost {
            self.errors.push(ExpressionError { span, message, expected, suggestion: None });
        }
        self.lost = true;
        self.token = Token::End;
        self.span = self.text.len()..self.text.len();
    }

    /// Reads the next token.
    fn advance(&mut self) {
        if self.lost {
            return;
        }
        let rest = self.text[self.span.end..].trim_start();
        let start = self.text.len() - rest.len();
        let (token, length) = match scan(rest) {
            Scan::Token(token, length) => (token, length),
            Scan::Foreign(sign, here) => {
                self.errors.push(ExpressionError {
                    span: start..start + sign.len(),
                    message: format!("`{sign}` is not a sign of this language"),
                    expected: None,
                    suggestion: Some(here.to_owned()),
                });
                (Token::Sign(here), sign.len())
            }
            Scan::Unknown(character) => {
                let message = format!("`{}` is not a sign of this language", character.escape_debug());
                return self.give_up(start..start + character.len_utf8(), message, None);
            }
        };
        self.token = token;
        self.span = start..start + length;
    }
}

#[cfg(test)]
mod tests {
    use super::super::Expected::Any;
    use super::super::trial::{faults, value};

    #[test]
    fn operators_bind_as_they_do_on_paper() {
        for (text, same) in [
            ("two + three * two", "two + (three * two)"),
            ("two - three - two", "(two - three) - two"),
            ("three / two / two", "(three / two) / two"),
            ("-two * three", "(-two) * three"),
            ("two - -three", "two - (-three)"),
            ("not two < three", "not (two < three)"),
            ("true or false and false", "true or (false and false)"),
            ("not true or true", "(not true) or true"),
            ("two + two > three and true", "((two + two) > three) and true"),
            ("not not true", "true"),
        ] {
            assert_eq!(value(text), value(same), "{text}");
        }
        assert_eq!(value("two - three - two"), -3.0);
        assert_eq!(value("true or false and false"), 1.0);
        assert_eq!(value("max(two, three, if(two > three, two, two * two))"), 4.0);
    }

    #[test]
    fn a_hyphen_is_a_minus_outside_parentheses_and_part_of_an_id_inside() {
        assert_eq!(value("three-two"), 1.0);
        assert_eq!(value("participants(nur-sultan)/participants( nur-sultan )"), 1.0);
    }

    #[test]
    fn a_bare_number_is_refused_wherever_it_stands() {
        for (text, found) in [
            ("two + 0.5", "0.5"),
            ("two > 2.5e-3", "2.5e-3"),
            ("two * 10_000", "10_000"),
            ("min(two, .25)", ".25"),
            ("two + 5km", "5km"),
        ] {
            let faults = faults(text, Any);
            assert_eq!(faults.len(), 1, "{text}: {faults:?}");
            assert_eq!(faults[0].0, found);
            assert!(faults[0].1.contains("a bare number"), "{}", faults[0].1);
            assert!(faults[0].1.contains("names its claims or gives a range and a reason"));
        }
        assert!(faults("two + 1.0", Any)[0].1.ends_with("did you mean `1`?"));
    }

    #[test]
    fn chained_comparisons_are_told_to_use_and() {
        let faults = faults("two < three < two", Any);
        assert_eq!(
            faults,
            [(
                "<".into(),
                "comparisons do not chain; expected two comparisons joined by `and`, as in `a < b and b < c`"
                    .into()
            )]
        );
    }

    #[test]
    fn signs_of_other_languages_are_named_with_ours() {
        for (text, found, suggestion) in [
            ("true && false", "&&", "and"),
            ("true || false", "||", "or"),
            ("!true", "!", "not"),
            ("two = two", "=", "=="),
            ("two <> three", "<>", "!="),
            ("two ≤ three", "≤", "<="),
            ("two × three", "×", "*"),
            ("three − two", "−", "-"),
        ] {
            let faults = faults(text, Any);
            assert_eq!(faults.len(), 1, "{text}: {faults:?}");
            assert_eq!(faults[0].0, found);
            assert!(faults[0].1.ends_with(&format!("did you mean `{suggestion}`?")), "{}", faults[0].1);
        }
        assert_eq!(faults("two ^ three", Any)[0].0, "^");
    }

    #[test]
    fn mistakes_of_form_point_at_the_place() {
        for (text, found, message) in [
            ("", "", "the expression is empty"),
            ("   ", "   ", "the expression is empty"),
            ("two +", "", "the expression ends too early"),
            ("two * / three", "/", "`/` does not fit here"),
            ("two three", "three", "`three` does not fit here"),
            ("(two + three", "(", "this parenthesis is never closed"),
            ("max(two, three", "(", "this parenthesis is never closed"),
            ("participants(almaty", "(", "this parenthesis is never closed"),
            ("two)", ")", "`)` does not fit here; expected as many `(` before it"),
            (
                "two + not true",
                "not",
                "`not` does not fit here; expected a value; put `not …` in parentheses here",
            ),
            ("exp + two", "exp", "`exp` is a function; expected `exp(x)`"),
        ] {
            let faults = faults(text, Any);
            assert_eq!(faults.len(), 1, "{text}: {faults:?}");
            assert_eq!(faults[0].0, found, "{text}");
            assert!(faults[0].1.starts_with(message), "{text}: {}", faults[0].1);
        }
    }

    #[test]
    fn nesting_has_a_limit_and_length_has_none_but_memory() {
        let deep = format!("{}two{}", "(".repeat(50_000), ")".repeat(50_000));
        assert!(faults(&deep, Any)[0].1.contains("more than 64 deep"));
        let long = vec!["two"; 20_000].join(" + ");
        assert_eq!(value(&long), 40_000.0);
        assert_eq!(value(&format!("{}true", "not ".repeat(20_000))), 1.0);
    }
}
