// Reading a day off a fan by pointer or arrow keys, from the table behind the chart.

const text = (tag, words) => Object.assign(document.createElement(tag), { textContent: words });

/**
 * Lets people read the days of every fan below a root.
 * @param {ParentNode} root
 */
export function readable(root) {
  for (const fan of root.querySelectorAll(".fan")) readDays(fan);
}

/** @param {Element} fan */
function readDays(fan) {
  const rows = fan.querySelectorAll("table.days tbody tr");
  const names = [...fan.querySelectorAll("table.days thead th")].map((cell) => cell.textContent);
  const readout = fan.querySelector(".readout");

  for (const plot of fan.querySelectorAll(".plot")) {
    const first = Number(plot.getAttribute("aria-valuemin"));
    const last = Number(plot.getAttribute("aria-valuemax"));
    const cursor = plot.querySelector(".cursor");

    const show = (wanted) => {
      const day = Math.min(last, Math.max(first, wanted));
      const [date, ...values] = [...rows[day].cells].map((cell) => cell.textContent);
      const parts = values.map((value, i) => [names[i + 1], value]).filter(([, value]) => value);
      readout.replaceChildren(text("b", date));
      for (const [name, value] of parts) readout.append(` · ${name.toLowerCase()} `, text("b", value));
      const x = last > first ? (1000 * (day - first)) / (last - first) : 0;
      cursor.setAttribute("d", `M${x} 0V1000`);
      plot.setAttribute("aria-valuenow", day);
      plot.setAttribute("aria-valuetext", `${date}: ${parts.map((part) => part.join(" ")).join(", ")}`);
    };
    const under = (event) => {
      const box = plot.getBoundingClientRect();
      return first + Math.round(((event.clientX - box.left) / box.width) * (last - first));
    };
    const steps = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 7, PageDown: -7, Home: -1e6, End: 1e6 };

    plot.addEventListener("pointermove", (event) => show(under(event)));
    plot.addEventListener("pointerdown", (event) => show(under(event)));
    plot.addEventListener("focus", () => show(Number(plot.getAttribute("aria-valuenow"))));
    plot.addEventListener("keydown", (event) => {
      if (!(event.key in steps)) return;
      event.preventDefault();
      show(Number(plot.getAttribute("aria-valuenow")) + steps[event.key]);
    });
  }
}
