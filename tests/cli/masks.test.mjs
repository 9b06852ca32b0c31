// Areas of devices, masked by the command line: what leaves, what the report says, what is held.
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { deid, digests, newKey, root, scratch } from "./command.mjs";
import { instance, PLANTED, plant } from "./dicom.mjs";

const US = "1.2.840.10008.5.1.4.1.1.3.1";
const SIZE = 16;
const FRAMES = 3;
const AREA = { x: 4, y: 2, w: 20, h: 5 };

/** @param {string} dir @param {object} rule @param {string} [name] */
function policyWith(dir, rule, name = "policy.json") {
  const device = { name: "r", when: [{ tag: "0008,1090", value: "Echo 5" }], masks: [AREA], ...rule };
  const policy = {
    schema: "tokumei.policy/1",
    extends: "research",
    id: "devices",
    version: "1",
    title: { ja: "装置", en: "Devices" },
    pixels: { devices: [device] },
  };
  const path = join(dir, name);
  writeFileSync(path, JSON.stringify(policy));
  return path;
}

const complete = {
  complete: true,
  when: [
    ["0008,0060", "US"],
    ["0008,0070", "MAKER"],
    ["0008,1090", "Echo 5"],
    ["0028,0010", String(SIZE)],
    ["0028,0011", String(SIZE)],
  ].map(([tag, value]) => ({ tag, value })),
};

/** @param {object} [more] */
const ultrasound = (more = {}) =>
  instance({ sopClass: US, modality: "US", model: "Echo 5", frames: FRAMES, size: SIZE, ...more });

/** The samples at the end of a file. @param {Buffer} file */
const samples = (file) => file.subarray(file.length - SIZE * SIZE * 2 * FRAMES);

test("the areas of a complete rule are black in every frame, all else is as it was", (t) => {
  const dir = scratch(t);
  const source = ultrasound();
  const files = plant(join(dir, "in"), { a: source, b: ultrasound({ uid: "1.2.3.2", model: "Echo 6" }) });
  const key = newKey(dir);
  const run = deid(dir, [files], ["--policy", policyWith(dir, complete), "--key", key]);
  assert.equal(run.status, 3, run.text);
  const [masked, held] = run.report.files;
  assert.deepEqual([masked.verdict, masked.reason, masked.decidedBy], ["masked", "device-rule-masked", "rule"]);
  assert.deepEqual(masked.masks, [{ frames: "all", x: 4, y: 2, w: 12, h: 5, by: "rule", masked: { ...AREA, w: 12 } }]);
  assert.deepEqual(masked.checked, { text: true, face: false });
  assert.deepEqual([held.verdict, held.reason, held.masks], ["review", "text-not-checked", []]);
  const out = readFileSync(join(run.folder, masked.out));
  const [before, after] = [samples(source), samples(out)];
  for (let i = 0; i < before.length / 2; i += 1) {
    const [x, y] = [i % SIZE, Math.floor(i / SIZE) % SIZE];
    const inside = x >= 4 && y >= 2 && y < 7;
    assert.equal(after.readUInt16LE(i * 2), inside ? 0 : before.readUInt16LE(i * 2), `sample ${i}`);
  }
  for (const text of ["113101", "113047", "Pixel by pixel mask"]) assert.ok(out.includes(text), text);
  for (const value of PLANTED) assert.ok(!out.includes(value), value);
  // Number of workers and the way out change nothing.
  const again = deid(scratch(t), [files], ["--policy", policyWith(dir, complete), "--key", key, "--jobs", "3"]);
  assert.deepEqual(digests(again.folder), digests(run.folder));
});

test("a rule that is not complete draws, and the image is held where pixels are looked at", (t) => {
  const dir = scratch(t);
  const files = plant(join(dir, "in"), { a: ultrasound() });
  const run = deid(dir, [files], ["--policy", policyWith(dir, {})]);
  assert.deepEqual([run.status, run.report.files[0].reason], [3, "text-not-checked"]);
  const policy = JSON.parse(readFileSync(policyWith(dir, {}), "utf8"));
  const place = join(dir, "unlooked.json");
  writeFileSync(place, JSON.stringify({ ...policy, extends: "headers-only" }));
  const other = deid(scratch(t), [files], ["--policy", place]);
  const [row] = other.report.files;
  assert.deepEqual([other.status, row.verdict, row.checked.text], [0, "masked", false]);
  const out = readFileSync(join(other.folder, row.out));
  assert.equal(samples(out).readUInt16LE((2 * SIZE + 4) * 2), 0);
  assert.ok(!out.includes("113101"));
});

test("bits above Bits Stored hold a masked image too", (t) => {
  const dir = scratch(t);
  const files = plant(join(dir, "in"), { a: ultrasound({ hidden: true }) });
  const run = deid(dir, [files], ["--policy", policyWith(dir, complete)]);
  assert.deepEqual([run.status, run.report.files[0].reason], [3, "overlay-in-pixels"]);
});

const made = join(process.env.TOKUMEI_SHARED ?? resolve(root, "../shared"), "corpus/made");
/** What is black in each: a pixel's bytes. @type {Record<string, number[]>} */
const BLACK = {
  float_pixel: [0, 0, 0, 0],
  double_pixel: [0, 0, 0, 0, 0, 0, 0, 0],
  native_argb: [0, 0, 0, 0],
  native_cmyk: [0, 0, 0, 255],
};

test("floats and retired colours are masked where their models say what is black", {
  skip: !existsSync(made) && "no shared data",
}, (t) => {
  const dir = scratch(t);
  const area = { x: 1, y: 2, w: 3, h: 2 };
  const rule = { when: [{ tag: "0028,0010", is: "present" }], masks: [area] };
  const policy = JSON.parse(readFileSync(policyWith(dir, rule), "utf8"));
  const place = join(dir, "unlooked.json");
  writeFileSync(place, JSON.stringify({ ...policy, extends: "headers-only" }));
  for (const [name, black] of Object.entries(BLACK)) {
    const source = readFileSync(join(made, `${name}.dcm`));
    const run = deid(scratch(t), [plant(join(dir, name), { a: source })], ["--policy", place]);
    const [row] = run.report.files;
    assert.equal(row.reason, "device-rule-masked", name);
    assert.deepEqual(row.masks[0].masked, area);
    const out = readFileSync(join(run.folder, row.out));
    const length = 64 * black.length;
    const [before, after] = [source, out].map((file) => file.subarray(file.length - length));
    for (let i = 0; i < 64; i += 1) {
      const [x, y] = [i % 8, Math.floor(i / 8)];
      const inside = x >= 1 && x < 4 && y >= 2 && y < 4;
      const at = /** @type {const} */ ([i * black.length, (i + 1) * black.length]);
      const wanted = inside ? Buffer.from(black) : before.subarray(...at);
      assert.ok(after.subarray(...at).equals(wanted), `${name} ${x},${y}`);
    }
  }
  const shared420 = plant(join(dir, "420"), { a: readFileSync(join(made, "native_ybr_partial_420.dcm")) });
  const refused = deid(scratch(t), [shared420], ["--policy", place]).report.files[0];
  assert.deepEqual([refused.verdict, refused.reason], ["refused", "pixels-not-maskable"]);
});
