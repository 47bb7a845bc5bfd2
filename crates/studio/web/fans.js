// Fans: how a series spreads over the histories day by day, in the trial and in the baseline, with the record's points.

import { days, numbers, place } from "./axis.js";
import { NAMES } from "./cards.js";
import { html, svg } from "./sketch.js";
import { date, dateOf, number } from "./words.js";

const HEIGHT = 230;
const LEFT = 52;
const RIGHT = 10;
const TOP = 10;
const BOTTOM = 24;
const ZOOM_DAYS = 31;

/** @typedef {number[][]} Quantiles  five of them (5, 25, 50, 75, 95 %) for each day */

/**
 * What the user looks at in a fan.
 * @typedef {object} Look
 * @property {number | null} day  the day read out, if one was pointed at
 * @property {boolean} numbers  whether the table is open
 */

/**
 * Everything one fan shows.
 * @typedef {object} Shown
 * @property {any} scenario
 * @property {any} series  as the scenario describes it
 * @property {Quantiles | null} before  of the baseline
 * @property {{ slot: number, quantiles: Quantiles }[]} trials
 * @property {number} active
 * @property {boolean} whole
 * @property {number} width
 */

/** The days shown: the whole period, or its beginning where it is long. @param {any} scenario @param {boolean} whole */
export const shownDays = (scenario, whole) => (whole || scenario.days < 2 * ZOOM_DAYS ? scenario.days : ZOOM_DAYS);

/** Whether there is a beginning to look at closely. @param {any} scenario */
export const canZoom = (scenario) => scenario.days >= 2 * ZOOM_DAYS;

/**
 * @param {Shown} shown
 * @param {Look} look
 * @param {{ look: (look: Look) => void, drop: (id: string) => void }} does
 */
export function fan(shown, look, does) {
  const { scenario, series, before, trials, active } = shown;
  const heading = `fan-${series.id}`;
  const first = trials.find(({ slot }) => slot === active) ?? null;
  const banded = first ? first.quantiles : before;
  const frame = (/** @type {any[]} */ ...content) => html("figure", { class: "fan", "data-key": heading, "data-series": series.id },
    html("figcaption", {}, html("h3", { id: heading }, series.title, series.unit && series.unit !== "people" ? html("span", { class: "unit" }, ` ${series.unit}`) : null),
      html("button", { type: "button", class: "plain", "data-key": `drop-fan-${series.id}`, onclick: () => does.drop(series.id) }, "Remove", html("span", { class: "hidden" }, ` ${series.title}`))),
    content);
  if (!banded) return frame(html("p", { class: "quiet" }, "The baseline is being simulated …"));
  // Of the baseline and the trials, one may still be told for fewer days.
  const count = Math.min(shownDays(scenario, shown.whole), ...[before, ...trials.map(({ quantiles }) => quantiles)].map((told) => told?.length ?? Infinity));
  const record = series.record.filter((/** @type {any} */ row) => row.known && row.day < count);
  const day = Math.min(count - 1, look.day ?? telling(record, banded, count));
  const texts = readout(shown, first, day);
  const point = (/** @type {number} */ at) => {
    const there = Math.min(count - 1, Math.max(0, at));
    if (there !== look.day) does.look({ ...look, day: there });
  };
  return frame(
    html("p", { class: "readout" }, html("b", {}, texts[0]), ` · ${texts.slice(1).join(" · ")}`),
    html("div", {
      class: "plot", role: "slider", tabindex: 0, "data-key": `plot-${series.id}`, "aria-labelledby": heading,
      "aria-valuemin": 0, "aria-valuemax": count - 1, "aria-valuenow": day, "aria-valuetext": texts.join(", "),
      onpointermove: (/** @type {any} */ event) => {
        const box = event.currentTarget.getBoundingClientRect();
        const share = ((event.clientX - box.left) / box.width * shown.width - LEFT) / (shown.width - LEFT - RIGHT);
        point(Math.round(share * (count - 1)));
      },
      onkeydown: (/** @type {KeyboardEvent} */ event) => {
        const step = /** @type {Record<string, number>} */ ({ ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -7, PageUp: 7, Home: -count, End: count })[event.key];
        if (step === undefined) return;
        event.preventDefault();
        point(day + step);
      },
    }, drawing(shown, first, banded, record, count, day)),
    html("details", {
      class: "numbers", open: look.numbers, ontoggle: (/** @type {any} */ event) => {
        if (event.currentTarget.open !== look.numbers) does.look({ ...look, numbers: event.currentTarget.open });
      },
    }, html("summary", {}, "The numbers", html("span", { class: "hidden" }, ` of ${series.title}`)), look.numbers ? table(shown, count) : null));
}

/**
 * Bands, lines and the record's points.
 * @param {Shown} shown
 * @param {{ slot: number } | null} first  the trial at work
 * @param {Quantiles} banded  what the bands are of
 * @param {any[]} record
 * @param {number} count  of days
 * @param {number} day  the one read out
 */
function drawing({ scenario, series, before, trials, active, width }, first, banded, record, count, day) {
  const mark = first ? `trial-${first.slot}` : "baseline";
  const beside = first ? before : null;
  const others = trials.filter(({ slot }) => slot !== active);
  let [low, high] = [0, 0];
  const reach = (/** @type {number | null} */ value) => {
    if (value === null) return;
    if (value < low) low = value;
    if (value > high) high = value;
  };
  for (let at = 0; at < count; at += 1) {
    for (const quantiles of [banded, beside]) for (const which of [0, 4]) if (quantiles) reach(quantiles[at][which]);
    for (const { quantiles } of others) reach(quantiles[at][2]);
  }
  for (const row of record) for (const value of [row.low, row.high]) reach(value);
  const y = numbers(low, high, series.whole);
  const x = days(scenario.start, 0, count - 1, width < 420 ? 4 : 6);
  const px = (/** @type {number} */ at) => (LEFT + place(x, at) * (width - LEFT - RIGHT)).toFixed(1);
  const py = (/** @type {number} */ value) => (TOP + (1 - place(y, value)) * (HEIGHT - TOP - BOTTOM)).toFixed(1);
  const places = Array.from({ length: count }, (_, at) => px(at));
  const points = (/** @type {Quantiles} */ quantiles, /** @type {number} */ which) => places.map((at, day) => `${at} ${py(quantiles[day][which])}`);
  const line = (/** @type {Quantiles} */ quantiles, /** @type {number} */ which) => `M${points(quantiles, which).join("L")}`;
  const band = (/** @type {number} */ bottom, /** @type {number} */ top) => `${line(banded, top)}L${points(banded, bottom).reverse().join("L")}Z`;
  return svg("svg", { class: "chart", viewBox: `0 0 ${width} ${HEIGHT}`, "aria-hidden": "true", focusable: "false" },
    y.ticks.map(({ value, label }) => [
      svg("path", { class: "grid", d: `M${LEFT} ${py(value)}H${width - RIGHT}` }),
      svg("text", { class: "tick", x: LEFT - 6, y: Number(py(value)) + 4, "text-anchor": "end" }, label),
    ]),
    x.ticks.map(({ value, label }) => svg("text", { class: "tick", x: px(value), y: HEIGHT - 6, "text-anchor": Number(px(value)) > width - 30 ? "end" : value === 0 ? "start" : "middle" }, label)),
    svg("path", { class: `band-90 ${mark}`, d: band(0, 4) }),
    svg("path", { class: `band-50 ${mark}`, d: band(1, 3) }),
    beside ? svg("path", { class: "edge baseline", d: line(beside, 0) + line(beside, 4) }) : null,
    beside ? svg("path", { class: "median baseline", d: line(beside, 2) }) : null,
    others.map(({ slot, quantiles }) => svg("path", { class: `median trial-${slot}`, d: line(quantiles, 2) })),
    svg("path", { class: `median ${mark}`, d: line(banded, 2) }),
    record.map((row) => {
      const middle = row.low === null ? row.high : row.high === null ? row.low : (row.low + row.high) / 2;
      return [row.low === row.high ? null : svg("path", { class: "recorded-reach", d: `M${px(row.day)} ${py(row.low ?? y.low)}V${py(row.high ?? y.high)}` }),
        svg("path", { class: "recorded", d: `M${px(row.day)} ${Number(py(middle)) - 5}l5 5l-5 5l-5 -5z` })];
    }),
    svg("path", { class: "cursor", d: `M${px(day)} ${TOP}V${HEIGHT - BOTTOM}` }));
}

/**
 * A day in words: its date, then what is found.
 * @param {Shown} shown
 * @param {{ slot: number, quantiles: Quantiles } | null} first  the trial at work
 * @param {number} day
 */
function readout({ scenario, series, before }, first, day) {
  const recorded = series.record.filter((/** @type {any} */ row) => row.day === day).map((/** @type {any} */ row) => row.value).join("; ");
  return [date(dateOf(scenario.start, day))]
    .concat(first ? `Trial ${NAMES[first.slot]} ${say(series, first.quantiles, day)}` : [])
    .concat(`baseline ${say(series, before, day)}`)
    .concat(recorded ? `record ${recorded}` : []);
}

/**
 * @param {any} series
 * @param {Quantiles | null} quantiles
 * @param {number} day
 */
function say(series, quantiles, day) {
  if (!quantiles) return "…";
  const [low, , middle, , high] = quantiles[day];
  const told = (/** @type {number} */ value) => number(series.whole ? Math.round(value) : value);
  return low === high ? told(middle) : `${told(middle)} (${told(low)} to ${told(high)})`;
}

/**
 * Every day in words.
 * @param {Shown} shown
 * @param {number} count  of days
 */
function table({ scenario, series, before, trials }, count) {
  const heads = ["Day", "Baseline", ...trials.map(({ slot }) => `Trial ${NAMES[slot]}`)];
  const rows = Array.from({ length: count }, (_, day) => html("tr", {}, html("th", { scope: "row" }, date(dateOf(scenario.start, day))),
    [before, ...trials.map(({ quantiles }) => quantiles)].map((quantiles) => html("td", {}, say(series, quantiles, day)))));
  return html("div", { class: "scroll", role: "region", tabindex: 0, "aria-label": `${series.title}, day by day` },
    html("table", {}, html("thead", {}, html("tr", {}, heads.map((head) => html("th", { scope: "col" }, head)))), html("tbody", {}, rows)));
}

/**
 * The day read out at first: that of the record's highest point, else that of the highest median.
 * @param {any[]} record
 * @param {Quantiles} quantiles
 * @param {number} count
 */
function telling(record, quantiles, count) {
  if (record.length) return record.reduce((a, b) => ((b.high ?? b.low) > (a.high ?? a.low) ? b : a)).day;
  let best = 0;
  for (let day = 1; day < count; day += 1) if (quantiles[day][2] > quantiles[best][2]) best = day;
  return best;
}
