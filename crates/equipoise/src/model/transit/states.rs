//! Which codes of states can be right.

/// ISO 3166-1 alpha-3, as of 2024.
const ISO_3166: &str = include_str!("iso_3166.txt");

/// Whether a code looks like one of ISO 3166-1 alpha-3 (three capital letters) without being one. Any other name is a
/// name of the analyst's own.
pub fn looks_wrong(code: &str) -> bool {
    code.len() == 3 && code.chars().all(|c| c.is_ascii_uppercase()) && !known().any(|iso| iso == code)
}

/// The codes of the standard.
pub fn known() -> impl Iterator<Item = &'static str> {
    ISO_3166.split_whitespace()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_nobody_has_is_told_from_a_name_of_ones_own() {
        assert!(!looks_wrong("AZE"));
        assert!(looks_wrong("ZZZ"));
        assert!(!looks_wrong("Varnia") && !looks_wrong("EU27"));
        assert_eq!(known().count(), 249);
    }
}
