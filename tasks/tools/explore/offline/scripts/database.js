// DuckDB in a worker, and tables that are files beside the page: what a question needs of them is read by range.

const beside = (name) => new URL(name, document.baseURI).href;
export const config = await (await fetch("explorer.json")).json();

export const literal = (value) => `'${String(value).replaceAll("'", "''")}'`;
export const bound = (sql, values) => sql.replace(/\$(\w+)/g, (_, name) => literal(values[name] ?? ""));

// Tables that stay files, and those that have a name in the database already.
const FILES = ["texts", "words", "labels", "leaks", "rejects"];
const known = new Set();
let opened;

function script(source) {
  return new Promise((loaded, failed) => {
    const element = document.createElement("script");
    Object.assign(element, { src: source, onload: loaded, onerror: () => failed(new Error(`${source} is not there`)) });
    document.head.append(element);
  });
}

async function open() {
  await script("duckdb/arrow.js");
  const duckdb = await import("./duckdb/duckdb-browser.mjs");
  const database = new duckdb.AsyncDuckDB(new duckdb.VoidLogger(), new Worker("duckdb/duckdb-browser-eh.worker.js"));
  await database.instantiate(beside("duckdb/duckdb-eh.wasm"));
  await database.open({});
  const connection = await database.connect();
  await connection.query("SET enable_object_cache = true");
  await connection.query(`CREATE TABLE samples AS SELECT * FROM ${file("samples")}`);
  return connection;
}

const file = (name) => `read_parquet(${literal(beside(`data/${name}.parquet`))})`;

/** The connection; the first call opens the database. */
export const connected = () => (opened ??= open());

async function answer(sql) {
  const connection = await connected();
  for (const name of FILES.filter((each) => !known.has(each) && new RegExp(`FROM ${each}\\b`).test(sql))) {
    await connection.query(`CREATE OR REPLACE VIEW ${name} AS SELECT * FROM ${file(name)}`);
    known.add(name);
  }
  return connection.query(sql);
}

/** The rows of an answer as objects. */
export async function rows(sql) {
  return (await answer(sql)).toArray().map((row) => row.toJSON());
}

/** The numbers that are the only column of an answer, in its order. */
export async function column(sql) {
  const found = (await answer(sql)).getChildAt(0);
  return found ? found.toArray() : new Int32Array();
}

/** Rows of a table by their numbers, in ascending order. The bounds of a group are what lets DuckDB skip all others. */
export async function at(table, columns, numbers) {
  const groups = new Map();
  for (const nr of numbers) {
    const group = Math.floor((nr - 1) / config.group);
    groups.set(group, [...(groups.get(group) ?? []), nr]);
  }
  if (groups.size === 0) return [];
  const parts = [...groups].map(([group, asked]) =>
    `SELECT nr, ${columns} FROM ${table} WHERE nr BETWEEN ${group * config.group + 1} AND ${(group + 1) * config.group}` +
    ` AND nr IN (${asked.join(", ")})`);
  return (await rows(parts.join(" UNION ALL "))).sort((one, other) => one.nr - other.nr);
}
