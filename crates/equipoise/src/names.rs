//! Near-miss names, for "did you mean".

/// The candidate nearest to `word`: at most a third of its letters wrong or swapped, upper and lower case alike.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = word.to_lowercase();
    let letters = lower.chars().count();
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&lower, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= (letters / 3).max(1) && *distance < letters)
        .min()
        .map(|(_, candidate)| candidate)
}

/// A word quoted for a POSIX shell, where it needs it.
pub fn shell_quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,+@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_recognised_and_a_stranger_is_not() {
        assert_eq!(nearest("kazakstan-2022", ["kazakhstan-2022", "georgia-2024"]), Some("kazakhstan-2022"));
        assert_eq!(nearest("Official", ["official", "opposition"]), Some("official"));
        assert_eq!(nearest("moon", ["official", "opposition"]), None);
        assert_eq!(nearest("", ["a"]), None);
    }

    #[test]
    fn what_is_printed_can_be_pasted_into_a_shell() {
        assert_eq!(shell_quoted("runs/kazakhstan-2022"), "runs/kazakhstan-2022");
        assert_eq!(shell_quoted("my run"), "'my run'");
        assert_eq!(shell_quoted("it's"), r"'it'\''s'");
        assert_eq!(shell_quoted(""), "''");
    }
}
