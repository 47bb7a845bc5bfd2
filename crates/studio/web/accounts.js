// One outcome under each account side by side: if you believe this, then that.

import { NAMES, standing } from "./cards.js";
import { el } from "./el.js";

/**
 * @param {any} scenario
 * @param {string | null} only  the account that is believed alone
 * @param {string} outcome  the outcome shown
 * @param {any} baseline  the picture of the baseline
 * @param {{ slot: number, picture: any }[]} trials
 * @param {{ choose: (outcome: string) => void, believe: (account: string | null) => void }} does
 */
export function accounts(scenario, only, outcome, baseline, trials, does) {
  const shown = baseline?.outcomes ?? [];
  const title = (/** @type {string} */ id) => scenario.outcomes.find((/** @type {any} */ known) => known.id === id)?.title ?? id;
  const select = /** @type {HTMLSelectElement} */ (el("select", { id: "by-account", "data-key": "by-account", onchange: () => does.choose(select.value) },
    shown.map((/** @type {any} */ row) => el("option", { value: row.outcome, selected: row.outcome === outcome }, title(row.outcome)))));
  const of = (/** @type {any} */ picture, /** @type {string} */ account) =>
    picture?.outcomes.find((/** @type {any} */ row) => row.outcome === outcome)?.accounts.find((/** @type {any} */ row) => row.account === account);
  const rows = scenario.accounts.map((/** @type {any} */ account) => {
    const before = of(baseline, account.id);
    return el("tr", { "data-account": account.id },
      el("th", { scope: "row" }, account.title, el("span", { class: "note" }, `credence ${Math.round(account.credence * 100)} %`)),
      el("td", {}, words(before?.baseline)),
      trials.map(({ picture }) => {
        const row = of(picture, account.id);
        return el("td", {}, words(row?.trial), row?.change ? el("span", { class: `delta ${standing(row.change)}` }, row.change.text) : null);
      }),
      el("td", {}, el("button", { type: "button", class: "plain", "data-key": `believe-${account.id}`, "aria-pressed": String(only === account.id), onclick: () => does.believe(only === account.id ? null : account.id) },
        only === account.id ? "Believe all" : "Believe only this", el("span", { class: "hidden" }, only === account.id ? "" : `: ${account.title}`))));
  });
  return [
    el("h2", { id: "accounts-heading" }, "If you believe …"),
    el("p", { class: "choice" }, el("label", { for: "by-account" }, "Outcome "), select),
    only ? el("p", { class: "told" }, "Only one account is believed now, in the baseline and in the trials. ",
      el("button", { type: "button", "data-key": "believe-all", onclick: () => does.believe(null) }, "Believe all by their credence")) : null,
    el("div", { class: "scroll whole", role: "region", tabindex: 0, "aria-label": "The outcome by account" },
      el("table", {}, el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "Account"), el("th", { scope: "col" }, "Baseline"),
        trials.map(({ slot }) => el("th", { scope: "col" }, `Trial ${NAMES[slot]}`)), el("th", { scope: "col" }, el("span", { class: "hidden" }, "Believe")))),
      el("tbody", {}, rows))),
  ];
}

/** @param {any} finding */
const words = (finding) => (finding
  ? [el("span", { class: "centre" }, finding.centre), el("span", { class: "note" }, finding.range === "–" ? "" : finding.range)]
  : [el("span", { class: "note" }, "no history")]);
