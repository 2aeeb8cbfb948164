// Stacked horizontal bars: a name with its sum on the left, a colour for each series.
charts.bars = (width, chart) => {
  const sums = chart.rows.map(([, values]) => values.reduce((sum, value) => sum + value, 0));
  const shown = chart.rows.map(([name], row) => [name, sums[row].toLocaleString("en")]);
  const numbers = widest(shown.map(([, sum]) => sum), 90);
  const left = widest(shown.map(([name]) => name), width * 0.42 - numbers) + numbers + 10;
  let top = 8, x = 0;
  const keys = chart.series.map(({ name }) => {
    const size = 24 + widest([name], width - 30);
    if (x && x + size > width) [x, top] = [0, top + 20];
    const place = [x, top];
    x += size;
    return place;
  });
  top += 30;
  const paper = new Paper(width, top + 24 * sums.length + 44);
  chart.series.forEach(({ name, colour: named }, each) => {
    const [at, up] = keys[each];
    paper.rect(at, up, 12, 12, colour(named), { rx: 2 });
    paper.text(at + 17, up + 10, fitted(name, width - 30));
  });
  const most = Math.max(1, ...sums), scale = (width - left - 14) / most, bottom = top + 24 * sums.length;
  for (const tick of ticks(most, Math.max(2, (width - left) / 110))) {
    paper.line(left + tick * scale, top - 4, left + tick * scale, bottom);
    paper.text(left + tick * scale, bottom + 16, brief(tick), { "text-anchor": "middle" });
  }
  paper.text(left, bottom + 36, fitted(chart.unit, width - left), { fill: colour("quiet") });
  chart.rows.forEach(([name, values, rows], row) => {
    const y = top + 24 * row;
    paper.text(left - numbers - 10, y + 14, fitted(name, left - numbers - 12), { "text-anchor": "end", class: "ytick" });
    paper.text(left - 6, y + 14, shown[row][1], { "text-anchor": "end", "font-weight": 650 });
    let from = left;
    values.forEach((value, each) => {
      if (!value) return;
      const { name: series, colour: named } = chart.series[each];
      const bar = paper.rect(from, y + 2, Math.max(1, value * scale), 18, colour(named));
      paper.mark(bar, `${name}, ${series}: ${value.toLocaleString("en")}`, [row, each], { rows });
      from += value * scale;
    });
  });
  return paper;
};
