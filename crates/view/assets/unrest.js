// Draws the grid and the series of UNREST, and plays them.
(() => {
  "use strict";
  const data = UNREST;
  const canvas = document.getElementById("grid");
  const slider = document.getElementById("tick");
  const play = document.getElementById("play");
  const now = document.getElementById("now");
  const svg = document.getElementById("series");
  const packed = Uint8Array.from(atob(data.frames), (digit) => digit.charCodeAt(0));
  const kind = canvas.dataset.kind === "sites" ? "--site-" : "--share-";
  const context = canvas.getContext("2d");
  const image = context.createImageData(data.columns, data.rows);
  let colours = [];

  // The colours of the theme, as numbers: a canvas knows no style sheet.
  function readColours() {
    const style = getComputedStyle(document.documentElement);
    colours = [0, 1, 2, 3].map((value) => {
      const hex = style.getPropertyValue(kind + value).trim();
      return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
    });
    document.querySelectorAll(".swatch").forEach((swatch) => {
      swatch.style.background = `var(${kind}${swatch.dataset.value})`;
    });
  }

  const tickOf = (frame) => (frame + 1) * data.every;

  function drawGrid(frame) {
    if (!data.count) return;
    for (let cell = 0; cell < data.columns * data.rows; cell += 1) {
      const byte = packed[frame * data.bytes + (cell >> 2)];
      const [red, green, blue] = colours[(byte >> (2 * (cell & 3))) & 3];
      image.data.set([red, green, blue, 255], 4 * cell);
    }
    context.putImageData(image, 0, 0);
    const at = tickOf(frame) - 1;
    const share = (count) => `${count.toLocaleString("en")} (${((100 * count) / data.citizens).toFixed(1)} %)`;
    now.textContent = `Tick ${at + 1}: ${share(data.active[at])} active, ${share(data.jailed[at])} jailed, ` +
      `${data.arrests[at].toLocaleString("en")} arrested in this tick.`;
    slider.setAttribute("aria-valuetext", `tick ${at + 1}, ${data.active[at]} active`);
    marker.setAttribute("x1", x(at));
    marker.setAttribute("x2", x(at));
  }

  const x = (tick) => (1000 * tick) / Math.max(1, data.active.length - 1);
  const add = (name, attributes) => {
    const element = document.createElementNS(svg.namespaceURI, name);
    Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
    svg.append(element);
    return element;
  };
  const path = (values) => {
    const peak = Math.max(1, ...values);
    return values.map((value, tick) => `${tick ? "L" : "M"}${x(tick).toFixed(2)} ${(250 - (240 * value) / peak).toFixed(1)}`).join("");
  };
  data.outbursts.forEach(([start, end]) => {
    add("rect", { x: x(start - 1), y: 0, width: Math.max(1, x(end - 1) - x(start - 1)), height: 260 });
  });
  add("path", { class: "jailed", d: path(data.jailed) });
  add("path", { class: "active", d: path(data.active) });
  const marker = add("line", { x1: 0, x2: 0, y1: 0, y2: 260 });

  let timer = 0;
  function stop() {
    clearInterval(timer);
    timer = 0;
    play.textContent = "Play";
  }
  function toggle() {
    if (timer) {
      stop();
      return;
    }
    if (Number(slider.value) >= data.count - 1) slider.value = 0;
    play.textContent = "Stop";
    timer = setInterval(() => {
      slider.value = Number(slider.value) + 1;
      drawGrid(Number(slider.value));
      if (Number(slider.value) >= data.count - 1) stop();
    }, 90);
  }
  slider.addEventListener("input", () => drawGrid(Number(slider.value)));
  play.addEventListener("click", toggle);
  document.addEventListener("keydown", (event) => {
    if (event.key === " " && !event.target.closest("button, summary")) {
      event.preventDefault();
      toggle();
    }
  });
  svg.addEventListener("click", (event) => {
    const box = svg.getBoundingClientRect();
    const tick = ((event.clientX - box.left) / box.width) * data.active.length;
    slider.value = Math.round(tick / data.every) - 1;
    drawGrid(Number(slider.value));
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    readColours();
    drawGrid(Number(slider.value));
  });
  readColours();
  drawGrid(0);
})();
