/**
 * The mapping (`tokumei.mapping/1`): originals and pseudonyms side by side, only of what left. It never leaves the place where it
 * was asked for.
 */

import { compareBytes } from "./order.js";

/**
 * @param {import("./entry.js").Entry[]} entries  in order of n
 * @returns {{schema: string, patients: {patientId: string, namespace: string, pseudonym: string, dateShiftDays: number | null}[],
 *   uids: Record<string, string>, files: {n: number, path: string, out: string | null}[]}}
 */
export function buildMapping(entries) {
  /** @type {Map<string, {patientId: string, namespace: string, pseudonym: string, dateShiftDays: number | null}>} */
  const patients = new Map();
  /** @type {Map<string, string>} */
  const uids = new Map();
  const files = entries.map(({ n, input, row, result }) => {
    const part = result?.mapping;
    if (part && result.patient !== null) {
      const patient = {
        patientId: part.patientId,
        namespace: row?.namespace ?? "",
        pseudonym: result.patient,
        dateShiftDays: part.dateShiftDays,
      };
      patients.set(JSON.stringify(patient), patient);
      for (const [before, after] of part.uids) uids.set(before, after);
    }
    return { n: /** @type {number} */ (n), path: input.path, out: result?.out ?? null };
  });
  return {
    schema: "tokumei.mapping/1",
    patients: [...patients.values()].sort(
      (a, b) => compareBytes(a.pseudonym, b.pseudonym) || compareBytes(a.patientId, b.patientId),
    ),
    uids: Object.fromEntries([...uids].sort(([a], [b]) => compareBytes(a, b))),
    files,
  };
}
