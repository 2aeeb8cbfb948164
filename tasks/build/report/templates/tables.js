// Sorts tables by a click on a heading and filters them by text and status.
"use strict";
(() => {
  const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

  function value(row, column) {
    const cell = row.cells[column];
    return cell.dataset.value === undefined ? cell.textContent.trim() : Number(cell.dataset.value);
  }

  function compare(a, b) {
    return typeof a === "number" && typeof b === "number" ? a - b : collator.compare(String(a), String(b));
  }

  function sort(table, heading, headings) {
    const column = heading.cellIndex;
    const body = table.tBodies[0];
    const numbers = body.rows.length > 0 && typeof value(body.rows[0], column) === "number";
    const before = heading.getAttribute("aria-sort");
    // Numbers start with the largest, which is what one looks for first.
    const descending = before === "none" ? numbers : before === "ascending";
    const rows = [...body.rows].map((row) => [value(row, column), row]);
    rows.sort((a, b) => (descending ? compare(b[0], a[0]) : compare(a[0], b[0])));
    body.append(...rows.map((pair) => pair[1]));
    headings.forEach((other) => other.setAttribute("aria-sort", "none"));
    heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
  }

  function filter(id) {
    const table = document.getElementById(id);
    const words = document.querySelector(`input[data-table="${id}"]`).value.toLowerCase().split(/\s+/).filter(Boolean);
    const status = document.querySelector(`select[data-status="${id}"]`)?.value ?? "";
    let shown = 0;
    for (const row of table.tBodies[0].rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !(words.every((word) => text.includes(word)) && (!status || row.dataset.status === status));
      shown += row.hidden ? 0 : 1;
    }
    const total = table.tBodies[0].rows.length;
    document.querySelector(`output[data-shown="${id}"]`).textContent = `${shown} of ${total}`;
  }

  for (const table of document.querySelectorAll("table.sortable")) {
    const headings = [...table.tHead.rows[table.tHead.rows.length - 1].cells];
    for (const heading of headings) {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...heading.childNodes);
      button.addEventListener("click", () => sort(table, heading, headings));
      heading.append(button);
      heading.setAttribute("aria-sort", "none");
    }
  }
  for (const input of document.querySelectorAll("input[data-table]")) {
    input.value = "";
    input.addEventListener("input", () => filter(input.dataset.table));
    filter(input.dataset.table);
  }
  for (const select of document.querySelectorAll("select[data-status]")) {
    select.selectedIndex = 0;
    select.addEventListener("change", () => filter(select.dataset.status));
  }
})();
