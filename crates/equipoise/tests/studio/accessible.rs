//! Whether everybody can use a page: names, contrast, headings, order of focus, markup that says what is there. Checks of
//! our own, after WCAG 2.2.

use serde_json::{Value, json};

use crate::driver::{Browser, TAB};

/// What the checks share: every element in the order of the page, those in shadow roots among them.
const PAGE: &str = r#"
const everything = (root) => [...root.querySelectorAll("*")].flatMap((element) => [element, ...(element.shadowRoot ? everything(element.shadowRoot) : [])]);
const elements = everything(document);
const all = (selector) => elements.filter((element) => element.matches(selector));
const above = (element) => element.parentElement ?? (element.getRootNode() instanceof ShadowRoot ? element.getRootNode().host : null);
const byId = (element, id) => element.getRootNode().getElementById(id);
const said = (element) => element.outerHTML.slice(0, 120);
"#;

/// Everything on the page that has no name for those who cannot see it.
const NAMELESS: &str = r#"
const name = (element) => {
  const by = element.getAttribute("aria-labelledby");
  const labelled = by ? by.split(" ").map((id) => byId(element, id)?.textContent ?? "").join(" ") : "";
  const labels = [...(element.labels ?? [])].map((label) => label.textContent).join(" ");
  return (labelled || element.getAttribute("aria-label") || labels || element.textContent || element.title || "").trim();
};
const wanted = "button, a[href], input, select, textarea, summary, dialog[open], [role=slider], [role=region], [role=img], [role=toolbar], [role=group], section";
const found = all(wanted).filter((element) => element.checkVisibility() && !name(element)).map(said);
if (!document.title.trim()) found.push("the page has no title");
return found;
"#;

/// Texts whose contrast with what lies behind them is too small: 4.5, or 3 where letters are large; and marks of charts,
/// which need 3.
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
  for (let at = element; at; at = above(at)) {
    const colour = getComputedStyle(at).backgroundColor;
    if (colour.startsWith("rgb") && channels(colour)[3] === 1) return channels(colour);
  }
  return [255, 255, 255];
};
const contrast = (colour, element) => {
  const [a, b] = [light(channels(colour)), light(behind(element))].sort((x, y) => y - x);
  return (a + 0.05) / (b + 0.05);
};
const pale = [];
for (const element of elements) {
  const text = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.textContent).join(" ").trim();
  if (!text || !element.checkVisibility() || element.closest(".hidden, .skip, option, [disabled], script, style, noscript, title, [aria-busy]")) continue;
  const style = getComputedStyle(element);
  const colour = element instanceof SVGElement ? style.fill : style.color;
  const size = parseFloat(style.fontSize);
  const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
  const found = contrast(colour, element);
  if (found < (large ? 3 : 4.5)) pale.push(`${found.toFixed(2)} ${colour} “${text.slice(0, 40)}”`);
}
for (const mark of all("svg .median, svg .point, svg .recorded, svg .dot, svg .range, svg .violent, svg .node")) {
  if (!mark.checkVisibility()) continue;
  const style = getComputedStyle(mark);
  const colour = style.fill === "none" || mark.matches("path.dot") ? style.stroke : style.fill;
  const found = colour === "none" ? 21 : contrast(colour, mark.closest("svg"));
  if (found < 3) pale.push(`${found.toFixed(2)} ${colour} a mark, ${mark.getAttribute("class")}`);
}
return [...new Set(pale)];
"#;

/// Headings that skip a level, ids that are there twice, references that lead nowhere, what cannot be hit.
const DISORDER: &str = r#"
const found = [];
const levels = all("h1, h2, h3, h4").filter((heading) => heading.checkVisibility()).map((heading) => Number(heading.tagName[1]));
if (levels.filter((level) => level === 1).length !== 1) found.push(`headings of level 1: ${levels.filter((level) => level === 1).length}`);
levels.forEach((level, at) => { if (at && level > levels[at - 1] + 1) found.push(`a heading of level ${level} after ${levels[at - 1]}`); });
const ids = new Map();
for (const element of all("[id]")) {
  const here = ids.get(element.getRootNode()) ?? new Set();
  if (here.has(element.id)) found.push(`#${element.id} is there twice`);
  ids.set(element.getRootNode(), here.add(element.id));
}
for (const attribute of ["aria-labelledby", "aria-describedby", "for"]) {
  for (const element of all(`[${attribute}]`)) {
    for (const id of element.getAttribute(attribute).split(" ")) {
      if (!byId(element, id) && element.checkVisibility()) found.push(`${attribute} names #${id}, which is not there`);
    }
  }
}
if (!document.documentElement.lang) found.push("the page does not say its language");
if (/user-scalable=no|maximum-scale=1\b/.test(document.querySelector("meta[name=viewport]")?.content ?? "")) found.push("the page cannot be enlarged");
for (const element of all("[tabindex]")) if (element.tabIndex > 0) found.push("an order of focus of its own");
for (const target of all("button, select, input")) {
  const box = target.getBoundingClientRect();
  const label = target.closest("li, label, p, div");
  if (target.checkVisibility() && box.height < 15 && (!label || label.getBoundingClientRect().height < 24)) found.push(`${said(target)} is too small to hit`);
}
return found;
"#;

/// Markup that says something else than what is there: roles, lists, tables, charts without their numbers.
const MISLEADING: &str = r#"
const found = [];
const roles = ["alert", "group", "img", "region", "slider", "status", "toolbar"];
for (const element of all("[role]")) if (!roles.includes(element.getAttribute("role"))) found.push(`the role ${element.getAttribute("role")}`);
const states = ["busy", "controls", "describedby", "expanded", "hidden", "label", "labelledby", "live", "orientation", "pressed", "valuemax", "valuemin", "valuenow", "valuetext"];
for (const element of elements) {
  for (const { name } of element.attributes) if (name.startsWith("aria-") && !states.includes(name.slice(5))) found.push(`${name} on ${said(element)}`);
}
for (const slider of all("[role=slider]")) {
  const [low, now, high] = ["valuemin", "valuenow", "valuemax"].map((part) => Number(slider.getAttribute(`aria-${part}`) ?? NaN));
  if (!(low <= now && now <= high)) found.push(`a slider at ${now} of ${low} to ${high}: ${said(slider)}`);
}
for (const list of all("ul, ol")) if ([...list.children].some((child) => child.tagName !== "LI")) found.push(`a list of something else: ${said(list)}`);
for (const item of all("li")) if (!["UL", "OL"].includes(item.parentElement?.tagName)) found.push(`an item of no list: ${said(item)}`);
for (const list of all("dl")) if ([...list.children].some((child) => !["DT", "DD", "DIV"].includes(child.tagName))) found.push(`no list of terms: ${said(list)}`);
for (const table of all("table")) {
  if (!table.querySelector("thead th[scope=col]") || [...table.querySelectorAll("tbody tr")].some((row) => !row.querySelector("th[scope=row]"))) found.push(`a table without heads: ${said(table)}`);
}
const inside = "a[href], button, input, select, textarea, summary, [tabindex='0']";
for (const element of all("a[href], button")) if (element.querySelector(inside)) found.push(`something to press in something to press: ${said(element)}`);
for (const element of all("[aria-hidden=true]")) if (element.matches(inside) || element.querySelector(inside)) found.push(`hidden, and still in the order of focus: ${said(element)}`);
for (const element of all("details")) if (element.firstElementChild?.tagName !== "SUMMARY") found.push(`nothing to open it by: ${said(element)}`);
for (const element of all("button")) if (element.type === "submit" && !element.closest("form")) found.push(`a button that sends nothing: ${said(element)}`);
// Whatever scrolls by itself can be scrolled by the keyboard.
for (const element of all("div, pre, section, aside, nav")) {
  const style = getComputedStyle(element);
  const scrolls = (["auto", "scroll"].includes(style.overflowX) && element.scrollWidth > element.clientWidth + 1)
    || (["auto", "scroll"].includes(style.overflowY) && element.scrollHeight > element.clientHeight + 1);
  if (scrolls && element.checkVisibility() && element.tabIndex < 0 && !element.querySelector(inside)) found.push(`scrolls for the mouse alone: ${said(element)}`);
}
// A chart is hidden from who cannot see it only where the numbers stand beside it in words.
for (const chart of all("svg[aria-hidden=true]")) {
  if (!chart.closest("figure, article, td, tr, .pit, .keys, li")) found.push(`a chart without its numbers: ${said(chart)}`);
}
for (const figure of all("figure.fan")) {
  if (figure.querySelector("svg") && !figure.querySelector("details")) found.push(`a fan without its table: ${said(figure)}`);
}
return found;
"#;

/// Fails with everything that is wrong.
pub fn check(browser: &Browser) {
    let mut found: Vec<String> = Vec::new();
    let checks = [
        ("without a name", NAMELESS),
        ("too pale", PALE),
        ("in disorder", DISORDER),
        ("misleading", MISLEADING),
    ];
    for (what, script) in checks {
        let told = browser.script(&format!("{PAGE}{script}"), &[]);
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
            let element = document.activeElement;
            while (element.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
            const before = window.seen.at(-1);
            const forward = !before || !before.isConnected || before.getRootNode() !== element.getRootNode() || Boolean(before.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING);
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
