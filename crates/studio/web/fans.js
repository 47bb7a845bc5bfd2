// Fans: how a series spreads over the histories day by day, in the trial and in the baseline, with the record's points.

import { days, numbers, place } from "./axis.js";
import { NAMES } from "./cards.js";
import { el, svg } from "./el.js";
import { date, dateOf, number } from "./words.js";

const HEIGHT = 230;
const LEFT = 52;
const RIGHT = 10;
const TOP = 10;
const BOTTOM = 24;
const ZOOM_DAYS = 31;

/** The days shown: the whole period, or its beginning where it is long. @param {any} scenario @param {boolean} whole */
export const shownDays = (scenario, whole) => (whole || scenario.days < 2 * ZOOM_DAYS ? scenario.days : ZOOM_DAYS);

/** Whether there is a beginning to look at closely. @param {any} scenario */
export const canZoom = (scenario) => scenario.days >= 2 * ZOOM_DAYS;

/**
 * @param {any} scenario
 * @param {any} series  as the scenario describes it
 * @param {number[][] | null} before  quantiles of the baseline by day
 * @param {{ slot: number, quantiles: number[][] }[]} trials
 * @param {number} active
 * @param {boolean} whole
 * @param {number} width
 * @param {(id: string) => void} drop
 */
export function fan(scenario, series, before, trials, active, whole, width, drop) {
  const heading = `fan-${series.id}`;
  const count = shownDays(scenario, whole);
  const first = trials.find(({ slot }) => slot === active) ?? null;
  const banded = first ? first.quantiles : before;
  const mark = first ? `trial-${first.slot}` : "baseline";
  const readout = el("p", { class: "readout" });
  const figure = el("figure", { class: "fan", "data-series": series.id },
    el("figcaption", {}, el("h3", { id: heading }, series.title, series.unit && series.unit !== "people" ? el("span", { class: "unit" }, ` ${series.unit}`) : null),
      el("button", { type: "button", class: "plain", "data-key": `drop-fan-${series.id}`, onclick: () => drop(series.id) }, "Remove", el("span", { class: "hidden" }, ` ${series.title}`))));
  if (!banded) {
    figure.append(el("p", { class: "quiet" }, "The baseline is being simulated …"));
    return figure;
  }
  const record = series.record.filter((/** @type {any} */ row) => row.known && row.day < count);
  const lines = [before, ...trials.map((trial) => trial.quantiles)].filter(Boolean);
  const values = banded.slice(0, count).flatMap((day) => [day[0], day[4]])
    .concat((first && before ? before : []).slice(0, count).flatMap((day) => [day[0], day[4]]))
    .concat(lines.flatMap((line) => (line ?? []).slice(0, count).map((day) => day[2])))
    .concat(record.flatMap((/** @type {any} */ row) => [row.low, row.high]).filter((/** @type {any} */ value) => value !== null));
  const y = numbers(Math.min(0, ...values), Math.max(...values, 0), series.whole);
  const x = days(scenario.start, 0, count - 1, width < 420 ? 4 : 6);
  const px = (/** @type {number} */ day) => (LEFT + place(x, day) * (width - LEFT - RIGHT)).toFixed(1);
  const py = (/** @type {number} */ value) => (TOP + (1 - place(y, value)) * (HEIGHT - TOP - BOTTOM)).toFixed(1);
  const line = (/** @type {number[][]} */ quantiles, /** @type {number} */ which) =>
    quantiles.slice(0, count).map((day, at) => `${at ? "L" : "M"}${px(at)} ${py(day[which])}`).join("");
  const band = (/** @type {number[][]} */ quantiles, /** @type {number} */ low, /** @type {number} */ high) => {
    const back = quantiles.slice(0, count).map((day, at) => `L${px(at)} ${py(day[low])}`).reverse().join("");
    return `${line(quantiles, high)}${back}Z`;
  };
  const cursor = svg("path", { class: "cursor" });
  const drawing = svg("svg", { class: "chart", viewBox: `0 0 ${width} ${HEIGHT}`, "aria-hidden": "true", focusable: "false" },
    y.ticks.map(({ value, label }) => [
      svg("path", { class: "grid", d: `M${LEFT} ${py(value)}H${width - RIGHT}` }),
      svg("text", { class: "tick", x: LEFT - 6, y: Number(py(value)) + 4, "text-anchor": "end" }, label),
    ]).flat(),
    x.ticks.map(({ value, label }) => svg("text", { class: "tick", x: px(value), y: HEIGHT - 6, "text-anchor": Number(px(value)) > width - 30 ? "end" : value === 0 ? "start" : "middle" }, label)),
    svg("path", { class: `band-90 ${mark}`, d: band(banded, 0, 4) }),
    svg("path", { class: `band-50 ${mark}`, d: band(banded, 1, 3) }),
    first && before ? svg("path", { class: "edge baseline", d: line(before, 0) + line(before, 4) }) : null,
    first && before ? svg("path", { class: "median baseline", d: line(before, 2) }) : null,
    trials.filter(({ slot }) => slot !== active).map(({ slot, quantiles }) => svg("path", { class: `median trial-${slot}`, d: line(quantiles, 2) })),
    svg("path", { class: `median ${mark}`, d: line(banded, 2) }),
    record.map((/** @type {any} */ row) => {
      const middle = row.low === null ? row.high : row.high === null ? row.low : (row.low + row.high) / 2;
      const reach = `M${px(row.day)} ${py(row.low ?? y.low)}V${py(row.high ?? y.high)}`;
      return [row.low === row.high ? null : svg("path", { class: "recorded-reach", d: reach }),
        svg("path", { class: "recorded", d: `M${px(row.day)} ${Number(py(middle)) - 5}l5 5l-5 5l-5 -5z` })];
    }).flat(),
    cursor);
  const say = (/** @type {number[][] | null} */ quantiles, /** @type {number} */ day) => {
    if (!quantiles) return "…";
    const [low, , middle, , high] = quantiles[day];
    const told = (/** @type {number} */ value) => number(series.whole ? Math.round(value) : value);
    return low === high ? told(middle) : `${told(middle)} (${told(low)} to ${told(high)})`;
  };
  const show = (/** @type {number} */ day) => {
    cursor.setAttribute("d", `M${px(day)} ${TOP}V${HEIGHT - BOTTOM}`);
    const recorded = series.record.filter((/** @type {any} */ row) => row.day === day).map((/** @type {any} */ row) => row.value).join("; ");
    const texts = [date(dateOf(scenario.start, day))]
      .concat(first ? `Trial ${NAMES[first.slot]} ${say(first.quantiles, day)}` : [])
      .concat(`baseline ${say(before, day)}`)
      .concat(recorded ? `record ${recorded}` : []);
    readout.replaceChildren(el("b", {}, texts[0]), ` · ${texts.slice(1).join(" · ")}`);
    plot.setAttribute("aria-valuenow", String(day));
    plot.setAttribute("aria-valuetext", texts.join(", "));
  };
  let day = telling(record, banded, count);
  const plot = el("div", {
    class: "plot", role: "slider", tabindex: 0, "data-key": `plot-${series.id}`, "aria-labelledby": heading, "aria-valuemin": 0, "aria-valuemax": count - 1,
    onpointermove: (/** @type {PointerEvent} */ event) => {
      const box = drawing.getBoundingClientRect();
      const share = ((event.clientX - box.left) / box.width * width - LEFT) / (width - LEFT - RIGHT);
      day = Math.min(count - 1, Math.max(0, Math.round(share * (count - 1))));
      show(day);
    },
    onkeydown: (/** @type {KeyboardEvent} */ event) => {
      const step = /** @type {Record<string, number>} */ ({ ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -7, PageUp: 7, Home: -count, End: count })[event.key];
      if (step === undefined) return;
      event.preventDefault();
      day = Math.min(count - 1, Math.max(0, day + step));
      show(day);
    },
  }, drawing);
  show(day);
  const numbersBehind = el("details", { class: "numbers" }, el("summary", {}, "The numbers", el("span", { class: "hidden" }, ` of ${series.title}`)));
  numbersBehind.addEventListener("toggle", () => {
    if (numbersBehind.childElementCount > 1) return;
    const rows = Array.from({ length: count }, (_, at) => el("tr", {}, el("th", { scope: "row" }, date(dateOf(scenario.start, at))),
      el("td", {}, say(before, at)), trials.map((trial) => el("td", {}, say(trial.quantiles, at)))));
    numbersBehind.append(el("div", { class: "scroll", role: "region", tabindex: 0, "aria-label": `${series.title}, day by day` },
      el("table", {}, el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "Day"), el("th", { scope: "col" }, "Baseline"),
        trials.map(({ slot }) => el("th", { scope: "col" }, `Trial ${NAMES[slot]}`)))), el("tbody", {}, rows))));
  });
  figure.append(readout, plot, numbersBehind);
  return figure;
}

/**
 * The day read out at first: that of the record's highest point, else that of the highest median.
 * @param {any[]} record
 * @param {number[][]} quantiles
 * @param {number} count
 */
function telling(record, quantiles, count) {
  if (record.length) return record.reduce((a, b) => ((b.high ?? b.low) > (a.high ?? a.low) ? b : a)).day;
  let best = 0;
  for (let day = 1; day < count; day += 1) if (quantiles[day][2] > quantiles[best][2]) best = day;
  return best;
}
