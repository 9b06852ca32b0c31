// Files that go away or change while the page works: each says so, and none is taken for an empty one.
import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { walkHandle } from "../../www/intake/walk.js";
import { slice, writeCd } from "./dicom.mjs";
import { saved, state, visit } from "./kit.mjs";
import { unzip } from "./zip.mjs";

test("a file that cannot be opened is unreadable, not empty", async () => {
  const gone = new DOMException("", "NotFoundError");
  const file = (/** @type {string} */ name, /** @type {() => Promise<File>} */ getFile) => ({
    kind: "file",
    name,
    getFile,
  });
  let size = 3;
  const folder = {
    kind: "directory",
    name: "CD",
    async *values() {
      yield file("IM1", () => Promise.reject(gone));
      yield file("IM2", async () => new File([new Uint8Array(size)], "IM2", { lastModified: 5 }));
    },
  };
  const found = [];
  for await (const input of walkHandle(/** @type {any} */ (folder))) found.push(input);
  const [second, first] = found;
  assert.deepEqual(first, { path: "CD/IM1", size: 0, lastModified: 0, fault: "source-unreadable" });
  assert.equal(second?.fault, undefined);
  size = 4;
  assert.equal((await second?.refresh?.())?.size, 4);
});

test("what changed or went away after reading is refused by its own reason", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tokumei-cd-"));
  const CD = join(folder, "CD1");
  writeCd(CD);
  const at = (/** @type {number} */ n) => join(CD, `DICOM/患者1/ST1/SE1/IM${n}`);
  const { page, drop, console, close } = await visit();
  try {
    await drop([CD]);
    await state(page, "check", "ready");
    appendFileSync(at(1), Buffer.alloc(2));
    writeFileSync(at(2), slice({ person: 1, study: 1, series: 1, number: 2, size: 128 }));
    utimesSync(at(2), 1_000_000, 1_000_000);
    rmSync(at(3));
    const zip = page.waitForEvent("download");
    await page.getByTestId("run").click();
    await state(page, "record", "finished-refusals");
    const members = unzip(await saved(await zip));
    const asked = page.waitForEvent("download");
    await page.getByTestId("save-report").click();
    const { totals } = JSON.parse((await saved(await asked)).toString());
    assert.equal(totals.byReason["source-changed"], 2);
    assert.equal(totals.byReason["source-unreadable"], 1);
    assert.equal(members.size, totals.byVerdict.pass);
    assert.equal(totals.byVerdict.pass, 15);
    assert.deepEqual(console, []);
  } finally {
    await close();
    rmSync(folder, { recursive: true, force: true });
  }
});
