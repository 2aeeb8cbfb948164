// One line over steps.
charts.line = (width, chart) => {
  const there = chart.x.map((_, place) => place).filter((place) => chart.y[place] !== null);
  const paper = new Paper(width, 260), [left, right, top, bottom] = [58, width - 12, 12, 216];
  if (!there.length) return paper;
  const values = there.map((place) => chart.y[place]);
  const least = Math.min(0, ...values), most = Math.max(...values) || 1, last = Math.max(1, ...chart.x);
  const x = (value) => left + ((right - left) * value) / last, y = (value) => bottom - ((bottom - top) * (value - least)) / (most - least);
  for (const tick of ticks(most, 5)) {
    paper.line(left, y(tick), right, y(tick));
    paper.text(left - 6, y(tick) + 4, brief(tick), { "text-anchor": "end" });
  }
  for (const tick of ticks(last, Math.max(2, (right - left) / 110)))
    paper.text(x(tick), bottom + 18, brief(tick), { "text-anchor": "middle" });
  paper.text(left, bottom + 38, chart.across, { fill: colour("quiet") });
  const path = there.map((place, nth) => `${nth ? "L" : "M"}${x(chart.x[place]).toFixed(1)} ${y(chart.y[place]).toFixed(1)}`);
  paper.add("path", { d: path.join(""), fill: "none", stroke: colour("blue"), "stroke-width": 2 });
  const every = Math.ceil(there.length / 300), wide = Math.max(2, (every * (right - left)) / there.length);
  there.filter((_, nth) => nth % every === 0).forEach((place, nth) => {
    const target = paper.rect(x(chart.x[place]) - wide / 2, top, wide, bottom - top, "transparent");
    paper.mark(target, `${chart.across} ${chart.x[place].toLocaleString("en")}: ${chart.up} ${+chart.y[place].toPrecision(4)}`, [0, nth]);
  });
  return paper;
};
