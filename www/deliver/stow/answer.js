/**
 * What a destination's answers say, read as text of a stranger: DICOM JSON (PS3.18 F) of any malformedness. Only named places
 * are looked at, so nesting costs nothing; what has another type than it should counts as absent.
 *
 * The body tells the truth, not the status: an instance is stored only if its UID is in Referenced SOP Sequence (0008,1199),
 * refused only if it is in Failed SOP Sequence (0008,1198), or if it was alone and Other Failures Sequence (0008,119A) holds one
 * failure. In neither or in both: unknown.
 *
 * @typedef {{state: "stored", warning: number | null} | {state: "failed", reason: number | null} | {state: "unknown"}} Told
 *   warning: Warning Reason (0008,1196); reason: Failure Reason (0008,1197)
 */

import { MOST_ANSWER } from "./transport.js";

const STORED = "00081199";
const FAILED = "00081198";
const OTHER = "0008119A";
const REFERENCED_INSTANCE = "00081155";
const WARNING_REASON = "00081196";
const FAILURE_REASON = "00081197";
const INSTANCE = "00080018";

/** @type {Told} */
const UNKNOWN = Object.freeze({ state: "unknown" });

/**
 * @param {string} text  the answer to a store request
 * @param {Iterable<string>} instances  what was sent
 * @returns {Map<string, Told>}  one for each that was sent
 */
export function readStored(text, instances) {
  const said = parse(text);
  const dataset = Array.isArray(said) && said.length === 1 ? said[0] : said;
  const stored = reasons(dataset, STORED, WARNING_REASON);
  const failed = reasons(dataset, FAILED, FAILURE_REASON);
  const others = values(dataset, OTHER);
  const [only, ...more] = instances;
  // Its UID could not be read, or it could not be taken in at all.
  if (only !== undefined && more.length === 0 && others.length === 1 && stored.size + failed.size === 0) {
    failed.set(only, shortOf(values(others[0], FAILURE_REASON)[0]));
  }
  /** @type {Map<string, Told>} */
  const told = new Map();
  for (const uid of instances) {
    const [warning, reason] = [stored.get(uid), failed.get(uid)];
    if (warning !== undefined && reason === undefined) told.set(uid, { state: "stored", warning });
    else if (reason !== undefined && warning === undefined) told.set(uid, { state: "failed", reason });
    else told.set(uid, UNKNOWN);
  }
  return told;
}

/**
 * @param {string} text  the answer to a query for instances
 * @returns {{items: number, instances: string[]} | null}  null: not an answer to that
 */
export function readListing(text) {
  const said = parse(text);
  if (!Array.isArray(said)) return null;
  const instances = said.flatMap((item) => uidOf(item, INSTANCE) ?? []);
  // Items that name no instance are not what was asked for.
  return said.length > 0 && instances.length === 0 ? null : { items: said.length, instances };
}

/**
 * What a Failure Reason means for the client (PS3.4 B.2.3, PS3.7 C; 45070 and 45071 are Azure's).
 * `busy`: out of resources, the same may pass later. `there`: the destination has this instance already. `refused`: it will not.
 * @param {number | null} reason
 * @returns {"busy" | "there" | "refused"}
 */
export function meaningOfReason(reason) {
  if (reason === null) return "refused";
  if ((reason >= 0xa700 && reason <= 0xa7ff) || reason === 45071) return "busy";
  return reason === 0x0111 || reason === 45070 ? "there" : "refused";
}

/** @param {string} text @returns {unknown} */
function parse(text) {
  if (text.length > MOST_ANSWER) return null;
  try {
    return JSON.parse(text.replace(/^\uFEFF/u, ""));
  } catch (error) {
    // RangeError: an engine whose parser recurses has no stack left.
    if (error instanceof SyntaxError || error instanceof RangeError) return null;
    throw error;
  }
}

/** @param {unknown} dataset @param {string} sequence @param {string} tag @returns {Map<string, number | null>} */
function reasons(dataset, sequence, tag) {
  /** @type {Map<string, number | null>} */
  const found = new Map();
  for (const item of values(dataset, sequence)) {
    const uid = uidOf(item, REFERENCED_INSTANCE);
    if (uid !== null) found.set(uid, shortOf(values(item, tag)[0]));
  }
  return found;
}

/** @param {unknown} dataset @param {string} tag @returns {unknown[]} */
function values(dataset, tag) {
  const element = property(dataset, tag);
  const value = property(element, "Value");
  return Array.isArray(value) ? value : [];
}

/** @param {unknown} item @param {string} tag */
function uidOf(item, tag) {
  const value = values(item, tag)[0];
  return typeof value === "string" && value.length <= 80 ? value.replace(/[\0 ]+$/u, "") : null;
}

/** An unsigned short, as a number or as its digits. @param {unknown} value */
function shortOf(value) {
  const number = typeof value === "string" && /^\d{1,5}$/u.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isInteger(number) && number >= 0 && number <= 0xffff ? number : null;
}

/** @param {unknown} of @param {string} name @returns {unknown} */
function property(of, name) {
  if (typeof of !== "object" || of === null || !Object.hasOwn(of, name)) return undefined;
  return /** @type {Record<string, unknown>} */ (of)[name];
}
