// Rectangles that are drawn once for a device and a size: proposed for its other images, kept in a policy file, taken back.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { barriers } from "./axe.mjs";
import { IDENTIFYING } from "./dicom.mjs";
import { saved, state, visit } from "./kit.mjs";
import { kit, review, writePictures } from "./review-kit.mjs";

const folder = mkdtempSync(join(tmpdir(), "tokumei-device-"));
const FIRST = join(folder, "FIRST");
const SECOND = join(folder, "SECOND");

before(() => {
  const size = { width: 320, height: 240 };
  writePictures(FIRST, [
    { number: 1, series: 1, ...size },
    { number: 2, series: 1, ...size },
    { number: 1, series: 2, width: 160, height: 120 },
  ]);
  writePictures(SECOND, [{ number: 9, person: 1, study: 3, ...size }]);
});
after(() => rmSync(folder, { recursive: true, force: true }));

for (const language of /** @type {const} */ (["ja", "en"])) {
  test(`a device's rectangles are remembered, kept in a policy and taken back (${language})`, async () => {
    const seen = await visit({ language });
    const { page, drop } = seen;
    const { at, press, masks, decide } = kit(seen);
    const pressed = () => at("remember-device").getAttribute("aria-pressed");
    const go = (/** @type {number} */ n) => at("sheet").getByRole("option").nth(n).click();
    try {
      await review(seen, FIRST);
      await page.locator('[data-testid="viewer"] canvas').waitFor();
      assert.equal(await at("remember-device").getAttribute("aria-disabled"), "true");
      await press("n", "Escape", "r");
      await page.locator('[data-testid="remember-device"][aria-pressed="true"]').waitFor();
      const drawn = await masks();
      assert.equal(drawn.length, 1);
      assert.deepEqual(await barriers(page), []);

      // The next image of the device has them; one of another size has not. Each is still looked at.
      await go(1);
      await at("mask").waitFor();
      assert.deepEqual(await masks(), drawn);
      assert.equal(await pressed(), "true");
      await go(2);
      await page.locator('[data-testid="approve-pass"]:not([aria-disabled])').waitFor();
      assert.deepEqual(await masks(), []);

      const file = page.waitForEvent("download");
      await at("policy-save").click();
      const text = (await saved(await file)).toString();
      const { id, version, pixels } = JSON.parse(text);
      assert.deepEqual([id, version], ["research", "1+devices.1"]);
      const [{ when, masks: areas, complete }] = pixels.devices;
      const values = when.map((/** @type {any} */ { tag, value }) => [tag, value]);
      assert.deepEqual(values.slice(3), [
        ["0028,0010", "240"],
        ["0028,0011", "320"],
      ]);
      assert.deepEqual(values[0], ["0008,0060", "US"]);
      assert.ok(!complete);
      assert.deepEqual(areas, [{ x: 128, y: 110, w: 64, h: 20 }]);
      for (const value of IDENTIFYING) assert.ok(!text.includes(value));

      // By the mouse they are taken back; what was only proposed goes, what was drawn stays.
      await go(1);
      await at("mask").waitFor();
      await at("remember-device").click();
      await page.locator('[data-testid="approve-pass"]:not([aria-disabled])').waitFor();
      assert.deepEqual(await masks(), []);
      assert.equal(await at("policy-save").count(), 0);
      await go(0);
      assert.deepEqual(await masks(), drawn);
      await at("remember-device").click();
      await page.locator('[data-testid="remember-device"][aria-pressed="true"]').waitFor();

      // In the settings too.
      await at("settings-open").click();
      await at("tab-policy").click();
      assert.equal(await at("device-forget").count(), 1);
      assert.deepEqual(await barriers(page), []);
      await at("device-forget").click();
      await at("devices").waitFor({ state: "detached" });

      // A policy with the rule draws in the next session; the image stays held until a person has looked.
      writeFileSync(join(folder, "policy.json"), text);
      const chooser = page.waitForEvent("filechooser");
      await at("policy-load").click();
      await (await chooser).setFiles(join(folder, "policy.json"));
      await page.locator('[data-testid="policy-research"]:checked').waitFor();
      await at("settings-close").click();
      await state(page, "check", "ready-nothing-leaves");
      await drop([SECOND]);
      await page.getByTestId("review-first").filter({ hasText: "4" }).waitFor();
      await at("review-first").click();
      await state(page, "review", "image");
      await at("mask").waitFor();
      assert.deepEqual(await masks(), drawn);
      await go(3);
      await at("mask").waitFor();
      assert.deepEqual(await masks(), drawn);
      await decide("Enter");
      await page.locator('[data-testid="sheet"] [data-at="3"][data-decision="masked"]').waitFor();
      assert.deepEqual(seen.console, []);
    } finally {
      await seen.close();
    }
  });
}
