// A history to read: its days as a timeline, each event's causes back to the shocks, and how common that chain is.

import { ask } from "./api.js";
import { NAMES } from "./cards.js";
import { el, put } from "./el.js";
import { isNothing } from "./state.js";
import { counted, whole } from "./words.js";

export class HistoryReader {
  /**
   * @param {HTMLElement} place
   * @param {import("./state.js").Store} store
   * @param {(error: unknown) => void} fail
   * @param {string} session
   */
  constructor(place, store, fail, session) {
    this.place = place;
    this.store = store;
    this.fail = fail;
    this.session = session;
    /** @type {any} */
    this.scenario = null;
    this.histories = 0;
    /** Which run is read: the baseline (−1) or a trial. */
    this.slot = -1;
    /** @type {any} */
    this.told = null;
    /** @type {any} */
    this.why = null;
    this.all = false;
    /** @type {number | null} */
    this.followed = null;
    this.asked = "";
    /** What the section was last shown for. */
    this.offered = "";
  }

  /** What identifies the run that is read. */
  question() {
    const { scenario, account, trials } = this.store.state;
    const trial = this.slot >= 0 ? trials[this.slot] : null;
    return { scenario, account, trial: trial && !isNothing(trial) ? trial : {} };
  }

  /** Another scenario or other levers: what was read may no longer be so. */
  refresh() {
    if (this.slot >= this.store.state.trials.length) this.slot = -1;
    if (this.told && JSON.stringify(this.question()) !== this.asked) {
      this.told = null;
      this.why = null;
    }
    const offered = JSON.stringify([this.store.state.scenario, this.scenario.hash, this.slot, this.told?.history, this.runs()]);
    if (offered === this.offered) return;
    this.offered = offered;
    this.show();
  }

  /** Trials that can be read. */
  runs() {
    return this.store.state.trials.map((trial, at) => ({ trial, at })).filter(({ trial }) => !isNothing(trial)).map(({ at }) => at);
  }

  /**
   * @param {number | null} number  null for one that is chosen
   * @param {number} [slot]
   * @param {string} [about]  what to explain at once
   * @param {"typical" | "surprising" | "closest"} [choose]  which one, where there is no number
   */
  async open(number, slot, about, choose) {
    if (slot !== undefined) this.slot = slot;
    const question = this.question();
    try {
      this.told = await ask("api/history", { ...question, history: number, choose });
      this.asked = JSON.stringify(question);
      this.why = null;
      this.followed = null;
      this.show();
      if (about) await this.explain(about);
    } catch (error) {
      this.fail(error);
    }
  }

  /** @param {string} about @param {number | null} [event] */
  async explain(about, event = null) {
    this.followed = event;
    this.why = { heading: "Following causes …", tree: [] };
    this.show();
    try {
      const why = await ask("api/why", { ...this.question(), session: `${this.session}-why`, history: this.told.history, about });
      if (why) this.why = why;
      this.show();
      document.getElementById("why-heading")?.focus({ preventScroll: true });
    } catch (error) {
      this.why = null;
      this.show();
      this.fail(error);
    }
  }

  /** @param {number} id */
  goTo(id) {
    const event = this.told.events.find((/** @type {any} */ known) => known.id === id);
    if (event && !event.central && !this.all) {
      this.all = true;
      this.show();
    }
    const target = document.getElementById(`event-${id}`);
    target?.scrollIntoView({ block: "center" });
    target?.focus({ preventScroll: true });
  }

  show() {
    const runs = /** @type {HTMLSelectElement} */ (el("select", { id: "history-of", "data-key": "history-of", onchange: () => this.open(this.told?.history ?? null, Number(runs.value)) },
      el("option", { value: -1, selected: this.slot === -1 }, "the baseline"),
      this.runs().map((at) => el("option", { value: at, selected: this.slot === at }, `trial ${NAMES[at]}`))));
    const number = /** @type {HTMLInputElement} */ (el("input", { type: "number", id: "history-number", "data-key": "history-number", min: 0, max: this.histories - 1, value: this.told ? String(this.told.history) : "" }));
    const form = el("form", {
      class: "choice", onsubmit: (/** @type {Event} */ event) => {
        event.preventDefault();
        if (number.value !== "") this.open(Number(number.value));
      },
    }, el("label", { for: "history-of" }, "Of "), runs, el("label", { for: "history-number" }, " number "), number,
    el("button", { type: "submit" }, "Read"),
    el("button", { type: "button", "data-key": "typical", id: "typical", onclick: () => this.open(null, undefined, undefined, "typical") }, "A typical one"),
    el("button", { type: "button", "data-key": "surprising", id: "surprising", onclick: () => this.open(null, undefined, undefined, "surprising") }, "A surprising one"),
    this.recorded() ? el("button", { type: "button", "data-key": "closest", id: "closest", onclick: () => this.open(null, undefined, undefined, "closest") }, "The one closest to the record") : null);
    put(this.place, el("h2", { id: "history-heading" }, "A history to read"), form, this.told ? this.timeline() : el("p", { class: "quiet" }, `Any of the ${whole(this.histories)} histories can be read day by day, and every event followed back to its causes.`));
  }

  /** Whether there is a record to be close to. */
  recorded() {
    return [...this.scenario?.outcomes ?? [], ...this.scenario?.series ?? []].some((one) => one.record.length > 0);
  }

  timeline() {
    const shown = this.told.events.filter((/** @type {any} */ event) => this.all || event.central);
    const texts = new Map(this.told.events.map((/** @type {any} */ event) => [event.id, event]));
    /** @type {Map<string, any[]>} */
    const byDay = new Map();
    for (const event of shown) byDay.set(event.date, [...(byDay.get(event.date) ?? []), event]);
    const days = [...byDay].map(([date, events]) => el("li", { class: "day" }, el("h3", {}, date), el("ul", {}, events.map((event) => this.event(event, texts)))));
    return el("div", { class: "reading" },
      el("div", {},
        el("p", {}, `History ${whole(this.told.history)}, believing `, el("b", {}, this.told.account.title), "."),
        this.told.chosen ? el("p", { class: "quiet", id: "chosen" }, el("b", {}, `${this.told.chosen.title}${this.slot >= 0 ? " of the baseline" : ""}. `), this.told.chosen.rule) : null,
        el("dl", { class: "facts" }, this.told.outcomes.map((/** @type {any} */ row) => el("div", {}, el("dt", {}, row.title),
          el("dd", {}, row.value, " ", el("button", { type: "button", class: "plain", "data-key": `why-${row.outcome}`, onclick: () => this.explain(row.outcome) }, "Why?", el("span", { class: "hidden" }, ` ${row.title}`)))))),
        el("p", { class: "choice" }, el("label", {}, el("input", { type: "checkbox", "data-key": "all-events", checked: this.all, onchange: () => { this.all = !this.all; this.show(); } }),
          ` All ${counted(this.told.events.length, "event", "events")}, also those of single places and what happens again in the same words`)),
        el("ol", { class: "timeline", id: "timeline" }, days)),
      this.why ? this.causes() : el("aside", { class: "why" }, el("p", { class: "quiet" }, "Choose an event to see what led to it, or “Why?” beside an outcome.")));
  }

  /**
   * @param {any} event
   * @param {Map<number, any>} texts
   */
  event(event, texts) {
    const causes = event.causes.filter((/** @type {number} */ id) => texts.has(id));
    return el("li", { class: event.id === this.followed ? "event followed" : "event" },
      el("button", { type: "button", class: "plain what", id: `event-${event.id}`, "data-key": `event-${event.id}`, onclick: () => this.explain(event.about, event.id) }, event.text, event.hour === null ? null : el("span", { class: "note" }, ` at ${event.hour}:00`)),
      causes.length ? el("span", { class: "note because" }, "because of ", causes.slice(-3).map((/** @type {number} */ id, /** @type {number} */ at) => [at ? ", " : "",
        el("button", { type: "button", class: "plain cause", "data-key": `cause-${event.id}-${id}`, onclick: () => this.goTo(id) }, texts.get(id).text)]).flat(), causes.length > 3 ? ` and ${causes.length - 3} more` : "") : null);
  }

  causes() {
    const why = this.why;
    const share = why.same_chain === undefined ? null : el("p", { class: "share" },
      "The same main chain of causes held in ", el("b", {}, `${whole(why.same_chain)} of ${counted(why.histories, "history", "histories")}`), `. ${why.occurrence} ${whole(why.occurs)} of them.`);
    return el("aside", { class: "why", "aria-labelledby": "why-heading" },
      el("h3", { id: "why-heading", tabindex: -1 }, why.heading),
      why.basis ? el("p", { class: "quiet" }, why.basis) : null,
      el("ul", { class: "tree" }, why.tree.map((/** @type {any} */ line) => {
        const item = el("li", {}, el("button", { type: "button", class: "plain", "data-key": `tree-${line.event}-${line.depth}`, onclick: () => this.goTo(line.event) }, line.text), el("span", { class: "note" }, ` ${line.date}${line.repeated ? ", causes above" : ""}${line.begins ? `, begins with ${line.begins}` : ""}`));
        item.style.marginInlineStart = `${Math.min(line.depth, 12) * 0.9}rem`;
        return item;
      })),
      share,
      why.commonest?.length ? el("details", {}, el("summary", {}, "The commonest chains"), el("ol", {}, why.commonest.map((/** @type {any} */ chain) => el("li", {}, chain.chain, el("span", { class: "note" }, counted(chain.histories, "history", "histories")))))) : null);
  }
}
