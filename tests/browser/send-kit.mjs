// What the tests of sending share: what was received, what is remembered, and faults of the receiver.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { slice, writeCd } from "./dicom.mjs";
import { saved } from "./kit.mjs";

/** @typedef {import("./kit.mjs").Visit} Visit */

/** Images of `writeCd`, and of `writeMany`, that leave. */
export const IMAGES = 18;
export const MANY_IMAGES = 258;
/** Every request takes a while, so that a person can do something meanwhile. */
export const SLOW = { random: [{ kind: "slow", p: 1, delayMs: 400 }] };

/** A CD with a study of many slices more. @param {string} folder */
export function writeMany(folder) {
  writeCd(folder);
  for (let number = 1; number <= MANY_IMAGES - IMAGES; number += 1) {
    writeFileSync(join(folder, `IM${number}`), slice({ person: 0, study: 5, series: 1, number }));
  }
}

/** @param {Visit} way @param {object} plan */
export function faults({ receiver }, plan) {
  receiver?.faults(plan);
}

/** @param {Visit} way */
export function received({ receiver }) {
  return receiver?.rows() ?? [];
}

/** How many instances came in, each of them once. @param {Visit} way */
export function once({ receiver }) {
  const arrivals = receiver?.arrivals ?? [];
  assert.equal(new Set(arrivals).size, arrivals.length, "an instance came twice");
  return arrivals.length;
}

/** @param {{ sha256: string }[]} rows */
export function digests(rows) {
  return rows.map(({ sha256 }) => sha256).sort();
}

/** Waits until a count of the run is so high. @param {import("playwright-core").Page} page @param {string} stage @param {number} least */
export async function counted(page, stage, least) {
  for (let i = 0; i < 600; i += 1) {
    const shown = await page.locator(`[data-stage="${stage}"]`).textContent();
    if (Number(shown?.replaceAll(",", "")) >= least) return;
    await page.waitForTimeout(50);
  }
  assert.fail(`${stage} stays below ${least}`);
}

/** What the browser keeps. @param {import("playwright-core").Page} page */
export function remembered(page) {
  return page.evaluate(async () => {
    const request = indexedDB.open("tokumei");
    const database = /** @type {IDBDatabase} */ (
      await new Promise((done) => {
        request.onsuccess = () => done(request.result);
      })
    );
    const all = (/** @type {"getAll" | "getAllKeys"} */ what) =>
      new Promise((done) => {
        const asked = database.transaction("ledger").objectStore("ledger")[what]();
        asked.onsuccess = () => done(asked.result);
      });
    const kept = {
      ledger: /** @type {any[]} */ (await all("getAll")),
      keys: await all("getAllKeys"),
      local: { ...localStorage },
      session: { ...sessionStorage },
      cookie: document.cookie,
      databases: (await indexedDB.databases()).map(({ name }) => name),
      caches: await caches.keys(),
    };
    database.close();
    return kept;
  });
}

/** @param {import("playwright-core").Page} page @param {string} testId */
export async function json(page, testId) {
  const asked = page.waitForEvent("download");
  await page.getByTestId(testId).click();
  return JSON.parse((await saved(await asked)).toString());
}

/** @param {import("playwright-core").Page} page @param {import("playwright-core").Locator} button @param {Buffer} buffer */
export async function choose(page, button, buffer) {
  const asked = page.waitForEvent("filechooser");
  await button.click();
  await (await asked).setFiles({ name: "key.json", mimeType: "application/json", buffer });
}

/** @param {import("playwright-core").Page} page */
export function focused(page) {
  return page.evaluate(() => document.activeElement?.getAttribute("data-testid"));
}
