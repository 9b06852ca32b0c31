/** Entries that share a value, in their order. */

/**
 * @param {import("./entry.js").Entry[]} entries
 * @param {(entry: import("./entry.js").Entry) => string | null | undefined} shared  none: the entry is in no group
 */
export function grouped(entries, shared) {
  /** @type {Map<string, import("./entry.js").Entry[]>} */
  const groups = new Map();
  for (const entry of entries) {
    const value = shared(entry);
    if (!value) continue;
    const group = groups.get(value);
    if (group) group.push(entry);
    else groups.set(value, [entry]);
  }
  return groups.values();
}
