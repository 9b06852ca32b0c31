// Files that are too large to be held: hashed and sent as they are read, through one small piece of memory.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { watchMemory } from "../../tools/memory.mjs";
import { slice } from "./dicom.mjs";
import { OWN, saved, state, visit } from "./kit.mjs";

const folder = mkdtempSync(join(tmpdir(), "tokumei-large-"));
after(() => rmSync(folder, { recursive: true, force: true }));
/** 162 MB. */
const SIZE = 9_000;
/** Of the page, while it reads, hashes and sends. */
const MOST_GROWTH = 40_000_000;

/** @param {number} number */
function writeLarge(number) {
  const pixels = Buffer.alloc(SIZE * SIZE * 2, Buffer.from([number, 1, 7, 2, 9, 3]));
  writeFileSync(join(folder, `IM${number}`), slice({ person: 0, study: 1, series: 1, number, size: SIZE, pixels }));
}

test("a large file arrives as it was hashed, the page does not grow by it, and one that changes is refused", async () => {
  for (const number of [1, 2]) writeLarge(number);
  const way = await visit({ destinations: [OWN] });
  const { page, receiver } = way;
  try {
    await way.drop([folder]);
    await state(page, "check", "ready");
    appendFileSync(join(folder, "IM2"), "more");
    await sleep(1_000);
    const memory = watchMemory();
    await page.getByTestId("run").click();
    await state(page, "record", "finished-refusals");
    const used = memory.stop();
    const download = page.waitForEvent("download");
    await page.getByTestId("save-report").click();
    const { files } = JSON.parse((await saved(await download)).toString());
    assert.deepEqual(
      files.map((/** @type {any} */ { reason }) => reason),
      ["clean", "source-changed"],
    );
    const [row, ...others] = receiver?.rows() ?? [];
    assert.ok(row);
    assert.deepEqual(others, []);
    const there = readFileSync(/** @type {string} */ (receiver?.path(row)));
    assert.equal(createHash("sha256").update(there).digest("hex"), files[0].sha256);
    if (used !== null) assert.ok(used.most - used.first < MOST_GROWTH, `${(used.most - used.first) / 1e6} MB`);
  } finally {
    await way.close();
  }
});

const FRAMES = 40;
const SIDE = 512;
const AREA = { x: 30, y: 20, w: 200, h: 40 };

test("masks in many frames of a large file change what they cover and nothing else", async () => {
  const pixels = Buffer.alloc(FRAMES * SIDE * SIDE * 2);
  for (let i = 0; i < pixels.length; i += 2) pixels.writeUInt16LE(1 + ((i * 7) % 4_000), i);
  const path = join(folder, "MANY");
  writeFileSync(
    path,
    slice({ person: 0, study: 2, series: 1, number: 1, rows: SIDE, columns: SIDE, frames: FRAMES, pixels }),
  );
  const way = await visit({ destinations: [OWN] });
  const { page, receiver } = way;
  try {
    const input = await page.evaluateHandle(() => {
      const chosen = Object.assign(document.createElement("input"), { type: "file" });
      return Object.assign(globalThis, { chosen }).chosen;
    });
    await input.setInputFiles(path);
    const entry = { instance: "1.2.826.0.1.3680043.10.1338.1.2.1.1", areas: [AREA], complete: true };
    const files = await page.evaluate(async (masks) => {
      const { tokumei, chosen } = /** @type {any} */ (globalThis);
      await tokumei.ready;
      const session = await tokumei.open({
        policy: "headers-only",
        key: new Uint8Array(32).fill(7),
        destination: "dicom-web",
        masks: JSON.stringify({ schema: "tokumei.masks/1", masks: [masks] }),
      });
      await session.add(chosen.files);
      await session.plan();
      await session.upload();
      const { files } = session.report();
      await session.close();
      return files;
    }, entry);
    assert.deepEqual(
      files.map((/** @type {any} */ { reason, masks }) => [reason, masks]),
      [["mask-file-masked", [{ ...AREA, frames: "all", by: "file", masked: AREA }]]],
    );
    const [row] = receiver?.rows() ?? [];
    const there = readFileSync(/** @type {string} */ (row && receiver?.path(row)));
    const expected = Buffer.from(pixels);
    for (let frame = 0; frame < FRAMES; frame += 1) {
      for (let y = AREA.y; y < AREA.y + AREA.h; y += 1) {
        const at = ((frame * SIDE + y) * SIDE + AREA.x) * 2;
        expected.fill(0, at, at + AREA.w * 2);
      }
    }
    assert.ok(there.subarray(there.length - pixels.length).equals(expected));
  } finally {
    await way.close();
  }
});
