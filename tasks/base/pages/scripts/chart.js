// Puts a chart into its place: follows the width, tells of marks under the pointer and at the keyboard, saves it as SVG.
function drawChart(place, chart) {
  let state = {}, current = -1, paper;
  const tip = document.createElement("div"), holder = document.createElement("div");
  tip.className = "tip";
  tip.setAttribute("role", "status");
  tip.hidden = true;
  holder.className = "holder";
  place.replaceChildren(holder, tip);
  place.tabIndex = 0;
  place.setAttribute("role", "application");
  place.setAttribute("aria-roledescription", "chart, arrow keys read its values");

  function redraw(changed = {}) {
    state = { ...state, ...changed };
    paper = charts[chart.kind](Math.max(300, Math.floor(place.clientWidth)), chart, state, redraw);
    holder.replaceChildren(paper.svg);
    current = -1;
    tip.hidden = true;
    paper.marks.forEach(({ element, rows, act }, number) => {
      element.addEventListener("pointerenter", () => tell(number));
      if (rows || act) {
        element.style.cursor = "pointer";
        element.addEventListener("click", () => open(number));
      }
    });
  }

  function tell(number) {
    paper.marks[current]?.element.classList.remove("at");
    current = number;
    const { element, says, rows, act } = paper.marks[number];
    element.classList.add("at");
    tip.textContent = says + (act ? " – Enter or click looks into it" : rows ? " – Enter or click for the rows" : "");
    tip.hidden = false;
    const box = element.getBoundingClientRect(), around = place.getBoundingClientRect();
    const x = Math.min(Math.max(0, box.left - around.left), Math.max(0, around.width - tip.offsetWidth));
    const below = box.bottom - around.top + 6;
    tip.style.left = `${x}px`;
    tip.style.top = `${below + tip.offsetHeight > around.height ? box.top - around.top - tip.offsetHeight - 6 : below}px`;
  }

  function open(number) {
    const { act, rows } = paper.marks[number] ?? {};
    if (act) act();
    else if (rows) document.dispatchEvent(new CustomEvent("rows", { detail: rows }));
  }

  // The nearest mark in a direction: along its row, else in the next row that has one.
  function next(rows, columns) {
    if (current < 0) return 0;
    const [row, column] = paper.marks[current].at;
    let found = -1, least = Infinity;
    paper.marks.forEach(({ at: [y, x] }, number) => {
      const [down, across] = [(y - row) * rows, (x - column) * columns];
      const distance = rows ? down * 1e4 + Math.abs(x - column) : across;
      if ((rows ? down > 0 : y === row && across > 0) && distance < least) [found, least] = [number, distance];
    });
    return found < 0 ? current : found;
  }

  const moves = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };
  place.onkeydown = (event) => {
    if (event.key in moves && paper.marks.length) tell(next(...moves[event.key]));
    else if (event.key === "Enter") open(current);
    else if (event.key === "Escape") tip.hidden = true;
    else return;
    event.preventDefault();
    paper.marks[current]?.element.scrollIntoView({ block: "nearest", inline: "nearest" });
  };
  place.onpointerleave = place.onblur = () => {
    tip.hidden = true;
    paper.marks[current]?.element.classList.remove("at");
  };
  redraw();
  let width = place.clientWidth;
  place.watching?.disconnect();
  place.watching = new ResizeObserver(() => {
    if (place.clientWidth === width) return;
    width = place.clientWidth;
    redraw();
  });
  place.watching.observe(place);
}

// The picture as it is on the page, with its colours in it.
function saveChart(place, name) {
  const svg = place.querySelector("svg"), copy = svg.cloneNode(true);
  const pairs = [svg, ...svg.querySelectorAll("*")], copies = [copy, ...copy.querySelectorAll("*")];
  pairs.forEach((element, number) => {
    const { fill, stroke, fontFamily } = getComputedStyle(element);
    Object.assign(copies[number].style, element.tagName === "text" ? { fill, fontFamily } : { fill, stroke });
  });
  copy.style.background = getComputedStyle(document.body).backgroundColor;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([new XMLSerializer().serializeToString(copy)], { type: "image/svg+xml" }));
  link.download = `${name}.svg`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
