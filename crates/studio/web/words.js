// Numbers and dates as the report says them.

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAY = 86_400_000;

/**
 * A whole number with a comma between thousands.
 * @param {number} value
 */
export const whole = (value) => Math.round(value).toLocaleString("en-GB");

/** @type {Map<number, Intl.NumberFormat>}  to make one takes far longer than to use it */
const formats = new Map();

/**
 * A number with at most so many digits that matter, thousands apart.
 * @param {number} value
 * @param {number} [digits]
 */
export function number(value, digits = 3) {
  if (!Number.isFinite(value)) return "–";
  const known = formats.get(digits) ?? new Intl.NumberFormat("en-GB", { maximumSignificantDigits: digits });
  formats.set(digits, known);
  return known.format(value).replace("-", "−");
}

/**
 * The date so many days after the start.
 * @param {string} start  as 2022-01-01
 * @param {number} day
 */
export function dateOf(start, day) {
  return new Date(Date.parse(`${start}T00:00:00Z`) + Math.round(day) * DAY);
}

/**
 * "6 Jan 2022".
 * @param {Date} date
 */
export const date = (date) => `${dayAndMonth(date)} ${date.getUTCFullYear()}`;

/**
 * "6 Jan".
 * @param {Date} date
 */
export const dayAndMonth = (date) => `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;

/**
 * "2022-01-06".
 * @param {Date} date
 */
export const iso = (date) => date.toISOString().slice(0, 10);

/**
 * Days from one date to another.
 * @param {string} start
 * @param {string} then
 */
export const daysBetween = (start, then) =>
  Math.round((Date.parse(`${then}T00:00:00Z`) - Date.parse(`${start}T00:00:00Z`)) / DAY);

/**
 * "1 history", "2 histories".
 * @param {number} count
 * @param {string} one
 * @param {string} many
 */
export const counted = (count, one, many) => `${whole(count)} ${count === 1 ? one : many}`;
