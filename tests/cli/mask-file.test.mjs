// Files of masks: what they draw, what they let leave, and what is wrong with them.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { MaskFile, MaskFileError } from "../../www/session/maskfile.js";
import { deid, digests, newKey, scratch, tokumei } from "./command.mjs";
import { instance, PLANTED, plant } from "./dicom.mjs";

const US = "1.2.840.10008.5.1.4.1.1.3.1";
const SIZE = 16;
const FRAMES = 3;
const AREA = { x: 4, y: 2, w: 20, h: 5 };
const DEVICE = { modality: "us", manufacturer: "Maker", model: "ECHO 5", rows: SIZE, columns: SIZE };

const ultrasound = (more = {}) =>
  instance({ sopClass: US, modality: "US", model: "Echo 5", frames: FRAMES, size: SIZE, ...more });

/** @param {object[]} masks */
const fileOf = (...masks) => ({ schema: "tokumei.masks/1", masks });

/** @param {string} dir @param {unknown} file */
function written(dir, file) {
  const path = join(dir, "masks.json");
  writeFileSync(path, typeof file === "string" ? file : JSON.stringify(file));
  return path;
}

/** Whether each sample of an output is black inside the area on these frames, and as it was elsewhere. */
function isMasked(before, after, frames) {
  const [old, now] = [before, after].map((file) => file.subarray(file.length - SIZE * SIZE * 2 * FRAMES));
  for (let i = 0; i < old.length / 2; i += 1) {
    const [x, y, frame] = [i % SIZE, Math.floor(i / SIZE) % SIZE, Math.floor(i / SIZE / SIZE)];
    const inside = frames.includes(frame) && x >= 4 && y >= 2 && y < 7;
    assert.equal(now.readUInt16LE(i * 2), inside ? 0 : old.readUInt16LE(i * 2), `sample ${i}`);
  }
}

test("what an author says is complete leaves masked; what is drawn only still waits for a look", (t) => {
  const dir = scratch(t);
  const a = ultrasound();
  const files = plant(join(dir, "in"), {
    a,
    b: ultrasound({ uid: "1.2.3.2", series: "1.2.3.10" }),
    c: ultrasound({ uid: "1.2.3.3", series: "1.2.3.11", model: "Echo 6" }),
    d: ultrasound({ uid: "1.2.3.4", series: "1.2.3.11", model: "Echo 6" }),
  });
  const file = fileOf(
    { instance: "1.2.3.1", areas: [{ ...AREA, frames: [0, 2] }], complete: true },
    { series: "1.2.3.11", areas: [AREA] },
    { instance: "1.2.3.4", areas: [{ x: 0, y: 0, w: 1, h: 1 }], complete: true },
    { instance: "9.9", areas: [AREA] },
  );
  const key = newKey(dir);
  const masks = written(dir, file);
  const run = deid(dir, [files], ["--policy", "research", "--key", key, "--masks", masks]);
  assert.equal(run.status, 3, run.text);
  const rows = run.report.files;
  assert.deepEqual(
    rows.map(({ reason }) => reason),
    ["mask-file-masked", "text-not-checked", "text-not-checked", "mask-file-masked"],
  );
  const [first, , , last] = rows;
  assert.deepEqual([first.verdict, first.decidedBy, first.checked.text], ["masked", "rule", true]);
  assert.deepEqual(first.masks, [{ ...AREA, frames: [0, 2], by: "file", masked: { ...AREA, w: 12 } }]);
  assert.equal(last.masks.length, 2, "all entries that an image fulfils");
  const out = readFileSync(join(run.folder, first.out));
  isMasked(a, out, [0, 2]);
  for (const text of ["113101", "113047"]) assert.ok(out.includes(text), text);
  for (const value of PLANTED) assert.ok(!out.includes(value), value);
  assert.match(run.text, /no image was found for: 1/u);
  const again = deid(scratch(t), [files], ["--policy", "research", "--key", key, "--masks", masks, "--jobs", "3"]);
  assert.deepEqual(digests(again.folder), digests(run.folder));
});

test("a device and size are all equal, or it is another", (t) => {
  const dir = scratch(t);
  const files = plant(join(dir, "in"), {
    a: ultrasound(),
    b: ultrasound({ uid: "1.2.3.2", model: "Echo 50" }),
    c: ultrasound({ uid: "1.2.3.3", size: 8 }),
  });
  const run = (complete, policy) => {
    const masks = written(dir, fileOf({ device: DEVICE, areas: [AREA], complete }));
    return deid(scratch(t), [files], ["--policy", policy, "--masks", masks]).report.files;
  };
  const reasons = (rows) => rows.map(({ reason }) => reason);
  const waits = "text-not-checked";
  assert.deepEqual(reasons(run(true, "research")), ["mask-file-masked", waits, waits]);
  assert.deepEqual(reasons(run(false, "research")), [waits, waits, waits]);
  const unlooked = run(false, "headers-only");
  assert.deepEqual(reasons(unlooked), ["mask-file-masked", "clean", "clean"]);
  assert.deepEqual([unlooked[0].checked.text, unlooked[1].masks], [false, []]);
});

test("an area outside the picture masks nothing, and so nothing leaves", (t) => {
  const dir = scratch(t);
  const files = plant(join(dir, "in"), { a: ultrasound() });
  const outside = { instance: "1.2.3.1", areas: [{ x: 16, y: 0, w: 5, h: 5 }], complete: true };
  const { report } = deid(dir, [files], ["--policy", "research", "--masks", written(dir, fileOf(outside))]);
  assert.deepEqual([report.files[0].verdict, report.files[0].reason], ["refused", "mask-outside-image"]);
});

const entry = { instance: "1.2", areas: [AREA] };
const device = (more) => ({ device: { ...DEVICE, ...more }, areas: [AREA] });
const area = (more) => ({ instance: "1.2", areas: [AREA, { ...AREA, ...more }] });

/** What is wrong, and where that is said to be. @type {[unknown, string][]} */
const BROKEN = [
  ["{", "expected JSON"],
  [[], "expected an object"],
  [{ schema: "tokumei.masks/1" }, "masks is missing"],
  [{ ...fileOf(entry), more: 1 }, "unknown key"],
  [{ ...fileOf(entry), schema: "tokumei.masks/2" }, "schema:"],
  [fileOf(), "masks:"],
  [fileOf(entry, { areas: [AREA] }), "masks[1]:"],
  [fileOf({ ...entry, series: "1.3" }), "masks[0]:"],
  [fileOf({ ...entry, name: "YAMASHITA" }), "masks[0]: unknown key"],
  [fileOf({ ...entry, instance: "YAMASHITA" }), "masks[0].instance:"],
  [fileOf({ ...entry, complete: "yes" }), "masks[0].complete:"],
  [fileOf({ series: "1.3", areas: [AREA], complete: true }), "masks[0].complete:"],
  [fileOf({ ...entry, areas: [] }), "masks[0].areas:"],
  [fileOf(entry, { ...entry, complete: true }), "masks[1].instance: is there twice"],
  [fileOf(device(), device({ model: "echo 5" })), "masks[1].device: is there twice"],
  [fileOf(device({ rows: "16" })), "masks[0].device.rows:"],
  [fileOf(device({ model: " " })), "masks[0].device.model:"],
  [fileOf(device({ serial: "YAMASHITA" })), "masks[0].device: unknown key"],
  [fileOf(area({ w: 0 })), "masks[0].areas[1].w:"],
  [fileOf(area({ x: -1 })), "masks[0].areas[1].x:"],
  [fileOf(area({ y: 1.5 })), "masks[0].areas[1].y:"],
  [fileOf(area({ h: 65_536 })), "masks[0].areas[1].h:"],
  [fileOf(area({ frames: [] })), "masks[0].areas[1].frames:"],
  [fileOf(area({ frames: "some" })), "masks[0].areas[1].frames:"],
  [fileOf(area({ frames: [1, 1] })), "masks[0].areas[1].frames:"],
  [fileOf(area({ frames: [0, "1"] })), "masks[0].areas[1].frames[1]:"],
];

test("what does not fit is an error with its place, and repeats no value", () => {
  new MaskFile(JSON.stringify(fileOf(entry, device(), { ...area({ frames: "all" }), instance: "1.3" })));
  for (const [file, place] of BROKEN) {
    const text = typeof file === "string" ? file : JSON.stringify(file);
    const isSaid = (error) =>
      error instanceof MaskFileError &&
      error.place.startsWith(place) &&
      !/YAMASHITA/u.test(error.place + error.message);
    assert.throws(() => new MaskFile(text), isSaid, place);
  }
});

test("the command line says where, and does nothing", (t) => {
  const dir = scratch(t);
  const files = plant(join(dir, "in"), { a: ultrasound() });
  const masks = written(dir, fileOf({ ...entry, YAMASHITA: 1 }));
  const run = (lang) => tokumei(["deid", files, "--out", join(dir, "out"), "--masks", masks, "--lang", lang]);
  for (const lang of ["ja", "en"]) {
    const { status, text } = run(lang);
    assert.equal(status, 1, text);
    assert.match(text, /masks\[0\]: unknown key, expected areas, instance, series, device, complete/u);
    assert.doesNotMatch(text, /YAMASHITA/u);
  }
  const { status, text } = tokumei(["scan", files, "--masks", join(dir, "none"), "--lang", "en"]);
  assert.deepEqual([status, text.trim()], [1, "The file of --masks cannot be read."]);
});
