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
