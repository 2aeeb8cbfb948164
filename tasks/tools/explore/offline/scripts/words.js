// Words to search for: what they are in the index, and where they are in a text.

const AROUND = 90, SHOWN = 260;

/** Words, and phrases in double quotes. */
export function terms(text) {
  return [...text.matchAll(/"([^"]+)"|(\S+)/g)].map((found) => found[1] ?? found[2]).filter((term) => /[\p{L}\p{N}]/u.test(term));
}

/** The words of a text as the index has them: in lower case, without accents. */
export function tokens(text) {
  return text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** The terms of a search as tokens; the last one may be the beginning of a word. */
export function searched(text) {
  const found = terms(text).map((term) => ({ words: tokens(term), begins: false })).filter((term) => term.words.length);
  if (found.length && !text.trimEnd().endsWith('"')) found.at(-1).begins = true;
  return found;
}

function pattern(text) {
  const escaped = terms(text).map((term) => term.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/\s+/g, "\\s+"));
  return escaped.length ? new RegExp(escaped.join("|"), "giu") : null;
}

/** The part of a text that a list shows, around the first word that was searched for. */
export function snippet(text, searchedFor) {
  const first = pattern(searchedFor)?.exec(text)?.index ?? 0, start = Math.max(0, first - AROUND);
  return `${start ? "…" : ""}${text.slice(start, start + SHOWN)}${start + SHOWN < text.length ? "…" : ""}`;
}

/** Mark what was searched for in the text of an element. */
export function mark(element, searchedFor) {
  const found = pattern(searchedFor);
  if (!found || !element) return;
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT), texts = [];
  while (walker.nextNode()) if (!walker.currentNode.parentElement.closest(".tag")) texts.push(walker.currentNode);
  for (const text of texts) {
    const pieces = [];
    let end = 0;
    for (const each of text.data.matchAll(found)) {
      const mark = document.createElement("mark");
      mark.className = "q";
      mark.textContent = each[0];
      pieces.push(text.data.slice(end, each.index), mark);
      end = each.index + each[0].length;
    }
    if (pieces.length) text.replaceWith(...pieces, text.data.slice(end));
  }
}
