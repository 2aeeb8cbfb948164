// From the filters of an address to the numbers of the samples that they ask for.

import { bound, column, config, literal } from "./database.js";
import { Missing } from "./page.js";
import { searched } from "./words.js";

const KEPT = 64, REREAD = 20_000;
const kept = new Map();

/** The numbers of the samples that filters ask for, ascending; the last lists are kept. */
export function numbers(filters) {
  const key = JSON.stringify(Object.entries(filters).sort());
  if (!kept.has(key)) {
    if (kept.size >= KEPT) kept.delete(kept.keys().next().value);
    const found = matching(filters);
    kept.set(key, found);
    found.catch(() => kept.delete(key));
  }
  return kept.get(key);
}

function conditions(filters) {
  const { choices, conditions: known } = config.filters;
  return Object.entries(filters).filter(([name]) => name !== "q").map(([name, value]) =>
    `(${choices[name]?.[value] ?? bound(known[name] ?? `${name} = $${name}`, filters)})`);
}

function withWord(word, begins) {
  const which = begins ? `word >= ${literal(word)} AND word < ${literal(word + "\u{10FFFF}")}` : `word = ${literal(word)}`;
  return `nr IN (SELECT nr FROM words WHERE ${which})`;
}

async function matching(filters) {
  const parts = conditions(filters), asked = filters.q ?? "";
  if (/^[0-9a-f]{32}$/i.test(asked.trim())) {
    const found = await column(`SELECT nr FROM texts WHERE id = ${literal(asked.trim().toLowerCase())}`);
    if (found.length) return among(parts, found);
  }
  const terms = searched(asked);
  if (asked.trim() && !terms.length) return new Int32Array();
  for (const { words, begins } of terms) {
    words.forEach((word, place) => parts.push(withWord(word, begins && place === words.length - 1)));
  }
  const asking = `SELECT nr FROM samples ${parts.length ? `WHERE ${parts.join(" AND ")}` : ""}`;
  const found = await column(`${asking} ORDER BY nr`);
  const phrases = terms.filter((term) => term.words.length > 1);
  return phrases.length && found.length ? reread(asking, found, phrases) : found;
}

const among = (parts, found) =>
  column(`SELECT nr FROM samples WHERE nr IN (${[...found].join(", ")}) ${parts.map((part) => `AND ${part}`).join(" ")} ORDER BY nr`);

/** The samples that have phrases, of those that have their words: their texts are read, so they must not be too many. */
async function reread(asking, found, phrases) {
  if (found.length > REREAD) {
    throw new Missing(`${found.length.toLocaleString("en-US")} samples have these words. A phrase is looked for in ` +
      `${REREAD.toLocaleString("en-US")} at most: choose a task, or add a rarer word.`);
  }
  const text = "strip_accents(lower(input || ' ' || output))";
  const has = phrases.map(({ words, begins }) =>
    `regexp_matches(${text}, ${literal(`(^|[^\\pL\\pN])${words.join("[^\\pL\\pN]+")}${begins ? "" : "([^\\pL\\pN]|$)"}`)})`);
  const bounds = `nr BETWEEN ${found[0]} AND ${found.at(-1)}`;
  return column(`WITH candidates AS MATERIALIZED (SELECT nr, input, output FROM texts WHERE ${bounds} AND nr IN (${asking}))
    SELECT nr FROM candidates WHERE ${has.join(" AND ")} ORDER BY nr`);
}
