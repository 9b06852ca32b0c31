/** Equal SOP Instance UIDs are the same image only if all their bytes are equal (design.md 7, Sameness). */

import { explained } from "./intake.js";

/**
 * @typedef {import("./entry.js").Entry} Entry
 * @typedef {import("../workers/types.js").ScanRow} ScanRow
 */

/**
 * Gives a digest to every row that shares its UID; others are not read whole.
 * @param {Entry[]} entries
 * @param {import("../workers/calls.js").Pool} pool
 */
export async function digestTwins(entries, pool) {
  /** @type {Map<string, Entry[]>} */
  const groups = new Map();
  for (const entry of entries) {
    const uid = entry.row?.sopInstance;
    if (uid) groups.set(uid, [...(groups.get(uid) ?? []), entry]);
  }
  const twins = [...groups.values()].filter((group) => group.length > 1).flat();
  await Promise.all(
    twins.map(async (entry) => {
      const row = /** @type {ScanRow} */ (entry.row);
      if (row.digest) return;
      const digest = await pool.digest(entry.input);
      if ("fault" in digest) entry.fault = await explained(entry.input, digest.fault);
      else row.digest = digest.sha256;
    }),
  );
}
