/** Looking: opening rows, reasons, instances; hiding names. */
import { itemsWith, OTHERS, view } from "./model.js";
import { getState, setState } from "./store.js";
import { LEAVES, sum } from "./verdicts.js";

/** @type {Element | null} */
let returnTo = null;

/** @param {string} key @param {boolean} open */
export function openRow(key, open) {
  const opened = new Set(getState().opened);
  if (open) opened.add(key);
  else opened.delete(key);
  setState({ opened });
}

/** @param {string} key of a tree row, or a verdict */
export function showWhy(key) {
  remember();
  setState({ panel: { kind: "why", key } });
}

/** @param {string} key of a tree row */
export function inspect(key) {
  inspectItems(key, view(getState()).byKey.get(key)?.items ?? []);
}

/** The files of a row that have one reason. @param {string} key @param {string} reason */
export function inspectReason(key, reason) {
  inspectItems(key, itemsWith(view(getState()), key, reason));
}

/** The first series of which anything leaves. */
export function inspectFirst() {
  const series = [...view(getState()).roots].flatMap(({ children }) => children).flatMap(({ children }) => children);
  const first = series.find(({ counts }) => sum(counts, LEAVES) > 0);
  if (first) inspect(first.key);
}

/** What was found and is no image of a patient. */
export function showOthers() {
  inspect(OTHERS);
}

/** @param {string} key @param {number[]} items */
function inspectItems(key, items) {
  if (items.length === 0) return;
  remember();
  setState({ panel: { kind: "inspect", key, items, at: 0 } });
}

/** @param {number} at */
export function inspectAt(at) {
  const { panel } = getState();
  if (panel?.kind === "inspect" && panel.at !== at) setState({ panel: { ...panel, at } });
}

export function closePanel() {
  setState({ panel: null });
}

/** Puts the focus back to where a panel was opened from. @returns {boolean} */
export function focusReturn() {
  const target = returnTo;
  returnTo = null;
  if (!(target instanceof HTMLElement) || !target.isConnected) return false;
  target.focus();
  return document.activeElement === target;
}

function remember() {
  if (getState().panel === null) returnTo = document.activeElement;
}

export function toggleOnlyChanged() {
  setState({ onlyChanged: !getState().onlyChanged });
}

/** @param {boolean} hide */
export function hideNames(hide) {
  setState({ hideNames: hide });
}

/** @param {boolean} only */
export function onlyAttention(only) {
  setState({ onlyAttention: only });
}

/** To what needs a person; its screens are loaded now. @returns {Promise<void>} */
export async function review() {
  const { screen, busy } = getState();
  if (busy) return;
  await (await import("./review-open.js")).openReview();
  setState({ screen: "review", reviewFrom: screen === "record" ? "record" : "check", panel: null });
}

/** Images may leave as they are: said once in a review. */
export async function reviewPass() {
  (await import("./review.js")).passAllowed();
}
