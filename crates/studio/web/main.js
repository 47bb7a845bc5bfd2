// The studio: opens a scenario, keeps levers, link and pictures in step, and says so when the server is gone.

import { Lost, Refusal, ask, get, watch } from "./api.js";
import { clearest } from "./changed.js";
import { evidence, exportAll, savePolicy } from "./dialogs.js";
import { byId, el, put } from "./el.js";
import { shownDays } from "./fans.js";
import { HistoryReader } from "./history.js";
import { Levers } from "./levers.js";
import { mistakes } from "./mistakes.js";
import { Pictures } from "./pictures.js";
import { Results } from "./results.js";
import { Runner } from "./runner.js";
import { Store, beginning, fromFragment, isNothing, toFragment } from "./state.js";
import { counted } from "./words.js";

// Milliseconds between two looks for a server that is gone, and before the address is written.
const RETRY = 1500;
const REST = 60;
const FEW_SERIES = 4;

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
    this.store = new Store(fromFragment(location.hash) ?? beginning(library.first));
    this.runner = new Runner((slot, picture) => this.take(slot, picture), (error) => this.fail(error));
    this.levers = new Levers(byId("levers"), this.store, (parameter) => this.guarded(() => evidence(this.scenario.id, parameter)));
    this.reader = new HistoryReader(byId("history"), this.store, (error) => this.fail(error), this.runner.session);
    this.reader.histories = library.histories;
    this.pictured = new Pictures(byId("pictures"), this.store, this.runner.session, {
      busy: () => this.runner.busy || !this.baseline?.last,
      fail: (error) => this.fail(error),
    });
    this.results = new Results(this.store, {
      read: (slot, about, number) => this.reader.open(number, slot, about).then(() => byId("history").scrollIntoView()),
      again: () => this.soon(),
    });
    this.drawing = 0;
    /** @type {number | undefined} */
    this.resizing = undefined;
    /** @type {number | undefined} */
    this.resting = undefined;
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

  /** Outcomes, series and days in the pictures. */
  shown() {
    const headlines = this.scenario.outcomes.filter((/** @type {any} */ outcome) => outcome.headline);
    const first = headlines.length ? headlines : this.scenario.outcomes.slice(0, 8);
    const ids = first.map((/** @type {any} */ outcome) => outcome.id);
    const outcomes = [...ids, ...this.store.state.outcomes.filter((id) => !ids.includes(id))].slice(0, 40);
    const recorded = [...this.scenario.series].sort((a, b) => b.record.length - a.record.length).slice(0, FEW_SERIES);
    const chosen = this.store.state.series ?? this.scenario.series.filter((/** @type {any} */ one) => recorded.includes(one)).map((/** @type {any} */ one) => one.id);
    return { outcomes, series: chosen.slice(0, 8), days: shownDays(this.scenario, this.store.state.whole) };
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
    this.results.draw({ scenario: this.scenario, baseline: this.baseline, pictures: this.pictures, shown: this.shown() });
    const settled = !this.runner.busy && this.baseline?.last === true;
    document.body.dataset.settled = String(settled);
    // Browsers take their time over the address, so the picture goes first.
    clearTimeout(this.resting);
    if (settled) this.resting = setTimeout(() => this.address(), REST);
  }

  /** Puts the state into the address. */
  address() {
    const fragment = `#${toFragment(this.store.state)}`;
    if (location.hash !== fragment) history.replaceState(null, "", fragment);
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
    this.address();
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
