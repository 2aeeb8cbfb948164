// What links and forms cannot do alone: keys, filters that apply at once, light and dark, and items that light up.
"use strict";
(() => {
  const root = document.documentElement;
  const kept = localStorage.getItem("theme");
  if (kept === "light" || kept === "dark") root.dataset.theme = kept;

  const all = (css, within = document) => [...within.querySelectorAll(css)];
  const follow = (rel) => document.querySelector(`a[rel="${rel}"]`)?.click();

  document.getElementById("theme")?.addEventListener("click", () => {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    localStorage.setItem("theme", root.dataset.theme);
  });

  // Empty fields stay out of the address, so that it can be passed on.
  function send(form) {
    const query = new URLSearchParams([...new FormData(form)].filter((pair) => pair[1] !== ""));
    location.assign(`${form.getAttribute("action")}${query.size ? `?${query}` : ""}`);
  }
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-auto]")) return;
    event.preventDefault();
    send(event.target);
  });
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-auto]");
    if (form && event.target.matches("select, input[list]")) send(form);
  });

  function fold() {
    if (matchMedia("(max-width: 34rem)").matches) for (const part of all("details[data-fold]")) part.open = false;
  }
  document.addEventListener("view", fold);
  fold();

  document.addEventListener("input", (event) => {
    if (event.target.id !== "narrow") return;
    const words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const row of all("tr[data-row]")) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
    }
    for (const group of all("table.tasks tbody")) group.hidden = !group.querySelector("tr[data-row]:not([hidden])");
  });

  // j and k: from row to row in a list, from sample to sample otherwise.
  const rows = () => all("[data-row]").filter((row) => !row.hidden && row.closest(":not([hidden])"));
  function step(by) {
    const found = rows();
    if (found.length === 0) return follow(by > 0 ? "next" : "prev");
    const at = found.findIndex((row) => row.contains(document.activeElement));
    const next = at < 0 ? (by > 0 ? 0 : found.length - 1) : at + by;
    if (next >= found.length || next < 0) return follow(by > 0 ? "next" : "prev");
    (found[next].querySelector("a") ?? found[next]).focus();
    found[next].scrollIntoView({ block: "nearest" });
  }
  const keys = {
    j: () => step(1),
    k: () => step(-1),
    "/": () => (document.querySelector("[data-search]") ?? document.getElementById("find"))?.select(),
    Escape: () => {
      if (document.activeElement !== document.body) document.activeElement.blur();
      else follow("up");
    },
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target.matches("input, select, textarea");
    if (!(event.key in keys) || (typing && event.key !== "Escape")) return;
    if (event.key === "/") event.preventDefault();
    keys[event.key]();
  });

  // An item and its marks light up together.
  function light(event, on) {
    const target = event.target.closest("[data-item]"), place = target?.closest(".model, .pair");
    if (!place) return;
    const names = new Set(target.dataset.item.split(" "));
    for (const each of all("[data-item]", place)) {
      each.classList.toggle("lit", on && each.dataset.item.split(" ").some((name) => names.has(name)));
    }
  }
  document.addEventListener("mouseover", (event) => light(event, true));
  document.addEventListener("mouseout", (event) => light(event, false));
})();
