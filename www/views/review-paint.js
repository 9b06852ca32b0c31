/** Pictures with their rectangles, painted into a canvas: what stands for black must not hang on colours of the page's style. */
import { covers, grown, scaled } from "./review-masks.js";

/** @typedef {import("./review-masks.js").Mask} Mask */

/** No canvas is larger, whatever the magnification: browsers give none. */
const LONGEST_SIDE = 4096;

/**
 * @param {HTMLCanvasElement} target
 * @param {HTMLCanvasElement} picture
 * @param {{ masks: Mask[], frame: number, scale: number, as: "edited" | "outlined" | "released", chosen?: number,
 *   grid?: [number, number] | null }} how
 *   `scale`: pixels of the target for one of the picture; `released`: as it leaves; `grid`: what rectangles grow to
 */
export function paint(target, picture, { masks, frame, scale, as, chosen = -1, grid = null }) {
  const most = LONGEST_SIDE / Math.max(picture.width, picture.height);
  const used = Math.min(scale, most);
  target.width = Math.max(1, Math.round(picture.width * used));
  target.height = Math.max(1, Math.round(picture.height * used));
  const context = target.getContext("2d");
  if (!context) return;
  context.imageSmoothingQuality = "high";
  context.drawImage(picture, 0, 0, target.width, target.height);
  for (const [at, mask] of masks.entries()) {
    if (!covers(mask, frame)) continue;
    const real = boxOf(grown(mask, grid, picture), used);
    if (as === "released") {
      context.fillStyle = "#000";
      context.fillRect(...real);
      edge(context, real, 1);
      continue;
    }
    if (as === "edited") hatch(context, real);
    // What grows beyond the rectangle has its own, broken line.
    context.setLineDash([4, 4]);
    edge(context, real, 1);
    context.setLineDash([]);
    edge(context, boxOf(mask, used), at === chosen ? 3 : 2);
  }
}

/** @typedef {[number, number, number, number]} Box left, top, width, height */

/** @param {import("./review-masks.js").Mask} mask @param {number} scale @returns {Box} */
function boxOf(mask, scale) {
  const { x, y, w, h } = scaled(mask, scale);
  return [Math.round(x), Math.round(y), Math.round(w), Math.round(h)];
}

/** Nearly black, so that the person sees what goes; lines tell it from a dark picture. @param {CanvasRenderingContext2D} context @param {Box} box */
function hatch(context, [x, y, w, h]) {
  context.save();
  context.beginPath();
  context.rect(x, y, w, h);
  context.clip();
  context.fillStyle = "rgb(0 0 0 / 80%)";
  context.fillRect(x, y, w, h);
  context.strokeStyle = "rgb(120 120 120 / 70%)";
  context.lineWidth = 2;
  context.beginPath();
  for (let from = x - h; from < x + w; from += 10) {
    context.moveTo(from, y + h);
    context.lineTo(from + h, y);
  }
  context.stroke();
  context.restore();
}

/** White on black, to be seen on any picture. @param {CanvasRenderingContext2D} context @param {Box} box @param {number} width */
function edge(context, [x, y, w, h], width) {
  context.strokeStyle = "#000";
  context.lineWidth = width + 2;
  context.strokeRect(x, y, w, h);
  context.strokeStyle = "#fff";
  context.lineWidth = width;
  context.strokeRect(x, y, w, h);
}
