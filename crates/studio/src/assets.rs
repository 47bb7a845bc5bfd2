//! The pages: HTML, style sheet and modules, part of the program.

use axum::http::header;
use axum::response::{IntoResponse, Response};
use equipoise_view::report::pictures;
use include_dir::{Dir, include_dir};

use crate::refusal::Refusal;

static WEB: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/web");

/// One file of the pages, by its name.
///
/// # Errors
/// There is none of this name (404).
pub fn file(name: &str) -> Result<Response, Refusal> {
    // Pictures of the report look and move as they do there.
    let contents = match name {
        "report.css" => pictures::STYLE.as_bytes(),
        "reading.js" => pictures::READING.as_bytes(),
        _ => WEB.get_file(name).ok_or_else(|| Refusal::missing("page", name))?.contents(),
    };
    let kind = match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        _ => "image/svg+xml",
    };
    Ok(([(header::CONTENT_TYPE, kind)], contents).into_response())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn texts() -> impl Iterator<Item = (&'static str, &'static str)> {
        WEB.files().map(|file| (file.path().to_str().unwrap(), file.contents_utf8().unwrap()))
    }

    #[test]
    fn the_pages_load_nothing_from_elsewhere_and_run_nothing_inline() {
        for (name, text) in texts() {
            for outside in ["https://", "@import", "innerHTML", "outerHTML", "eval(", "document.write"] {
                assert!(!text.contains(outside), "{name} has {outside}");
            }
            for address in text.match_indices("http://").map(|(at, _)| &text[at..]) {
                assert!(address.starts_with("http://www.w3.org/"), "{name} names another machine");
            }
        }
        let markup: Vec<&str> =
            texts().filter(|(_, text)| text.contains("parseFromString")).map(|(name, _)| name).collect();
        assert_eq!(markup, ["pictures.js"], "text becomes markup in one place only");
        let page = WEB.get_file("index.html").unwrap().contents_utf8().unwrap();
        assert!(!page.contains("style=") && !page.contains("onclick") && !page.contains("<style"));
        assert_eq!(page.matches("<script").count(), page.matches("<script type=\"module\" src=").count());
    }

    #[test]
    fn every_module_that_is_imported_is_there() {
        for (name, text) in texts().filter(|(name, _)| name.ends_with(".js")) {
            for line in text.lines().filter(|line| line.starts_with("import ") || line.starts_with("} from "))
            {
                let module = line.split("\"./").nth(1).unwrap().split('"').next().unwrap();
                assert!(WEB.get_file(module).is_some(), "{name} imports {module}");
            }
        }
    }
}
