// The viewer by mouse and by keys: grey values, frames, nearness; and pictures of every kind, or why there is none.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { root } from "../../tools/process.mjs";
import { grown } from "../../www/views/review-masks.js";
import { barriers } from "./axe.mjs";
import { slice } from "./dicom.mjs";
import { saved, state, visit } from "./kit.mjs";
import { drawnAnew, kit, review, settled, ultrasound, writePictures } from "./review-kit.mjs";

const folder = mkdtempSync(join(tmpdir(), "tokumei-viewer-"));
const CLIP = join(folder, "CLIP");
const KINDS = join(folder, "KINDS");
const SLICES = join(folder, "SLICES");
const SHARED = resolve(root, process.env.TOKUMEI_SHARED ?? "../shared");
const JPEG = join(SHARED, "corpus/synth/NOMURA_HARUMI_32580007/20210225/US/JPEG");

before(() => {
  writePictures(CLIP, [{ number: 1, width: 320, height: 240, frames: 5 }]);
  const size = { width: 320, height: 240 };
  writePictures(KINDS, [{ number: 1, ...size }]);
  const of = (/** @type {number} */ number) => ultrasound({ number, ...size }).toString("latin1");
  const put = (/** @type {string} */ name, /** @type {string} */ text) =>
    writeFileSync(join(KINDS, name), Buffer.from(text, "latin1"));
  put("US1", of(2).replace("MONOCHROME2 ", "MONOCHROME1 ").replace("MONOCHROME2", "MONOCHROME1"));
  const bits = (/** @type {number} */ n) => `\x28\0\0\x01US\x02\0${String.fromCharCode(n)}\0`;
  put("US2", of(3).replace(bits(16), bits(24)));
  mkdirSync(SLICES);
  for (const number of [1, 2]) {
    writeFileSync(join(SLICES, `CT${number}`), slice({ person: 0, study: 1, series: 1, number, size: 64 }));
  }
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** Light of the picture, and the size at which it is drawn. @param {import("playwright-core").Page} page */
const shown = (page) =>
  page.locator('[data-testid="viewer"] canvas').evaluate((canvas) => {
    const { width, height } = /** @type {HTMLCanvasElement} */ (canvas);
    const data =
      /** @type {HTMLCanvasElement} */ (canvas).getContext("2d")?.getImageData(0, 0, width, height).data ?? [];
    let light = 0;
    for (let i = 0; i < data.length; i += 4) light += data[i] ?? 0;
    const port = canvas.closest(".port");
    return {
      light: light / (data.length / 4),
      wide: canvas.clientWidth,
      left: port?.scrollLeft ?? 0,
      top: port?.scrollTop ?? 0,
    };
  });

for (const language of /** @type {const} */ (["ja", "en"])) {
  test(`grey values, frames and nearness by mouse and by keys (${language})`, async () => {
    const seen = await visit({ language });
    const { page } = seen;
    const { at, press, text } = kit(seen);
    try {
      await review(seen, CLIP);
      await page.locator('[data-testid="viewer"] canvas').waitFor();
      const box = (await at("viewer").boundingBox()) ?? { x: 0, y: 0, width: 1, height: 1 };
      const middle = /** @type {const} */ ([box.x + box.width / 2, box.y + box.height / 2]);
      const first = await shown(page);
      // With the right button: up is lighter, to the right there is less contrast; nothing is drawn.
      const drag = async (
        /** @type {"right" | "left"} */ button,
        /** @type {number} */ dx,
        /** @type {number} */ dy,
      ) => {
        await page.mouse.move(...middle);
        await page.mouse.down({ button });
        await page.mouse.move(middle[0] + dx, middle[1] + dy, { steps: 4 });
        await page.mouse.up({ button });
        await drawnAnew(page);
      };
      await drag("right", 0, -60);
      const lighter = await shown(page);
      assert.ok(lighter.light > first.light * 1.05, `${lighter.light} ${first.light}`);
      assert.equal(await at("mask").count(), 0);
      await press("w", "w");
      await drawnAnew(page);
      assert.equal((await shown(page)).light, first.light);
      await press("{", "{");
      await drawnAnew(page);
      const wide = await shown(page);
      await press("}", "}");
      await drawnAnew(page);
      assert.ok(Math.abs((await shown(page)).light - first.light) < 1);
      assert.ok(Math.abs(wide.light - first.light) > 1);

      // Frames by the wheel, by the slider and by keys.
      const frame = async (/** @type {number} */ n) =>
        at("frame-n")
          .filter({ hasText: new RegExp(`${n} / 5`) })
          .waitFor();
      await page.mouse.move(...middle);
      await page.mouse.wheel(0, 100);
      await frame(2);
      await at("frame-slider").fill("4");
      await frame(4);
      await at("viewer").focus();
      await press("l");
      await frame(5);
      await page.mouse.wheel(0, -100);
      await frame(4);

      // Nearer by Ctrl and the wheel, at the pointer; moved by Alt and the mouse, by the middle button and by keys.
      await page.keyboard.down("Control");
      for (let i = 0; i < 5; i += 1) await page.mouse.wheel(0, -100);
      await page.keyboard.up("Control");
      await page.locator('[data-testid="viewer"]').evaluate((stage, wide) => {
        if (stage.clientWidth < wide * 2) throw new Error(`${stage.clientWidth}`);
      }, first.wide);
      const near = await shown(page);
      assert.ok(near.left > 0);
      await page.keyboard.down("Alt");
      await drag("left", 50, 0);
      await page.keyboard.up("Alt");
      const moved = await shown(page);
      assert.equal(Math.round(near.left - moved.left), 50);
      assert.equal(await at("mask").count(), 0);
      await press("Alt+ArrowRight");
      await page
        .locator(".port")
        .first()
        .evaluate(() => new Promise(requestAnimationFrame));
      assert.ok((await shown(page)).left > moved.left);
      await press("0");
      assert.equal((await shown(page)).wide, first.wide);
      await page.mouse.wheel(0, 10);
      assert.match((await text("frame-n")) ?? "", /4/);
      assert.deepEqual(await barriers(page), []);
    } finally {
      await seen.close();
    }
  });

  test(`light is light whatever its interpretation, and what cannot be shown says why (${language})`, async () => {
    const seen = await visit({ language });
    const { page } = seen;
    const { at, press } = kit(seen);
    const go = (/** @type {number} */ n) => at("sheet").getByRole("option").nth(n).click();
    try {
      await review(seen, KINDS);
      await page.locator('[data-testid="viewer"] canvas').waitFor();
      const dark = (await shown(page)).light;
      await go(1);
      await page.locator('html[data-state="image"]').waitFor({ state: "attached" });
      await drawnAnew(page);
      const inverted = (await shown(page)).light;
      assert.ok(inverted > 150 && dark < 100, `${inverted} ${dark}`);
      await press("]");
      await drawnAnew(page);
      assert.ok((await shown(page)).light > inverted);
      await go(2);
      await page.locator('[data-notice="no-preview"] [data-none="form-not-drawn"]').waitFor();
      const why = (await page.locator("[data-none]").textContent()) ?? "";
      assert.match(why, language === "ja" ? /画素の形/ : /rare form/);
      assert.equal(await at("approve-pass").getAttribute("aria-disabled"), "true");
    } finally {
      await seen.close();
    }
  });

  test(`all outside the image is masked by one key (${language})`, async () => {
    const seen = await visit({ language });
    const { page } = seen;
    const { at, press, masks } = kit(seen);
    try {
      await review(seen, CLIP);
      await page.locator('[data-testid="viewer"] canvas').waitFor();
      await press("o");
      await at("mask").first().waitFor();
      const count = (await masks()).length;
      // The name in its corner is dark now; the middle of the fan is not.
      assert.ok(count >= 1);
      const light = (/** @type {number[]} */ part) =>
        page.locator('[data-testid="viewer"] canvas').evaluate((canvas, [x = 0, y = 0, w = 1, h = 1]) => {
          const { width, height } = /** @type {HTMLCanvasElement} */ (canvas);
          const context = /** @type {HTMLCanvasElement} */ (canvas).getContext("2d");
          const data = context?.getImageData(x * width, y * height, w * width, h * height).data ?? [];
          return Math.max(...data.filter((_, i) => i % 4 === 0));
        }, part);
      assert.ok((await light([0.3, 0.5, 0.1, 0.1])) > 100);
      await press("Control+z");
      assert.deepEqual(await masks(), []);
      await at("mask-outside").click();
      await at("mask").first().waitFor();
      assert.equal((await masks()).length, count);
      // Once more adds nothing.
      await press("o");
      assert.equal((await masks()).length, count);
      assert.deepEqual(await barriers(page), []);
    } finally {
      await seen.close();
    }
  });

  test(`slices are not approved by a look: a face shows when they are put together (${language})`, async () => {
    const seen = await visit({ language });
    const { page } = seen;
    const { at, decisions, text } = kit(seen);
    try {
      await review(seen, SLICES);
      await page.locator('[data-testid="viewer"] canvas').waitFor();
      assert.match((await text("review-why-text")) ?? "", language === "ja" ? /立体に組む/ : /put together/i);
      for (const button of ["approve-masked", "approve-pass"]) {
        assert.equal(await at(button).getAttribute("aria-disabled"), "true");
      }
      for (const key of ["p", "Enter"]) {
        await settled(page);
        await page.keyboard.press(key);
      }
      assert.deepEqual(await decisions(), [null, null]);
      await settled(page);
      await page.keyboard.press("x");
      await page.locator('[data-testid="sheet"] [data-at="0"][data-decision="refused"]').waitFor();
    } finally {
      await seen.close();
    }
  });

  test(`the area that becomes black is shown, grown to blocks of a JPEG (${language})`, {
    skip: !existsSync(JPEG) && "no shared corpus",
  }, async () => {
    const seen = await visit({ language });
    const { page } = seen;
    const { at, press, masks, decide } = kit(seen);
    try {
      await review(seen, JPEG);
      await page.locator('[data-testid="viewer"] canvas').waitFor();
      await press("n", "ArrowLeft", "ArrowLeft", "ArrowLeft", "ArrowUp", "Escape");
      await at("mask-grid").waitFor();
      const [across = 0, down = 0] = ((await at("mask-grid").textContent()) ?? "").match(/\d+/g)?.map(Number) ?? [];
      assert.ok(across >= 8 && down >= 8, `${across} ${down}`);
      const [, x = 0, y = 0, w = 0, h = 0] = ((await masks()).at(-1) ?? "").match(/\d+/g)?.map(Number) ?? [];
      const size = { width: 1e6, height: 1e6 };
      const expected = grown({ x, y, w, h }, [across, down], size);
      assert.notDeepEqual(expected, { x, y, w, h });
      // What was shown is what the run made black.
      // Frames of a clip are looked at first, and a key that comes before a picture stands does nothing.
      const done = page.locator('html[data-screen="review"][data-state="done"]');
      const either = page.locator('html[data-state="done"], [data-testid="approve-masked"]:not([aria-disabled])');
      for (let tries = 0; tries < 5 && (await done.count()) === 0; tries += 1) {
        if (tries > 0) await either.first().waitFor({ state: "attached" });
        if ((await done.count()) === 0) await decide("Enter");
        await done.waitFor({ state: "attached", timeout: 5_000 }).catch(() => undefined);
      }
      await state(page, "review", "done");
      await press("Enter");
      await state(page, "check", "ready");
      const zip = page.waitForEvent("download");
      await press("Control+Enter");
      await state(page, "record", "*");
      await zip;
      const json = page.waitForEvent("download");
      await at("save-report").click();
      const [row] = JSON.parse((await saved(await json)).toString()).files;
      assert.deepEqual(row.masks.at(-1).masked, expected);
    } finally {
      await seen.close();
    }
  });
}

test("after a question that is answered with no, keys go on where they were", async () => {
  const seen = await visit();
  const { page } = seen;
  const { at, decide } = kit(seen);
  try {
    await review(seen, KINDS);
    await decide("p");
    await at("review-pass-no").waitFor();
    await page.keyboard.press("Escape");
    await page.locator("dialog").waitFor({ state: "detached" });
    await decide("x");
    await page.locator('[data-testid="sheet"] [data-at="0"][data-decision="refused"]').waitFor();
  } finally {
    await seen.close();
  }
});
