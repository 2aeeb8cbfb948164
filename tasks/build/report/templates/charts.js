// Draws each chart in the choice that its selection box shows.
(() => {
  const figures = JSON.parse(document.getElementById("figures").textContent);

  function draw(select) {
    drawChart(document.getElementById("chart-" + select.dataset.chart), figures[select.dataset.chart][select.value]);
  }

  for (const select of document.querySelectorAll("select[data-chart]")) {
    select.selectedIndex = 0; // browsers keep the choice of the last visit, the chart starts anew
    select.addEventListener("change", () => draw(select));
    draw(select);
  }
  for (const button of document.querySelectorAll("button[data-save]")) {
    const id = button.dataset.save;
    button.addEventListener("click", () => saveChart(document.getElementById("chart-" + id), "medinst-" + id));
  }
})();
