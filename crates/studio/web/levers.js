// The levers: trials, policies, beliefs, dates, parameters. Built once for a scenario and trial, then kept in step, so that
// what is being dragged is never taken out of the hand.

import { NAMES } from "./cards.js";
import { el, put } from "./el.js";
import { MOST_TRIALS, isNothing, noTrial } from "./state.js";
import { date, dateOf, daysBetween, iso, number } from "./words.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./state.js").Store} Store */

const STEPS = 1000;
const MOST_FOUND = 20;

export class Levers {
  /**
   * @param {HTMLElement} place
   * @param {Store} store
   * @param {(parameter: string) => void} showEvidence
   */
  constructor(place, store, showEvidence) {
    this.place = place;
    this.store = store;
    this.showEvidence = showEvidence;
    /** @type {any} */
    this.scenario = null;
    /** @type {string[]} */
    this.strongest = [];
    this.search = "";
    this.key = "";
    /** @type {((state: State) => void)[]} */
    this.followers = [];
    /** @type {Set<string>} */
    this.unfolded = new Set(["policies"]);
    /** @type {Set<string>} */
    this.listed = new Set();
  }

  /** @param {State} state */
  show(state) {
    const trial = state.trials[state.active];
    const key = JSON.stringify([this.scenario.id, this.scenario.hash, state.trials.length, state.active, this.search, this.strongest]);
    // A lever that is listed already stays where it is: it may be in the user's hand.
    if (key !== this.key || Object.keys(trial.parameters).some((id) => !this.listed.has(id))) {
      this.key = key;
      this.build(state);
    }
    for (const follow of this.followers) follow(state);
  }

  /** @param {(trial: import("./state.js").Trial) => void} change @param {boolean} [passing] */
  pull(change, passing = false) {
    this.store.change((state) => change(state.trials[state.active]), { passing });
  }

  /** @param {State} state */
  build(state) {
    this.followers = [];
    put(this.place,
      el("h2", { id: "levers-heading" }, "Levers"),
      this.trials(state),
      this.group("policies", "Policies", this.policies(), (s) => s.trials[s.active].policies.length),
      this.group("belief", "Belief", this.belief(), (s) => Object.keys(s.trials[s.active].credences).length + (s.account ? 1 : 0)),
      this.group("shocks", "Dates of shocks", this.shocks(), (s) => Object.keys(s.trials[s.active].shocks).length),
      this.group("parameters", "Parameters", this.parameters(state), (s) => Object.keys(s.trials[s.active].parameters).length));
  }

  /**
   * @param {string} id
   * @param {string} title
   * @param {HTMLElement} content
   * @param {(state: State) => number} count
   */
  group(id, title, content, count) {
    const badge = el("span", { class: "badge" });
    this.followers.push((state) => {
      const moved = count(state);
      const text = moved ? `${moved} moved` : "";
      if (badge.textContent !== text) badge.textContent = text;
    });
    const details = el("details", { class: "group", id: `group-${id}`, open: this.unfolded.has(id) },
      el("summary", { "data-key": `group-${id}` }, el("h3", {}, title), badge), content);
    details.addEventListener("toggle", () => {
      if (details.hasAttribute("open")) this.unfolded.add(id);
      else this.unfolded.delete(id);
    });
    return details;
  }

  /** @param {State} state */
  trials(state) {
    const tabs = state.trials.map((_, at) => el("button", {
      type: "button", class: `tab trial-${at}`, "aria-pressed": String(at === state.active), "data-key": `trial-${at}`,
      onclick: () => this.store.change((s) => { s.active = at; }),
    }, el("span", { class: "swatch", "aria-hidden": "true" }), el("span", { class: "hidden" }, "Trial "), NAMES[at]));
    const full = state.trials.length >= MOST_TRIALS;
    const clear = el("button", { type: "button", class: "plain", "data-key": "clear", onclick: () => this.store.change((s) => { s.trials[s.active] = noTrial(); }) }, "Clear levers");
    this.followers.push((s) => clear.toggleAttribute("disabled", isNothing(s.trials[s.active])));
    return el("div", { class: "trials", role: "group", "aria-label": "Trials side by side" }, tabs,
      full ? null : el("button", {
        type: "button", class: "plain", "data-key": "add",
        onclick: () => this.store.change((s) => {
          s.trials.push(structuredClone(s.trials[s.active]));
          s.active = s.trials.length - 1;
        }),
      }, "Add trial"),
      state.trials.length > 1 ? el("button", {
        type: "button", class: "plain", "data-key": "remove",
        onclick: () => this.store.change((s) => {
          s.trials.splice(s.active, 1);
          s.active = Math.min(s.active, s.trials.length - 1);
        }),
      }, `Remove ${NAMES[state.active]}`) : null,
      clear);
  }

  policies() {
    if (this.scenario.policies.length === 0) return el("p", { class: "quiet" }, "This scenario has no policies.");
    return el("ul", { class: "choices" }, this.scenario.policies.map((/** @type {any} */ policy) => {
      const box = /** @type {HTMLInputElement} */ (el("input", {
        type: "checkbox", id: `policy-${policy.id}`, "aria-describedby": `about-${policy.id}`,
        onchange: () => this.pull((trial) => {
          trial.policies = box.checked ? [...trial.policies, policy.id] : trial.policies.filter((id) => id !== policy.id);
        }),
      }));
      this.followers.push((state) => { box.checked = state.trials[state.active].policies.includes(policy.id); });
      return el("li", {}, box, el("label", { for: box.id }, policy.title),
        el("span", { class: "note", id: `about-${policy.id}` }, policy.changes.join("; ")));
    }));
  }

  belief() {
    const only = /** @type {HTMLSelectElement} */ (el("select", {
      id: "account", onchange: () => this.store.change((state) => { state.account = only.value || null; }),
    }, el("option", { value: "" }, "all accounts, by their credence"),
    this.scenario.accounts.map((/** @type {any} */ account) => el("option", { value: account.id }, account.title))));
    this.followers.push((state) => { only.value = state.account ?? ""; });
    const sliders = this.scenario.accounts.map((/** @type {any} */ account) => this.slider({
      id: `credence-${account.id}`, title: account.title, note: "", low: 0, high: 1, logarithmic: false,
      start: account.credence,
      read: (state) => state.trials[state.active].credences[account.id],
      write: (trial, value) => {
        if (value === null) delete trial.credences[account.id];
        else trial.credences[account.id] = value;
      },
      say: (value) => `${Math.round(value * 100)} %`,
      step: 0.01,
    }));
    return el("div", {},
      el("p", { class: "choice" }, el("label", { for: "account" }, "Believe, in baseline and trials: "), only),
      el("p", { class: "quiet" }, "Or weigh the accounts anew in this trial; the weights are brought to a sum of 1."),
      el("div", { class: "sliders" }, sliders));
  }

  shocks() {
    if (this.scenario.shocks.length === 0) return el("p", { class: "quiet" }, "This scenario has no shocks.");
    return el("div", { class: "sliders" }, this.scenario.shocks.map((/** @type {any} */ shock) => this.slider({
      id: `shock-${shock.id}`, title: shock.title, note: shock.cancelled ? "only if you give it a date" : "", low: 0, high: this.scenario.days - 1, logarithmic: false,
      start: daysBetween(this.scenario.start, shock.date),
      read: (state) => {
        const moved = state.trials[state.active].shocks[shock.id];
        return moved === undefined ? undefined : moved === null ? null : daysBetween(this.scenario.start, moved);
      },
      write: (trial, value) => {
        if (value === null) delete trial.shocks[shock.id];
        else trial.shocks[shock.id] = iso(dateOf(this.scenario.start, value));
      },
      say: (value) => date(dateOf(this.scenario.start, value)),
      step: 1,
      never: (trial) => { trial.shocks[shock.id] = null; },
    })));
  }

  /** @param {State} state */
  parameters(state) {
    const all = /** @type {any[]} */ (this.scenario.parameters);
    const moved = Object.keys(state.trials[state.active].parameters);
    const words = this.search.toLowerCase().split(/\s+/).filter(Boolean);
    const matches = (/** @type {any} */ parameter) =>
      words.every((word) => `${parameter.title} ${parameter.id}`.toLowerCase().includes(word));
    const found = words.length ? all.filter(matches) : this.strongest.map((id) => all.find((known) => known.id === id)).filter(Boolean);
    const listed = [...new Set([...all.filter((parameter) => moved.includes(parameter.id)), ...found.slice(0, MOST_FOUND)])];
    this.listed = new Set(listed.map((parameter) => parameter.id));
    const box = /** @type {HTMLInputElement} */ (el("input", {
      type: "search", id: "search", "data-key": "search", value: this.search, autocomplete: "off", spellcheck: "false",
      oninput: () => {
        this.search = box.value;
        this.show(this.store.state);
      },
    }));
    const more = found.length > MOST_FOUND ? ` ${found.length - MOST_FOUND} more match; go on typing.` : "";
    return el("div", {},
      el("p", { class: "choice" }, el("label", { for: "search" }, `Search ${all.length} parameters`), box),
      el("p", { class: "quiet" }, words.length
        ? `${found.length} found.${more}`
        : "Shown are those that go with the headline outcomes most in the baseline."),
      el("div", { class: "sliders" }, listed.map((parameter) => this.parameter(parameter))));
  }

  /** @param {any} parameter */
  parameter(parameter) {
    const low = parameter.low ?? 0;
    const high = parameter.high ?? Math.max(1, low * 2);
    return this.slider({
      id: `parameter-${parameter.id}`, title: parameter.title, note: parameter.yes_no ? "probability of yes" : parameter.unit, low, high,
      logarithmic: parameter.logarithmic && low > 0,
      start: parameter.logarithmic && low > 0 ? Math.sqrt(low * high) : (low + high) / 2,
      read: (state) => state.trials[state.active].parameters[parameter.id],
      write: (trial, value) => {
        if (value === null) delete trial.parameters[parameter.id];
        else trial.parameters[parameter.id] = value;
      },
      say: (value) => number(value),
      step: 0,
      drawn: parameter.yes_no ? "yes or no, drawn" : `drawn, ${number(low)} to ${number(high)}`,
      evidence: () => this.showEvidence(parameter.id),
      basis: parameter.basis,
    });
  }

  /**
   * One lever: a slider with its value, and the way back to how the scenario has it.
   * @param {{ id: string, title: string, note: string, low: number, high: number, logarithmic: boolean, start: number,
   *   read: (state: State) => number | null | undefined, write: (trial: import("./state.js").Trial, value: number | null) => void,
   *   say: (value: number) => string, step: number, drawn?: string, evidence?: () => void, basis?: string,
   *   never?: (trial: import("./state.js").Trial) => void }} lever
   */
  slider(lever) {
    const { low, high } = lever;
    const toPlace = (/** @type {number} */ value) =>
      STEPS * (lever.logarithmic ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low || 1));
    const toValue = (/** @type {number} */ place) => {
      if (place <= 0) return low;
      if (place >= STEPS) return high;
      const share = place / STEPS;
      const value = lever.logarithmic ? low * (high / low) ** share : low + (high - low) * share;
      const near = Number(value.toPrecision(4));
      return Math.min(high, Math.max(low, near));
    };
    const stepped = lever.step > 0;
    const range = /** @type {HTMLInputElement} */ (el("input", {
      type: "range", id: lever.id, "data-key": lever.id,
      min: stepped ? low : 0, max: stepped ? high : STEPS, step: stepped ? lever.step : 1,
      oninput: () => this.pull((trial) => lever.write(trial, current()), true),
      onchange: () => this.pull((trial) => lever.write(trial, current())),
    }));
    const current = () => (stepped ? Number(range.value) : toValue(Number(range.value)));
    const value = el("output", { for: lever.id, class: "value" });
    const back = el("button", {
      type: "button", class: "plain back", "data-key": `back-${lever.id}`,
      onclick: () => this.pull((trial) => lever.write(trial, null)),
    }, "Reset", el("span", { class: "hidden" }, ` ${lever.title}`));
    const never = lever.never ? el("button", {
      type: "button", class: "plain", "data-key": `never-${lever.id}`, onclick: () => this.pull((trial) => lever.never?.(trial)),
    }, "Never", el("span", { class: "hidden" }, ` ${lever.title}`)) : null;
    const row = el("div", { class: "lever" },
      el("label", { for: lever.id }, lever.title, lever.note ? el("span", { class: "note" }, ` ${lever.note}`) : null),
      value, range,
      el("span", { class: "after" },
        lever.evidence ? el("button", { type: "button", class: "plain", "data-key": `evidence-${lever.id}`, onclick: lever.evidence }, lever.basis === "evidence" ? "Evidence" : "Reason", el("span", { class: "hidden" }, ` for ${lever.title}`)) : null,
        never, back));
    /** @type {number | null | undefined | "unknown"} */
    let before = "unknown";
    this.followers.push((state) => {
      const now = lever.read(state);
      const shown = now ?? lever.start;
      if (document.activeElement !== range || !this.store.before) range.value = String(stepped ? shown : Math.round(toPlace(shown)));
      // Most levers stay where they were, and what is written anew has to be laid out.
      if (now === before) return;
      before = now;
      const moved = now !== undefined;
      const text = now === null ? "never" : moved ? lever.say(shown) : lever.drawn ?? lever.say(shown);
      row.classList.toggle("moved", moved);
      back.hidden = !moved;
      value.textContent = text;
      range.setAttribute("aria-valuetext", text);
    });
    return row;
  }
}
