/**
 * Rectangles on a picture: made, moved, resized, hit. All in whole pixels of the picture, never outside it; no drawing here.
 *
 * @typedef {{ frames: "all" | number[], x: number, y: number, w: number, h: number }} Mask  `frames`: "all", or some from 0
 * @typedef {{ width: number, height: number }} Size
 * @typedef {{ x: number, y: number }} Point
 * @typedef {"nw" | "ne" | "sw" | "se"} Corner
 */

/** The smallest side of a rectangle that can still be taken hold of. */
const LEAST = 2;

/** @param {number} value @param {number} low @param {number} high */
const within = (value, low, high) => Math.max(low, Math.min(high, value));

/** The rectangle that covers all pixels between two points. @param {Point} a @param {Point} b @param {Size} size @returns {Mask} */
export function between(a, b, { width, height }) {
  const left = within(Math.floor(Math.min(a.x, b.x)), 0, Math.max(0, width - LEAST));
  const top = within(Math.floor(Math.min(a.y, b.y)), 0, Math.max(0, height - LEAST));
  const right = within(Math.ceil(Math.max(a.x, b.x)), Math.min(left + LEAST, width), width);
  const bottom = within(Math.ceil(Math.max(a.y, b.y)), Math.min(top + LEAST, height), height);
  return { frames: "all", x: left, y: top, w: right - left, h: bottom - top };
}

/** A fifth of the picture's width, in its middle. @param {Size} size @returns {Mask} */
export function inMiddle(size) {
  const w = Math.max(LEAST, Math.round(size.width / 5));
  const h = Math.max(LEAST, Math.round(size.height / 12));
  const from = { x: Math.round((size.width - w) / 2), y: Math.round((size.height - h) / 2) };
  return between(from, { x: from.x + w, y: from.y + h }, size);
}

/** @param {Mask} mask @param {number} dx @param {number} dy @param {Size} size @returns {Mask} */
export function moved(mask, dx, dy, { width, height }) {
  const x = within(mask.x + Math.round(dx), 0, Math.max(0, width - mask.w));
  return { ...mask, x, y: within(mask.y + Math.round(dy), 0, Math.max(0, height - mask.h)) };
}

/** Its lower right corner moves. @param {Mask} mask @param {number} dw @param {number} dh @param {Size} size @returns {Mask} */
export function resized(mask, dw, dh, size) {
  return cornerAt(mask, "se", { x: mask.x + mask.w + dw, y: mask.y + mask.h + dh }, size);
}

/** One corner goes to a point, the opposite one stays. @param {Mask} mask @param {Corner} corner @param {Point} point @param {Size} size @returns {Mask} */
export function cornerAt(mask, corner, point, size) {
  const fixed = {
    x: corner.endsWith("w") ? mask.x + mask.w : mask.x,
    y: corner.startsWith("n") ? mask.y + mask.h : mask.y,
  };
  return { ...between(fixed, point, size), frames: mask.frames };
}

/** The corner that is nearest to a point. @param {Mask} mask @param {Point} point @returns {Corner} */
export function nearestCorner(mask, { x, y }) {
  const vertical = y < mask.y + mask.h / 2 ? "n" : "s";
  return /** @type {Corner} */ (`${vertical}${x < mask.x + mask.w / 2 ? "w" : "e"}`);
}

/** Does it cover a frame? @param {Mask} mask @param {number} frame from 0 */
export function covers({ frames }, frame) {
  return frames === "all" || frames.includes(frame);
}

/**
 * What a point lies on: a corner within reach, or the inside of a rectangle; the one drawn last is on top.
 * @param {Mask[]} masks
 * @param {number} frame
 * @param {Point} point
 * @param {number} reach pixels of the picture
 * @returns {{ at: number, corner: Corner | null } | null}
 */
export function hit(masks, frame, point, reach) {
  for (let at = masks.length - 1; at >= 0; at -= 1) {
    const mask = masks[at];
    if (!mask || !covers(mask, frame)) continue;
    const dx = Math.min(Math.abs(point.x - mask.x), Math.abs(point.x - mask.x - mask.w));
    const dy = Math.min(Math.abs(point.y - mask.y), Math.abs(point.y - mask.y - mask.h));
    const near = isInside(mask, point, reach);
    if (near && dx <= reach && dy <= reach) return { at, corner: nearestCorner(mask, point) };
    if (isInside(mask, point, 0)) return { at, corner: null };
  }
  return null;
}

/** @param {Mask} mask @param {Point} point @param {number} reach */
function isInside(mask, { x, y }, reach) {
  const across = x >= mask.x - reach && x <= mask.x + mask.w + reach;
  return across && y >= mask.y - reach && y <= mask.y + mask.h + reach;
}

/**
 * What becomes black of a rectangle: codings hold blocks of pixels together.
 * @template {{ x: number, y: number, w: number, h: number }} T
 * @param {T} mask
 * @param {[number, number] | null} grid columns and rows of a block; null: not known
 * @param {Size} size
 * @returns {T}
 */
export function grown(mask, grid, { width, height }) {
  const [across, down] = grid ?? [1, 1];
  const x = Math.floor(mask.x / across) * across;
  const y = Math.floor(mask.y / down) * down;
  const right = Math.min(width, Math.ceil((mask.x + mask.w) / across) * across);
  const bottom = Math.min(height, Math.ceil((mask.y + mask.h) / down) * down);
  return { ...mask, x, y, w: right - x, h: bottom - y };
}

/** @template {{ x: number, y: number, w: number, h: number }} T @param {T} mask @param {number} by @returns {T} in pixels of another scale */
export function scaled(mask, by) {
  return { ...mask, x: mask.x * by, y: mask.y * by, w: mask.w * by, h: mask.h * by };
}

/** Rectangles with more areas on all frames; what lies wholly in one of these is not needed any more. @param {Mask[]} masks @param {Omit<Mask, "frames">[]} areas @returns {Mask[]} */
export function united(masks, areas) {
  const holds = (/** @type {Omit<Mask, "frames">} */ { x, y, w, h }, /** @type {Mask} */ mask) =>
    mask.x >= x && mask.y >= y && mask.x + mask.w <= x + w && mask.y + mask.h <= y + h;
  const kept = masks.filter((mask) => !areas.some((area) => holds(area, mask)));
  return [...kept, ...areas.map((area) => ({ frames: /** @type {const} */ ("all"), ...area }))];
}

/** The same rectangles, for another picture of the same size. @param {Mask[]} masks @returns {Mask[]} */
export function copied(masks) {
  return masks.map((mask) => ({ ...mask, frames: mask.frames === "all" ? "all" : [...mask.frames] }));
}
