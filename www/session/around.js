/** What stands around the image of an entry: a proposal for a person, which proves nothing and decides nothing. */

import { boxesOf } from "./settled.js";

/**
 * @typedef {import("../workers/types.js").Area} Area
 * @typedef {{input: import("../workers/types.js").Input, row: import("../workers/types.js").ScanRow} | null} Instance  null: it is none
 * @typedef {Pick<import("../workers/calls.js").Pool, "around">} Pool
 */

/** Secondary Capture Image Storage and its multi-frame forms (PS3.4 B.5). */
const CAPTURE = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.7(?:\.[1-4])?$/u;

/**
 * Everything outside the image; nothing where no image stands out.
 * @param {Instance} instance
 * @param {number | null} frame  from 0; null: the images of the first, the middle and the last frame stay
 * @param {Pool} pool
 * @returns {Promise<Area[]>}
 */
export async function outside(instance, frame, pool) {
  return instance === null ? [] : (await aroundOf(instance, frame, pool)).outside;
}

/**
 * What rules make black; of a screen capture that no rule knows, the bars in which anything is written.
 * @param {Instance} instance
 * @param {import("./remembered.js").DeviceRule | null} remembered  of its device
 * @param {Pool} pool
 * @returns {Promise<import("../workers/types.js").Mask[]>}
 */
export async function proposed(instance, remembered, pool) {
  const boxes = boxesOf(instance?.row ?? null, remembered?.masks);
  if (instance === null || boxes.length > 0 || !CAPTURE.test(instance.row.sopClass ?? "")) return boxes;
  const { written } = await aroundOf(instance, null, pool);
  return written.map((area) => ({ frames: "all", ...area, by: "bar" }));
}

/** @param {NonNullable<Instance>} instance @param {number | null} frame @param {Pool} pool */
async function aroundOf({ input, row }, frame, pool) {
  const last = Math.max(1, row.frames ?? 1) - 1;
  const found = await pool.around(input, frame === null ? [...new Set([0, last >> 1, last])] : [frame]);
  return "outside" in found ? found : { outside: [], written: [] };
}
