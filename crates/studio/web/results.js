// What the levers do, kept in step with the latest pictures: what changes, cards, fans, accounts.

import { accounts } from "./accounts.js";
import { NAMES, card } from "./cards.js";
import { changed, clearest } from "./changed.js";
import { byId } from "./el.js";
import { canZoom, fan } from "./fans.js";
import { html, render } from "./sketch.js";
import { isNothing } from "./state.js";

const MOST_FANS = 8;
// Least width of a fan and the gap between two, as the style sheet has them.
const FAN_LEAST = 328;
const FAN_GAP = 32;

/**
 * What has been found so far.
 * @typedef {object} Found
 * @property {any} scenario
 * @property {any} baseline  its latest picture, if there is one
 * @property {(any | null)[]} pictures  the latest of each trial
 * @property {{ outcomes: string[], series: string[], days: number }} shown
 */

export class Results {
  /**
   * @param {import("./state.js").Store} store
   * @param {{ read: (slot: number, about: string, history: number | null) => void, again: () => void }} does  reads a
   *   history; draws again at the next frame
   */
  constructor(store, does) {
    this.store = store;
    this.does = does;
    this.byAccount = "";
    /** @type {Map<string, import("./fans.js").Look>} */
    this.looks = new Map();
    /** @type {Map<string, any[]>}  what the parts were last drawn from */
    this.drawn = new Map();
  }

  /** @param {Found} found */
  draw({ scenario, baseline, pictures, shown }) {
    const { state } = this.store;
    const { outcomes, series } = shown;
    const trials = state.trials.map((_, slot) => ({ slot, picture: pictures[slot] })).filter(({ picture }) => picture);
    // Asked before anything is written, so that nothing has to be laid out for the answer.
    const room = byId("fans").clientWidth || 640;
    const found = [scenario, baseline, ...trials.flatMap(({ slot, picture }) => [slot, picture])];
    render(byId("changed"), changed(scenario, state.trials.map((_, slot) => pictures[slot] ?? null), state.trials.map(isNothing), baseline));
    if (this.differs("cards", [outcomes.join(" "), ...found])) this.drawCards(scenario, baseline, trials, outcomes);
    if (this.differs("fans", [series.join(" "), state.active, state.whole, room, ...found])) this.drawFans(scenario, baseline, trials, series, room);
    const outcome = outcomes.includes(this.byAccount) ? this.byAccount : outcomes[0];
    render(byId("accounts"), accounts(scenario, state.account, outcome, baseline, trials, {
      choose: (id) => {
        this.byAccount = id;
        this.does.again();
      },
      believe: (account) => this.store.change((now) => { now.account = account; }),
    }));
    this.drawStrip(scenario, pictures[state.active]);
  }

  /**
   * Whether a part of the page would now be drawn from something else than before.
   * @param {string} part
   * @param {any[]} from
   */
  differs(part, from) {
    const before = this.drawn.get(part) ?? [];
    this.drawn.set(part, from);
    return from.length !== before.length || from.some((value, at) => value !== before[at]);
  }

  /**
   * @param {any} scenario
   * @param {any} baseline
   * @param {{ slot: number, picture: any }[]} trials
   * @param {string[]} ids
   */
  drawCards(scenario, baseline, trials, ids) {
    const extra = new Set(this.store.state.outcomes);
    const of = (/** @type {any} */ picture, /** @type {string} */ id) => picture?.outcomes.find((/** @type {any} */ row) => row.outcome === id);
    const cards = ids.map((id) => {
      const outcome = scenario.outcomes.find((/** @type {any} */ known) => known.id === id);
      const rows = trials.map(({ slot, picture }) => ({ slot, row: of(picture, id) })).filter(({ row }) => row);
      return card(scenario, outcome, of(baseline, id)?.baseline, rows, {
        ask: this.does.read,
        drop: extra.has(id) ? (dropped) => this.store.change((state) => { state.outcomes = state.outcomes.filter((known) => known !== dropped); }) : null,
      });
    });
    const left = scenario.outcomes.filter((/** @type {any} */ outcome) => !ids.includes(outcome.id));
    render(byId("cards"), html("h2", { id: "cards-heading" }, "Outcomes"), legend(trials), html("div", { class: "grid-of-cards" }, cards),
      adder("add-outcome", "Show another outcome", left, (id) => this.store.change((state) => { state.outcomes.push(id); })));
  }

  /**
   * @param {any} scenario
   * @param {any} baseline
   * @param {{ slot: number, picture: any }[]} trials
   * @param {string[]} ids
   * @param {number} room  width there is
   */
  drawFans(scenario, baseline, trials, ids, room) {
    const { active, whole } = this.store.state;
    const of = (/** @type {any} */ picture, /** @type {string} */ id) => picture?.fans.find((/** @type {any} */ row) => row.series === id)?.quantiles ?? null;
    const columns = Math.max(1, Math.min(ids.length, Math.floor((room + FAN_GAP) / (FAN_LEAST + FAN_GAP))));
    const width = Math.round(Math.max(300, (room - FAN_GAP * (columns - 1)) / columns));
    const fans = ids.map((id) => {
      const series = scenario.series.find((/** @type {any} */ known) => known.id === id);
      const others = trials.map(({ slot, picture }) => ({ slot, quantiles: of(picture, id) })).filter(({ quantiles }) => quantiles);
      const shown = { scenario, series, before: of(baseline, id), trials: others, active, whole, width };
      const key = `${scenario.id} ${id}`;
      return fan(shown, this.looks.get(key) ?? { day: null, numbers: false }, {
        look: (look) => {
          this.looks.set(key, look);
          this.drawn.delete("fans");
          this.does.again();
        },
        drop: (dropped) => this.store.change((now) => { now.series = ids.filter((known) => known !== dropped); }),
      });
    });
    const left = scenario.series.filter((/** @type {any} */ series) => !ids.includes(series.id));
    const zoom = canZoom(scenario) ? html("label", { class: "choice" }, html("input", {
      type: "checkbox", "data-key": "whole", checked: whole, onchange: () => this.store.change((now) => { now.whole = !now.whole; }),
    }), " the whole period") : null;
    render(byId("fans"), html("h2", { id: "fans-heading" }, "Day by day"),
      html("p", { class: "quiet" }, "The dark band holds half of the histories of a day, the light band 90 %, the line is the median. Point at a chart, or focus it and use the arrow keys, to read a day. ", zoom),
      html("div", { class: "grid-of-fans" }, fans),
      adder("add-series", "Show another series", ids.length < MOST_FANS ? left : [], (id) => this.store.change((now) => { now.series = [...ids, id]; })));
  }

  /**
   * On narrow screens, the clearest change stays in sight while a lever is dragged.
   * @param {any} scenario
   * @param {any} picture  of the trial at work, if there is one
   */
  drawStrip(scenario, picture) {
    const strip = byId("strip");
    const { active, trials } = this.store.state;
    const row = picture && clearest(picture)[0];
    strip.hidden = isNothing(trials[active]) || !picture;
    const title = row && scenario.outcomes.find((/** @type {any} */ known) => known.id === row.outcome)?.title;
    render(strip, row ? [`${title}: `, html("b", {}, row.change.text)] : "Nothing shown changes beyond chance");
  }
}

/** @param {{ slot: number }[]} trials */
const legend = (trials) => html("p", { class: "legend", "aria-hidden": "true" },
  html("span", { class: "key baseline" }, html("span", { class: "swatch" }), "Baseline"),
  trials.map(({ slot }) => html("span", { class: `key trial-${slot}` }, html("span", { class: "swatch" }), `Trial ${NAMES[slot]}`)),
  html("span", { class: "key" }, html("span", { class: "diamond" }, "◆"), "Record"));

/**
 * @param {string} id
 * @param {string} text
 * @param {any[]} list
 * @param {(id: string) => void} add
 */
function adder(id, text, list, add) {
  if (list.length === 0) return null;
  const select = html("select", { id, "data-key": id, onchange: (/** @type {any} */ event) => event.currentTarget.value && add(event.currentTarget.value) },
    html("option", { value: "" }, "choose …"), list.map((one) => html("option", { "data-key": one.id, value: one.id }, one.title)));
  return html("p", { class: "choice", "data-key": `of-${id}` }, html("label", { for: id }, `${text} `), select);
}
