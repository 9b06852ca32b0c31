// The Store Instances Response (PS3.18 10.5.3, I.2.2) as DICOM JSON.
import { REASONS, THERE } from "./reasons.mjs";

/**
 * @typedef {{ sopClass: string, instance: string }} Reference
 * @typedef {object} Outcome of one part
 * @property {Reference | null} reference null when the part's UIDs could not be read
 * @property {import("../archive/catalog.mjs").Row} [row] when it is stored
 * @property {boolean} [there] it was, before
 * @property {import("./reasons.mjs").Reason} [reason] why it is not
 */

/** The address of an instance. @param {string} base @param {{ study: string, series: string, instance: string }} row */
export function address(base, { study, series, instance }) {
  return `${base}/studies/${study}/series/${series}/instances/${instance}`;
}

/** @param {Outcome[]} outcomes @param {string} base address of the service @param {string | null} study of the request's path */
export function storeResponse(outcomes, base, study) {
  const stored = outcomes.filter(({ row }) => row !== undefined);
  const failed = outcomes.filter(({ row, reference }) => row === undefined && reference !== null);
  const other = outcomes.filter(({ row, reference }) => row === undefined && reference === null);
  return {
    ...(study !== null && stored.length > 0 && { "00081190": ur(`${base}/studies/${study}`) }),
    ...sequence(
      "00081199",
      stored.map(({ reference, row, there }) => ({
        ...sop(reference),
        ...(row && { "00081190": ur(address(base, row)) }),
        ...(there && { "00081196": us(THERE) }),
      })),
    ),
    ...sequence(
      "00081198",
      failed.map(({ reference, reason }) => ({ ...sop(reference), ...failure(reason) })),
    ),
    ...sequence(
      "0008119A",
      other.map(({ reason }) => failure(reason)),
    ),
  };
}

/** 200 all stored, 202 not all or with warnings, 409 none. @param {Outcome[]} outcomes */
export function storeStatus(outcomes) {
  if (outcomes.every(({ row, there }) => row !== undefined && !there)) return 200;
  return outcomes.some(({ row }) => row !== undefined) ? 202 : 409;
}

/** @param {string} tag @param {unknown[]} items */
function sequence(tag, items) {
  return items.length > 0 ? { [tag]: { vr: "SQ", Value: items } } : {};
}

/** @param {Reference | null} reference */
function sop(reference) {
  return { "00081150": ui(reference?.sopClass), "00081155": ui(reference?.instance) };
}

/** @param {import("./reasons.mjs").Reason | undefined} reason */
function failure(reason) {
  return { "00081197": us(REASONS[reason ?? "out-of-resources"]) };
}

/** @param {string} value */
const ur = (value) => ({ vr: "UR", Value: [value] });
/** @param {string | undefined} value */
const ui = (value) => ({ vr: "UI", Value: [value] });
/** @param {number} value */
const us = (value) => ({ vr: "US", Value: [value] });
