// Mistakes of a scenario, each beside the text that caused it.

import { el } from "./el.js";
import { counted } from "./words.js";

/**
 * @param {string} message
 * @param {any[]} mistakes
 * @param {() => void} again
 */
export function mistakes(message, mistakes, again) {
  return [
    el("h2", { id: "mistakes-heading" }, `${message[0].toUpperCase()}${message.slice(1)}: ${counted(mistakes.length, "mistake", "mistakes")}`),
    el("p", {}, "Change the files and look again; nothing needs to be started anew. ",
      el("button", { type: "button", id: "again", onclick: again }, "Check again")),
    el("ol", { class: "mistakes" }, mistakes.map((mistake) => el("li", {},
      el("p", { class: "message" }, mistake.message),
      el("p", { class: "quiet" }, mistake.line ? `${mistake.file}, line ${mistake.line}, column ${mistake.column}` : mistake.file),
      mistake.lines.length ? el("pre", { tabindex: 0, "aria-label": `${mistake.file} around line ${mistake.line}` },
        mistake.lines.map((/** @type {any} */ line) => text(line, mistake))) : null,
      mistake.expected ? el("p", {}, "Expected: ", mistake.expected) : null,
      mistake.suggestion ? el("p", {}, "Did you mean ", el("code", {}, mistake.suggestion), "?") : null))),
  ];
}

/**
 * A line of the file, the mistake in it marked.
 * @param {{ number: number, text: string }} line
 * @param {any} mistake
 */
function text(line, mistake) {
  const label = el("span", { class: "line-number" }, String(line.number).padStart(5));
  if (line.number !== mistake.line) return el("code", {}, label, ` ${line.text}\n`);
  const letters = [...line.text];
  const from = mistake.column - 1;
  return el("code", { class: "wrong" }, label, " ", letters.slice(0, from).join(""),
    el("mark", {}, letters.slice(from, from + mistake.width).join("") || " "), `${letters.slice(from + mistake.width).join("")}\n`);
}
