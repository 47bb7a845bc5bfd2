// What the user has set: which scenario, which trials, what is believed and shown. It stands whole in the link.

/**
 * The levers of one trial; what is left out is as the scenario has it.
 * @typedef {object} Trial
 * @property {string[]} policies
 * @property {Record<string, number>} parameters
 * @property {Record<string, string | null>} shocks  a date, or null where the shock does not happen
 * @property {Record<string, number>} credences
 */

/**
 * @typedef {object} State
 * @property {string} scenario
 * @property {string | null} account  the only one to believe, or all
 * @property {Trial[]} trials  one to four
 * @property {number} active
 * @property {string[]} outcomes  shown beside the headlines
 * @property {string[] | null} series  shown as fans; null for those the record speaks of
 * @property {boolean} whole  whether fans show the whole period
 */

export const MOST_TRIALS = 4;
const LONGEST_PAST = 100;

/** @returns {Trial} */
export const noTrial = () => ({ policies: [], parameters: {}, shocks: {}, credences: {} });

/**
 * Whether a trial changes nothing.
 * @param {Trial} trial
 */
export const isNothing = (trial) =>
  trial.policies.length === 0 && [trial.parameters, trial.shocks, trial.credences].every((levers) => Object.keys(levers).length === 0);

/**
 * @param {string} scenario
 * @returns {State}
 */
export const beginning = (scenario) => ({
  scenario, account: null, trials: [noTrial()], active: 0, outcomes: [], series: null, whole: false,
});

/**
 * A state as the part of a link after the #.
 * @param {State} state
 */
export function toFragment(state) {
  const bytes = new TextEncoder().encode(JSON.stringify(state));
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/**
 * The state in a link, as far as it has the right shape; null if there is none.
 * @param {string} fragment
 * @returns {State | null}
 */
export function fromFragment(fragment) {
  const text = fragment.replace(/^#/, "");
  if (!/^[A-Za-z0-9_-]{8,}$/.test(text)) return null;
  try {
    const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    const read = JSON.parse(new TextDecoder().decode(Uint8Array.from(binary, (c) => c.charCodeAt(0))));
    return sound(read);
  } catch {
    return null;
  }
}

/**
 * What came from outside, with only what belongs in a state.
 * @param {any} read
 * @returns {State | null}
 */
function sound(read) {
  if (!read || typeof read.scenario !== "string" || !Array.isArray(read.trials)) return null;
  const words = (/** @type {any} */ list) => (Array.isArray(list) ? list.filter((word) => typeof word === "string") : []);
  const only = (/** @type {any} */ table, /** @type {(value: any) => boolean} */ fits) =>
    Object.fromEntries(Object.entries(table ?? {}).filter(([, value]) => fits(value)));
  const isNumber = (/** @type {any} */ value) => typeof value === "number" && Number.isFinite(value);
  const trials = read.trials.slice(0, MOST_TRIALS).map((/** @type {any} */ trial) => ({
    policies: words(trial?.policies),
    parameters: only(trial?.parameters, isNumber),
    shocks: only(trial?.shocks, (value) => value === null || typeof value === "string"),
    credences: only(trial?.credences, isNumber),
  }));
  if (trials.length === 0) trials.push(noTrial());
  return {
    scenario: read.scenario,
    account: typeof read.account === "string" ? read.account : null,
    trials,
    active: Math.min(Math.max(0, Number.isInteger(read.active) ? read.active : 0), trials.length - 1),
    outcomes: words(read.outcomes),
    series: Array.isArray(read.series) ? words(read.series) : null,
    whole: read.whole === true,
  };
}

/** The state, its past and its future, and who wants to know. */
export class Store {
  /** @param {State} state */
  constructor(state) {
    /** @type {State} */
    this.state = state;
    /** @type {string[]} */
    this.past = [];
    /** @type {string[]} */
    this.future = [];
    /** @type {string | null} */
    this.before = null;
    /** @type {((state: State) => void)[]} */
    this.listeners = [];
  }

  /** @param {(state: State) => void} listener */
  listen(listener) {
    this.listeners.push(listener);
  }

  /**
   * Changes the state. While a lever is dragged (`passing`) the moves make one step to undo.
   * @param {(state: State) => void} change
   * @param {{ passing?: boolean }} [how]
   */
  change(change, { passing = false } = {}) {
    const before = JSON.stringify(this.state);
    /** @type {State} */
    const next = JSON.parse(before);
    change(next);
    const moved = JSON.stringify(next) !== before;
    if (passing) {
      this.before ??= before;
    } else if (moved || this.before) {
      const first = this.before ?? before;
      if (first !== JSON.stringify(next)) {
        this.past.push(first);
        if (this.past.length > LONGEST_PAST) this.past.shift();
        this.future = [];
      }
      this.before = null;
    }
    if (moved || !passing) this.become(next);
  }

  undo() {
    const back = this.past.pop();
    if (!back) return;
    this.future.push(JSON.stringify(this.state));
    this.become(JSON.parse(back));
  }

  redo() {
    const forth = this.future.pop();
    if (!forth) return;
    this.past.push(JSON.stringify(this.state));
    this.become(JSON.parse(forth));
  }

  /** @param {State} state */
  become(state) {
    this.state = state;
    for (const listener of this.listeners) listener(state);
  }
}
