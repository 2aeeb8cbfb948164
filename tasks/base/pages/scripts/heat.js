// A heat map of shares: each cell has its percentage where there is room, and a scale above tells its steps.
const STEPS = [[0.01, "below 1 %"], [0.1, "1 to 10 %"], [0.3, "10 to 30 %"], [0.6, "30 to 60 %"], [Infinity, "60 % and more"]];

charts.heat = (width, chart) => {
  const { rows, columns } = chart;
  const left = widest(rows, Math.min(220, width * 0.36)) + 4, names = widest(columns, 170);
  const size = Math.min(46, Math.max(14, (width - left - 8) / columns.length)), high = 19;
  const slant = names * 0.87 + 10;
  const whole = Math.max(width, left + size * columns.length + 8);
  const perRow = Math.max(1, Math.floor(width / 120)), lines = Math.ceil(STEPS.length / perRow);
  const top = 24 + 20 * lines, bottom = top + high * rows.length;
  const paper = new Paper(whole, bottom + slant + 22);
  paper.text(0, 12, fitted(chart.what, width), { fill: colour("quiet") });
  STEPS.forEach(([, words], step) => {
    const x = 120 * (step % perRow), y = 20 + 20 * Math.floor(step / perRow);
    paper.rect(x, y, 14, 14, colour(`heat-${step}`), { stroke: colour("edge") });
    paper.text(x + 20, y + 12, words);
  });
  rows.forEach((name, row) =>
    paper.text(left - 6, top + high * row + 14, fitted(name, left - 8), { "text-anchor": "end", "font-size": 11, class: "ytick" }));
  columns.forEach((name, column) => {
    const x = left + size * column + size / 2 + 4, y = bottom + 10;
    paper.text(x, y, fitted(name, names), { "text-anchor": "end", "font-size": 11, transform: `rotate(-60 ${x} ${y})` });
  });
  paper.text(left, bottom + slant + 16, chart.axes[1], { fill: colour("quiet") });
  const known = new Map(chart.cells.map((cell) => [cell[0] * columns.length + cell[1], cell]));
  rows.forEach((row, y) => columns.forEach((column, x) => {
    const cell = known.get(y * columns.length + x);
    const step = cell ? STEPS.findIndex(([below]) => cell[2] < below) : -1;
    const box = paper.rect(left + size * x, top + high * y, size - 1, high - 1, colour(cell ? `heat-${step}` : "soft"));
    const says = cell ? cell[3] : chart.none.replace("{row}", () => row).replace("{column}", () => column);
    paper.mark(box, says, [y, x], { rows: cell && cell[4] });
    if (cell && size >= 18) {
      const words = cell[2] < 0.01 ? "<1" : String(Math.round(100 * cell[2]));
      paper.text(left + size * x + (size - 1) / 2, top + high * y + 13, words, {
        fill: colour(`heat-${step}-ink`), "text-anchor": "middle", "font-size": size < 22 ? 9 : 10, "pointer-events": "none" });
    }
  }));
  return paper;
};
