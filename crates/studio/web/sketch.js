// Parts of the page that are drawn again and again while a lever is dragged: what should be there is sketched, and of what
// is there only what differs is touched. The cores this spares simulate.

import { keepingFocus } from "./el.js";

/** @typedef {import("./el.js").Props} Props */
/** @typedef {Sketch | string | number | null | undefined | false} Piece */
/** @typedef {Piece | Piece[] | (Piece | Piece[])[]} Pieces */

const HTML = "http://www.w3.org/1999/xhtml";
const SVG = "http://www.w3.org/2000/svg";

/** An element that should be there. The one that is there stays if its tag and its `data-key` are the same. */
class Sketch {
  /**
   * @param {string} space
   * @param {string} tag
   * @param {Props} props
   * @param {Pieces[]} inside
   */
  constructor(space, tag, props, inside) {
    this.space = space;
    this.tag = tag;
    this.props = props;
    this.inside = inside;
  }
}

/**
 * An HTML element.
 * @param {string} tag
 * @param {Props} [props]
 * @param {...Pieces} inside
 */
export const html = (tag, props = {}, ...inside) => new Sketch(HTML, tag, props, inside);

/**
 * An SVG element.
 * @param {string} tag
 * @param {Props} [props]
 * @param {...Pieces} inside
 */
export const svg = (tag, props = {}, ...inside) => new Sketch(SVG, tag, props, inside);

/** An element that is there, and what was last made of it. */
class Drawn {
  /** @param {Sketch} sketch */
  constructor(sketch) {
    this.sketch = new Sketch(sketch.space, sketch.tag, {}, []);
    this.node = /** @type {HTMLElement | SVGElement} */ (document.createElementNS(sketch.space, sketch.tag));
    /** @type {(Drawn | Text)[]} */
    this.inside = [];
    this.become(sketch);
  }

  /** @param {Sketch} sketch */
  become(sketch) {
    const { props: before } = this.sketch;
    this.sketch = sketch;
    this.inside = fill(this.node, this.inside, sketch.inside);
    for (const [name, value] of Object.entries(sketch.props)) if (value !== before[name]) this.dress(name, value, before[name]);
    for (const name of Object.keys(before)) if (!(name in sketch.props)) this.dress(name, null, before[name]);
  }

  /**
   * @param {string} name
   * @param {any} value
   * @param {any} before
   */
  dress(name, value, before) {
    if (name.startsWith("on")) {
      if (value && !before) this.node.addEventListener(name.slice(2), this);
      else if (!value) this.node.removeEventListener(name.slice(2), this);
    } else if (name === "value" || name === "checked" || name === "selected") {
      /** @type {any} */ (this.node)[name] = value;
    } else if (value === null || value === undefined || value === false) {
      this.node.removeAttribute(name);
    } else {
      this.node.setAttribute(name, value === true ? "" : String(value));
    }
  }

  /** Whoever listens is whom the last sketch names. @param {Event} event */
  handleEvent(event) {
    this.sketch.props[`on${event.type}`]?.(event);
  }
}

/**
 * Makes the content of an element what is sketched.
 * @param {Element} element
 * @param {(Drawn | Text)[]} before  its content
 * @param {Pieces[]} pieces
 * @returns {(Drawn | Text)[]}
 */
function fill(element, before, pieces) {
  /** @type {(Drawn | Text)[]} */
  const inside = [];
  for (const piece of /** @type {Piece[]} */ (pieces.flat(3))) {
    if (piece === null || piece === undefined || piece === false) continue;
    const old = before[inside.length];
    const now = fitted(old, piece);
    if (!old) element.append(nodeOf(now));
    else if (now !== old) nodeOf(old).replaceWith(nodeOf(now));
    inside.push(now);
  }
  for (const old of before.slice(inside.length)) nodeOf(old).remove();
  return inside;
}

/**
 * The old part made what the piece says, if it can be, or else a new one.
 * @param {Drawn | Text | undefined} old
 * @param {Sketch | string | number} piece
 */
function fitted(old, piece) {
  if (!(piece instanceof Sketch)) {
    const text = String(piece);
    if (!(old instanceof Text)) return new Text(text);
    if (old.data !== text) old.data = text;
    return old;
  }
  if (!(old instanceof Drawn)) return new Drawn(piece);
  const { tag, space, props } = old.sketch;
  if (tag !== piece.tag || space !== piece.space || props["data-key"] !== piece.props["data-key"]) return new Drawn(piece);
  old.become(piece);
  return old;
}

/** @param {Drawn | Text} part */
const nodeOf = (part) => (part instanceof Drawn ? part.node : part);

/** @type {WeakMap<Element, (Drawn | Text)[]>}  what was rendered where */
const rendered = new WeakMap();

/**
 * Renders what is sketched as the content of an element of the page, which nothing else writes to.
 * @param {Element} place
 * @param {...Pieces} pieces
 */
export function render(place, ...pieces) {
  keepingFocus(place, () => rendered.set(place, fill(place, rendered.get(place) ?? [], pieces)));
}
