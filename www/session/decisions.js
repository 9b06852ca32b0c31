/**
 * What a person decides about what is held. An approval counts only for an image whose every frame was on the screen, and only where
 * looking at the picture settles why it was held; all can be taken back until it leaves.
 */

import { leaves, plannedOf } from "./entry.js";
import { grouped } from "./groups.js";
import { noteOf } from "./look.js";
import { lookedAt, OVERLAY, settledOf } from "./settled.js";

/**
 * @typedef {import("./entry.js").Entry} Entry
 * @typedef {{frames: "all" | number[], x: number, y: number, w: number, h: number}} Mask  in pixels; frames from 0
 * @typedef {{kind: "pass" | "masked" | "refused", masks?: Mask[], looks?: import("./look.js").Looks}} PersonsDecision
 * @typedef {{n: number, ok: boolean, reason: string}} Answer  `reason`: of the decision, or why it is not possible
 */

const NOT_DECIDED = { held: null, masks: [], byPerson: false, note: null };

/** Reasons that looking at the picture settles; the others are about who it is, or what else stands in the file. */
const SETTLED_BY_LOOKING = new Set([
  "text-not-checked",
  "face-not-checked",
  "text-unread",
  "text-found-new-device",
  "text-over-anatomy",
  "text-moving",
  "handwriting",
  "secondary-capture",
  "overlay-in-pixels",
]);

/** @param {string} reason */
export function settledByLooking(reason) {
  return SETTLED_BY_LOOKING.has(reason);
}

/**
 * Why it stays here though a person has looked at the picture.
 * @param {Entry} entry
 * @returns {string | null}  null: the person can let it leave
 */
export function staysFor(entry) {
  const { reason } = plannedOf(entry);
  const looked = settledByLooking(reason) ? lookedAt(entry) : null;
  return looked !== null && leaves(looked.verdict) ? null : (looked?.reason ?? reason);
}

/**
 * @param {Entry} entry
 * @param {PersonsDecision} decision
 * @param {import("./look.js").About} about
 * @returns {Omit<Answer, "n">}
 */
export function decide(entry, { kind, masks = [], looks = {} }, about) {
  const { verdict, reason } = plannedOf(entry);
  if (verdict !== "review") return { ok: false, reason };
  if (kind !== "refused") {
    const stays = isDrawn(entry) ? staysFor(entry) : reason;
    if (stays !== null) return { ok: false, reason: stays };
  }
  if (kind === "masked" && masks.length === 0) return { ok: false, reason };
  // What was masked before an overlay showed stays masked; its bits are cleared, so pixels change in any case.
  const overlay = kind !== "refused" && entry.result?.reason === OVERLAY;
  const outcome = overlay ? "masked" : kind;
  const before = overlay ? (settledOf(entry)?.masks ?? []) : [];
  const decided = kind === "refused" ? "decided-refuse" : `decided-${outcome}`;
  entry.held = { decision: entry.decision, result: entry.result };
  entry.decision = { verdict: outcome, reason: decided, tag: null };
  entry.result = null;
  entry.masks = kind === "masked" ? masks : before;
  entry.byPerson = true;
  entry.note = noteOf(entry, reason, looks, about);
  return { ok: true, reason: decided };
}

/**
 * As it was held before the person decided.
 * @param {Entry} entry
 * @returns {Omit<Answer, "n">}
 */
export function undecide(entry) {
  const { verdict, reason } = plannedOf(entry);
  if (entry.held === null || (entry.result !== null && leaves(verdict))) return { ok: false, reason };
  Object.assign(entry, entry.held, NOT_DECIDED);
  return { ok: true, reason: plannedOf(entry).reason };
}

/**
 * A plan that was made anew, of an entry that a person has decided: what other files say now comes before an approval.
 * @param {Entry} entry
 * @param {import("../workers/types.js").Decision} decision
 */
export function replan(entry, decision) {
  if (entry.held === null || entry.result !== null || !leaves(entry.decision?.verdict ?? "")) return;
  const settled = entry.held.result === null ? decision.looked : decision;
  entry.held = { ...entry.held, decision };
  if (settled && leaves(settled.verdict)) return;
  Object.assign(entry, entry.held, NOT_DECIDED);
}

/**
 * Which entries may leave: those of no concatenation, and parts of one whose every part is to leave or has left. A person can
 * approve one part before another.
 * @param {Entry[]} all
 * @returns {(entry: Entry) => boolean}
 */
export function notAlone(all) {
  const split = new Set();
  for (const parts of grouped(all, ({ row }) => row?.concatenation)) {
    const together = parts.map(plannedOf).every(({ verdict, reason }) => leaves(verdict) || reason === "duplicate");
    if (!together) split.add(parts[0]?.row?.concatenation);
  }
  return ({ row }) => !row?.concatenation || !split.has(row.concatenation);
}

/**
 * A frame was on the screen.
 * @param {Entry | undefined} entry
 * @param {number} frame  from 0
 */
export function drawn(entry, frame) {
  if (entry && Number.isInteger(frame) && frame >= 0 && frame < framesOf(entry)) entry.drawn.add(frame);
}

/**
 * One answer for each number.
 * @param {number[]} items
 * @param {(n: number) => Entry | undefined} at
 * @param {(entry: Entry) => Omit<Answer, "n">} work
 * @returns {Answer[]}
 */
export function each(items, at, work) {
  return items.map((n) => {
    const entry = at(n);
    return { n, ...(entry === undefined ? { ok: false, reason: "unknown-item" } : work(entry)) };
  });
}

/** @param {Entry} entry */
function isDrawn(entry) {
  return entry.drawn.size >= framesOf(entry);
}

/** @param {Entry} entry */
function framesOf({ row }) {
  return Math.max(1, row?.frames ?? 1);
}
