//! What is wrong with a scenario folder or a table: each mistake with the text it points at, all at once, and a closing
//! count.

use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};
use equipoise_scenario::{Diagnostic, Diagnostics};

use super::{Style, tame};
use crate::wording;

/// Mistakes that are shown. A column of the wrong kind makes one in every row, and nobody reads thousands.
const SHOWN: usize = 50;

/// Every mistake (the first fifty) with file, line, column, the text, what was expected and what may have been meant; then
/// how many there are.
pub fn diagnostics(found: &Diagnostics, style: Style) -> String {
    let renderer =
        if style.colour { Renderer::styled() } else { Renderer::plain() }.term_width(style.width.max(40));
    let mut out = String::new();
    for diagnostic in found.list.iter().take(SHOWN) {
        out.push_str(&shown(diagnostic, found, &renderer));
        out.push_str("\n\n");
    }
    if !found.is_empty() {
        out.push_str(&style.bold(&count(found)));
        out.push('\n');
    }
    out
}

fn shown(diagnostic: &Diagnostic, found: &Diagnostics, renderer: &Renderer) -> String {
    let text = found.files.iter().find(|(path, _)| *path == diagnostic.file).map(|(_, text)| text.as_str());
    let message = tame(&diagnostic.message);
    let mut group = Level::ERROR.primary_title(message).elements(std::iter::empty::<Origin<'_>>());
    group = match (text, diagnostic.span.clone()) {
        (Some(text), Some(span)) => {
            let span = within(text, &span);
            let label = diagnostic.expected.as_ref().map(|expected| format!("expected {}", tame(expected)));
            let annotation = AnnotationKind::Primary.span(span).label(label);
            group.element(Snippet::source(text).path(diagnostic.file.as_str()).annotation(annotation))
        }
        _ => {
            let origin = Origin::path(diagnostic.file.as_str());
            let group = group.element(if diagnostic.line > 0 {
                origin.line(diagnostic.line).char_column(diagnostic.column.max(1))
            } else {
                origin
            });
            match &diagnostic.expected {
                Some(expected) => group.element(Level::NOTE.message(format!("expected {}", tame(expected)))),
                None => group,
            }
        }
    };
    if let Some(suggestion) = &diagnostic.suggestion {
        group = group.element(Level::HELP.message(format!("did you mean `{}`?", tame(suggestion))));
    }
    renderer.render(&[group])
}

/// A span moved onto the text's character borders: it may come from a file that is not what it was when it was read.
fn within(text: &str, span: &std::ops::Range<usize>) -> std::ops::Range<usize> {
    let border = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = border(span.start);
    start..border(span.end).max(start)
}

fn count(found: &Diagnostics) -> String {
    let mut files: Vec<&str> = found.list.iter().map(|diagnostic| diagnostic.file.as_str()).collect();
    files.sort_unstable();
    files.dedup();
    let rest = if found.len() > SHOWN { format!("; the first {SHOWN} are shown") } else { String::new() };
    format!(
        "{} in {}{rest}",
        wording::counted(found.len() as u64, "mistake", "mistakes"),
        wording::counted(files.len() as u64, "file", "files")
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PLAIN: Style = Style { colour: false, width: 100 };

    fn found() -> Diagnostics {
        let claims = "id,subject,value\nC001,killled,225\n";
        let places = "id,population\nport-salt,-5\n";
        let at = |text: &str, word: &str| text.find(word).map(|start| start..start + word.len());
        Diagnostics {
            list: vec![
                Diagnostic {
                    file: "sources.csv".into(),
                    span: None,
                    line: 0,
                    column: 0,
                    message: "the file is missing".into(),
                    expected: Some("a table of sources".into()),
                    suggestion: None,
                },
                Diagnostic {
                    file: "claims.csv".into(),
                    span: at(claims, "killled"),
                    line: 2,
                    column: 6,
                    message: "unknown subject `killled`".into(),
                    expected: Some("a subject of subjects.csv".into()),
                    suggestion: Some("killed".into()),
                },
                Diagnostic {
                    file: "places.csv".into(),
                    span: at(places, "-5"),
                    line: 2,
                    column: 11,
                    message: "a population of -5".into(),
                    expected: Some("more than 0".into()),
                    suggestion: None,
                },
            ],
            files: vec![("claims.csv".into(), claims.into()), ("places.csv".into(), places.into())],
        }
    }

    #[test]
    fn every_mistake_is_pointed_at_and_all_are_counted() {
        insta::assert_snapshot!(diagnostics(&found(), PLAIN));
    }

    #[test]
    fn of_thousands_of_mistakes_the_first_are_shown_and_all_are_counted() {
        let mut found = found();
        found.list = (0..3000).map(|_| found.list[2].clone()).collect();
        let text = diagnostics(&found, PLAIN);
        assert_eq!(text.matches("a population of -5").count(), SHOWN);
        assert!(text.ends_with("3,000 mistakes in 1 file; the first 50 are shown\n"), "{text}");
    }

    #[test]
    fn nothing_wrong_says_nothing() {
        assert_eq!(diagnostics(&Diagnostics::default(), PLAIN), "");
    }

    proptest! {
        #[test]
        fn a_span_that_misses_its_file_never_panics(start in 0usize..60, length in 0usize..60, text in "\\PC{0,20}") {
            let mut found = found();
            found.list[1].span = Some(start..start + length);
            found.files[0].1 = text;
            prop_assert!(diagnostics(&found, PLAIN).contains("killled"));
        }
    }
}
