// The report's pictures, live: each in a panel that asks for it when it is open, once the numbers are there. They are drawn
// by the report's own code and shown with the report's own style sheet, which a shadow root keeps to itself.

import { ask } from "./api.js";
import { NAMES } from "./cards.js";
import { el, put } from "./el.js";
import { html, render } from "./sketch.js";
import { isNothing } from "./state.js";

/** What makes a parser take our own server's text for markup: the one place where this is done. */
const trusted = /** @type {any} */ (globalThis).trustedTypes?.createPolicy("pictures", { createHTML: (/** @type {string} */ html) => html })
  ?? { createHTML: (/** @type {string} */ html) => html };

/**
 * A picture and where it is shown.
 * @typedef {object} Panel
 * @property {any} picture  as the scenario describes it
 * @property {HTMLDetailsElement} details
 * @property {HTMLElement} state  what is being done, or was
 * @property {HTMLElement} host  holds the shadow root
 * @property {string} shown  the question that the picture answers
 * @property {string} asked  the question under way
 * @property {AbortController | null} under
 */

export class Pictures {
  /**
   * @param {HTMLElement} place
   * @param {import("./state.js").Store} store
   * @param {string} session
   * @param {{ busy: () => boolean, fail: (error: unknown) => void }} page
   */
  constructor(place, store, session, page) {
    this.place = place;
    this.store = store;
    this.session = session;
    this.page = page;
    /** @type {any} */
    this.scenario = null;
    /** Which run is drawn: a trial, the baseline (−1), or whichever trial is at work (null). @type {number | null} */
    this.chosen = null;
    /** @type {Panel[]} */
    this.panels = [];
    this.key = "";
    this.which = el("p", { class: "choice" });
  }

  /** The state has changed, or the numbers are all there: open panels follow. */
  refresh() {
    if (!this.scenario) return;
    const key = `${this.scenario.id} ${this.scenario.hash}`;
    if (key !== this.key) {
      this.key = key;
      this.build();
    }
    this.offer();
    for (const panel of this.panels) this.follow(panel);
  }

  build() {
    for (const panel of this.panels) panel.under?.abort();
    this.panels = this.scenario.pictures.map((/** @type {any} */ picture) => this.panel(picture));
    put(this.place, el("h2", { id: "pictures-heading" }, "The report’s pictures, live"),
      el("p", { class: "quiet" }, "Drawn as in the report, for the levers as they stand, when a panel is open and once the numbers above are there. Close a panel, or move a lever, and what is under way is given up."),
      this.which, this.panels.map((panel) => panel.details));
  }

  /** @param {any} picture @returns {Panel} */
  panel(picture) {
    const state = el("p", { class: "quiet", role: "status" });
    const host = el("div", { class: "picture" });
    const details = /** @type {HTMLDetailsElement} */ (el("details", { class: "panel", id: `picture-${picture.id}` },
      el("summary", { "data-key": `picture-${picture.id}` }, el("h3", {}, picture.title)), state, host));
    const panel = { picture, details, state, host, shown: "", asked: "", under: null };
    details.addEventListener("toggle", () => this.follow(panel));
    return panel;
  }

  /** Which runs can be drawn. */
  offer() {
    const { trials } = this.store.state;
    if (this.chosen !== null && this.chosen >= 0 && (!trials[this.chosen] || isNothing(trials[this.chosen]))) this.chosen = null;
    const option = (/** @type {string | number} */ value, /** @type {string} */ text) =>
      html("option", { "data-key": value, value, selected: value === (this.chosen ?? "") }, text);
    render(this.which, html("label", { for: "pictures-of" }, "Of "), html("select", {
      id: "pictures-of", "data-key": "pictures-of",
      onchange: (/** @type {any} */ event) => {
        const { value } = event.currentTarget;
        this.chosen = value === "" ? null : Number(value);
        this.refresh();
      },
    }, option("", "the trial at work"), option(-1, "the baseline"),
    trials.map((trial, at) => (isNothing(trial) ? null : option(at, `trial ${NAMES[at]}`)))));
  }

  /** The run that is drawn: a trial, or the baseline (−1). */
  slot() {
    const { trials, active } = this.store.state;
    const slot = this.chosen ?? active;
    return slot >= 0 && trials[slot] && !isNothing(trials[slot]) ? slot : -1;
  }

  /** Asks for what a panel should show, unless it shows it. @param {Panel} panel */
  follow(panel) {
    const { scenario, account, trials } = this.store.state;
    if (!panel.details.open) {
      panel.under?.abort();
      panel.asked = "";
      return;
    }
    const slot = this.slot();
    const question = { scenario, account, trial: slot >= 0 ? trials[slot] : {}, picture: panel.picture.id };
    const key = JSON.stringify(question);
    if (panel.asked === key || (panel.shown === key && !panel.asked)) return;
    panel.under?.abort();
    panel.asked = "";
    if (panel.shown === key) {
      this.say(panel, slot);
      return;
    }
    panel.state.textContent = "Waiting for the numbers …";
    panel.host.setAttribute("aria-busy", "true");
    if (!this.page.busy()) this.draw(panel, slot, question, key);
  }

  /**
   * @param {Panel} panel
   * @param {number} slot
   * @param {any} question
   * @param {string} key
   */
  async draw(panel, slot, question, key) {
    const under = new AbortController();
    panel.under = under;
    panel.asked = key;
    panel.state.textContent = `Being drawn. ${panel.picture.takes}`;
    try {
      const told = await ask("api/picture", { ...question, session: `${this.session}-${panel.picture.id}` }, under.signal);
      if (!told || under.signal.aborted) return;
      await show(panel.host, told.html ?? "<p>There is nothing to draw: nothing of the kind happens in these histories.</p>");
      panel.shown = key;
      this.say(panel, slot);
    } catch (error) {
      if (under.signal.aborted) return;
      panel.state.textContent = "It could not be drawn.";
      this.page.fail(error);
    } finally {
      if (panel.under === under) {
        panel.under = null;
        panel.asked = "";
      }
    }
  }

  /** @param {Panel} panel @param {number} slot */
  say(panel, slot) {
    panel.state.textContent = `Of ${slot >= 0 ? `trial ${NAMES[slot]}` : "the baseline"}.`;
    panel.host.removeAttribute("aria-busy");
  }

  /** Drawings in open panels, for who takes them away. @returns {{ title: string, drawing: SVGSVGElement }[]} */
  drawings() {
    return this.panels.filter((panel) => panel.details.open).flatMap((panel) =>
      [...panel.host.shadowRoot?.querySelectorAll("figure") ?? []].flatMap((figure) => {
        const drawing = /** @type {SVGSVGElement | null} */ (figure.querySelector("svg[role=img]"));
        return drawing ? [{ title: `${panel.picture.title}: ${figure.querySelector("h3")?.textContent ?? ""}`, drawing }] : [];
      }));
  }
}

/**
 * Shows a fragment of the report.
 * @param {HTMLElement} host
 * @param {string} html
 */
async function show(host, html) {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const page = new DOMParser().parseFromString(trusted.createHTML(html), "text/html");
  const style = root.querySelector("link") ?? el("link", { rel: "stylesheet", href: "web/report.css" });
  root.replaceChildren(style, ...page.body.childNodes);
  for (const element of root.querySelectorAll("[data-style]")) {
    /** @type {HTMLElement} */ (element).style.cssText = element.getAttribute("data-style") ?? "";
    element.removeAttribute("data-style");
  }
  const { readable } = await import(new URL("reading.js", import.meta.url).href);
  readable(root);
}
