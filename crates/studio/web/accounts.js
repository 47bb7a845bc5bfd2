// One outcome under each account side by side: if you believe this, then that.

import { NAMES, standing } from "./cards.js";
import { html } from "./sketch.js";

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
  const select = html("select", { id: "by-account", "data-key": "by-account", onchange: (/** @type {any} */ event) => does.choose(event.currentTarget.value) },
    shown.map((/** @type {any} */ row) => html("option", { value: row.outcome, selected: row.outcome === outcome }, title(row.outcome))));
  const of = (/** @type {any} */ picture, /** @type {string} */ account) =>
    picture?.outcomes.find((/** @type {any} */ row) => row.outcome === outcome)?.accounts.find((/** @type {any} */ row) => row.account === account);
  const rows = scenario.accounts.map((/** @type {any} */ account) => {
    const before = of(baseline, account.id);
    return html("tr", { "data-key": account.id, "data-account": account.id },
      html("th", { scope: "row" }, account.title, html("span", { class: "note" }, `credence ${Math.round(account.credence * 100)} %`)),
      html("td", {}, words(before?.baseline)),
      trials.map(({ picture }) => {
        const row = of(picture, account.id);
        return html("td", {}, words(row?.trial), row?.change ? html("span", { class: `delta ${standing(row.change)}` }, row.change.text) : null);
      }),
      html("td", {}, html("button", { type: "button", class: "plain", "data-key": `believe-${account.id}`, "aria-pressed": String(only === account.id), onclick: () => does.believe(only === account.id ? null : account.id) },
        only === account.id ? "Believe all" : "Believe only this", html("span", { class: "hidden" }, only === account.id ? "" : `: ${account.title}`))));
  });
  return [
    html("h2", { id: "accounts-heading" }, "If you believe …"),
    html("p", { class: "choice" }, html("label", { for: "by-account" }, "Outcome "), select),
    only ? html("p", { class: "told" }, "Only one account is believed now, in the baseline and in the trials. ",
      html("button", { type: "button", "data-key": "believe-all", onclick: () => does.believe(null) }, "Believe all by their credence")) : null,
    html("div", { class: "scroll whole", role: "region", tabindex: 0, "aria-label": "The outcome by account" },
      html("table", {}, html("thead", {}, html("tr", {}, html("th", { scope: "col" }, "Account"), html("th", { scope: "col" }, "Baseline"),
        trials.map(({ slot }) => html("th", { scope: "col" }, `Trial ${NAMES[slot]}`)), html("th", { scope: "col" }, html("span", { class: "hidden" }, "Believe")))),
      html("tbody", {}, rows))),
  ];
}

/** @param {any} finding */
const words = (finding) => (finding
  ? [html("span", { class: "centre" }, finding.centre), html("span", { class: "note" }, finding.range === "–" ? "" : finding.range)]
  : [html("span", { class: "note" }, "no history")]);
