// The journal: one line of JSON for every instance, so that a start need not read all files again. Files are the truth.
import { open, readFile } from "node:fs/promises";

export class Journal {
  /** @type {import("node:fs/promises").FileHandle | null} */
  #file = null;
  /** @type {string[]} */
  #lines = [];
  /** @type {Promise<void> | null} the write that will take the lines */
  #next = null;
  /** @type {Promise<void>} the write before it */
  #last = Promise.resolve();

  /** @param {string} path */
  constructor(path) {
    this.path = path;
  }

  /** Rows as they were written; a line that a crash cut off is none. @returns {Promise<import("./catalog.mjs").Row[]>} */
  async read() {
    const text = await readFile(this.path, "utf8").catch(() => "");
    return text.split("\n").flatMap((line) => {
      try {
        const row = line === "" ? null : JSON.parse(line);
        return isRow(row) ? [row] : [];
      } catch {
        // Cut off: its file is read again.
        return [];
      }
    });
  }

  /** Resolves when the row is on disk. Rows that come while one write is under way go together. @param {import("./catalog.mjs").Row} row */
  append(row) {
    this.#lines.push(`${JSON.stringify(row)}\n`);
    if (this.#next === null) {
      const next = this.#last.then(() => this.#write());
      this.#next = next;
      this.#last = next.catch(() => {
        // Whoever appended is told.
      });
    }
    return this.#next;
  }

  async #write() {
    const text = this.#lines.join("");
    this.#lines = [];
    this.#next = null;
    // A line that a crash cut off must not swallow the next one.
    const first = this.#file === null ? "\n" : "";
    this.#file ??= await open(this.path, "a", 0o600);
    await this.#file.appendFile(first + text);
    await this.#file.datasync();
  }

  async clear() {
    await this.#last;
    await this.#file?.truncate(0);
    if (this.#file === null) await (await open(this.path, "w", 0o600)).close();
  }

  async close() {
    await this.#last;
    await this.#file?.close();
    this.#file = null;
  }
}

/** @param {any} value */
function isRow(value) {
  const texts = ["study", "series", "instance", "sopClass", "transferSyntax", "sha256", "at"];
  return (
    typeof value === "object" &&
    value !== null &&
    texts.every((name) => typeof value[name] === "string") &&
    typeof value.bytes === "number" &&
    typeof value.attributes === "object"
  );
}
