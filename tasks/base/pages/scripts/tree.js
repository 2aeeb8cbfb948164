// A squarified treemap (Bruls, Huizing and van Wijk 2000) of two levels. A click on a category looks into it.
function squarified(sizes, x, y, width, height) {
  const order = sizes.map((_, place) => place).sort((a, b) => sizes[b] - sizes[a] || a - b), found = [];
  let left = sizes.reduce((sum, size) => sum + size, 0);
  for (let start = 0; start < order.length; ) {
    const short = Math.min(width, height), scale = left ? (width * height) / left : 0;
    const worst = (sum, largest, least) => Math.max((short ** 2 * largest) / sum ** 2, sum ** 2 / (short ** 2 * least));
    let end = start, sum = 0, before = Infinity;
    while (end < order.length) {
      const next = sum + sizes[order[end]] * scale;
      const ratio = worst(next, sizes[order[start]] * scale, sizes[order[end]] * scale);
      if (end > start && ratio > before) break;
      [before, sum, end] = [ratio, next, end + 1];
    }
    const thick = short ? sum / short : 0, across = width >= height;
    let along = across ? y : x;
    for (const place of order.slice(start, end)) {
      const length = thick ? (sizes[place] * scale) / thick : 0;
      found[place] = across ? [x, along, thick, length] : [along, y, length, thick];
      along += length;
      left -= sizes[place];
    }
    if (across) [x, width] = [x + thick, width - thick];
    else [y, height] = [y + thick, height - thick];
    start = end;
  }
  return found;
}

charts.tree = (width, chart, state, redraw) => {
  const paper = new Paper(width, chart.height);
  const zoom = (name) => () => redraw({ inside: state.inside === name ? null : name });
  const groups = chart.groups.filter(({ name }) => !state.inside || name === state.inside);
  const sums = groups.map(({ tasks }) => tasks.reduce((sum, task) => sum + task[1], 0) || 1);
  squarified(sums, 0, 0, width, chart.height).forEach(([x, y, wide, high], row) => {
    const { name, title, says, tasks } = groups[row], back = state.inside ? " – click to come back" : "";
    const box = paper.rect(x + 1, y + 1, wide - 2, high - 2, colour(`group-${name}`), { class: "surface" });
    paper.mark(box, says, [row, 0], { act: zoom(name) });
    const label = 1.1 * measure.measureText(`${name} · ${title}${back}`).width < wide - 12 ? `${name} · ${title}${back}` : name;
    if (wide > 30) paper.text(x + 6, y + 15, fitted(label, wide - 10), { "font-weight": 650, "pointer-events": "none" });
    const sizes = tasks.map((task) => task[1] || 1e-9);
    squarified(sizes, x + 3, y + 20, Math.max(1, wide - 6), Math.max(1, high - 23)).forEach((place, column) => {
      const [at, up, w, h] = place, [task, , count, told, rows] = tasks[column];
      const tile = paper.rect(at + 0.5, up + 0.5, w - 1, h - 1, colour(`tile-${name}`), { class: "surface", stroke: colour("page") });
      paper.mark(tile, told, [row, column + 1], { rows });
      if (w < 34 || h < 16) return;
      paper.text(at + 4, up + 13, fitted(task, w - 8), { "font-size": 11, "pointer-events": "none" });
      if (h >= 32) paper.text(at + 4, up + 27, fitted(count, w - 8), { "font-size": 11, "pointer-events": "none" });
    });
  });
  return paper;
};
