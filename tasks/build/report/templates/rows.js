// The rows behind a number. Served by the explorer, or beside an explorer of files, numbers are links to its pages; in a
// file of its own they show the commands that give the rows.
(() => {
  const beside = location.search === "?explorer" ? "index.html#/" : "";
  const explorer = location.protocol === "http:" && location.pathname === "/report" ? "/" : beside;
  const dialog = document.getElementById("rows"), version = dialog.dataset.version;
  const quoted = (text) => `'${text.replaceAll("'", "''")}'`;
  const SAMPLES = (said) => Object.entries(said).map(([name, value]) =>
    name === "label" ? `contains(output, ${quoted(value)})` : `${name} = ${quoted(value)}`);
  const LEAKS = ({ task, kind, other }) => [
    `test_task = ${quoted(task)}`,
    kind ? `kind = ${quoted(kind)}` : "kind <> 'test'",
    ...(other ? [`train_task = ${quoted(other)}`] : []),
  ];

  function query(page, said) {
    const [table, where] = said.leak ? ["leaks", LEAKS(said)] : [page, SAMPLES(said)];
    return `SELECT ${said.leak ? "DISTINCT test_id" : "*"} FROM ${table}${where.length ? " WHERE " + where.join(" AND ") : ""}`;
  }

  // For a shell: double quotes keep the single quotes of SQL legible; an exclamation mark is only safe in single ones.
  function argument(text) {
    if (text.includes("!")) return `'${text.replaceAll("'", "'\\''")}'`;
    return `"${text.replace(/[\\"$`]/g, "\\$&")}"`;
  }

  function show(place) {
    const [page, said] = place.split("?"), inExplorer = page !== "overlap";
    if (explorer && inExplorer) return void (location.href = explorer + place);
    const commands = [`medinst sql ${argument(query(page, Object.fromEntries(new URLSearchParams(said))))}`];
    if (inExplorer) commands.unshift(`medinst explore ${version} --open --at '${place}'`);
    dialog.querySelector("pre").textContent = commands.join("\n");
    dialog.showModal();
  }

  for (const button of document.querySelectorAll("button[data-rows]")) {
    if (explorer) {
      const link = document.createElement("a");
      link.href = explorer + button.dataset.rows;
      link.className = "rows";
      link.append(...button.childNodes);
      button.replaceWith(link);
    } else button.addEventListener("click", () => show(button.dataset.rows));
  }
  document.addEventListener("rows", (event) => show(event.detail));
})();
