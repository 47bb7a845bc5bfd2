//! From characters to tokens.

/// The smallest piece of a text that means something.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Token {
    /// An operator, a bracket, a comma, or one of the words that are operators or truths.
    Sign(&'static str),
    /// A name.
    Word,
    /// A number, or what looks like one.
    Number,
    /// The text ends.
    End,
}

/// Signs of the language; the longer ones first where one begins another.
const SIGNS: [&str; 13] = ["<=", ">=", "==", "!=", "<", ">", "+", "-", "*", "/", "(", ")", ","];
/// Words that are signs.
const WORDS: [&str; 5] = ["and", "or", "not", "true", "false"];
/// Signs of other languages, and what stands for them here; the longer ones first.
const FOREIGN: [(&str, &str); 16] = [
    ("&&", "and"),
    ("||", "or"),
    ("<>", "!="),
    ("=<", "<="),
    ("=>", ">="),
    ("&", "and"),
    ("|", "or"),
    ("!", "not"),
    ("=", "=="),
    ("≤", "<="),
    ("≥", ">="),
    ("≠", "!="),
    ("−", "-"),
    ("–", "-"),
    ("×", "*"),
    ("÷", "/"),
];

/// What stands at the beginning of a text.
pub(super) enum Scan {
    /// A token, with its length in bytes.
    Token(Token, usize),
    /// A sign of another language, and what stands for it here.
    Foreign(&'static str, &'static str),
    /// A character that begins nothing.
    Unknown(char),
}

/// Looks at the beginning of a text that begins with no blank.
pub(super) fn scan(text: &str) -> Scan {
    let Some(first) = text.chars().next() else {
        return Scan::Token(Token::End, 0);
    };
    if first.is_alphabetic() || first == '_' {
        let length = word_length(text);
        let sign = WORDS.iter().find(|word| **word == &text[..length]);
        return Scan::Token(sign.map_or(Token::Word, |sign| Token::Sign(sign)), length);
    }
    let fraction = first == '.' && text[1..].starts_with(|c: char| c.is_ascii_digit());
    if first.is_ascii_digit() || fraction {
        return Scan::Token(Token::Number, number_length(text));
    }
    let own = SIGNS.iter().find(|sign| text.starts_with(**sign));
    let foreign = FOREIGN.iter().find(|(sign, _)| text.starts_with(sign));
    match (own, foreign) {
        (Some(own), Some((sign, here))) if own.len() < sign.len() => Scan::Foreign(sign, here),
        (Some(own), _) => Scan::Token(Token::Sign(own), own.len()),
        (None, Some((sign, here))) => Scan::Foreign(sign, here),
        (None, None) => Scan::Unknown(first),
    }
}

/// A word is letters, digits and `_`, and goes on behind a dot that a letter follows.
fn word_length(text: &str) -> usize {
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let inside = character.is_alphanumeric() || character == '_';
        let dot = character == '.' && characters.peek().is_some_and(|(_, next)| next.is_alphabetic());
        if !inside && !dot {
            return at;
        }
    }
    text.len()
}

/// Takes in whatever looks like a number, so that it is reported whole: `2.5e-3`, `10_000`, `5km`.
fn number_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let exponent_sign = matches!(bytes[at], b'+' | b'-')
            && at > 0
            && matches!(bytes[at - 1], b'e' | b'E')
            && bytes[..at - 1].iter().all(|b| b.is_ascii_digit() || *b == b'.')
            && bytes.get(at + 1).is_some_and(u8::is_ascii_digit);
        if !(bytes[at].is_ascii_alphanumeric() || matches!(bytes[at], b'.' | b'_') || exponent_sign) {
            break;
        }
        at += 1;
    }
    at
}
