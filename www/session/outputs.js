/** What is said of an output on its way: its cost, what the sink is given, what stands in the report when it does not leave. */

import { withheld } from "../workers/withheld.js";

/**
 * @typedef {import("./entry.js").Entry} Entry
 * @typedef {import("../workers/types.js").Result} Result
 * @typedef {import("../deliver/sink.js").Output} Output
 */

/** Until its result is there an output may hold as much of its own as the input has. @param {Entry} entry */
export function costOf(entry) {
  return entry.kept === null ? entry.input.size : 0;
}

/**
 * @param {Entry} entry
 * @param {Result | null} result
 */
export function ownBytes(entry, result) {
  if (entry.kept !== null || result?.blob === undefined) return 0;
  return result.own ?? result.blob.size;
}

/**
 * @param {Entry} entry
 * @param {Result} result
 * @param {Blob} blob
 * @param {number | undefined} crc32
 * @returns {Output}
 */
export function outputOf(
  entry,
  { out, sha256, patient, study, series, instance, sopClass, transferSyntax },
  blob,
  crc32,
) {
  return {
    n: /** @type {number} */ (entry.n),
    name: /** @type {string} */ (out),
    blob,
    sha256: /** @type {string} */ (sha256),
    ...(crc32 !== undefined && { crc32 }),
    bytes: blob.size,
    patient,
    study,
    series,
    instance,
    sopClass,
    transferSyntax,
  };
}

/**
 * @param {Result | null} result
 * @param {string} reason
 * @returns {Result}
 */
export function emptied(result, reason) {
  return withheld({ verdict: "refused", reason, tag: null }, result, result?.ms ?? 0);
}

/** Only the code of an error is taken: its text may hold anything. @param {unknown} error */
export function codeOf(error) {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : null;
  if (typeof code === "string" && /^[a-z][a-z-]*$/u.test(code)) return code;
  throw error;
}
