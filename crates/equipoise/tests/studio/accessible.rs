//! Whether everybody can use the page: names, contrast, headings, order of focus. Checks of our own, after WCAG 2.2.

use serde_json::{Value, json};

use crate::driver::{Browser, TAB};

/// Everything on the page that has no name for those who cannot see it.
const NAMELESS: &str = r#"
const name = (element) => {
  const by = element.getAttribute("aria-labelledby");
  const labelled = by ? by.split(" ").map((id) => document.getElementById(id)?.textContent ?? "").join(" ") : "";
  const labels = [...(element.labels ?? [])].map((label) => label.textContent).join(" ");
  return (labelled || element.getAttribute("aria-label") || labels || element.textContent || element.title || "").trim();
};
const wanted = "button, a[href], input, select, textarea, summary, dialog[open], [role=slider], [role=region], [role=img], [role=toolbar], [role=group], section";
return [...document.querySelectorAll(wanted)].filter((element) => element.checkVisibility() && !name(element)).map((element) => element.outerHTML.slice(0, 120));
"#;

/// Texts whose contrast with what lies behind them is too small: 4.5, or 3 where letters are large.
const PALE: &str = r#"
const channels = (colour) => {
  const found = colour.match(/[\d.]+/g).map(Number);
  const [r, g, b] = colour.startsWith("color(") ? found.slice(-4, -1).map((part) => part * 255) : found;
  return [r, g, b, colour.startsWith("color(") || found.length < 4 ? 1 : found[3]];
};
const light = ([r, g, b]) => [r, g, b].map((value) => {
  const part = value / 255;
  return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
}).reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
const behind = (element) => {
  for (let at = element; at; at = at.parentElement) {
    const colour = getComputedStyle(at).backgroundColor;
    if (colour.startsWith("rgb") && channels(colour)[3] === 1) return channels(colour);
  }
  return [255, 255, 255];
};
const pale = [];
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const element = walker.currentNode.parentElement;
  const text = walker.currentNode.textContent.trim();
  if (!text || !element.checkVisibility() || element.closest(".hidden, .skip, option, [disabled], script, noscript")) continue;
  const style = getComputedStyle(element);
  const colour = element instanceof SVGElement ? style.fill : style.color;
  const [a, b] = [light(channels(colour)), light(behind(element))].sort((x, y) => y - x);
  const size = parseFloat(style.fontSize);
  const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
  const contrast = (a + 0.05) / (b + 0.05);
  if (contrast < (large ? 3 : 4.5)) pale.push(`${contrast.toFixed(2)} ${colour} “${text.slice(0, 40)}”`);
}
return [...new Set(pale)];
"#;

/// Headings that skip a level, ids that are there twice, and references that lead nowhere.
const DISORDER: &str = r#"
const found = [];
const levels = [...document.querySelectorAll("h1, h2, h3, h4")].filter((heading) => heading.checkVisibility()).map((heading) => Number(heading.tagName[1]));
if (levels.filter((level) => level === 1).length !== 1) found.push(`headings of level 1: ${levels.filter((level) => level === 1).length}`);
levels.forEach((level, at) => { if (at && level > levels[at - 1] + 1) found.push(`a heading of level ${level} after ${levels[at - 1]}`); });
const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
ids.forEach((id, at) => { if (ids.indexOf(id) !== at) found.push(`#${id} is there twice`); });
for (const attribute of ["aria-labelledby", "aria-describedby", "for"]) {
  for (const element of document.querySelectorAll(`[${attribute}]`)) {
    for (const id of element.getAttribute(attribute).split(" ")) {
      if (!document.getElementById(id) && element.checkVisibility()) found.push(`${attribute} names #${id}, which is not there`);
    }
  }
}
if (!document.documentElement.lang) found.push("the page does not say its language");
for (const element of document.querySelectorAll("[tabindex]")) if (element.tabIndex > 0) found.push("an order of focus of its own");
for (const target of document.querySelectorAll("button, select, input")) {
  const box = target.getBoundingClientRect();
  const label = target.closest("li, label, p, div");
  if (target.checkVisibility() && box.height < 15 && (!label || label.getBoundingClientRect().height < 24)) found.push(`${target.outerHTML.slice(0, 80)} is too small to hit`);
}
return found;
"#;

/// Fails with everything that is wrong.
pub fn check(browser: &Browser) {
    let mut found: Vec<String> = Vec::new();
    for (what, script) in [("without a name", NAMELESS), ("too pale", PALE), ("in disorder", DISORDER)] {
        let told = browser.script(script, &[]);
        for one in told.as_array().unwrap() {
            found.push(format!("{what}: {}", one.as_str().unwrap_or("")));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    check_focus(browser);
}

/// Going through the page by Tab, the focus follows the order of the page, is always seen, and leaves the page again.
fn check_focus(browser: &Browser) {
    browser.script("document.activeElement.blur(); window.scrollTo(0, 0)", &[]);
    browser.script("window.seen = []", &[]);
    for step in 0..40 {
        browser.press(TAB);
        let told: Value = browser.script(
            r#"
            const element = document.activeElement;
            const before = window.seen.at(-1);
            const forward = !before || !before.isConnected || Boolean(before.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING);
            window.seen.push(element);
            const style = getComputedStyle(element);
            return [element === document.body, forward, style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2, element.outerHTML.slice(0, 100)];
            "#,
            &[],
        );
        if told[0] == json!(true) {
            return;
        }
        assert_eq!((&told[1], &told[2]), (&json!(true), &json!(true)), "step {step}: {}", told[3]);
    }
}
