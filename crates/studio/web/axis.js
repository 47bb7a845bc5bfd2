// Axes: where a value lies, and round ticks with their labels.

import { dateOf, dayAndMonth, number } from "./words.js";

/**
 * @typedef {object} Axis
 * @property {number} low
 * @property {number} high
 * @property {{ value: number, label: string }[]} ticks
 */

/**
 * An axis over numbers with round ticks that holds all of them.
 * @param {number} low
 * @param {number} high
 * @param {boolean} [whole]
 * @returns {Axis}
 */
export function numbers(low, high, whole = false) {
  const span = high > low ? high - low : Math.max(Math.abs(low), 1);
  const rough = span / 4;
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  let step = [1, 2, 2.5, 5, 10].map((times) => times * magnitude).find((candidate) => candidate >= rough * 0.999) ?? rough;
  if (whole) step = Math.max(1, step);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(Math.ceil(high / step - 1e-9), first + 1);
  const ticks = Array.from({ length: last - first + 1 }, (_, at) => {
    const value = (first + at) * step;
    return { value, label: short(value) };
  });
  return { low: first * step, high: last * step, ticks };
}

/** The axis of a probability. @returns {Axis} */
export const shares = () => ({
  low: 0, high: 1, ticks: [0, 0.25, 0.5, 0.75, 1].map((value) => ({ value, label: String(value) })),
});

/**
 * An axis over days, with at most about `most` labels.
 * @param {string} start
 * @param {number} low
 * @param {number} high
 * @param {number} most
 * @returns {Axis}
 */
export function days(start, low, high, most) {
  const span = Math.max(1, high - low);
  const every = [1, 2, 5, 10, 15, 30].find((candidate) => span / candidate <= most);
  const ticks = [];
  if (every) {
    for (let day = Math.ceil(low / every) * every; day <= low + span; day += every) {
      ticks.push({ value: day, label: dayAndMonth(dateOf(start, day)) });
    }
  } else {
    const months = Math.ceil(span / 30.4 / most);
    for (let day = Math.ceil(low); day <= low + span; day += 1) {
      const date = dateOf(start, day);
      if (date.getUTCDate() === 1 && date.getUTCMonth() % months === 0) {
        ticks.push({ value: day, label: dayAndMonth(date).replace(/^1 /, "") });
      }
    }
  }
  return { low, high: low + span, ticks };
}

/**
 * Where a value lies between 0 and 1; beyond the ends it lies on them.
 * @param {Axis} axis
 * @param {number} value
 */
export const place = (axis, value) => Math.min(1, Math.max(0, (value - axis.low) / (axis.high - axis.low)));

/** @param {number} value */
function short(value) {
  const size = Math.abs(value);
  if (size >= 1e6) return `${number(value / 1e6)} m`;
  if (size >= 1e4) return `${number(value / 1e3)} k`;
  return number(value);
}
