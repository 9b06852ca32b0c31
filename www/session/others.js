/**
 * Identities that stand only in other files of one patient: what each file says is told by its scan, united here by patient and
 * study, and handed to the worker that verifies. The sets are made by a plan, so that neither order nor number of workers change
 * what is found. They stay in memory and never change an output: what is found holds it.
 */

/**
 * @typedef {import("./entry.js").Entry} Entry
 * @typedef {import("../workers/types.js").ScanRow} ScanRow
 *
 * @typedef {import("../workers/types.js").Others} Others
 * @typedef {{entries: Entry[], lines: Set<string>}} Group
 */

/** Ends each value of a line, as verify writes them. */
const END = "\u0100";
/** Values of one patient that are searched for at most; the images of one with more are held. */
export const MOST_VALUES = 4_000;

/** What is said of an instance that holds what only another file says. */
const HELD = Object.freeze({ verdict: "review", reason: "identity-from-other-file", tag: null });

export class Identities {
  /** Files of one series say the same: it is kept once. @type {Map<string, string>} */
  #lines = new Map();
  /** Numbers of what groups say, for the workers. @type {Map<string, Others>} */
  #known = new Map();

  /**
   * Takes what a scan says of identities out of the row.
   * @param {ScanRow & {identities?: string}} scanned
   * @returns {{row: ScanRow, identities: string}}
   */
  take({ identities = "", ...row }) {
    const known = this.#lines.get(identities);
    if (known === undefined) this.#lines.set(identities, identities);
    return { row, identities: known ?? identities };
  }

  /**
   * Says of each entry what other files of its patient, or of its study, say.
   * @param {Entry[]} entries  decided ones
   */
  relate(entries) {
    for (const { entries: group, lines } of groupsOf(entries)) {
      const values = lines.size > 1 ? valuesOf(lines) : [];
      const united = values.map((value) => value + END).join("");
      const tooMany = values.length > MOST_VALUES;
      for (const entry of group) {
        // A line that says all of it holds nothing new.
        entry.others = tooMany || entry.identities.length === united.length ? null : this.#numbered(united);
        if (tooMany && entry.decision?.verdict === "pass") entry.decision = HELD;
      }
    }
  }

  /** @param {string} lines */
  #numbered(lines) {
    if (lines === "") return null;
    const others = this.#known.get(lines) ?? { number: this.#known.size + 1, lines };
    this.#known.set(lines, others);
    return others;
  }
}

/** @param {Set<string>} lines @returns {string[]} */
function valuesOf(lines) {
  return [...new Set([...lines].flatMap((line) => line.split(END)))].filter((value) => value !== "").sort();
}

/**
 * Entries that share a patient or a study, also by way of others.
 * @param {Entry[]} entries
 * @returns {Iterable<Group>}
 */
function groupsOf(entries) {
  /** What each key leads to; a key that leads to itself names the group. @type {Map<string, string>} */
  const leads = new Map();
  /** @param {string} key */
  const nameOf = (key) => {
    let name = key;
    for (let next = leads.get(name); next !== undefined && next !== name; next = leads.get(name)) name = next;
    leads.set(key, name);
    return name;
  };
  for (const entry of entries) {
    const [first, ...rest] = keysOf(entry).map(nameOf);
    for (const key of rest) if (first !== undefined) leads.set(key, first);
  }
  /** @type {Map<string, Group>} */
  const groups = new Map();
  for (const entry of entries) {
    const [key] = keysOf(entry);
    if (key === undefined) continue;
    const name = nameOf(key);
    const group = groups.get(name) ?? { entries: [], lines: new Set() };
    group.entries.push(entry);
    if (entry.identities !== "") group.lines.add(entry.identities);
    groups.set(name, group);
  }
  return groups.values();
}

/** @param {Entry} entry @returns {string[]} */
function keysOf({ row }) {
  if (row === null) return [];
  const keys = [];
  if (row.patient) keys.push(`patient:${row.namespace ?? ""}\u0000${row.patient}`);
  if (row.study) keys.push(`study:${row.study}`);
  return keys;
}
