//! The book holds together: every page stands in its list of contents, and every link leads somewhere.

use std::collections::BTreeSet;
use std::fs;

use crate::page::{Page, pages, source};

#[test]
fn every_page_stands_once_in_the_list_of_contents() {
    let pages = pages();
    let summary = pages.iter().find(|page| page.path == "SUMMARY.md").unwrap();
    let listed: Vec<String> = links(summary).into_iter().map(|(_, to)| to).collect();
    let once: BTreeSet<&String> = listed.iter().collect();
    assert_eq!(once.len(), listed.len(), "a page is listed twice");
    let there: BTreeSet<&String> =
        pages.iter().map(|page| &page.path).filter(|path| *path != "SUMMARY.md").collect();
    assert_eq!(once, there);
}

#[test]
fn every_link_leads_to_a_page_and_a_heading_that_are_there() {
    let pages = pages();
    let mut dead = Vec::new();
    for page in &pages {
        for (line, link) in links(page) {
            if ["https://", "http://", "mailto:"].iter().any(|outside| link.starts_with(outside)) {
                continue;
            }
            let (to, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let target = resolved(&page.path, to);
            let found =
                if to.is_empty() { Some(page) } else { pages.iter().find(|page| page.path == target) };
            let is_alive = match found {
                Some(found) => anchor.is_empty() || anchors(found).contains(anchor),
                // A picture or another file of the book.
                None => anchor.is_empty() && fs::metadata(source().join(&target)).is_ok(),
            };
            if !is_alive {
                dead.push(format!("docs/src/{}:{line}: {link}", page.path));
            }
        }
    }
    assert!(dead.is_empty(), "links to nowhere:\n{}", dead.join("\n"));
}

#[test]
fn no_page_speaks_to_the_network_when_it_is_opened() {
    for page in pages() {
        for (line, text) in page.prose() {
            let loads =
                ["src=\"http", "![](http", "<script", "<link "].iter().any(|mark| text.contains(mark));
            assert!(!loads, "docs/src/{}:{line} loads something from elsewhere", page.path);
        }
    }
}

/// Targets of `[text](target)`, outside of code.
fn links(page: &Page) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (number, line) in page.prose() {
        // Every second part between backticks is code.
        let plain: String = line.split('`').step_by(2).collect::<Vec<_>>().join("`");
        let mut rest = plain.as_str();
        while let Some(at) = rest.find("](") {
            rest = &rest[at + 2..];
            let end = rest.find(')').unwrap_or(rest.len());
            found.push((number, rest[..end].to_owned()));
        }
    }
    found
}

/// A relative path, from the page it stands on.
fn resolved(from: &str, to: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in to.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    parts.join("/")
}

/// The anchors of a page's headings, as mdBook names them.
fn anchors(page: &Page) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (_, line) in page.prose() {
        let Some(heading) = line.strip_prefix('#') else { continue };
        let words = heading.trim_start_matches('#').trim();
        let kept = words.chars().filter_map(|c| match c {
            ' ' => Some('-'),
            '-' | '_' => Some(c),
            c if c.is_alphanumeric() => Some(c.to_ascii_lowercase()),
            _ => None,
        });
        let base: String = kept.collect();
        let again = (1..).map(|count| format!("{base}-{count}"));
        let anchor = [base.clone()].into_iter().chain(again).find(|name| !found.contains(name)).unwrap();
        found.insert(anchor);
    }
    found
}

#[test]
fn anchors_are_those_of_mdbook() {
    let page = Page { path: String::new(), text: "# A b, c\n## `equipoise run`\n## A b c\n".to_owned() };
    let found: Vec<String> = anchors(&page).into_iter().collect();
    assert_eq!(found, ["a-b-c", "a-b-c-1", "equipoise-run"]);
}
