"use strict";
// Elements of SVG, sizes of texts, and marks: what can be pointed at, or reached with the arrow keys.
const charts = {};
const measure = document.createElement("canvas").getContext("2d");
measure.font = "12px system-ui, sans-serif";

function widest(texts, most) {
  return Math.min(most, Math.ceil(texts.reduce((found, text) => Math.max(found, measure.measureText(text).width), 0)) + 8);
}

function fitted(text, width) {
  if (measure.measureText(text).width <= width) return text;
  let length = text.length;
  while (length > 1 && measure.measureText(text.slice(0, length) + "…").width > width) length -= 1;
  return text.slice(0, length) + "…";
}

function colour(name) {
  return `var(--${name})`;
}

class Paper {
  constructor(width, height) {
    [this.width, this.height, this.marks] = [width, height, []];
    this.svg = this.make("svg", { width, height, viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" });
  }

  make(name, attributes, text) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) {
      if (key === "fill" || key === "stroke") made.style[key] = value;
      else made.setAttribute(key, value);
    }
    if (text !== undefined) made.textContent = text;
    return made;
  }

  add(name, attributes, text) {
    return this.svg.appendChild(this.make(name, attributes, text));
  }

  rect(x, y, width, height, fill, more = {}) {
    return this.add("rect", { x, y, width: Math.max(0, width), height: Math.max(0, height), fill, ...more });
  }

  line(x1, y1, x2, y2, stroke = "line", more = {}) {
    return this.add("line", { x1, y1, x2, y2, stroke: colour(stroke), ...more });
  }

  text(x, y, words, more = {}) {
    return this.add("text", { x, y, fill: colour("ink"), "font-size": 12, ...more }, words);
  }

  // Something that is told of when it is pointed at. `at`: row and column in which the arrow keys find it.
  mark(element, says, at, more = {}) {
    element.classList.add("mark");
    this.marks.push({ element, says, at, ...more });
    return element;
  }
}

// Round numbers from 0 to about `most`.
function ticks(most, wanted) {
  const rough = most / wanted, power = 10 ** Math.floor(Math.log10(rough || 1));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough) || 1;
  return Array.from({ length: Math.floor(most / step + 1e-9) + 1 }, (_, place) => place * step);
}

function brief(value) {
  if (Math.abs(value) >= 1e6) return +(value / 1e6).toFixed(1) + "M";
  if (Math.abs(value) >= 1e3) return +(value / 1e3).toFixed(1) + "k";
  return value && Math.abs(value) < 0.001 ? value.toExponential(1).replace(".0e", "e") : String(+value.toPrecision(3));
}
