// The page sends to Debian's Orthanc, which answers no preflight: the way leads through the page's own server.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { IDENTIFYING, writeCd } from "../browser/dicom.mjs";
import { saved, state, visit } from "../browser/kit.mjs";
import { missing, startOrthanc } from "./orthanc.mjs";

const IMAGES = 18;

describe("from the page to Orthanc", { skip: missing() }, () => {
  const folder = mkdtempSync(join(tmpdir(), "tokumei-orthanc-cd-"));
  /** @type {import("./orthanc.mjs").Orthanc} */
  let there;
  /** @type {import("../browser/kit.mjs").Visit} */
  let way;
  before(async () => {
    writeCd(folder);
    there = await startOrthanc();
    way = await visit({ destinations: [{ name: "Orthanc", forward: there.url }] });
  });
  after(async () => {
    await way?.close();
    await there?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test("a dropped CD is stored as the report and the receipt say, and a second time nothing is sent", async () => {
    const { page } = way;
    const key = page.waitForEvent("download");
    await drop();
    await page.getByTestId("run").locator("xpath=..").getByTestId("key-save").click();
    await key;
    const [report, receipt] = await send();
    const left = report.files.filter((/** @type {any} */ { out }) => out !== null);
    assert.equal(left.length, IMAGES);
    const stored = pairs(await there.stored());
    assert.deepEqual(stored, pairs(left));
    assert.deepEqual(stored, pairs(receipt.instances));
    assert.equal(receipt.destination, `${way.origin}/to/1`);

    // Another run with the same key: the page knows nothing of the first one any more, so it asks.
    await page.getByTestId("new-run").click();
    await state(page, "choose", "empty");
    const begun = way.requests.length;
    await drop();
    const [, again] = await send();
    assert.deepEqual(pairs(again.instances), stored);
    assert.deepEqual(new Set(again.instances.map((/** @type {any} */ { how }) => how)), new Set(["there"]));
    assert.deepEqual(pairs(await there.stored()), stored);
    assert.ok(way.requests.length > begun);
  });

  test("nothing leaves but to the page's own server, and no identity", () => {
    for (const url of way.requests)
      assert.ok(url.startsWith(`${way.origin}/`) || url.startsWith(`blob:${way.origin}/`));
    for (const value of IDENTIFYING) assert.ok(!way.requests.some((url) => url.includes(encodeURIComponent(value))));
    // Orthanc answers no HEAD for an instance, which Chromium itself writes there; it is not asked again and again.
    const own = way.console.filter((line) => !line.startsWith("error: Failed to load resource: the server responded"));
    assert.deepEqual(own, []);
    assert.ok(way.console.length <= 4, String(way.console.length));
  });

  async function drop() {
    await way.drop([folder]);
    await state(way.page, "check", "ready");
  }

  /** Presses the button; gives report and receipt. @returns {Promise<any[]>} */
  async function send() {
    await way.page.getByTestId("run").click();
    await state(way.page, "record", "finished-refusals");
    const files = [];
    for (const name of ["save-report", "save-receipt"]) {
      const download = way.page.waitForEvent("download");
      await way.page.getByTestId(name).click();
      files.push(JSON.parse((await saved(await download)).toString()));
    }
    return files;
  }
});

/** @param {{ instance: string, sha256: string }[]} rows */
function pairs(rows) {
  return rows.map(({ instance, sha256 }) => `${instance} ${sha256}`).sort();
}
