// Rectangles stay whole pixels inside the picture, whatever is done to them.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  between,
  cornerAt,
  covers,
  grown,
  hit,
  inMiddle,
  moved,
  nearestCorner,
  resized,
  united,
} from "../../www/views/review-masks.js";

const SIZES = [
  { width: 640, height: 480 },
  { width: 3, height: 2 },
  { width: 1, height: 1 },
];
const FAR = [-1e6, -1, 0, 0.4, 1.5, 2, 100.49, 639.9, 640, 1e6];

/** @param {import("../../www/views/review-masks.js").Mask} mask @param {{ width: number, height: number }} size */
function isInside({ x, y, w, h }, { width, height }) {
  assert.ok([x, y, w, h].every(Number.isInteger));
  assert.ok(x >= 0 && y >= 0 && w >= 1 && h >= 1 && x + w <= width && y + h <= height);
}

test("a rectangle is never outside the picture, and never empty", () => {
  let cases = 0;
  for (const size of SIZES) {
    isInside(inMiddle(size), size);
    for (const x of FAR) {
      for (const y of FAR) {
        const mask = between({ x, y }, { x: y, y: x }, size);
        isInside(mask, size);
        isInside(moved(mask, x, y, size), size);
        isInside(resized(mask, x, y, size), size);
        for (const corner of /** @type {const} */ (["nw", "ne", "sw", "se"])) {
          isInside(cornerAt(mask, corner, { x, y }, size), size);
        }
        cases += 1;
      }
    }
  }
  assert.equal(cases, 300);
});

test("it covers every pixel that the pointer went over", () => {
  const size = { width: 100, height: 100 };
  assert.deepEqual(between({ x: 10.2, y: 20.9 }, { x: 30.1, y: 21.1 }, size), {
    frames: "all",
    x: 10,
    y: 20,
    w: 21,
    h: 2,
  });
});

test("moving keeps the size, and a corner keeps the one across", () => {
  const size = { width: 100, height: 100 };
  const mask = { frames: [2], x: 10, y: 20, w: 30, h: 40 };
  assert.deepEqual(moved(mask, 500, -500, size), { ...mask, x: 70, y: 0 });
  assert.deepEqual(cornerAt(mask, "nw", { x: 5, y: 6 }, size), { frames: [2], x: 5, y: 6, w: 35, h: 54 });
  assert.deepEqual(cornerAt(mask, "ne", { x: 50, y: 6 }, size), { frames: [2], x: 10, y: 6, w: 40, h: 54 });
  assert.equal(nearestCorner(mask, { x: 0, y: 99 }), "sw");
});

test("the one drawn last is taken hold of, on frames that it covers", () => {
  /** @type {import("../../www/views/review-masks.js").Mask[]} */
  const masks = [
    { frames: "all", x: 0, y: 0, w: 50, h: 50 },
    { frames: [1], x: 10, y: 10, w: 50, h: 50 },
  ];
  assert.deepEqual(hit(masks, 1, { x: 30, y: 30 }, 3), { at: 1, corner: null });
  assert.deepEqual(hit(masks, 0, { x: 30, y: 30 }, 3), { at: 0, corner: null });
  assert.deepEqual(hit(masks, 1, { x: 59, y: 61 }, 3), { at: 1, corner: "se" });
  assert.equal(hit(masks, 0, { x: 59, y: 61 }, 3), null);
  assert.deepEqual(
    masks.map((mask) => covers(mask, 0)),
    [true, false],
  );
});

test("what becomes black is the rectangle, grown to blocks, cut at the picture", () => {
  const size = { width: 100, height: 50 };
  const mask = { frames: /** @type {const} */ ("all"), x: 9, y: 17, w: 7, h: 30 };
  assert.deepEqual(grown(mask, null, size), mask);
  assert.deepEqual(grown(mask, [1, 1], size), mask);
  assert.deepEqual(grown(mask, [8, 8], size), { ...mask, x: 8, y: 16, w: 8, h: 32 });
  assert.deepEqual(grown({ ...mask, x: 95, w: 5, h: 33 }, [16, 16], size), { ...mask, x: 80, y: 16, w: 20, h: 34 });
});

test("areas beside what was drawn; what lies in one of them is not needed any more", () => {
  /** @type {import("../../www/views/review-masks.js").Mask[]} */
  const masks = [
    { frames: "all", x: 1, y: 1, w: 5, h: 5 },
    { frames: [2], x: 50, y: 1, w: 5, h: 5 },
  ];
  const areas = [{ x: 0, y: 0, w: 10, h: 10 }];
  const [kept, added] = united(masks, areas);
  assert.deepEqual([kept, added], [masks[1], { frames: "all", ...areas[0] }]);
  assert.deepEqual(united(united(masks, areas), areas), united(masks, areas));
});
