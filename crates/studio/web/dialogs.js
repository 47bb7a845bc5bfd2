// Dialogs: the evidence behind a parameter, keeping what was tried, and taking it away.

import { Refusal, ask, askText } from "./api.js";
import { el, put, byId } from "./el.js";
import { isNothing } from "./state.js";

/** @param {...any} content */
function open(...content) {
  const dialog = /** @type {HTMLDialogElement} */ (byId("dialog"));
  put(dialog, el("form", { method: "dialog", class: "close" }, el("button", { class: "plain" }, "Close")), content);
  if (!dialog.open) dialog.showModal();
}

/**
 * The evidence behind a parameter.
 * @param {string} scenario
 * @param {string} parameter
 */
export async function evidence(scenario, parameter) {
  const told = await ask("api/evidence", { scenario, parameter });
  if (told.basis === "assumption") {
    open(el("h2", { id: "dialog-heading" }, told.title),
      el("p", {}, el("span", { class: "tag" }, "assumption"), ` ${told.range}, ${told.shape}`), el("p", {}, told.reason));
    return;
  }
  open(el("h2", { id: "dialog-heading" }, told.title),
    el("p", {}, el("span", { class: "tag" }, "evidence"), ` Claims on: ${told.subject}`),
    el("ul", { class: "claims" }, told.claims.map((/** @type {any} */ claim) => el("li", {},
      el("p", {}, el("b", {}, claim.value), ` ${claim.text}`),
      el("p", { class: "note" }, `${claim.chain}; ${claim.status}; ${claim.source}`),
      el("p", { class: "note" }, claim.weights.length ? `Trusted by: ${claim.weights.map((/** @type {any} */ one) => `${one.account} (${one.words})`).join("; ")}` : "Trusted by no account.")))),
    told.conflicts.length ? el("div", {}, el("h3", {}, "Claims that cannot all be true"),
      told.conflicts.map((/** @type {any} */ conflict) => el("p", {}, conflict.sides.map((/** @type {string[]} */ side) => side.join(", ")).join(" — against — ")))) : null);
}

/**
 * Offers a text as a file to keep.
 * @param {string} name
 * @param {Blob} blob
 */
export function download(name, blob) {
  const address = URL.createObjectURL(blob);
  const link = el("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/**
 * Keeping the active trial as a policy file.
 * @param {any} scenario
 * @param {import("./state.js").State} state
 * @param {() => void} reload
 */
export function savePolicy(scenario, state, reload) {
  const trial = state.trials[state.active];
  if (isNothing(trial)) {
    open(el("h2", { id: "dialog-heading" }, "Save policy"), el("p", {}, "No lever of this trial is moved, so there is nothing to save yet."));
    return;
  }
  const title = /** @type {HTMLInputElement} */ (el("input", { id: "saved-title", required: true, maxlength: 120, value: "Tried in the studio" }));
  const id = /** @type {HTMLInputElement} */ (el("input", { id: "saved-id", required: true, pattern: "[a-z][a-z0-9\\-]*", maxlength: 60, value: "my-trial", spellcheck: "false" }));
  const answer = el("div", { role: "status" });
  const save = (/** @type {boolean} */ keep) => async () => {
    if (!title.reportValidity() || !id.reportValidity()) return;
    try {
      const told = await ask("api/policy", { scenario: scenario.id, trial, id: id.value, title: title.value, keep });
      if (keep) reload();
      else download(told.file, new Blob([told.text], { type: "application/toml" }));
      put(answer, el("p", {}, keep ? `Kept as ${told.kept} in the scenario's folder.` : `Downloaded ${told.file}; put it into the folder policies/ of a scenario.`),
        el("pre", { tabindex: 0, "aria-label": "The policy file" }, el("code", {}, told.text)));
    } catch (error) {
      put(answer, el("p", { class: "less" }, error instanceof Refusal ? `${error.message}.` : "The studio does not answer."));
    }
  };
  open(el("h2", { id: "dialog-heading" }, "Save policy"),
    el("p", {}, "The levers of this trial become a policy, which ", el("code", {}, "equipoise compare"), " and ", el("code", {}, "run --policy"), " know by its name."),
    Object.keys(trial.credences).length ? el("p", { class: "quiet" }, "Credences are beliefs and no part of a policy; they stand in the file as a remark.") : null,
    el("p", { class: "field" }, el("label", { for: "saved-title" }, "Title"), title),
    el("p", { class: "field" }, el("label", { for: "saved-id" }, "Name, of small letters, digits and -"), id),
    el("p", {}, el("button", { type: "button", id: "download-policy", onclick: save(false) }, "Download file"), " ",
      scenario.can_keep ? el("button", { type: "button", id: "keep-policy", onclick: save(true) }, "Keep in the scenario's folder")
        : el("span", { class: "quiet" }, "This scenario is part of the program; open a folder of your own to keep policies in it.")),
    answer);
}

/**
 * Taking away what is shown.
 * @param {any} scenario
 * @param {import("./state.js").State} state
 * @param {{ title: string, drawing: SVGSVGElement }[]} pictures  drawings of the report that are open
 */
export function exportAll(scenario, state, pictures) {
  const trial = state.trials[state.active];
  const question = { scenario: scenario.id, account: state.account, trial: isNothing(trial) ? {} : trial };
  const answer = el("div", { role: "status" });
  const during = (/** @type {string} */ text, /** @type {() => Promise<any>} */ work) => async () => {
    put(answer, el("p", {}, text));
    try {
      put(answer, await work());
    } catch (error) {
      put(answer, el("p", { class: "less" }, error instanceof Refusal ? `${error.message}.` : "The studio does not answer."));
    }
  };
  const charts = [...document.querySelectorAll("#cards .card, #fans .fan")].map((figure) => ({
    title: figure.querySelector("h3")?.textContent ?? "chart",
    drawing: /** @type {SVGSVGElement | null} */ (figure.querySelector("svg.chart")),
  })).filter(({ drawing }) => drawing).concat(pictures);
  const which = /** @type {HTMLSelectElement} */ (el("select", { id: "which-chart" }, charts.map(({ title }, at) => el("option", { value: at }, title))));
  const chosen = () => charts[Number(which.value)];
  const name = (/** @type {string} */ title) => title.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
  open(el("h2", { id: "dialog-heading" }, "Export"),
    el("h3", {}, "Run directory and report"),
    el("p", {}, "All tables of the active trial as Parquet, and the report, in a new folder under ", el("code", {}, "runs/"), " where the studio was started."),
    el("p", {}, el("button", { type: "button", id: "export-run", onclick: during("Simulating and writing …", async () => {
      const told = await ask("api/export", question);
      return el("p", {}, "Written to ", el("code", {}, told.folder), ". ", el("a", { href: told.report, download: "" }, "Download the report"));
    }) }, "Write run and report")),
    el("h3", {}, "Outcomes as CSV"),
    el("p", {}, el("button", { type: "button", id: "export-csv", onclick: during("Gathering …", async () => {
      const text = await askText("api/table", question);
      download(`${scenario.id}-outcomes.csv`, new Blob([text], { type: "text/csv" }));
      return el("p", {}, "Downloaded: one line per history, baseline and trial.");
    }) }, "Download CSV")),
    el("h3", {}, "A chart"),
    charts.length ? el("p", { class: "choice" }, el("label", { for: "which-chart" }, "Chart "), which,
      el("button", { type: "button", id: "export-svg", onclick: during("Drawing …", async () => {
        const { title, drawing } = chosen();
        download(`${name(title)}.svg`, new Blob([standalone(/** @type {SVGSVGElement} */ (drawing))], { type: "image/svg+xml" }));
        return el("p", {}, "Downloaded.");
      }) }, "SVG"),
      el("button", { type: "button", id: "export-png", onclick: during("Drawing …", async () => {
        const { title, drawing } = chosen();
        download(`${name(title)}.png`, await picture(/** @type {SVGSVGElement} */ (drawing)));
        return el("p", {}, "Downloaded.");
      }) }, "PNG")) : null,
    answer);
}

/** What a chart needs of the page's style sheet to be drawn elsewhere. */
const STYLES = ["fill", "fill-opacity", "stroke", "stroke-opacity", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "opacity", "paint-order", "font-size", "font-family", "text-anchor", "vector-effect"];

/**
 * A chart as a file of its own: colours and fonts as the page shows them.
 * @param {SVGSVGElement} drawing
 */
function standalone(drawing) {
  const copy = /** @type {SVGSVGElement} */ (drawing.cloneNode(true));
  const [from, to] = [drawing.querySelectorAll("*"), copy.querySelectorAll("*")];
  from.forEach((element, at) => {
    const style = getComputedStyle(element);
    for (const property of STYLES) to[at].setAttribute(property, style.getPropertyValue(property));
    to[at].removeAttribute("class");
  });
  const [, , width, height] = (drawing.getAttribute("viewBox") ?? "0 0 640 400").split(" ");
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", width);
  copy.setAttribute("height", height);
  const paper = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  paper.setAttribute("width", "100%");
  paper.setAttribute("height", "100%");
  paper.setAttribute("fill", getComputedStyle(document.body).backgroundColor);
  copy.prepend(paper);
  return new XMLSerializer().serializeToString(copy);
}

/**
 * A chart as pixels, three for each of the page's.
 * @param {SVGSVGElement} drawing
 * @returns {Promise<Blob>}
 */
async function picture(drawing) {
  const address = URL.createObjectURL(new Blob([standalone(drawing)], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = image.width * 3;
    canvas.height = image.height * 3;
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/png"));
  } finally {
    URL.revokeObjectURL(address);
  }
}
