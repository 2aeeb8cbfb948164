// Parts of pages: fragments that were rendered with the release, links between them, lists and their pages.

const fragments = new Map();

/** A fragment of `pages/`, as a new copy. */
export async function fragment(name) {
  if (!fragments.has(name)) {
    const answer = await fetch(`pages/${name}.html`);
    if (!answer.ok) throw new Missing(`There is no page ${name} here.`);
    fragments.set(name, await answer.text());
  }
  return html(fragments.get(name));
}

/** What is not there; its message is for the reader. */
export class Missing extends Error {}

/** Markup of the folder as elements whose links and forms stay on this page. */
export function html(text) {
  const template = document.createElement("template");
  template.innerHTML = text;
  for (const link of template.content.querySelectorAll('a[href^="/"]')) link.setAttribute("href", place(link.getAttribute("href")));
  for (const form of template.content.querySelectorAll('form[action^="/"]')) form.setAttribute("action", place(form.getAttribute("action")));
  return template.content;
}

/** The address on this page of a place in the explorer. */
export const place = (path) => (path === "/report" ? "report.html?explorer" : `#${path}`);

/** An element with attributes and children. */
export function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

export const number = (value) => value.toLocaleString("en-US");

/** A place with its filters, those that are empty left out. */
export function address(path, filters) {
  const query = new URLSearchParams(Object.entries(filters).filter((pair) => pair[1] !== ""));
  return `#${path}${query.size ? `?${query}` : ""}`;
}

/** Show in a form what is asked for, and how to ask for everything. */
export function fill(form, path, filters) {
  for (const [name, value] of Object.entries(filters)) if (form.elements[name]) form.elements[name].value = value;
  if (Object.keys(filters).length) form.querySelector(".act").append(" ", element("a", { href: `#${path}` }, "Clear all"));
  const further = form.querySelector(".more");
  if (further && Object.keys(filters).some((name) => further.querySelector(`[name="${name}"]`))) delete further.dataset.fold;
}

/** Links to the pages before and after one of a list. */
export function pager(path, filters, page, pages) {
  if (pages < 2) return [];
  const to = (rel, words, other) => element("a", { rel, href: address(path, { ...filters, page: other }) }, words);
  return [element("nav", { class: "pager", "aria-label": "Pages of the list" },
    page > 1 ? to("prev", "← Previous page", page - 1) : "",
    element("span", {}, `Page ${number(page)} of ${number(pages)}`),
    page < pages ? to("next", "Next page →", page + 1) : "")];
}

/** How many rows there are of each group, with links to them. */
export const chips = (groups, path, filters, name) => element("ul", { class: "chips" }, ...groups.map(([group, count]) =>
  element("li", {}, element("a", { href: address(path, { ...filters, [name]: group }) }, `${group} `, element("small", {}, number(count))))));
