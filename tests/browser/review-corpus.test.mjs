// Pictures with names burned into them, of many codings: a person masks them in the page, and nothing else of them changes.
import assert from "node:assert/strict";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { after, test } from "node:test";
import { root } from "../../tools/process.mjs";
import { initSync, preview } from "../../www/pkg/pixels.js";
import { source } from "../wasm/dicom.mjs";
import { saved, state, visit } from "./kit.mjs";
import { review, settled } from "./review-kit.mjs";
import { unzip } from "./zip.mjs";

const SYNTH = join(resolve(root, process.env.TOKUMEI_SHARED ?? "../shared"), "corpus/synth");
const folder = mkdtempSync(join(tmpdir(), "tokumei-burned-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** A decoder of chroma mixes pixels that are near; a lossy stream's blocks are 16 wide. */
const NEAR = 20;

/** @typedef {{ x: number, y: number, right: number, bottom: number }} Box */

/** Where names, numbers and dates stand in each file, as one box. @returns {Map<string, Box>} */
function answers() {
  /** @type {Map<string, Box>} */
  const boxes = new Map();
  const { burned } = JSON.parse(readFileSync(join(SYNTH, "ANSWER_KEY.json"), "utf8"));
  for (const { files, frames, bbox, must_go } of burned) {
    if (frames !== "all" || !must_go) continue;
    for (const file of files.filter((/** @type {string} */ name) => /\/(US|ES)\//.test(name))) {
      const old = boxes.get(file) ?? { x: bbox[0], y: bbox[1], right: 0, bottom: 0 };
      const [x, y] = [Math.min(old.x, bbox[0]), Math.min(old.y, bbox[1])];
      boxes.set(file, { x, y, right: Math.max(old.right, bbox[2]), bottom: Math.max(old.bottom, bbox[3]) });
    }
  }
  return boxes;
}

test("names burned into pictures of many codings are masked by hand", {
  skip: !existsSync(SYNTH) && "no shared corpus",
}, async () => {
  initSync({ module: readFileSync(join(root, "www/pkg/pixels.wasm")) });
  const boxes = answers();
  const files = [...boxes.keys()].sort();
  assert.ok(files.length > 10, String(files.length));
  for (const file of files) cpSync(join(SYNTH, file), join(folder, dirname(file), basename(file)), { recursive: true });
  const seen = await visit({ language: "en" });
  const { page } = seen;
  try {
    await review(seen, folder);
    const options = page.getByTestId("sheet").getByRole("option");
    assert.equal(await options.count(), files.length);
    for (const [i, file] of files.entries()) {
      await page.getByRole("heading", { name: `Review ${i + 1} of` }).waitFor();
      await page.locator('[data-testid="viewer"] canvas').waitFor();
      await settled(page);
      // What the rules of the product propose is taken away: here a person's own rectangle is alone.
      const proposed = page.locator('[data-testid="viewer"] [data-testid="mask"]');
      for (let left = await proposed.count(); left > 0; left -= 1) {
        await proposed.first().focus();
        await page.keyboard.press("Delete");
      }
      assert.equal(await proposed.count(), 0, file);
      const before = preview(source(readFileSync(join(SYNTH, file))), 0);
      const stage = (await page.getByTestId("viewer").boundingBox()) ?? { x: 0, y: 0, width: 1, height: 1 };
      const { x, y, right, bottom } = boxes.get(file) ?? { x: 0, y: 0, right: 1, bottom: 1 };
      const spot = (/** @type {number} */ px, /** @type {number} */ py) =>
        /** @type {const} */ ([
          stage.x + (px / before.width) * stage.width,
          stage.y + (py / before.height) * stage.height,
        ]);
      await page.mouse.move(...spot(Math.max(0, x - 1), Math.max(0, y - 1)));
      await page.mouse.down();
      await page.mouse.move(...spot(right + 1, bottom + 1), { steps: 3 });
      await page.mouse.up();
      // Frames of a clip are looked at first, and keys do nothing while a picture is new.
      const decided = options.nth(i).and(page.locator("[data-decision]"));
      for (let times = 0; (await decided.count()) === 0; times += 1) {
        assert.ok(times < 100, file);
        await settled(page);
        await page.keyboard.press("Enter");
        await decided.waitFor({ timeout: 300 }).catch(() => undefined);
      }
    }
    await state(page, "review", "done");
    await page.keyboard.press("Enter");
    await state(page, "check", "ready");
    const zip = page.waitForEvent("download");
    await page.keyboard.press("Control+Enter");
    await state(page, "record", "*");
    const members = unzip(await saved(await zip));
    const json = page.waitForEvent("download");
    await page.getByTestId("save-report").click();
    const rows = JSON.parse((await saved(await json)).toString()).files;
    for (const [i, file] of files.entries()) {
      const row = rows[i];
      assert.deepEqual(
        [row.verdict, row.reason, row.decidedBy],
        ["masked", "decided-masked", "person"],
        `${file} ${row.reason}`,
      );
      const bytes = members.get(row.out)?.bytes ?? Buffer.alloc(0);
      isMasked(preview(source(readFileSync(join(SYNTH, file))), 0), preview(source(bytes), 0), boxes.get(file), file);
    }
  } finally {
    await seen.close();
  }
});

/** @param {any} before @param {any} now @param {Box | undefined} box @param {string} file */
function isMasked(before, now, box = { x: 0, y: 0, right: 0, bottom: 0 }, file) {
  assert.deepEqual([now.width, now.height], [before.width, before.height], file);
  const { x, y, right, bottom } = box;
  let outside = 0;
  for (let row = 0; row < now.height; row += 1) {
    for (let column = 0; column < now.width; column += 1) {
      const at = (row * now.width + column) * 4;
      const inside = column >= x && column < right && row >= y && row < bottom;
      const near = column >= x - NEAR && column < right + NEAR && row >= y - NEAR && row < bottom + NEAR;
      const value = now.rgba.subarray(at, at + 3);
      if (inside)
        assert.ok(
          value.every((/** @type {number} */ level) => level < 4),
          `${file} ${column},${row}: ${value}`,
        );
      if (near) continue;
      assert.deepEqual(value, before.rgba.subarray(at, at + 3), `${file} ${column},${row}`);
      outside += 1;
    }
  }
  assert.ok(outside > 100, file);
}
