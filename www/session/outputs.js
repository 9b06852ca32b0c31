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
  return entry.kept === null && result !== null && hasOutput(result) ? (result.own ?? result.bytesOut ?? 0) : 0;
}

/** What stands in the report of it. @param {Result} result @returns {Result} */
export function factsOf({ blob: _blob, pieces: _pieces, crc32: _crc32, own: _own, ...facts }) {
  return facts;
}

/** Whether it brings an output that is to be given to a sink. @param {Result} result */
export function hasOutput({ blob, pieces }) {
  return blob !== undefined || pieces !== undefined;
}

/**
 * What waits long for its place waits as a Blob, whose own bytes need not stay in memory.
 * @param {Entry} entry
 * @param {Result} result
 * @returns {Result}
 */
export function keepable(entry, { pieces, ...result }) {
  return pieces === undefined ? result : { ...result, blob: new Blob(partsIn(entry, pieces), TYPE) };
}

/**
 * @param {Entry} entry
 * @param {Result} result
 * @returns {Output}
 */
export function outputOf(entry, { out, sha256, bytesOut, crc32, blob, pieces, ...result }) {
  const { patient, study, series, instance, sopClass, transferSyntax } = result;
  const facts = {
    n: /** @type {number} */ (entry.n),
    name: /** @type {string} */ (out),
    sha256: /** @type {string} */ (sha256),
    ...(crc32 !== undefined && { crc32 }),
    bytes: /** @type {number} */ (bytesOut),
    patient,
    study,
    series,
    instance,
    sopClass,
    transferSyntax,
  };
  if (blob) return { ...facts, blob };
  const parts = partsIn(entry, pieces ?? []);
  /** @type {Blob | null} */
  let whole = null;
  return {
    ...facts,
    parts,
    get blob() {
      whole ??= new Blob(parts, TYPE);
      return whole;
    },
  };
}

const TYPE = Object.freeze({ type: "application/dicom" });

/**
 * @param {Entry} entry
 * @param {import("../workers/types.js").Pieces} pieces
 * @returns {BlobPart[]}
 */
function partsIn({ input: { file } }, pieces) {
  return pieces.map((piece) => {
    if (piece instanceof Uint8Array) return /** @type {Uint8Array<ArrayBuffer>} */ (piece);
    return /** @type {Blob} */ (file).slice(piece[0], piece[0] + piece[1]);
  });
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
