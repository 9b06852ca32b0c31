/** What the report says of how a person came to a decision: numbers alone, never what was seen. */

/**
 * @typedef {Record<number, {seconds: number, scale: number}>} Looks
 *   By number of file: how long its picture was on the screen, and how many pixels of the screen a pixel of it took; of a clip the
 *   frame that was shown smallest
 * @typedef {{together: number, at: string}} About  files that were decided at once, and when (UTC)
 * @typedef {About & {held: string, areas: number, share: number, seconds: number | null, scale: number | null}} Note
 *   `held`: why a person had to decide; `areas`: rectangles; `share`: of the picture that they cover, 0 to 1; `seconds` and `scale`
 *   are null where no screen told them
 */

/**
 * @param {import("./entry.js").Entry} entry  as decided
 * @param {string} held
 * @param {Looks} looks
 * @param {About} about
 * @returns {Note}
 */
export function noteOf({ n, row, masks }, held, looks, about) {
  const look = looks[n ?? 0];
  const pixels = (row?.columns ?? 0) * (row?.rows ?? 0);
  return {
    held,
    areas: masks.length,
    share: pixels > 0 ? rounded(Math.min(1, coveredBy(masks) / pixels), 3) : 0,
    ...about,
    seconds: measured(look?.seconds, 1),
    scale: measured(look?.scale, 2),
  };
}

/**
 * Pixels that any of some rectangles covers.
 * @param {{x: number, y: number, w: number, h: number}[]} masks
 */
export function coveredBy(masks) {
  const edges = (/** @type {number[]} */ all) => [...new Set(all)].sort((a, b) => a - b);
  const columns = edges(masks.flatMap(({ x, w }) => [x, x + w]));
  const rows = edges(masks.flatMap(({ y, h }) => [y, y + h]));
  let pixels = 0;
  for (const [i, top] of rows.entries()) {
    for (const [j, left] of columns.entries()) {
      const inside = masks.some(({ x, y, w, h }) => left >= x && left < x + w && top >= y && top < y + h);
      if (inside) pixels += ((columns[j + 1] ?? left) - left) * ((rows[i + 1] ?? top) - top);
    }
  }
  return pixels;
}

/** @param {number | undefined} value @param {number} digits */
function measured(value, digits) {
  return value !== undefined && Number.isFinite(value) && value >= 0 ? rounded(value, digits) : null;
}

/** @param {number} value @param {number} digits */
function rounded(value, digits) {
  return Number(value.toFixed(digits));
}
