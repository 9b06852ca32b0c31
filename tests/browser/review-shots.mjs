// Pictures of the review for the documents.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { visit } from "./kit.mjs";
import { review, writePictures } from "./review-kit.mjs";

/** All pictures of the sheet that are in sight have come: one that has not is as empty as a new canvas. @param {import("playwright-core").Page} page */
async function sheetDrawn(page) {
  for (const canvas of await page.locator("tokumei-sheet canvas").all()) {
    await canvas.and(page.locator('[data-drawn="true"]')).waitFor();
  }
}

/** @param {"ja" | "en"} language @param {string} out */
export async function reviewShots(language, out) {
  const folder = mkdtempSync(join(tmpdir(), "tokumei-shots-"));
  const many = (/** @type {number} */ n, /** @type {object} */ what) =>
    Array.from({ length: n }, (_, i) => ({ number: i + 1, width: 640, height: 480, ...what }));
  writePictures(folder, [...many(14, { series: 1 }), ...many(9, { person: 1, series: 1 })]);
  const seen = await visit({ language });
  const { page } = seen;
  const shot = (/** @type {string} */ name) => page.screenshot({ path: join(out, `${language}-${name}.png`) });
  const press = async (/** @type {string} */ key, times = 1) => {
    for (let i = 0; i < times; i += 1) await page.keyboard.press(key);
  };
  await review(seen, folder);
  await page.locator('[data-testid="viewer"] canvas').waitFor();
  await press("n");
  await press("Control+ArrowLeft", 30);
  await press("Control+ArrowUp", 30);
  await press("Control+Shift+ArrowRight", 4);
  await sheetDrawn(page);
  await shot("2-review");
  await press("Escape");
  await press("a");
  await page.locator('[data-testid="group-approve"]:not([aria-disabled])').waitFor();
  await shot("2-review-many");
  await press("c");
  await page.locator('[data-testid="overlay-n"][data-complete="true"]').waitFor();
  await page.locator('[data-testid="group-approve"]:not([aria-disabled])').waitFor();
  await shot("2-review-overlay");
  await seen.close();
  rmSync(folder, { recursive: true, force: true });
}
