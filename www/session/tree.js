/** Patients, studies and series of a session with their counts, for the screen: original values, which stay in memory. */

import { plannedOf } from "./entry.js";

/**
 * @typedef {import("./entry.js").Entry} Entry
 * @typedef {import("../workers/types.js").Screen} Screen
 *
 * @typedef {{key: string, screen: Screen, modalities: string[], files: number, bytes: number, counts: Record<string, number>,
 *   reasons: Record<string, number>, items: number[], children: Node[]}} Node
 *   `items`: the files' n, of series alone; before the first plan a series has none. `counts` by verdict, expected or final.
 */

/**
 * Files without a patient (no DICOM, unreadable) stand under a node of their own, key `""`, last.
 * @param {Entry[]} entries
 * @returns {Node[]}
 */
export function buildTree(entries) {
  /** @type {Map<string, Branch>} */
  const roots = new Map();
  for (const entry of entries) {
    if (entry.row === null && entry.fault === null) continue;
    let level = roots;
    for (const key of pathOf(entry)) {
      let branch = level.get(key);
      if (branch === undefined) {
        branch = { node: emptyNode(key, entry.row?.screen ?? {}), children: new Map() };
        level.set(key, branch);
      }
      count(branch.node, entry);
      level = branch.children;
    }
  }
  return [...roots.values()].sort((a, b) => Number(a.node.key === "") - Number(b.node.key === "")).map(finish);
}

/** @typedef {{node: Node, children: Map<string, Branch>}} Branch */

/** Keys from patient to series; they hold original UIDs and never leave the page. @param {Entry} entry */
function pathOf({ row }) {
  if (row === null || row.kind !== "dicom" || row.sopInstance === null) return [""];
  const patient = row.patient === "" ? `study:${row.study ?? ""}` : `id:${row.namespace ?? ""}\u0000${row.patient}`;
  const study = `${patient}\u0000${row.study ?? ""}`;
  return [patient, study, `${study}\u0000${row.series ?? ""}`];
}

/**
 * @param {string} key
 * @param {Screen} screen
 * @returns {Node}
 */
function emptyNode(key, screen) {
  return { key, screen, modalities: [], files: 0, bytes: 0, counts: {}, reasons: {}, items: [], children: [] };
}

/**
 * @param {Node} node
 * @param {Entry} entry
 */
function count(node, entry) {
  node.files += 1;
  node.bytes += entry.input.size;
  const modality = entry.row?.modality;
  if (modality && !node.modalities.includes(modality)) node.modalities.push(modality);
  if (entry.n !== null) node.items.push(entry.n);
  if (entry.decision === null && entry.fault === null) return;
  const { verdict, reason } = plannedOf(entry);
  node.counts[verdict] = (node.counts[verdict] ?? 0) + 1;
  node.reasons[reason] = (node.reasons[reason] ?? 0) + 1;
}

/**
 * @param {Branch} branch
 * @returns {Node}
 */
function finish({ node, children }) {
  return { ...node, children: [...children.values()].map(finish) };
}

/**
 * What was found and what is expected of it, in numbers: the plan without any identity.
 * @param {Entry[]} entries
 */
export function outlookOf(entries) {
  const levels = [new Set(), new Set(), new Set()];
  /** @type {Record<string, number>} */
  const byVerdict = {};
  /** @type {Record<string, number>} */
  const byReason = {};
  for (const entry of entries) {
    const { verdict, reason } = plannedOf(entry);
    byVerdict[verdict] = (byVerdict[verdict] ?? 0) + 1;
    byReason[reason] = (byReason[reason] ?? 0) + 1;
    const path = pathOf(entry);
    if (path.length > 1) for (const [level, key] of path.entries()) levels[level]?.add(key);
  }
  const [patients = 0, studies = 0, series = 0] = levels.map((level) => level.size);
  return { found: { files: entries.length, patients, studies, series }, byVerdict, byReason };
}
