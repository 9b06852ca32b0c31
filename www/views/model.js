/**
 * What the views draw, made from the session: the tree as nodes, counts, rows by number. Original names come through here on
 * their way to the screen and are held nowhere else. Built once for each revision of the session.
 */
import { reasonVerdict, t } from "../words/words.js";
import { currentSession } from "./current.js";
import { LEAVES, VERDICTS } from "./verdicts.js";

/**
 * @typedef {import("./verdicts.js").Verdict} Verdict
 * @typedef {import("./verdicts.js").Counts} Counts
 * @typedef {{ key: string, level: number, kind: "patient" | "study" | "series" | "others", ordinal: number, title: string,
 *   unnamed: string, patientId: string, date: string, modality: string, files: number, counts: Counts, reasons: Record<string, number>,
 *   items: number[], children: TreeNode[] }} TreeNode
 * @typedef {{ verdict: Verdict, reason: string, n: number }} ReasonCount
 * @typedef {{ roots: TreeNode[], byKey: Map<string, TreeNode>, counts: Counts, reasons: Record<string, number>, files: number,
 *   bytes: number, patients: number, studies: number, withoutId: number }} View
 */

/** @type {View} */
const NOTHING = {
  roots: [],
  byKey: new Map(),
  counts: {},
  reasons: {},
  files: 0,
  bytes: 0,
  patients: 0,
  studies: 0,
  withoutId: 0,
};

/** @type {{ revision: number, language: string, session: unknown, view: View } | null} */
let last = null;

/** @param {import("./store.js").State} state @returns {View} */
export function view({ revision, language }) {
  const session = currentSession();
  if (!session) return NOTHING;
  if (last && last.revision === revision && last.language === language && last.session === session) return last.view;
  last = { revision, language, session, view: build(session.tree()) };
  return last.view;
}

/** Lets go of everything that was drawn. */
export function forgetView() {
  last = null;
}

/** Key of the node that holds files of no patient. */
export const OTHERS = "";

/** @typedef {import("../session/tree.js").Node} SessionNode */

/** @param {SessionNode[]} tree @returns {View} */
function build(tree) {
  const roots = tree.map((node, i) => toNode(node, 1, i + 1));
  /** @type {View} */
  const seen = { ...NOTHING, roots, byKey: new Map(), counts: {}, reasons: {} };
  for (const root of roots) {
    add(seen.counts, root.counts);
    add(seen.reasons, root.reasons);
    seen.files += root.files;
    if (root.kind === "others") continue;
    seen.patients += 1;
    seen.studies += root.children.length;
    if (root.patientId === "") seen.withoutId += root.files;
  }
  seen.bytes = tree.reduce((total, { bytes }) => total + bytes, 0);
  const waiting = [...roots];
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    seen.byKey.set(node.key, node);
    waiting.push(...node.children);
  }
  return seen;
}

/** @param {Record<string, number>} total @param {Record<string, number>} part */
function add(total, part) {
  for (const [name, n] of Object.entries(part)) total[name] = (total[name] ?? 0) + n;
}

/** @type {TreeNode["kind"][]} */
const KINDS = ["patient", "study", "series"];

/** Three levels at most: no recursion on data. @param {SessionNode} node @param {number} level @param {number} ordinal @returns {TreeNode} */
function toNode(node, level, ordinal) {
  /** @type {TreeNode["kind"]} */
  const kind = node.key === OTHERS ? "others" : (KINDS[level - 1] ?? "series");
  return {
    key: node.key,
    level,
    kind,
    ordinal,
    title: titleOf(node, kind, ordinal),
    unnamed: unnamed(node, kind, ordinal),
    patientId: kind === "patient" ? (node.screen.patientId ?? "") : "",
    date: kind === "study" ? (node.screen.studyDate ?? "") : "",
    modality: level > 1 ? node.modalities.join(" ") : "",
    files: node.files,
    counts: node.counts,
    reasons: node.reasons,
    items: node.items,
    children: node.children.map((child, i) => toNode(child, level + 1, i + 1)),
  };
}

/** @param {SessionNode} node @param {TreeNode["kind"]} kind @param {number} ordinal */
function titleOf({ screen, items }, kind, ordinal) {
  if (kind === "others") return t("tree.others");
  if (kind === "patient") return personName(screen.patientName ?? "");
  if (kind === "study") return screen.studyDescription || t("tree.study");
  return t("tree.series", { number: seriesNumber(items, ordinal), text: screen.seriesDescription ?? "" }).trim();
}

/** What stands there while names are hidden: descriptions name people, too. @param {SessionNode} node @param {TreeNode["kind"]} kind @param {number} ordinal */
function unnamed({ items }, kind, ordinal) {
  if (kind === "others") return t("tree.others");
  if (kind === "series") return t("tree.series", { number: seriesNumber(items, ordinal), text: "" }).trim();
  return t(`tree.${kind}-n`, { n: ordinal });
}

/** @param {number[]} items @param {number} ordinal */
function seriesNumber(items, ordinal) {
  const first = items[0] === undefined ? null : currentSession()?.file(items[0]);
  return String(first?.seriesNumber ?? ordinal);
}

/** What a row of the tree is called on the screen now. @param {TreeNode | undefined} node @param {boolean} hideNames */
export function nameOn(node, hideNames) {
  return (hideNames ? node?.unnamed : node?.title) ?? "";
}

/**
 * A Person Name for reading (PS3.5 6.2.1): the ideographic group first, else the phonetic, else the alphabetic; its parts
 * apart by a blank.
 * @param {string} value
 */
function personName(value) {
  const [alphabetic = "", ideographic = "", phonetic = ""] = value.split("=");
  const group = [ideographic, phonetic, alphabetic].find((text) => text.replaceAll("^", "").trim() !== "") ?? "";
  return group.split("^").filter(Boolean).join(" ").trim();
}

/**
 * Reasons of what does not leave at a node, or (key `review`) of what waits for a person in the whole session.
 * @param {View} seen
 * @param {string} key
 * @returns {ReasonCount[]}
 */
export function reasonsBelow(seen, key) {
  const node = key === "review" ? seen : (seen.byKey.get(key) ?? seen);
  return reasonCounts(node.reasons).filter(({ verdict }) => key !== "review" || verdict === "review");
}

/** Reasons of what does not leave, in the order of verdicts, the most frequent first. @param {Record<string, number>} reasons @returns {ReasonCount[]} */
export function reasonCounts(reasons) {
  return Object.entries(reasons)
    .map(([reason, n]) => ({ reason, n, verdict: reasonVerdict(reason) }))
    .filter(({ verdict }) => !LEAVES.includes(/** @type {any} */ (verdict)))
    .sort((a, b) => VERDICTS.indexOf(a.verdict) - VERDICTS.indexOf(b.verdict) || b.n - a.n);
}

/** The files at a node that have a reason. @param {View} seen @param {string} key @param {string} reason */
export function itemsWith(seen, key, reason) {
  const session = currentSession();
  const roots = seen.byKey.has(key) ? [seen.byKey.get(key)] : seen.roots;
  return roots.flatMap((node) => node?.items ?? []).filter((n) => session?.file(n)?.reason === reason);
}
