// The explorer without a server: the same pages and addresses, behind a number sign, with the filters run here.

import { at, bound, column, config, connected, rows } from "./database.js";
import { numbers } from "./filters.js";
import { Missing, address, chips, element, fill, fragment, html, number, pager, place } from "./page.js";
import { mark, snippet } from "./words.js";

const main = document.getElementById("main");
const { page: PAGE } = config;
let shown = 0;

function given(said, known) {
  const { page = "1", ...filters } = Object.fromEntries([...said].filter((pair) => pair[1] !== ""));
  const unknown = Object.keys(filters).find((name) => !known.includes(name));
  if (unknown) throw new Missing(`There is no filter ${unknown} here. Filters: ${known.join(", ")}.`);
  if (!/^[1-9]\d{0,6}$/.test(page)) throw new Missing("Pages are numbered from 1.");
  return [filters, Number(page)];
}

/** A list: its form at once, its rows when they are found. */
async function list(name, path, filters, page, look) {
  const view = await fragment(name);
  fill(view.querySelector("form"), path, filters);
  const status = view.querySelector(".found"), body = view.querySelector(".list");
  const none = [...body.children];
  status.textContent = "Looking…";
  body.replaceChildren();
  return [view, async () => {
    const { found, groups, by, lines } = await look();
    status.replaceChildren(element("strong", {}, number(found.length)), ` ${name.slice(0, found.length === 1 ? -1 : undefined)}`,
      name === "samples" && groups.length > 1 ? ` of ${groups.length} tasks` : "");
    if (groups.length > 1) {
      const all = chips(groups, path, filters, by);
      status.after(name === "samples" ? element("details", { class: "bytask" }, element("summary", {}, "By task"), all) : all);
    }
    body.start = (page - 1) * PAGE + 1;
    body.replaceChildren(...(found.length ? await lines(found.slice((page - 1) * PAGE, page * PAGE)) : none));
    body.after(...pager(path, filters, page, Math.ceil(found.length / PAGE)));
  }];
}

function samples(said) {
  const [filters, page] = given(said, config.filters.names);
  return list("samples", "/samples", filters, page, async () => {
    const found = await numbers(filters);
    return { found, groups: byTask(found), by: "task", lines: (chosen) => lines(filters, chosen) };
  });
}

async function lines(filters, chosen) {
  const found = await at("texts", filters.q ? '"row", input' : '"row"', chosen);
  return found.map(({ row, input }) => {
    const line = html(row).firstElementChild, link = line.querySelector(".open"), text = line.querySelector(".text");
    link.setAttribute("href", address(link.getAttribute("href").slice(1).split("?")[0], filters));
    if (filters.q) {
      text.textContent = snippet(input, filters.q);
      mark(text, filters.q);
    }
    return line;
  });
}

/** How many of the samples each task has, most first; samples are numbered by task. */
function byTask(found) {
  let start = 0;
  const counts = config.tasks.map(([task, , last]) => {
    let end = start;
    while (end < found.length && found[end] <= last) end += 1;
    const count = end - start;
    start = end;
    return [task, count];
  });
  return counts.filter((each) => each[1]).sort((one, other) => other[1] - one[1]);
}

async function sample(task, id, said) {
  const [filters] = given(said, config.filters.names);
  const [, first, last] = config.tasks.find((each) => each[0] === task) ?? [task, 0, 0];
  const [nr] = await column(bound(`SELECT nr FROM texts WHERE nr BETWEEN ${first} AND ${last} AND id = $id`, { id }));
  if (nr === undefined) throw new Missing(`There is no sample ${id} of ${task} here. It may be a reject: search there for its id.`);
  const [[row], found] = await Promise.all([at("texts", "page", [nr]), numbers(filters)]);
  const view = html(row.page);
  mark(view.querySelector(".sample-text"), filters.q ?? "");
  const after = found.findIndex((each) => each > nr), end = after < 0 ? found.length : after;
  const there = found[end - 1] === nr;
  const before = found[end - (there ? 2 : 1)], next = found[end];
  const beside = await at("texts", "id", [before, next].filter((each) => each !== undefined));
  const go = (rel, words, to) => {
    const other = beside.find((each) => each.nr === to);
    const path = other && `/samples/${encodeURIComponent(config.tasks.find((each) => to <= each[2])[0])}/${other.id}`;
    return other ? element("a", { rel, href: address(path, filters) }, words) : element("span", { class: "quiet" }, words);
  };
  const words = there ? `${number(end)} of ${number(found.length)}` : `${number(found.length)} in the list`;
  view.querySelector(".steps").replaceChildren(go("prev", "← Previous", before),
    element("a", { rel: "up", href: address("/samples", filters) }, words), go("next", "Next →", next));
  return [view];
}

function rejects(said) {
  const [filters, page] = given(said, [...config.rejects.columns, "q"]);
  const asked = Object.keys(filters).map((name) => bound(name === "q" ? config.rejects.words : `${name} = $${name}`, filters));
  const where = asked.length ? `WHERE ${asked.join(" AND ")}` : "";
  return list("rejects", "/rejects", filters, page, async () => {
    const found = await column(`SELECT nr FROM rejects ${where} ORDER BY nr`);
    const groups = await rows(`SELECT reason, count(*)::INTEGER AS n FROM rejects ${where} GROUP BY reason ORDER BY n DESC, reason`);
    const lines = async (chosen) => (await at("rejects", '"row"', chosen)).map(({ row }) => html(row).firstElementChild);
    return { found, groups: groups.map(({ reason, n }) => [reason, n]), by: "reason", lines };
  });
}

async function page(path, said) {
  const [kind, ...rest] = path.split("/").slice(1).map(decodeURIComponent);
  if (path === "/") return [await fragment("overview")];
  if (kind === "tasks" && config.tasks.some((each) => each[0] === rest[0])) return [await fragment(`tasks/${encodeURIComponent(rest[0])}`)];
  if (kind === "samples") return rest.length === 2 ? sample(...rest, said) : samples(said);
  if (kind === "rejects") return rejects(said);
  throw new Missing(`There is no page ${path} here.`);
}

function refuse(error) {
  main.replaceChildren(element("h1", {}, error instanceof Missing ? "Not here" : "Something went wrong"), element("p", {}, error.message),
    element("p", {}, element("a", { href: "#/" }, "All tasks"), " · ", element("a", { href: "#/samples" }, "All samples")));
}

async function show() {
  const hash = location.hash || "#/";
  if (!hash.startsWith("#/")) return void document.getElementById(decodeURIComponent(hash.slice(1)))?.scrollIntoView();
  const turn = ++shown, [path, said = ""] = hash.slice(1).split(/\?(.*)/s);
  main.ariaBusy = "true";
  try {
    const [view, complete] = await page(path, new URLSearchParams(said));
    if (turn !== shown) return;
    main.replaceChildren(view);
    document.dispatchEvent(new Event("view"));
    scrollTo(0, 0);
    await complete?.();
  } catch (error) {
    if (turn === shown) refuse(error);
  }
  if (turn !== shown) return;
  document.title = `${main.querySelector("h1")?.innerText ?? ""} · MedINST`;
  for (const link of document.querySelectorAll("header nav a:not(.home)")) {
    const to = link.getAttribute("href").slice(1);
    if (to === path || (to !== "/" && path.startsWith(to))) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  main.ariaBusy = "false";
}

const header = document.querySelector("header");
for (const each of header.querySelectorAll('a[href^="/"], form')) {
  const name = each.matches("a") ? "href" : "action";
  each.setAttribute(name, place(each.getAttribute(name)));
}
addEventListener("hashchange", show);
await show();
connected().catch(() => {}); // so that it is there when it is needed
