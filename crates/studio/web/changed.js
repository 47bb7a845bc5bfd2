// What changed, by how much and how sure, in a few lines: the clearest changes first.

import { NAMES, standing } from "./cards.js";
import { html } from "./sketch.js";
import { counted, whole } from "./words.js";

/** Changes named for one trial. */
const MOST = 3;

/**
 * @param {any} scenario
 * @param {(any | null)[]} pictures  one for each trial, null where there is none
 * @param {boolean[]} nothing  whether each trial changes nothing
 * @param {any} baseline
 */
export function changed(scenario, pictures, nothing, baseline) {
  const told = pictures.map((picture, slot) => {
    if (nothing[slot]) return pictures.length > 1 ? html("li", {}, name(slot), " has no levers moved.") : null;
    return html("li", {}, name(slot), " ", picture ? ofTrial(scenario, picture) : "is being simulated …");
  });
  const any = told.some((line) => line !== null);
  const progress = latest(pictures) ?? baseline;
  return [
    html("h2", { id: "changed-heading" }, "What changes"),
    any ? html("ul", { class: "told" }, told)
      : html("p", { class: "told" }, "Move a lever: choose a policy, fix a parameter, move a date, or believe another account. The same histories are simulated again, and what is effect is told apart from what is chance."),
    html("p", { class: "quiet", id: "progress" }, progress
      ? `From ${whole(progress.histories)} of ${counted(progress.of, "history", "histories")}, each paired with the same history of the baseline. Ranges after a change are 95 % intervals of the paired difference.`
      : "The baseline is being simulated …"),
  ];
}

/** @param {number} slot */
const name = (slot) => html("strong", { class: `name trial-${slot}` }, `Trial ${NAMES[slot]}`);

/** @param {(any | null)[]} pictures */
const latest = (pictures) =>
  pictures.filter(Boolean).reduce((a, b) => (a && a.histories < b.histories ? a : b), null);

/**
 * @param {any} scenario
 * @param {any} picture
 */
function ofTrial(scenario, picture) {
  const clear = clearest(picture);
  if (clear.length === 0) return "changes none of these outcomes beyond chance.";
  const title = (/** @type {string} */ id) => scenario.outcomes.find((/** @type {any} */ known) => known.id === id)?.title ?? id;
  return clear.slice(0, MOST).map((row, at) => [
    at > 0 ? "; " : "",
    html("span", { class: "what" }, title(row.outcome)), ": ",
    html("b", { class: standing(row.change) }, `${standing(row.change) === "more" ? "▲" : "▼"} ${row.change.text}`),
  ]).concat([clear.length > MOST ? `; and ${clear.length - MOST} more.` : "."]);
}

/**
 * The outcomes that change clearly, the clearest first.
 * @param {any} picture
 * @returns {any[]}
 */
export function clearest(picture) {
  const clarity = (/** @type {any} */ { change }) => Math.abs(change.difference) / Math.max((change.high - change.low) / 2, 1e-12);
  return picture.outcomes.filter((/** @type {any} */ row) => row.change?.clear && row.change.changed > 0)
    .sort((/** @type {any} */ a, /** @type {any} */ b) => clarity(b) - clarity(a));
}
