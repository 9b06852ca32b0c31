/** Equal SOP Instance UIDs are the same image only if all their bytes are equal (design.md 7, Sameness). */

import { grouped } from "./groups.js";
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
  const groups = [...grouped(entries, ({ row }) => row?.sopInstance)];
  const twins = groups.filter((group) => group.length > 1).flat();
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
