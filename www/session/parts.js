/**
 * Parts of one concatenation leave together or not at all: all of them are transformed and verified once without delivery first.
 */

import { withheld } from "../workers/withheld.js";
import { grouped } from "./groups.js";

/**
 * @typedef {import("./entry.js").Entry} Entry
 * @typedef {import("../workers/types.js").Result} Result
 */

/**
 * @param {Entry[]} entries
 * @param {(entry: Entry) => Promise<Result | null>} transform  null: the run is over
 * @param {(entry: Entry, result: Result) => void} settle
 * @returns {Promise<Set<Entry>>}  those that may not be delivered
 */
export async function holdParts(entries, transform, settle) {
  /** @type {Set<Entry>} */
  const held = new Set();
  for (const parts of grouped(entries, ({ row }) => row?.concatenation)) {
    const results = await Promise.all(parts.map(transform));
    // Not tried is not proven: such parts don't leave in this run.
    if (results.some((result) => result === null)) for (const entry of parts) held.add(entry);
    else if (!results.every(passes)) {
      for (const [index, entry] of parts.entries()) {
        const result = /** @type {Result} */ (results[index]);
        settle(entry, passes(result) ? partHeld(result) : result);
        held.add(entry);
      }
    }
  }
  return held;
}

/** @param {Result | null} result */
function passes(result) {
  return result !== null && result.verdict !== "review" && result.verdict !== "refused";
}

/** @param {Result} result */
function partHeld(result) {
  return withheld({ verdict: "review", reason: "part-held", tag: null }, result, result.ms);
}
