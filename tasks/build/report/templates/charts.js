// Draws each chart in the choice that its selection box shows.
"use strict";
(() => {
  const figures = JSON.parse(document.getElementById("figures").textContent);
  // Without plotly's own buttons: one of them offers to send a chart away.
  const config = { displayModeBar: false, responsive: true };

  function draw(select) {
    const figure = structuredClone(figures[select.dataset.chart][select.value]);
    const place = document.getElementById("chart-" + select.dataset.chart);
    place.style.height = figure.layout.height + "px"; // a resized window gives the chart the height of its place
    Plotly.react(place, figure.data, figure.layout, config);
  }

  for (const select of document.querySelectorAll("select[data-chart]")) {
    select.selectedIndex = 0; // browsers keep the choice of the last visit, the chart starts anew
    select.addEventListener("change", () => draw(select));
    draw(select);
  }
  for (const button of document.querySelectorAll("button[data-save]")) {
    const id = button.dataset.save;
    button.addEventListener("click", () =>
      Plotly.downloadImage(document.getElementById("chart-" + id), { format: "svg", filename: "medinst-" + id }));
  }
})();
