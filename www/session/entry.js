/** One file of a session: what came in, what it was found to be, what is planned for it, what became of it. */

/**
 * @typedef {import("../workers/types.js").Input} Input
 * @typedef {import("../workers/types.js").ScanRow} ScanRow
 * @typedef {import("../workers/types.js").Decision} Decision
 * @typedef {import("../workers/types.js").Result} Result
 *
 * @typedef {object} Entry
 * @property {Input} input
 * @property {Entry | null} archive  the ZIP that holds it
 * @property {number | null} n  given by the first plan, never changed
 * @property {ScanRow | null} row  null: not scanned, or nothing could be read
 * @property {string} identities  what verify took of it for other files of its patient; in memory only
 * @property {import("../workers/types.js").Others | null} others  what those say that this one may not
 * @property {string | null} fault  reason code, where there is no row
 * @property {Decision | null} decision
 * @property {Result | null} result  without the composed Blob, which goes with its delivery
 * @property {Result | null} kept  with its Blob, while no place has been named for it
 * @property {number | null} failedBytes  size of an output that the place of delivery did not take; it can be offered again
 * @property {{how: "sent" | "there", at: string, destination: string} | null} sent  who has confirmed it, and when (UTC)
 * @property {boolean} byPerson
 * @property {{decision: Decision | null, result: Result | null} | null} held  how it was held before a person decided
 * @property {import("./decisions.js").Mask[]} masks  drawn by a person
 * @property {import("./look.js").Note | null} note  how a person came to the decision
 * @property {Set<number>} drawn  frames that were on the screen, from 0
 *
 * @typedef {{verdict: string, reason: string, tag: string | null}} State
 */

const LEAVES = new Set(["pass", "masked", "defaced"]);

/**
 * @param {Input} input
 * @param {Entry | null} [archive]  the ZIP that holds it
 * @returns {Entry}
 */
export function newEntry(input, archive = null) {
  return {
    input,
    archive,
    n: null,
    row: null,
    identities: "",
    others: null,
    fault: input.fault ?? null,
    decision: null,
    result: null,
    kept: null,
    failedBytes: null,
    sent: null,
    byPerson: false,
    held: null,
    masks: [],
    note: null,
    drawn: new Set(),
  };
}

/**
 * How an entry stands. What is planned to leave but has not left is `stopped`: it was not sent, and not for a fault of its own.
 * @param {Entry} entry
 * @returns {State}
 */
export function stateOf(entry) {
  if (entry.result !== null) return entry.result;
  const planned = plannedOf(entry);
  return leaves(planned.verdict) ? { verdict: "refused", reason: "stopped", tag: null } : planned;
}

/**
 * How an entry is expected to end, for the page before and while it runs.
 * @param {Entry} entry
 * @returns {State}
 */
export function plannedOf(entry) {
  if (entry.result !== null) return entry.result;
  if (entry.fault !== null) return { verdict: "refused", reason: entry.fault, tag: null };
  return entry.decision ?? { verdict: "refused", reason: "stopped", tag: null };
}

/** @param {string} verdict */
export function leaves(verdict) {
  return LEAVES.has(verdict);
}

/**
 * Planned to leave and not yet at any place.
 * @param {Entry} entry
 */
export function isReady(entry) {
  if (entry.kept !== null || entry.failedBytes !== null) return true;
  return entry.result === null && entry.fault === null && entry.row !== null && leaves(entry.decision?.verdict ?? "");
}

/**
 * Outputs that a place did not take, with the place's reason; they can be offered again.
 * @param {Entry[]} entries
 * @returns {{n: number, reason: string, bytes: number}[]}
 */
export function failedOf(entries) {
  return entries.flatMap(({ n, result, failedBytes }) =>
    n === null || result === null || failedBytes === null ? [] : [{ n, reason: result.reason, bytes: failedBytes }],
  );
}

/**
 * One file as it stands, for the screen alone.
 * @param {number} n
 * @param {Entry} entry
 */
export function screenOf(n, entry) {
  const { verdict, reason, tag } = plannedOf(entry);
  return {
    n,
    path: entry.input.path,
    bytes: entry.input.size,
    frames: Math.max(1, entry.row?.frames ?? 1),
    seriesNumber: entry.row?.seriesNumber ?? null,
    instanceNumber: entry.row?.instanceNumber ?? null,
    patientStatus: entry.row?.patientStatus ?? null,
    screen: entry.row?.screen ?? {},
    left: leaves(stateOf(entry).verdict),
    verdict,
    reason,
    tag,
  };
}
