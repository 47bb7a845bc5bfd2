//! A small scenario to start from: a made-up state with every kind of file.

/// The files under the crate's `template/`; `@NAME@` stands for the name asked for.
const FILES: [(&str, &str); 10] = [
    ("README.md", include_str!("../template/README.md")),
    ("accounts.toml", include_str!("../template/accounts.toml")),
    ("actors.csv", include_str!("../template/actors.csv")),
    ("claims.csv", include_str!("../template/claims.csv")),
    ("places.csv", include_str!("../template/places.csv")),
    ("record.csv", include_str!("../template/record.csv")),
    ("scenario.toml", include_str!("../template/scenario.toml")),
    ("sources.csv", include_str!("../template/sources.csv")),
    ("subjects.csv", include_str!("../template/subjects.csv")),
    ("treaties/marches.toml", include_str!("../template/treaties/marches.toml")),
];

/// The files of a new scenario of that name: path relative to its folder, and text. They load without a mistake.
pub fn template(name: &str) -> Vec<(String, String)> {
    // The name ends up in a TOML string: what could end or break that string is left out.
    let title: String = name.chars().filter(|c| !c.is_control() && !matches!(c, '"' | '\\')).collect();
    FILES.iter().map(|(path, text)| ((*path).to_owned(), text.replace("@NAME@", &title))).collect()
}
