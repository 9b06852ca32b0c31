// What needs a person is looked at and decided: by keys alone, by mouse, one by one and many at once; nothing is approved unseen.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { barriers } from "./axe.mjs";
import { IDENTIFYING } from "./dicom.mjs";
import { saved, state, visit } from "./kit.mjs";
import { drawnAnew, kit, review, settled, tabTo, throughGroup, ultrasound, writePictures } from "./review-kit.mjs";
import { unzip } from "./zip.mjs";

const folder = mkdtempSync(join(tmpdir(), "tokumei-review-"));
const MANY = join(folder, "MANY");
const FEW = join(folder, "FEW");

before(() => {
  const range = (/** @type {number} */ n) => Array.from({ length: n }, (_, i) => i + 1);
  writePictures(MANY, [
    ...range(150).map((number) => ({ number, series: 1 })),
    ...range(44).map((number) => ({ number, person: 1, series: 2, width: 80 })),
    ...range(6).map((number) => ({ number, person: 1, study: 2, series: 3, width: 96 })),
  ]);
  writePictures(FEW, [
    ...range(3).map((number) => ({ number, series: 1, width: 320, height: 240 })),
    ...range(2).map((number) => ({ number, series: 2, width: 320, height: 240 })),
    { number: 1, series: 3, width: 160, height: 120, frames: 4 },
  ]);
  // Samples of 24 bits, which nothing draws.
  const odd = ultrasound({ number: 1, series: 4 }).toString("latin1");
  const [bits, more] = [16, 24].map((n) => `\x28\0\0\x01US\x02\0${String.fromCharCode(n)}\0`);
  writeFileSync(join(FEW, "US9"), Buffer.from(odd.replace(bits ?? "", more ?? ""), "latin1"));
});
after(() => rmSync(folder, { recursive: true, force: true }));

for (const language of /** @type {const} */ (["ja", "en"])) {
  test(`200 images by keys alone (${language})`, async () => {
    const seen = await visit({ language });
    const { page, drop } = seen;
    const { press, decide, title, masks, text } = kit(seen);
    try {
      await page.getByTestId("settings-open").click();
      await page.getByTestId("tab-policy").click();
      await page.getByTestId("policy-research").check();
      await page.getByTestId("settings-close").click();
      await drop([MANY]);
      await state(page, "check", "ready-nothing-leaves");
      await tabTo(seen, "review-first");
      await press("Enter");
      await state(page, "review", "image");
      assert.match((await title()) ?? "", /200/);

      await press(
        "n",
        ...Array(8).fill("Control+ArrowLeft"),
        ...Array(8).fill("Control+ArrowUp"),
        ...Array(14).fill("Shift+ArrowRight"),
      );
      assert.match(
        (await masks())[0] ?? "",
        language === "ja" ? /左 0 上 0 幅 27 高さ 4/ : /left 0 top 0 width 27 height 4/,
      );
      await press("Escape", "a");
      let keys = 34 + (await throughGroup(seen, "Enter"));
      await state(page, "review", "image");
      assert.match((await title()) ?? "", /151/);

      await press("n", ...Array(8).fill("ArrowLeft"), "Escape", "s");
      keys += 11 + (await throughGroup(seen, "Enter"));
      assert.match((await title()) ?? "", /195/);

      for (const key of ["x", "x", "p"]) await decide(key);
      await page.locator("dialog").waitFor();
      await press("Tab", "Enter");
      await page.locator("dialog").waitFor({ state: "detached" });
      for (const key of ["p", "p", "p"]) await decide(key);
      keys += 8;
      await state(page, "review", "done");
      assert.match(
        (await text("review-done")) ?? "",
        language === "ja" ? /提供 198\u00a0枚、提供しない 2\u00a0枚/ : /198 to release, 2 not/,
      );
      assert.ok(keys < 80, String(keys));

      await press("Enter");
      await state(page, "check", "ready");
      const go = language === "ja" ? "提供する 198 枚" : "Will be released 198 images";
      await page.getByRole("group", { name: go }).waitFor();

      const zip = page.waitForEvent("download");
      await press("Control+Enter");
      await state(page, "record", "finished-refusals");
      const members = unzip(await saved(await zip));
      const json = page.waitForEvent("download");
      await page.getByTestId("save-report").click();
      const { files } = JSON.parse((await saved(await json)).toString());
      const count = (/** @type {string} */ reason) =>
        files.filter((/** @type {any} */ row) => row.reason === reason).length;
      assert.deepEqual(["decided-masked", "decided-pass", "decided-refuse"].map(count), [194, 4, 2]);
      assert.ok(files.every((/** @type {any} */ row) => row.decidedBy === "person"));
      assert.equal(members.size, 198);
      const masked = files.find((/** @type {any} */ row) => row.masks.length > 0);
      assert.deepEqual(masked.masks, [
        { frames: "all", x: 0, y: 0, w: 27, h: 4, by: "person", masked: { x: 0, y: 0, w: 27, h: 4 } },
      ]);
      // How each was decided: looked at for so long, so large, with so many others; nothing of what was seen.
      for (const { decision } of files) {
        assert.equal(decision.held, "text-not-checked");
        assert.ok(decision.seconds >= 0.3 && decision.seconds < 300, String(decision.seconds));
        assert.ok(decision.scale >= 1 / 3 && decision.together >= 1 && decision.at.endsWith("Z"));
      }
      assert.ok(masked.decision.together > 1);
      assert.deepEqual([masked.decision.areas, masked.decision.share], [1, Number(((27 * 4) / (64 * 48)).toFixed(3))]);
      const bytes = members.get(masked.out)?.bytes ?? Buffer.alloc(0);
      const pixels = bytes.subarray(bytes.length - 64 * 48 * 2);
      const row = (/** @type {number} */ y, /** @type {number} */ to) => pixels.subarray(y * 128, y * 128 + to * 2);
      assert.ok([0, 1, 2, 3].every((y) => row(y, 27).every((byte) => byte === 0)));
      assert.ok(pixels.some((byte) => byte !== 0));
      assert.deepEqual(seen.console, []);
    } finally {
      await seen.close();
    }
  });
}

test("rectangles are drawn, moved and resized by mouse, and without dragging", async () => {
  const seen = await visit({ language: "en" });
  const { page } = seen;
  const { press, masks, at } = kit(seen);
  try {
    await review(seen, FEW);
    await page.locator('[data-testid="viewer"] canvas').waitFor();
    const box = (await at("viewer").boundingBox()) ?? { x: 0, y: 0, width: 1, height: 1 };
    const spot = (/** @type {number} */ x, /** @type {number} */ y) =>
      /** @type {const} */ ([box.x + (x / 320) * box.width, box.y + (y / 240) * box.height]);
    const drag = async (/** @type {number[]} */ from, /** @type {number[]} */ to) => {
      await page.mouse.move(...spot(from[0] ?? 0, from[1] ?? 0));
      await page.mouse.down();
      await page.mouse.move(...spot(to[0] ?? 0, to[1] ?? 0), { steps: 4 });
      await page.mouse.up();
    };
    const near = async (/** @type {number[]} */ wanted, at = 0) => {
      const numbers = [...((await masks())[at] ?? "").matchAll(/\d+/g)].map(Number).slice(1);
      for (const [i, number] of numbers.entries()) assert.ok(Math.abs(number - (wanted[i] ?? 0)) <= 2, `${numbers}`);
    };
    await drag([10, 10], [110, 40]);
    await near([10, 10, 100, 30]);
    await drag([60, 25], [160, 125]);
    await near([110, 110, 100, 30]);
    await drag([210, 140], [400, 300]);
    await near([110, 110, 210, 130]);
    // A click, with the rectangle chosen: its nearest corner goes there.
    await page.mouse.click(...spot(100, 60));
    await near([100, 60, 220, 180]);
    await press("Delete");
    assert.deepEqual(await masks(), []);
    // By the button, two clicks set it.
    await at("mask-add").click();
    await page.mouse.click(...spot(20, 20));
    await page.mouse.click(...spot(300, 140));
    await near([20, 20, 280, 120]);
    for (const key of ["Control+z", "Control+z", "Control+z"]) await press(key);
    assert.deepEqual(await masks(), []);
    await press("Control+y");
    assert.equal((await masks()).length, 1);
    await at("zoom-in").click();
    await at("zoom-in").click();
    const larger = await at("viewer").boundingBox();
    assert.ok((larger?.width ?? 0) > 2 * box.width);
    await at("zoom-fit").click();
    // All values, lighter and darker: another window each time, which the next image does not keep.
    const light = () =>
      page.locator('[data-testid="viewer"] canvas').evaluate((canvas) => {
        const { width = 1, height = 1 } = /** @type {HTMLCanvasElement} */ (canvas);
        const context = /** @type {HTMLCanvasElement} */ (canvas).getContext("2d");
        const bytes = context?.getImageData(0, Math.floor(height / 2), width, 1).data ?? [];
        return bytes.reduce((sum, byte) => sum + byte, 0);
      });
    await at("viewer").focus();
    const before = await light();
    await press("]");
    await drawnAnew(page);
    assert.ok((await light()) > before);
    await press("[", "w");
    await drawnAnew(page);
    assert.equal(await light(), before);
    assert.equal(await at("whole-range").getAttribute("aria-pressed"), "true");
  } finally {
    await seen.close();
  }
});

test("rectangles hold for the series, or for the device and size; what is left out stays", async () => {
  const seen = await visit({ language: "en" });
  const { page } = seen;
  const { press, decide, decisions, place, at, text } = kit(seen);
  try {
    await review(seen, FEW);
    await press("n", "Escape");
    assert.match((await text("apply-series")) ?? "", /2 more/);
    assert.match((await text("apply-group")) ?? "", /4 more/);
    await press("s");
    await page.locator('[data-testid="group-approve"]:not([aria-disabled])').waitFor();
    assert.equal(await page.locator('[data-testid="tiles"] [role="option"]').count(), 3);
    await press("ArrowRight", " ");
    assert.equal(await page.locator('[data-testid="tiles"] [aria-selected="true"]').count(), 2);
    await decide("Enter");
    await state(page, "review", "image");
    assert.deepEqual((await decisions()).slice(0, 5), ["masked", null, "masked", null, null]);
    assert.equal(await place(), 1);
    assert.equal(await at("mask").count(), 1);

    // What is decided is closed until the decision is taken back.
    await press("ArrowLeft");
    await at("decided").waitFor();
    await press("n");
    assert.equal(await at("mask").count(), 1);
    await press("u");
    await at("approve-masked").waitFor();
    await press("a");
    await page.locator('[data-testid="group-approve"]:not([aria-disabled])').waitFor();
    assert.equal(await page.locator('[data-testid="tiles"] [role="option"]').count(), 4);
    await decide("x");
    await state(page, "review", "image");
    assert.deepEqual((await decisions()).slice(0, 5), ["refused", "refused", "masked", "refused", "refused"]);
    await press("Control+z");
    assert.deepEqual((await decisions()).slice(0, 5), [null, null, "masked", null, null]);
  } finally {
    await seen.close();
  }
});

test("nothing is approved unseen: clips frame by frame, what cannot be shown not at all", async () => {
  const seen = await visit({ language: "en" });
  const { page } = seen;
  const { press, decide, masks, at, text, decisions } = kit(seen);
  try {
    await review(seen, FEW);
    await at("sheet").getByRole("option").nth(5).click();
    // Told once the first frame is drawn.
    await at("play").filter({ hasText: "3 more frames" }).waitFor();
    await decide("p");
    await at("approve-pass").waitFor();
    assert.equal((await decisions())[5], null);
    assert.match((await text("frame-n")) ?? "", /4 \/ 4/);
    await at("viewer").focus();
    await press("j", "n", "f");
    assert.match((await masks())[0] ?? "", /this frame only/);
    await press("l");
    assert.deepEqual(await masks(), []);
    await decide("Enter");
    await page.locator('html[data-state="no-preview"]').waitFor({ state: "attached" });
    assert.equal((await decisions())[5], "masked");
    for (const key of ["Enter", "p"]) await decide(key);
    assert.equal((await decisions())[6], null);
    assert.equal(await at("approve-pass").getAttribute("aria-disabled"), "true");
    await decide("x");
    assert.equal((await decisions())[6], "refused");
  } finally {
    await seen.close();
  }
});

test("what is approved after a run leaves in the next one, and what has left cannot be taken back", async () => {
  const seen = await visit({ language: "en" });
  const { page } = seen;
  const { press, decide, decisions, at, text } = kit(seen);
  const run = async () => {
    const zip = page.waitForEvent("download");
    await at("run").click();
    await state(page, "record", "*");
    return unzip(await saved(await zip)).size;
  };
  try {
    await review(seen, FEW);
    await page.locator('[data-testid="viewer"] canvas').waitFor();
    await press("n", "Escape");
    await decide("Enter");
    await press("Escape");
    await state(page, "check", "ready");
    assert.equal(await run(), 1);
    await at("review-now").click();
    await state(page, "review", "image");
    assert.deepEqual((await decisions())[0], "masked");
    await press("n", "Escape");
    await decide("Enter");
    await at("sheet").getByRole("option").nth(0).click();
    await at("reopen").click();
    await page.locator('[data-testid="review-said"] p').waitFor();
    assert.match((await text("review-said")) ?? "", /cannot be undone/);
    await at("review-close").click();
    await state(page, "check", "ready");
    assert.match((await text("run")) ?? "", / 1 image\s*$/);
    assert.equal(await run(), 1);
    const { byVerdict } = await page.evaluate(() => {
      const cells = [...document.querySelectorAll("[data-verdict]")];
      return {
        byVerdict: Object.fromEntries(
          cells.map((row) => [row.getAttribute("data-verdict"), row.querySelector(".num")?.textContent]),
        ),
      };
    });
    assert.deepEqual([byVerdict.masked, byVerdict.review], ["2", "5"]);
  } finally {
    await seen.close();
  }
});

test("a key that is held, comes too soon or stands on a button decides nothing", async () => {
  const seen = await visit({ language: "en" });
  const { page } = seen;
  const { press, decide, decisions, at } = kit(seen);
  try {
    await review(seen, FEW);
    await page.locator('[data-testid="viewer"] canvas').waitFor();
    await press("x", "x");
    await at("zoom-fit").focus();
    await decide("x");
    await at("viewer").focus();
    await settled(page);
    await page.keyboard.down("Shift");
    await page.keyboard.up("Shift");
    const undecided = (await decisions()).slice(1);
    assert.ok(undecided.every((decision) => decision === null));
    await at("viewer").dispatchEvent("keydown", { key: "x", code: "KeyX", repeat: true, bubbles: true });
    assert.equal((await decisions()).filter(Boolean).length, 0);
    await decide("x");
    assert.equal((await decisions())[0], "refused");
  } finally {
    await seen.close();
  }
});

test("after idle minutes nothing of a patient is on the screen, and the key that shows it again decides nothing", async () => {
  const seen = await visit({ language: "en" });
  const { page } = seen;
  const { decide, decisions } = kit(seen);
  try {
    await page.clock.install();
    await review(seen, FEW);
    await page.locator('[data-testid="viewer"] canvas').waitFor();
    await page.clock.runFor(11 * 60_000);
    await state(page, "review", "idle");
    const shown = (await page.locator("body").textContent()) ?? "";
    for (const value of IDENTIFYING) assert.ok(!shown.includes(value));
    assert.equal(await page.locator("canvas").count(), 0);
    assert.deepEqual(await barriers(page), []);
    await page.mouse.move(300, 300);
    await state(page, "review", "idle");
    await page.keyboard.press("x");
    await page.clock.runFor(1000);
    await state(page, "review", "image");
    assert.ok((await decisions()).every((decision) => decision === null));
    await page.clock.runFor(1000);
    await decide("x");
    await page.clock.runFor(1000);
    assert.equal((await decisions())[0], "refused");
  } finally {
    await seen.close();
  }
});

for (const [language, width] of /** @type {const} */ ([
  ["ja", 1366],
  ["en", 1366],
  ["ja", 683],
  ["en", 342],
])) {
  test(`no barrier and no overflow (${language}, ${width} px)`, async () => {
    const seen = await visit({ language, width });
    const { page } = seen;
    const { press, decide, at } = kit(seen);
    const check = async (/** @type {string} */ name) => {
      assert.deepEqual(await barriers(page), [], name);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0, name);
    };
    try {
      await review(seen, FEW);
      await page.locator('[data-testid="viewer"] canvas').waitFor();
      await check("image");
      await press("n");
      await check("mask");
      await press("Escape", "a");
      await page.locator('[data-testid="group-approve"]:not([aria-disabled])').waitFor();
      await press("ArrowRight", " ");
      await check("group");
      await press("Escape");
      await at("sheet").getByRole("option").nth(5).click();
      await at("play").waitFor();
      await check("clip");
      await at("sheet").getByRole("option").nth(6).click();
      await page.locator('html[data-state="no-preview"]').waitFor({ state: "attached" });
      await check("no-preview");
      await decide("x");
      await page.locator('[data-testid="sheet"] [data-at="6"][data-decision="refused"]').waitFor();
      await at("sheet").getByRole("option").nth(6).click();
      await at("decided").waitFor();
      await check("decided");
      // Names stand on the screen alone.
      const outside = `${await page.title()} ${page.url()} ${seen.console.join()} ${seen.requests.join()}`;
      for (const value of IDENTIFYING) assert.ok(!outside.includes(value));
    } finally {
      await seen.close();
    }
  });
}
