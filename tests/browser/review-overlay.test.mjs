// Images of a group laid over each other: a text in one of them shows, unless a rectangle covers it there.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Layers } from "../../www/views/review-layers.js";
import { barriers } from "./axe.mjs";
import { visit } from "./kit.mjs";
import { kit, review, writePictures } from "./review-kit.mjs";

const folder = mkdtempSync(join(tmpdir(), "tokumei-overlay-"));
const size = { width: 320, height: 240 };

before(() => {
  writePictures(folder, [
    ...[1, 2, 3, 4].map((number) => ({ number, series: 1, ...size })),
    { number: 5, series: 1, person: 1, ...size, frames: 3 },
  ]);
});
after(() => rmSync(folder, { recursive: true, force: true }));

test("pixels laid over each other; what is masked counts for nothing", () => {
  const layers = new Layers(3);
  const grey = (/** @type {number[]} */ levels, /** @type {number[]} */ opacity) =>
    new Uint8ClampedArray(levels.flatMap((level, i) => [level, level, level, opacity[i] ?? 255]));
  layers.add(grey([10, 20, 200], [255, 255, 0]));
  layers.add(grey([30, 5, 200], [255, 255, 254]));
  layers.add(grey([20, 5, 200], [255, 255, 0]));
  const of = (/** @type {import("../../www/views/review-layers.js").Kind} */ kind) =>
    [...layers.picture(kind)].filter((_, i) => i % 4 === 0);
  assert.deepEqual(of("brightest"), [30, 20, 0]);
  assert.deepEqual(of("darkest"), [10, 5, 0]);
  assert.deepEqual(of("differing"), [10, 15, 0]);
});

test("what few of many pictures show stands out whole, wherever they stand among them", () => {
  for (const at of [0, 7, 64, 99]) {
    const layers = new Layers(2);
    for (let n = 0; n < 100; n += 1) {
      // The first pixel is 40 but in one picture; the second rises from 0 to 198, so that half of its range is usual.
      const levels = [n === at ? 250 : 40, 2 * n];
      layers.add(new Uint8ClampedArray(levels.flatMap((level) => [level, level, level, 255])));
    }
    const [outstanding = 0, , , , rising = 0] = layers.picture("differing");
    assert.equal(outstanding, 210);
    assert.ok(rising > 80 && rising < 120, `${rising}`);
  }
});

/** Share of light pixels in a part of the laid picture, in its own coordinates from 0 to 1. @param {import("playwright-core").Page} page @param {number[]} part left, top, right, bottom */
const light = (page, part) =>
  page.locator("tokumei-overlay canvas").evaluate((canvas, [left = 0, top = 0, right = 1, bottom = 1]) => {
    const { width, height } = /** @type {HTMLCanvasElement} */ (canvas);
    const context = /** @type {HTMLCanvasElement} */ (canvas).getContext("2d");
    const [w, h] = [Math.round((right - left) * width), Math.round((bottom - top) * height)];
    const data = context?.getImageData(Math.round(left * width), Math.round(top * height), w, h).data ?? [];
    let count = 0;
    for (let i = 0; i < data.length; i += 4) if ((data[i] ?? 0) > 200) count += 1;
    return count / (w * h);
  }, part);

for (const language of /** @type {const} */ (["ja", "en"])) {
  test(`all of a group in one picture (${language})`, async () => {
    const seen = await visit({ language });
    const { page } = seen;
    const { at, press, decide, decisions } = kit(seen);
    const complete = () => page.locator('[data-testid="overlay-n"][data-complete="true"]').waitFor();
    /** Where the names stand, inside a rectangle of this size. */
    const name = [0.01, 0.01, 0.5, 0.12];
    try {
      await review(seen, folder);
      await page.locator('[data-testid="viewer"] canvas').waitFor();
      // Nothing is masked: the names show.
      await press("c");
      await complete();
      const names = await light(page, name);
      assert.ok(names > 0.02);
      assert.match((await at("overlay-n").textContent()) ?? "", language === "ja" ? /7\u00a0枚/ : /All 7/);
      assert.deepEqual(await barriers(page), []);
      const [bright = 0] = [await light(page, [0, 0, 1, 1])];
      await press("2");
      await page.locator('[data-testid="overlay-darkest"][aria-pressed="true"]').waitFor();
      assert.ok((await light(page, [0, 0, 1, 1])) < bright);
      await at("overlay-differing").click();
      await page.locator('[data-testid="overlay-differing"][aria-pressed="true"]').waitFor();
      // Five of seven frames bear one name: of the other's only what the first has not stands out.
      const outstanding = await light(page, name);
      assert.ok(outstanding > 0 && outstanding < names, `${outstanding} of ${names}`);
      await press("1");

      // A rectangle of the first, for all but the clip: the name of the clip still shows.
      await press("Escape", "n", ...Array(20).fill("Control+ArrowLeft"), ...Array(20).fill("Control+ArrowUp"));
      await press(...Array(10).fill("Control+Shift+ArrowRight"), "Control+Shift+ArrowDown", "Escape", "a");
      await page.locator('[data-testid="overlay"][aria-pressed="true"]').waitFor();
      await complete();
      assert.equal(await light(page, name), 0);
      await at("overlay").click();
      await page.locator("tokumei-overlay").waitFor({ state: "detached" });
      // The tiles beside it are what is decided on.
      await press("c");
      await complete();
      await decide("Enter");
      await page.locator('[data-testid="group-approve"][aria-disabled], .desk:not(.group)').first().waitFor();
      assert.ok((await decisions()).filter((decision) => decision === "masked").length >= 1);
      // The browser warns of the readings of this test.
      assert.deepEqual(
        seen.console.filter((line) => !line.includes("willReadFrequently")),
        [],
      );
    } finally {
      await seen.close();
    }
  });
}
