// Two logarithmic axes side by side: a thin line from shortest to longest, a bar from median to the 95th percentile.
charts.ranges = (width, chart) => {
  const left = widest(chart.rows.map(([name]) => name), Math.min(240, width * 0.34)) + 4, high = 17;
  const paper = new Paper(width, 50 + high * chart.rows.length), bottom = 44 + high * chart.rows.length;
  const room = (width - left - 30) / 2, lines = chart.rows.filter((row) => row.length > 1);
  const most = [0, 1].map((side) => Math.max(1, ...lines.map((row) => Math.ceil(Math.log10(row[3 + side][3])))));
  const at = (side, value) => left + side * (room + 18) + (room * Math.log10(value)) / most[side];
  chart.sides.forEach((title, side) => {
    const step = Math.ceil(most[side] / Math.max(1, room / 34));
    paper.text(at(side, 1), 12, fitted(title, room), { fill: colour("quiet") });
    for (let power = 0; power <= most[side]; power += step) {
      const x = at(side, 10 ** power);
      paper.text(x, 32, brief(10 ** power), { "text-anchor": "middle", "font-size": 11 });
      paper.line(x, 38, x, bottom);
    }
  });
  chart.rows.forEach(([name, category, says, ...sides], row) => {
    const y = 44 + high * row + high / 2;
    const weight = category ? {} : { "font-weight": 700 };
    paper.text(left - 6, y + 4, fitted(name, left - 8), { "text-anchor": "end", "font-size": 11, class: "ytick", ...weight });
    sides.forEach(([low, middle, upper, top], side) => {
      const x = at(side, low), fill = colour(`of-${category}`);
      paper.rect(x, y - 1, Math.max(1, at(side, top) - x), 2, colour("track"), { class: "whole" });
      paper.rect(at(side, middle), y - 4, at(side, upper) - at(side, middle), 8, fill);
      paper.add("circle", { cx: at(side, middle), cy: y, r: 4, fill, stroke: colour("ink") });
      const target = paper.rect(left + side * (room + 18), y - high / 2, room, high, "transparent");
      paper.mark(target, `${name}, ${says[0]}. ${says[1 + side]}`, [row, side]);
    });
  });
  return paper;
};
