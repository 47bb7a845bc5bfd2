// Asking for pictures as levers move: one question at a time for each trial, the newest first, and never so often that not
// even a coarse picture can come back.

import { Lost, pictures } from "./api.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./state.js").Trial} Trial */

/**
 * What is asked for one slot: the baseline, or a trial.
 * @typedef {object} Slot
 * @property {string} key  what the picture that is shown or under way is of
 * @property {any} next  the question to ask as soon as a coarse picture of the one before is there
 * @property {AbortController | null} under
 * @property {boolean} seen  whether anything came back of the question under way
 */

const BASELINE = -1;

export class Runner {
  /**
   * @param {(slot: number, picture: any) => void} show
   * @param {(error: unknown) => void} fail
   */
  constructor(show, fail) {
    this.show = show;
    this.fail = fail;
    /** @type {Map<number, Slot>} */
    this.slots = new Map();
    this.session = Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  /**
   * Asks for whatever is not shown yet.
   * @param {State} state
   * @param {{ outcomes: string[], series: string[], days: number }} shown
   * @param {(trial: Trial) => boolean} isNothing
   */
  update(state, shown, isNothing) {
    const common = { scenario: state.scenario, account: state.account, ...shown };
    this.want(BASELINE, { ...common, trial: {} });
    state.trials.forEach((trial, slot) => {
      if (isNothing(trial)) this.drop(slot);
      else this.want(slot, { ...common, trial });
    });
    for (const slot of this.slots.keys()) if (slot >= state.trials.length) this.drop(slot);
  }

  /** Forgets everything, so that the next update asks anew. */
  forget() {
    for (const slot of [...this.slots.keys()]) this.drop(slot);
  }

  /** Whether any question is still without its whole answer. */
  get busy() {
    return [...this.slots.values()].some((slot) => slot.under || slot.next);
  }

  /** @param {number} number */
  drop(number) {
    this.slots.get(number)?.under?.abort();
    this.slots.delete(number);
  }

  /**
   * @param {number} number
   * @param {any} question
   */
  want(number, question) {
    const key = JSON.stringify(question);
    const slot = this.slots.get(number) ?? { key: "", next: null, under: null, seen: false };
    this.slots.set(number, slot);
    if (slot.key === key) return;
    slot.key = key;
    slot.next = question;
    if (!slot.under || slot.seen) this.begin(number, slot);
  }

  /**
   * @param {number} number
   * @param {Slot} slot
   */
  async begin(number, slot) {
    slot.under?.abort();
    const under = new AbortController();
    const question = { ...slot.next, session: `${this.session}-${number + 1}` };
    slot.under = under;
    slot.next = null;
    slot.seen = false;
    try {
      await pictures(question, under.signal, (picture) => {
        if (under.signal.aborted) return;
        slot.seen = true;
        this.show(number, picture);
        if (slot.next) this.begin(number, slot);
      });
    } catch (error) {
      if (under.signal.aborted) return;
      slot.key = "";
      if (!(error instanceof Lost)) this.fail(error);
    }
    if (slot.under === under) {
      slot.under = null;
      if (slot.next) this.begin(number, slot);
      else if (this.slots.get(number) === slot) this.show(number, null);
    }
  }
}
