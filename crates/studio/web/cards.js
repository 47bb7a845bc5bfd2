// Cards of outcomes: for each what was found in the baseline and in every trial, what the trial changes, and how sure that
// is.

import { days, numbers, place, shares } from "./axis.js";
import { html, svg } from "./sketch.js";
import { counted } from "./words.js";

/** @typedef {import("./axis.js").Axis} Axis */

export const NAMES = ["A", "B", "C", "D"];

const WIDTH = 340;
const PAD = 10;
const ROW = 20;

/**
 * One outcome over the baseline and the trials.
 * @param {any} scenario
 * @param {any} outcome  as the scenario describes it
 * @param {any} before  what was found in the baseline, if it is there yet
 * @param {{ slot: number, row: any }[]} trials  what was found in the trials
 * @param {{ ask: (slot: number, about: string, history: number | null) => void, drop: ((id: string) => void) | null }} does
 */
export function card(scenario, outcome, before, trials, does) {
  const heading = `card-${outcome.id}`;
  const record = outcome.record.map((/** @type {any} */ row) => row.value).join("; ");
  return html("article", { class: "card", "data-key": heading, "aria-labelledby": heading, "data-outcome": outcome.id },
    html("header", {},
      html("h3", { id: heading }, outcome.title, outcome.unit && outcome.kind === "number" && outcome.unit !== "people"
        ? html("span", { class: "unit" }, ` ${outcome.unit}`) : null),
      does.drop && html("button", { type: "button", class: "plain", "data-key": `drop-${outcome.id}`, onclick: () => does.drop?.(outcome.id) },
        "Remove", html("span", { class: "hidden" }, ` ${outcome.title}`))),
    drawing(scenario, outcome, before, trials),
    html("dl", { class: "found" },
      found("Baseline", "baseline", before),
      trials.map(({ slot, row }) => found(`Trial ${NAMES[slot]}`, `trial-${slot}`, row.trial, row.change, does, slot, outcome))),
    record ? html("p", { class: "record" }, html("span", { class: "diamond", "aria-hidden": "true" }, "◆"), " Record: ", record) : null);
}

/**
 * @param {string} name
 * @param {string} mark
 * @param {any} finding
 * @param {any} [change]
 * @param {any} [does]
 * @param {number} [slot]
 * @param {any} [outcome]
 */
function found(name, mark, finding, change, does, slot, outcome) {
  return html("div", { class: `row ${mark}` },
    html("dt", {}, html("span", { class: "swatch", "aria-hidden": "true" }), name),
    html("dd", {},
      html("span", { class: "centre", "data-found": mark, "data-value": finding?.value, "data-low": finding?.low, "data-high": finding?.high }, finding ? finding.centre : "…"), " ",
      html("span", { class: "range" }, finding && finding.range !== "–" ? finding.range : "")),
    change ? html("dd", { class: `delta ${standing(change)}`, "data-delta": mark, "data-difference": change.difference, "data-low": change.low, "data-high": change.high },
      html("span", { class: "sign", "aria-hidden": "true" }, sign(change)), " ",
      html("span", { class: "by" }, change.text), " ",
      outcome.kind === "number" ? "in the mean, " : null,
      html("span", { class: "sure" }, sure(change)),
      change.also ? html("span", { class: "also" }, change.also) : null,
      change.examples.length > 0 && does
        ? html("button", { type: "button", class: "plain", "data-key": `example-${mark}-${outcome.id}`, onclick: () => does.ask(slot, outcome.id, change.examples[0].history) },
          "See one", html("span", { class: "hidden" }, ` history of ${name} in which it changes`))
        : null) : null);
}

/** How a change stands to chance. @param {any} change */
export function standing(change) {
  if (change.changed === 0) return "none";
  if (!change.clear) return "unclear";
  return change.difference > 0 ? "more" : "less";
}

/** @param {any} change */
function sign(change) {
  return { none: "=", unclear: "≈", more: "▲", less: "▼" }[standing(change)];
}

/** @param {any} change */
function sure(change) {
  if (change.changed === 0) return `the same in all ${counted(change.histories, "history", "histories")}`;
  const where = `changes in ${counted(change.changed, "history", "histories")}`;
  return change.clear ? `clear of chance; ${where}` : `within chance; ${where}`;
}

/**
 * Baseline, trials and record on one line.
 * @param {any} scenario
 * @param {any} outcome
 * @param {any} before
 * @param {{ slot: number, row: any }[]} trials
 */
function drawing(scenario, outcome, before, trials) {
  const rows = [{ mark: "baseline", at: before }, ...trials.map(({ slot, row }) => ({ mark: `trial-${slot}`, at: row.trial }))];
  const axis = axisOf(scenario, outcome, rows.map((row) => row.at));
  const height = rows.length * ROW + 26;
  const x = (/** @type {number} */ value) => PAD + place(axis, value) * (WIDTH - 2 * PAD);
  const marks = rows.map(({ mark, at }, number) => {
    if (!at || at.value === null || at.value === undefined) return null;
    const y = number * ROW + 14;
    return [
      svg("path", { class: `reach ${mark}`, d: `M${x(at.low).toFixed(1)} ${y}H${x(at.high).toFixed(1)}` }),
      svg("circle", { class: `dot ${mark}`, cx: x(at.value).toFixed(1), cy: y, r: 5 }),
    ];
  });
  const record = outcome.record.filter((/** @type {any} */ row) => row.known).map((/** @type {any} */ row) => {
    const [low, high] = [row.low ?? axis.low, row.high ?? axis.high];
    const middle = row.low === null ? high : row.high === null ? low : (low + high) / 2;
    const y = height - 20;
    return [
      low === high ? null : svg("path", { class: "recorded-reach", d: `M${x(low).toFixed(1)} ${y}H${x(high).toFixed(1)}` }),
      svg("path", { class: "recorded", d: `M${x(middle).toFixed(1)} ${y - 5}l5 5l-5 5l-5 -5z` }),
    ];
  });
  const last = axis.ticks.length - 1;
  const ticks = axis.ticks.map(({ value, label }, at) => [
    svg("path", { class: "grid", d: `M${x(value).toFixed(1)} 4V${height - 14}` }),
    svg("text", { class: "tick", x: x(value).toFixed(1), y: height - 2, "text-anchor": at === 0 && x(value) < 30 ? "start" : at === last && x(value) > WIDTH - 30 ? "end" : "middle" }, label),
  ]);
  return svg("svg", { class: "chart", viewBox: `0 0 ${WIDTH} ${height}`, role: "img", "aria-label": `${outcome.title}: baseline, trials and record on one line; the numbers follow.` },
    ticks, marks, record);
}

/**
 * @param {any} scenario
 * @param {any} outcome
 * @param {any[]} found
 * @returns {Axis}
 */
function axisOf(scenario, outcome, found) {
  if (outcome.kind === "probability") return shares();
  const record = outcome.record.flatMap((/** @type {any} */ row) => [row.low, row.high]);
  const values = found.flatMap((at) => (at ? [at.low, at.high] : [])).concat(record)
    .filter((value) => value !== null && value !== undefined);
  if (outcome.kind === "date") {
    const low = values.length ? Math.min(...values) : 0;
    const high = values.length ? Math.max(...values) : scenario.days - 1;
    return days(scenario.start, Math.max(0, low - 1), Math.max(high + 1, low + 4), 4);
  }
  return numbers(Math.min(0, ...values), Math.max(...values, 0), outcome.unit === "people");
}
