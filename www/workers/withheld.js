/** What a worker says of a file: how it left, or why it did not. */

const PIXEL_DATA = "7FE0,0010";
const OVERLAY = "overlay-in-pixels";
const NO_ACTIONS = Object.freeze({ X: 0, Z: 0, D: 0, U: 0, C: 0, K: 0 });

/**
 * What does not leave has no output identity at all (design 8, report).
 * @param {Pick<import("./types.js").Result, "verdict" | "reason" | "tag">} why
 * @param {Partial<Pick<import("./types.js").Result, "sopClass" | "modality" | "transferSyntax">> | null | undefined} what  as far as it is known
 * @param {number} ms
 * @returns {import("./types.js").Result}
 */
export function withheld({ verdict, reason, tag }, what, ms) {
  return {
    verdict,
    reason,
    tag: tag ?? null,
    bytesOut: null,
    sha256: null,
    sopClass: what?.sopClass ?? null,
    modality: what?.modality ?? null,
    transferSyntax: what?.transferSyntax ?? null,
    patient: null,
    study: null,
    series: null,
    instance: null,
    frameOfReference: null,
    out: null,
    actions: null,
    checked: null,
    readBy: null,
    ms,
  };
}

/**
 * @param {string} reason
 * @param {string | null} tag
 * @param {number} begun
 * @param {Pick<import("./types.js").ScanRow, "sopClass" | "modality" | "transferSyntax">} [outcome]  what the instance is, where that is known
 * @returns {import("./types.js").Result}
 */
export function refusal(reason, tag, begun, outcome) {
  return withheld({ verdict: "refused", reason, tag }, outcome, since(begun));
}

/**
 * What the module of pixels stops at: an overlay is for a person.
 * @param {string} reason
 * @param {import("./types.js").ScanRow} row
 * @param {number} begun
 */
export function stopped(reason, row, begun) {
  const verdict = reason === OVERLAY ? "review" : "refused";
  return withheld({ verdict, reason, tag: PIXEL_DATA }, row, since(begun));
}

/** @param {number} begun */
export function since(begun) {
  return Math.round(performance.now() - begun);
}

/**
 * @param {import("./types.js").Outcome} outcome
 * @param {{sha256: string, out: string, bytesOut: number, readBy: string | null, masks?: import("./types.js").Drawn[], blob?: Blob,
 *   pieces?: import("./types.js").Pieces, own?: number, delivered?: boolean}} sent
 * @param {number} begun
 * @returns {import("./types.js").Result}
 */
export function leaving(outcome, sent, begun) {
  return {
    verdict: outcome.verdict,
    reason: outcome.reason,
    tag: outcome.tag ?? null,
    sopClass: outcome.sopClass ?? null,
    modality: outcome.modality ?? null,
    transferSyntax: outcome.transferSyntax ?? null,
    patient: outcome.patient ?? null,
    study: outcome.study ?? null,
    series: outcome.series ?? null,
    instance: outcome.instance ?? null,
    frameOfReference: outcome.frameOfReference ?? null,
    actions: outcome.actions ?? NO_ACTIONS,
    checked: outcome.checked ?? { text: false, face: false },
    ms: since(begun),
    ...sent,
  };
}
