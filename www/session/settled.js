/** What is settled of the pixels of an entry that is to leave, and what is masked. */

/**
 * @typedef {import("./entry.js").Entry} Entry
 * @typedef {import("../workers/types.js").Settled} Settled
 * @typedef {import("../workers/types.js").Mask} Mask
 */

/** Bits above Bits Stored, which an approval clears. */
export const OVERLAY = "overlay-in-pixels";
/** Masked as rules of the policy or a file of masks say, without a person. */
const BY_RULE = new Set(["device-rule-masked", "mask-file-masked"]);

/**
 * @param {Entry} entry
 * @returns {Settled | null}  null: its pixels leave as they are, and nothing is said of them
 */
export function settledOf({ decision, row, masks, held }) {
  const reason = decision?.reason ?? "";
  if (reason === "decided-pass" || reason === "decided-masked") {
    const drawn = masks.map((mask) => ({ ...mask, by: /** @type {const} */ ("person") }));
    return { reason, text: true, masks: drawn, clear: held?.result?.reason === OVERLAY };
  }
  if (!BY_RULE.has(reason)) return null;
  return { reason, text: row?.masksComplete ?? false, masks: boxesOf(row), clear: false };
}

/**
 * Areas that rules and files of masks make black.
 * @param {import("../workers/types.js").ScanRow | null} row
 * @param {import("./remembered.js").Area[]} [more]
 * @returns {Mask[]}
 */
export function boxesOf(row, more = []) {
  const by = /** @type {const} */ ("rule");
  const all = [...(row?.masks ?? []), ...more.map((area) => ({ ...area, by }))];
  return all.map((mask) => ({ frames: /** @type {const} */ ("all"), ...mask }));
}

/**
 * What an entry comes to once a person has looked at its picture: by the plan, which knows what other files say of it.
 * @param {Entry} entry
 * @returns {import("../workers/types.js").Decision | null}  null: a look settles nothing
 */
export function lookedAt({ result, decision }) {
  return result === null ? (decision?.looked ?? null) : result.reason === OVERLAY ? decision : null;
}
