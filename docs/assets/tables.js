// Tables in <div class="sortable">: a click on a column sorts by it, and a field above filters the rows.
const text = (row, column) => row.cells[column].textContent.trim();

const compare = (a, b) => {
  const [x, y] = [a, b].map((value) => Number(value.replaceAll(",", "")));
  return a && b && !Number.isNaN(x) && !Number.isNaN(y) ? x - y : a.localeCompare(b);
};

function sort(table, column) {
  const head = table.tHead.rows[0].cells[column];
  const sign = head.ariaSort === "ascending" ? -1 : 1;
  for (const cell of table.tHead.rows[0].cells) cell.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", sign > 0 ? "ascending" : "descending");
  const rows = [...table.tBodies[0].rows].sort((a, b) => sign * compare(text(a, column), text(b, column)));
  table.tBodies[0].append(...rows);
}

function filter(table, words) {
  const wanted = words.toLowerCase().split(/\s+/);
  for (const row of table.tBodies[0].rows) {
    const shown = row.textContent.toLowerCase();
    row.hidden = !wanted.every((word) => shown.includes(word));
  }
}

for (const table of document.querySelectorAll(".sortable table")) {
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    head.tabIndex = 0;
    head.addEventListener("click", () => sort(table, column));
    head.addEventListener("keydown", (event) => event.key === "Enter" && sort(table, column));
  });
  const field = Object.assign(document.createElement("input"), { type: "search", placeholder: "Filter the table", className: "table-filter" });
  field.setAttribute("aria-label", "Filter the table");
  field.addEventListener("input", () => filter(table, field.value));
  table.closest(".sortable").prepend(field);
}
