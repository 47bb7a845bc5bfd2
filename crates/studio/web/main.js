// The studio: opens a scenario, keeps levers, link and pictures in step, and says so when the server is gone.

import { Lost, Refusal, ask, get, watch } from "./api.js";
import { accounts } from "./accounts.js";
import { NAMES, card } from "./cards.js";
import { changed, clearest } from "./changed.js";
import { evidence, exportAll, savePolicy } from "./dialogs.js";
import { byId, el, put } from "./el.js";
import { canZoom, fan } from "./fans.js";
import { HistoryReader } from "./history.js";
import { Levers } from "./levers.js";
import { mistakes } from "./mistakes.js";
import { Pictures } from "./pictures.js";
import { Runner } from "./runner.js";
import { Store, beginning, fromFragment, isNothing, toFragment } from "./state.js";
import { counted } from "./words.js";

const RETRY = 1500;
const FEW_SERIES = 4;
// Least width of a fan and the gap between two, as the style sheet has them.
const FAN_LEAST = 328;
const FAN_GAP = 32;

/** The whole page. */
class Studio {
  /** @param {any} library */
  constructor(library) {
    this.library = library;
    /** @type {any} */
    this.scenario = null;
    /** @type {any} */
    this.baseline = null;
    /** @type {(any | null)[]} */
    this.pictures = [];
    this.byAccount = "";
    this.store = new Store(fromFragment(location.hash) ?? beginning(library.first));
    this.runner = new Runner((slot, picture) => this.take(slot, picture), (error) => this.fail(error));
    this.levers = new Levers(byId("levers"), this.store, (parameter) => this.guarded(() => evidence(this.scenario.id, parameter)));
    this.reader = new HistoryReader(byId("history"), this.store, (error) => this.fail(error), this.runner.session);
    this.reader.histories = library.histories;
    this.pictured = new Pictures(byId("pictures"), this.store, this.runner.session, {
      busy: () => this.runner.busy || !this.baseline?.last,
      fail: (error) => this.fail(error),
    });
    this.drawing = 0;
    /** @type {Map<string, any[]>}  what the parts of the page were last drawn from */
    this.drawn = new Map();
    /** @type {number | undefined} */
    this.resizing = undefined;
    this.store.listen(() => this.follow());
    this.furnish();
  }

  furnish() {
    const select = /** @type {HTMLSelectElement} */ (byId("scenario"));
    put(select, this.library.scenarios.map((/** @type {any} */ one) => el("option", { value: one.id }, one.id)));
    select.addEventListener("change", () => this.store.change((state) => Object.assign(state, beginning(select.value))));
    byId("undo").addEventListener("click", () => this.store.undo());
    byId("redo").addEventListener("click", () => this.store.redo());
    byId("link").addEventListener("click", () => this.copyLink());
    byId("save").addEventListener("click", () => this.scenario && savePolicy(this.scenario, this.store.state, () => this.open(false)));
    byId("export").addEventListener("click", () => this.scenario && exportAll(this.scenario, this.store.state, this.pictured.drawings()));
    addEventListener("keydown", (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return;
      if (event.target instanceof HTMLInputElement && event.target.type === "search") return;
      event.preventDefault();
      if (event.shiftKey) this.store.redo();
      else this.store.undo();
    });
    addEventListener("hashchange", () => {
      const state = fromFragment(location.hash);
      if (state && toFragment(state) !== toFragment(this.store.state)) this.store.change((now) => Object.assign(now, state));
    });
    addEventListener("resize", () => {
      clearTimeout(this.resizing);
      this.resizing = setTimeout(() => this.draw(), 150);
    });
    watch((lost) => this.connection(lost));
  }

  /** Does something that the server may refuse. @param {() => Promise<any>} work */
  async guarded(work) {
    try {
      return await work();
    } catch (error) {
      this.fail(error);
      return null;
    }
  }

  /** Says what went wrong; a lost connection is said elsewhere. @param {unknown} error */
  fail(error) {
    if (error instanceof Lost || (error instanceof DOMException && error.name === "AbortError")) return;
    if (!(error instanceof Refusal)) throw error;
    this.say(error.message);
    const lost = byId("lost");
    lost.hidden = false;
    put(lost, el("p", {}, `${error.message}. `, el("button", { type: "button", onclick: () => { lost.hidden = true; } }, "Dismiss")));
  }

  /** @param {string} text */
  say(text) {
    byId("spoken").textContent = text;
  }

  /** The state has changed: another scenario, or other levers. */
  follow() {
    const { state } = this.store;
    if (!this.scenario || this.scenario.id !== state.scenario) {
      this.open(true);
      return;
    }
    this.settle(state);
    history.replaceState(null, "", `#${toFragment(state)}`);
    byId("undo").toggleAttribute("disabled", this.store.past.length === 0);
    byId("redo").toggleAttribute("disabled", this.store.future.length === 0);
    this.pictures.length = state.trials.length;
    state.trials.forEach((trial, slot) => { if (isNothing(trial)) this.pictures[slot] = null; });
    this.levers.show(state);
    this.runner.update(state, this.shown(), isNothing);
    this.reader.refresh();
    this.pictured.refresh();
    this.soon();
  }

  /** A link may speak of what the scenario no longer has. @param {import("./state.js").State} state */
  settle(state) {
    const has = (/** @type {any[]} */ list) => (/** @type {string} */ id) => list.some((known) => known.id === id);
    const { scenario } = this;
    const only = (/** @type {Record<string, any>} */ levers, /** @type {any[]} */ list) => {
      for (const id of Object.keys(levers)) if (!has(list)(id)) delete levers[id];
    };
    for (const trial of state.trials) {
      trial.policies = trial.policies.filter(has(scenario.policies));
      only(trial.parameters, scenario.parameters);
      only(trial.shocks, scenario.shocks);
      only(trial.credences, scenario.accounts);
    }
    if (state.account && !has(scenario.accounts)(state.account)) state.account = null;
    state.outcomes = state.outcomes.filter(has(scenario.outcomes));
    state.series = state.series?.filter(has(scenario.series)) ?? null;
  }

  /** Outcomes and series in the pictures. */
  shown() {
    const headlines = this.scenario.outcomes.filter((/** @type {any} */ outcome) => outcome.headline);
    const first = headlines.length ? headlines : this.scenario.outcomes.slice(0, 8);
    const ids = first.map((/** @type {any} */ outcome) => outcome.id);
    const outcomes = [...ids, ...this.store.state.outcomes.filter((id) => !ids.includes(id))].slice(0, 40);
    const recorded = [...this.scenario.series].sort((a, b) => b.record.length - a.record.length).slice(0, FEW_SERIES);
    const chosen = this.store.state.series ?? this.scenario.series.filter((/** @type {any} */ one) => recorded.includes(one)).map((/** @type {any} */ one) => one.id);
    return { outcomes, series: chosen.slice(0, 8) };
  }

  /** Opens the scenario of the state. @param {boolean} anew  whether what was shown belongs to another one */
  async open(anew) {
    const { scenario: id } = this.store.state;
    /** @type {HTMLSelectElement} */ (byId("scenario")).value = id;
    try {
      this.scenario = await ask("api/open", { scenario: id });
    } catch (error) {
      if (!(error instanceof Refusal)) return;
      byId("title").textContent = id;
      byId("question").textContent = "";
      byId("desk").hidden = true;
      const place = byId("mistakes");
      place.hidden = false;
      put(place, mistakes(error.message, error.mistakes ?? [], () => this.open(true)));
      if (error.status === 404) this.store.become(beginning(this.library.first));
      return;
    }
    byId("mistakes").hidden = true;
    byId("desk").hidden = false;
    byId("title").textContent = this.scenario.title;
    byId("question").textContent = this.scenario.question;
    document.title = `${this.scenario.title} · Equipoise studio`;
    this.levers.scenario = this.scenario;
    this.reader.scenario = this.scenario;
    this.pictured.scenario = this.scenario;
    if (anew) {
      this.runner.forget();
      this.baseline = null;
      this.pictures = [];
      this.levers.strongest = [];
      this.reader.told = null;
    }
    this.follow();
    const told = await this.guarded(() => ask("api/strongest", { scenario: id }));
    if (told && this.scenario.id === id) {
      this.levers.strongest = told.parameters;
      this.levers.show(this.store.state);
    }
  }

  /**
   * A picture has come, or (null) the last one of a question.
   * @param {number} slot
   * @param {any} picture
   */
  take(slot, picture) {
    if (picture) {
      if (slot < 0) this.baseline = picture;
      else if (slot < this.store.state.trials.length) this.pictures[slot] = picture;
    } else if (!this.runner.busy) {
      this.tellChange();
      this.pictured.refresh();
    }
    this.soon();
  }

  /** Says the clearest change aloud once all histories are in. */
  tellChange() {
    const picture = this.pictures[this.store.state.active];
    if (!picture) return;
    const row = clearest(picture)[0];
    const title = row && this.scenario.outcomes.find((/** @type {any} */ known) => known.id === row.outcome)?.title;
    this.say(row ? `${counted(picture.histories, "history", "histories")}: ${title} ${row.change.text}` : "No outcome shown changes beyond chance.");
  }

  /** Draws at the next frame, once. */
  soon() {
    if (!this.drawing) this.drawing = requestAnimationFrame(() => this.draw());
  }

  draw() {
    this.drawing = 0;
    if (!this.scenario || byId("desk").hidden) return;
    const { state } = this.store;
    const nothing = state.trials.map(isNothing);
    const { outcomes, series } = this.shown();
    const trials = state.trials.map((_, slot) => ({ slot, picture: this.pictures[slot] })).filter(({ picture }) => picture);
    // Asked before anything is written, so that nothing has to be laid out for the answer.
    const room = byId("fans").clientWidth || 640;
    const pictures = [this.scenario, this.baseline, ...trials.flatMap(({ slot, picture }) => [slot, picture])];
    put(byId("changed"), changed(this.scenario, state.trials.map((_, slot) => this.pictures[slot] ?? null), nothing, this.baseline));
    if (this.differs("cards", [outcomes.join(" "), ...pictures])) this.drawCards(outcomes, trials);
    if (this.differs("fans", [series.join(" "), state.active, state.whole, room, ...pictures])) this.drawFans(series, trials, room);
    const outcome = outcomes.includes(this.byAccount) ? this.byAccount : outcomes[0];
    put(byId("accounts"), accounts(this.scenario, state.account, outcome, this.baseline, trials, {
      choose: (id) => { this.byAccount = id; this.draw(); },
      believe: (account) => this.store.change((now) => { now.account = account; }),
    }));
    this.drawStrip();
    document.body.dataset.settled = String(!this.runner.busy && this.baseline?.last === true);
  }

  /**
   * Whether a part of the page would now be drawn from something else than before: drawing takes time from the cores that
   * simulate.
   * @param {string} part
   * @param {any[]} from
   */
  differs(part, from) {
    const before = this.drawn.get(part) ?? [];
    this.drawn.set(part, from);
    return from.length !== before.length || from.some((value, at) => value !== before[at]);
  }

  /**
   * @param {string[]} ids
   * @param {{ slot: number, picture: any }[]} trials
   */
  drawCards(ids, trials) {
    const extra = new Set(this.store.state.outcomes);
    const of = (/** @type {any} */ picture, /** @type {string} */ id) => picture?.outcomes.find((/** @type {any} */ row) => row.outcome === id);
    const cards = ids.map((id) => {
      const outcome = this.scenario.outcomes.find((/** @type {any} */ known) => known.id === id);
      const rows = trials.map(({ slot, picture }) => ({ slot, row: of(picture, id) })).filter(({ row }) => row);
      return card(this.scenario, outcome, of(this.baseline, id)?.baseline, rows, {
        ask: (slot, about, number) => this.reader.open(number, slot, about).then(() => byId("history").scrollIntoView()),
        drop: extra.has(id) ? (dropped) => this.store.change((state) => { state.outcomes = state.outcomes.filter((known) => known !== dropped); }) : null,
      });
    });
    const left = this.scenario.outcomes.filter((/** @type {any} */ outcome) => !ids.includes(outcome.id));
    put(byId("cards"), el("h2", { id: "cards-heading" }, "Outcomes"), this.legend(trials), el("div", { class: "grid-of-cards" }, cards),
      this.adder("add-outcome", "Show another outcome", left, (id) => this.store.change((state) => { state.outcomes.push(id); })));
  }

  /** @param {{ slot: number }[]} trials */
  legend(trials) {
    return el("p", { class: "legend", "aria-hidden": "true" },
      el("span", { class: "key baseline" }, el("span", { class: "swatch" }), "Baseline"),
      trials.map(({ slot }) => el("span", { class: `key trial-${slot}` }, el("span", { class: "swatch" }), `Trial ${NAMES[slot]}`)),
      el("span", { class: "key" }, el("span", { class: "diamond" }, "◆"), "Record"));
  }

  /**
   * @param {string[]} ids
   * @param {{ slot: number, picture: any }[]} trials
   * @param {number} room  width there is
   */
  drawFans(ids, trials, room) {
    const { state } = this.store;
    const of = (/** @type {any} */ picture, /** @type {string} */ id) => picture?.fans.find((/** @type {any} */ row) => row.series === id)?.quantiles ?? null;
    const columns = Math.max(1, Math.min(ids.length, Math.floor((room + FAN_GAP) / (FAN_LEAST + FAN_GAP))));
    const width = Math.round(Math.max(300, (room - FAN_GAP * (columns - 1)) / columns));
    const fans = ids.map((id) => {
      const series = this.scenario.series.find((/** @type {any} */ known) => known.id === id);
      const others = trials.map(({ slot, picture }) => ({ slot, quantiles: of(picture, id) })).filter(({ quantiles }) => quantiles);
      return fan(this.scenario, series, of(this.baseline, id), others, state.active, state.whole, width,
        (dropped) => this.store.change((now) => { now.series = ids.filter((known) => known !== dropped); }));
    });
    const left = this.scenario.series.filter((/** @type {any} */ series) => !ids.includes(series.id));
    const zoom = canZoom(this.scenario) ? el("label", { class: "choice" }, el("input", {
      type: "checkbox", "data-key": "whole", checked: state.whole, onchange: () => this.store.change((now) => { now.whole = !now.whole; }),
    }), " the whole period") : null;
    put(byId("fans"), el("h2", { id: "fans-heading" }, "Day by day"),
      el("p", { class: "quiet" }, "The dark band holds half of the histories of a day, the light band 90 %, the line is the median. Point at a chart, or focus it and use the arrow keys, to read a day. ", zoom),
      el("div", { class: "grid-of-fans" }, fans),
      this.adder("add-series", "Show another series", ids.length < 8 ? left : [], (id) => this.store.change((now) => { now.series = [...ids, id]; })));
  }

  /**
   * @param {string} id
   * @param {string} text
   * @param {any[]} list
   * @param {(id: string) => void} add
   */
  adder(id, text, list, add) {
    if (list.length === 0) return null;
    const select = /** @type {HTMLSelectElement} */ (el("select", { id, "data-key": id, onchange: () => select.value && add(select.value) },
      el("option", { value: "" }, "choose …"), list.map((one) => el("option", { value: one.id }, one.title))));
    return el("p", { class: "choice" }, el("label", { for: id }, `${text} `), select);
  }

  /** On narrow screens, the clearest change stays in sight while a lever is dragged. */
  drawStrip() {
    const strip = byId("strip");
    const { active, trials } = this.store.state;
    const picture = this.pictures[active];
    const row = picture && clearest(picture)[0];
    strip.hidden = isNothing(trials[active]) || !picture;
    const title = row && this.scenario.outcomes.find((/** @type {any} */ known) => known.id === row.outcome)?.title;
    put(strip, row ? [`${title}: `, el("b", {}, row.change.text)] : "Nothing shown changes beyond chance");
  }

  /** The server is gone, or there again. @param {boolean} lost */
  connection(lost) {
    const place = byId("lost");
    if (!lost) {
      if (this.waiting) {
        clearInterval(this.waiting);
        this.waiting = undefined;
        place.hidden = true;
        this.say("The studio answers again.");
        this.runner.forget();
        this.open(false);
      }
      return;
    }
    if (this.waiting) return;
    place.hidden = false;
    put(place, el("p", {}, el("b", {}, "The studio does not answer. "), "It was stopped, or this machine slept. Start it again with ", el("code", {}, "equipoise studio"), ": this page goes on by itself if the address is the same; else open the new one with what stands after the # here. Your levers are kept in the address."));
    this.waiting = setInterval(() => get("api/alive").catch(() => {}), RETRY);
  }

  async copyLink() {
    try {
      await navigator.clipboard.writeText(location.href);
      this.say("The link is copied.");
      byId("link").textContent = "Link copied";
    } catch {
      byId("link").textContent = "Copy it from the address bar";
    }
    setTimeout(() => { byId("link").textContent = "Copy link"; }, 2500);
  }
}

const studio = new Studio(await get("api/library"));
await studio.open(true);
