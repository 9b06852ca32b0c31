/** The report of a run (`tokumei.report/1`): every file once, with one verdict and one reason; no identity. */

import { leaves, stateOf } from "./entry.js";
import { definedModality, standardUid } from "./terms.js";

/**
 * @typedef {import("./entry.js").Entry} Entry
 * @typedef {{tool: string, policy: {id: string, version: string, sha256: string}, keyId: string, keyKept: boolean,
 *   started: string | null, ended: string | null}} RunFacts
 *
 * @typedef {ReturnType<typeof reportRow>} ReportRow
 */

/**
 * @param {Entry[]} entries  in order of n
 * @param {RunFacts} facts
 */
export function buildReport(entries, facts) {
  const files = entries.map(reportRow);
  return {
    schema: "tokumei.report/1",
    tool: facts.tool,
    policy: facts.policy,
    keyId: facts.keyId,
    keyKept: facts.keyKept,
    started: facts.started,
    ended: facts.ended,
    totals: totalsOf(files),
    files,
  };
}

/** @param {Entry} entry */
function reportRow(entry) {
  const state = stateOf(entry);
  const left = leaves(state.verdict) ? entry.result : null;
  const known = entry.result ?? entry.row;
  return {
    n: /** @type {number} */ (entry.n),
    in: entry.archive?.n ?? null,
    verdict: state.verdict,
    reason: state.reason,
    decidedBy: entry.byPerson ? "person" : "rule",
    tag: state.tag,
    bytesIn: entry.input.size,
    bytesOut: left?.bytesOut ?? null,
    sha256: left?.sha256 ?? null,
    sopClass: standardUid(known?.sopClass),
    modality: definedModality(known?.modality),
    transferSyntax: standardUid(known?.transferSyntax),
    patient: left?.patient ?? null,
    study: left?.study ?? null,
    series: left?.series ?? null,
    instance: left?.instance ?? null,
    frameOfReference: left?.frameOfReference ?? null,
    out: left?.out ?? null,
    actions: left?.actions ?? { X: 0, Z: 0, D: 0, U: 0, C: 0, K: 0 },
    checked: left?.checked ?? { text: false, face: false },
    masks: left?.masks ?? [],
    face: null,
    decision: entry.note,
    ms: entry.result?.ms ?? 0,
  };
}

/** @param {ReportRow[]} files */
function totalsOf(files) {
  const [patients, studies, series] = [new Set(), new Set(), new Set()];
  const totals = {
    files: files.length,
    bytesIn: 0,
    bytesOut: 0,
    patients: 0,
    studies: 0,
    series: 0,
    byVerdict: /** @type {Record<string, number>} */ ({}),
    byReason: /** @type {Record<string, number>} */ ({}),
  };
  for (const row of files) {
    totals.bytesIn += row.bytesIn;
    totals.bytesOut += row.bytesOut ?? 0;
    totals.byVerdict[row.verdict] = (totals.byVerdict[row.verdict] ?? 0) + 1;
    totals.byReason[row.reason] = (totals.byReason[row.reason] ?? 0) + 1;
    if (row.patient !== null) patients.add(row.patient);
    if (row.study !== null) studies.add(row.study);
    if (row.series !== null) series.add(row.series);
  }
  return { ...totals, patients: patients.size, studies: studies.size, series: series.size };
}
