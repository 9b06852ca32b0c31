/** What a key does at a review. Decisions hang on keys only while the focus is on pictures; on a button Enter and Space are the button's. */
import { KINDS } from "./review-layers.js";
import { COLUMNS } from "./review-sheet.js";

/** @typedef {import("./review.js").Review} Review */

/** @param {KeyboardEvent} event @param {Review} review @returns {(() => void) | null} */
export function keyMeans(event, review) {
  const { desk, acts } = review;
  const target = event.target instanceof HTMLElement ? event.target : document.body;
  const place = target === document.body ? review : target;
  if (!review.contains(place)) return null;
  if (event.ctrlKey || event.metaKey) return controlKey(event, review);
  if (event.altKey) return null;
  if (event.key === "Escape") return desk.mode === "group" ? acts.backToImage : acts.close;
  const onPictures = place === review || place.closest("tokumei-viewer, tokumei-sheet, tokumei-tiles") !== null;
  if (!onPictures || desk.mode === "done") return null;
  const move = moves(event, review, place);
  if (move) return move;
  if (event.repeat) return null;
  return (desk.mode === "group" ? groupKeys : imageKeys)(event, review);
}

/** @param {KeyboardEvent} event @param {Review} review */
function controlKey({ code, shiftKey, repeat }, { desk, acts }) {
  if (repeat) return null;
  if (code === "KeyZ") return () => (shiftKey ? void desk.takeBack("redo") : acts.undo());
  if (code === "KeyY") return () => void desk.takeBack("redo");
  if (code === "KeyA" && desk.mode === "image") return () => acts.together(false);
  return null;
}

/** @param {KeyboardEvent} event @param {Review} review @param {Element} place */
function moves({ key, code }, { desk, sheet, tiles }, place) {
  const inSheet = place.closest("tokumei-sheet") !== null;
  if (desk.mode === "group") {
    const to = placeAfter(key, desk.group.at, desk.group.items.length, columnsOf(place));
    if (to === null) return null;
    return () => {
      desk.focusAt(to);
      tiles?.focus();
    };
  }
  if (code === "KeyJ") return () => desk.step(-1);
  if (code === "KeyL") return () => desk.step(1);
  const to = placeAfter(key, desk.at, desk.list.length, inSheet ? COLUMNS : 0);
  if (to === null) return null;
  return () => {
    desk.go(to);
    if (inSheet) sheet?.reveal(desk.at, true);
  };
}

/** @param {string} key @param {number} at @param {number} count @param {number} columns 0: there are no rows @returns {number | null} */
function placeAfter(key, at, count, columns) {
  if (key === "ArrowRight") return at + 1;
  if (key === "ArrowLeft") return at - 1;
  if (columns === 0) return null;
  if (key === "ArrowDown") return Math.min(count - 1, at + columns);
  if (key === "ArrowUp") return Math.max(0, at - columns);
  if (key === "Home") return 0;
  return key === "End" ? count - 1 : null;
}

/** @param {Element} place in the tiles */
function columnsOf(place) {
  const list = place.closest(".tiles") ?? place.querySelector(".tiles");
  return list ? getComputedStyle(list).gridTemplateColumns.split(" ").length : 1;
}

/** @param {KeyboardEvent} event @param {Review} review @returns {(() => void) | null} */
function imageKeys({ key, code }, review) {
  const { acts, desk, viewer } = review;
  if (key === "Enter") return () => acts.approve("masked");
  if (key === "0") return () => viewer?.magnify(0);
  if (key === "+" || key === ";") return () => viewer?.magnify(1.5);
  if (key === "-") return () => viewer?.magnify(1 / 1.5);
  /** @type {Record<string, () => void>} */
  const letters = {
    KeyP: () => acts.approve("pass"),
    KeyX: acts.refuse,
    KeyU: acts.reopen,
    KeyN: acts.add,
    KeyF: acts.frames,
    KeyS: () => acts.apply("series"),
    KeyA: () => acts.apply("device"),
    KeyC: () => acts.together(true),
    KeyR: acts.remember,
    KeyO: acts.outside,
    KeyH: () => review.toggleMasks(),
    KeyW: () => desk.toggleWhole(),
  };
  /** Lighter, and the width of the window. @type {Record<string, [number, number]>} */
  const levels = { "[": [-0.1, 0], "]": [0.1, 0], "{": [0, 0.2], "}": [0, -0.2] };
  const [lighter, wider] = levels[key] ?? [];
  if (lighter !== undefined) return () => desk.adjust(lighter, wider);
  return letters[code] ?? null;
}

/** @param {KeyboardEvent} event @param {Review} review @returns {(() => void) | null} */
function groupKeys({ key, code, target }, review) {
  const { desk, acts } = review;
  const passes = desk.selected.some(({ n }) => desk.work.masks(n).length === 0);
  // Enter for what is masked, P for what leaves as it is.
  if (key === "Enter") return passes && !desk.turns ? () => undefined : acts.approveGroup;
  if (code === "KeyP") return passes ? acts.approveGroup : null;
  if (key === " " && target instanceof HTMLElement) return () => desk.toggle(desk.group.at);
  if (key === "+" || key === ";") return () => review.toggleSize();
  if (code === "KeyX") return acts.refuseGroup;
  if (code === "KeyC") return acts.overlay;
  const kind = desk.overlaid ? KINDS[Number(key) - 1] : undefined;
  if (kind) return () => (review.kind = kind);
  return code === "KeyV" || code === "KeyE" ? acts.openTile : null;
}
