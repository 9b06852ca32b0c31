// The real engine in worker threads: traps, files without an end, files that change, and the whole hostile corpus.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, utimesSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { walkInputs } from "../../cli/walk.js";
import { deid, digests, root, scratch, tokumei } from "./command.mjs";
import { instance, plant, study } from "./dicom.mjs";
import { SINK, sessionOn } from "./opened.mjs";

test("what a person has drawn is masked, bits of an overlay are cleared; JPEG XL is drawn and masked too", async (t) => {
  const dir = scratch(t);
  const US = "1.2.840.10008.5.1.4.1.1.6.1";
  const input = plant(join(dir, "in"), {
    a: instance({ sopClass: US, modality: "US" }),
    b: instance({ sopClass: US, modality: "US", uid: "1.2.3.2", hidden: true }),
  });
  const shared = process.env.TOKUMEI_SHARED ?? join(root, "../shared");
  const jxl = join(shared, "corpus/real/orthanc-jxl/test_ct1_jxl.dcm");
  const out = join(dir, "out");
  const session = sessionOn(t, out, { policy: "research" });
  await session.add(walkInputs([input], out));
  await session.plan();
  const masks = [{ frames: /** @type {const} */ ([0]), x: 2, y: 1, w: 3, h: 2 }];
  assert.deepEqual(session.decide([1], { kind: "masked", masks })[0], { n: 1, ok: false, reason: "text-not-checked" });
  for (const n of [1, 2]) {
    assert.equal((await session.preview(n)).width, 16);
    session.drawn(n, 0);
  }
  assert.ok(session.decide([1, 2], { kind: "masked", masks }).every(({ ok }) => ok));
  await session.run({ sink: SINK });
  assert.equal(session.report().files[1].reason, "overlay-in-pixels");
  assert.deepEqual(session.decide([2], { kind: "pass" }), [{ n: 2, ok: true, reason: "decided-masked" }]);
  await session.run({ sink: SINK });
  for (const { verdict, reason, masks: told, checked, out: name } of session.report().files) {
    assert.deepEqual([verdict, reason, checked.text], ["masked", "decided-masked", true]);
    assert.deepEqual(told, [{ ...masks[0], by: "person", masked: { x: 2, y: 1, w: 3, h: 2 } }]);
    const bytes = readFileSync(join(out, name));
    const samples = bytes.subarray(bytes.length - 16 * 16 * 2);
    for (let i = 0; i < 256; i += 1) {
      const [x, y] = [i % 16, Math.floor(i / 16)];
      const inside = x >= 2 && x < 5 && y >= 1 && y < 3;
      assert.equal(samples.readUInt16LE(i * 2), inside ? 0 : 0x0707, `${name} ${i}`);
    }
  }
  if (!existsSync(jxl)) return;
  const second = sessionOn(t, join(dir, "jxl"), { policy: "research" });
  const recompressed = join(shared, "corpus/real/dcm4che/will-jxl.dcm");
  await second.add(walkInputs([jxl, recompressed], join(dir, "jxl")));
  await second.plan();
  for (const n of [1, 2]) assert.ok((await second.preview(n)).width > 0);
  const changes = await second.changes(2);
  assert.ok(changes.find(({ path }) => path.replaceAll(/[^0-9A-Fa-f]/g, "").toUpperCase() === "7FE00010")?.changed);
});

test("what stands around an image is proposed, of a screen capture without being asked; nothing is masked by that", async (t) => {
  const dir = scratch(t);
  const CAPTURE = "1.2.840.10008.5.1.4.1.1.7.3";
  const US = "1.2.840.10008.5.1.4.1.1.6.1";
  const image = (x, y) => x >= 20 && x < 100 && y >= 30 && y < 110;
  const stroke = (x, y) => y >= 6 && y < 18 && x % 6 === 0;
  const draw = (x, y) => (image(x, y) ? 300 + ((x * 37 + y * 59 + ((x * y) % 11)) % 900) : stroke(x, y) ? 4000 : 0);
  const drawn = { size: 120, draw, frames: 3 };
  const input = plant(join(dir, "in"), {
    a: instance({ ...drawn, sopClass: CAPTURE, modality: "OT" }),
    b: instance({ ...drawn, sopClass: US, modality: "US", uid: "1.2.3.2" }),
    c: "no DICOM",
  });
  const out = join(dir, "out");
  const session = sessionOn(t, out, { policy: "research" });
  await session.add(walkInputs([input], out));
  await session.plan();
  const top = { x: 0, y: 0, w: 120, h: 30 };
  assert.deepEqual(await session.boxes(1), [{ frames: "all", ...top, by: "bar" }]);
  assert.deepEqual(await session.boxes(2), []);
  const sides = [
    { x: 0, y: 30, w: 20, h: 80 },
    { x: 100, y: 30, w: 20, h: 80 },
  ];
  for (const frame of [0, 2, null])
    assert.deepEqual(await session.outside(2, frame), [top, ...sides, { x: 0, y: 110, w: 120, h: 10 }]);
  for (const [n, frame] of [
    [2, 3],
    [3, 0],
    [9, 0],
  ])
    assert.deepEqual(await session.outside(n, frame), []);
  await session.run({ sink: SINK });
  assert.deepEqual(session.report().totals.byVerdict, { review: 2, skipped: 1 });
});

const HOSTILE = { script: new URL("./hostile-worker.mjs", import.meta.url) };
const reasons = (session) => session.report().totals.byReason;

test("a file that kills its worker costs itself, at every stage", async (t) => {
  const dir = scratch(t);
  const bad = {
    "bad/trap-scan": "1.2.3.7.1",
    "bad/trap-transform": "1.2.3.7.2",
    "bad/die-scan": "1.2.3.7.3",
    "bad/die-transform": "1.2.3.7.4",
  };
  const input = plant(join(dir, "in"), {
    ...study(40),
    ...Object.fromEntries(Object.entries(bad).map(([path, uid]) => [path, instance({ uid })])),
  });
  const session = sessionOn(t, join(dir, "out"), HOSTILE);
  await session.add(walkInputs([input], null));
  await session.run({ sink: SINK });
  assert.deepEqual(reasons(session), { "engine-fault": 4, clean: 40 });
  assert.equal(Object.keys(digests(join(dir, "out"))).length, 40, "no temporary file is left");
});

test("a file without an end is a timeout, and the run goes on", async (t) => {
  const dir = scratch(t);
  const input = plant(join(dir, "in"), {
    ...study(25),
    "bad/hang-transform": instance({ uid: "1.2.3.7.1" }),
    "bad/hang-scan": instance(),
  });
  const session = sessionOn(t, join(dir, "out"), { ...HOSTILE, patience: () => 1_500 });
  await session.add(walkInputs([input], null));
  await session.run({ sink: SINK });
  assert.deepEqual(reasons(session), { timeout: 2, clean: 25 });
});

test("workers that retire after every few files change nothing", async (t) => {
  const dir = scratch(t);
  const input = plant(join(dir, "in"), study(23));
  const runs = [];
  for (const limits of [
    { memory: Infinity, files: Infinity },
    { memory: Infinity, files: 4 },
    { memory: 1, files: Infinity },
  ]) {
    const out = join(dir, `out${runs.length}`);
    const session = sessionOn(t, out, { limits });
    await session.add(walkInputs([input], null));
    await session.run({ sink: SINK });
    runs.push(digests(out));
  }
  assert.equal(Object.keys(runs[0]).length, 23);
  assert.deepEqual(runs[1], runs[0]);
  assert.deepEqual(runs[2], runs[0]);
});

test("a file that changes after it was listed, or after it was read, is refused", async (t) => {
  const dir = scratch(t);
  const input = plant(join(dir, "in"), study(3));
  const listed = [...walkInputs([input], null)];
  utimesSync(String(listed[0]?.fsPath), 1, 1);
  const session = sessionOn(t, join(dir, "out"));
  await session.add(listed);
  await session.plan();
  utimesSync(String(listed[1]?.fsPath), 1, 1);
  await session.run({ sink: SINK });
  assert.deepEqual(reasons(session), { "source-changed": 2, clean: 1 });
});

test("attributes before and after are told for any instance", async (t) => {
  const dir = scratch(t);
  const session = sessionOn(t, join(dir, "out"));
  await session.add(walkInputs([plant(join(dir, "in"), study(1))], null));
  await session.plan();
  const changes = await session.changes(1);
  const id = changes.find(({ path }) => path.replaceAll(/[^0-9A-Fa-f]/g, "") === "00100020");
  assert.equal(id?.before, "0012345");
  assert.notEqual(id?.after, "0012345");
  assert.ok(id?.rule);
});

const corpus = resolve(process.env.TOKUMEI_SHARED ?? join(root, "../shared"), "corpus");
const skip = existsSync(corpus) ? false : "the shared corpus is not here";
if (skip && process.env.CI) throw new Error(skip);

test("the whole corpus, its hostile part too, runs to its end with every file once", { skip }, (t) => {
  const dir = scratch(t);
  const run = deid(dir, [corpus]);
  assert.equal(run.status, 3, run.text);
  const files = readdirSync(corpus, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  // What a ZIP holds comes on top.
  assert.equal(run.report.files.filter((row) => row.in === null).length, files.length);
  assert.deepEqual(
    run.report.files.map(({ n }) => n),
    run.report.files.map((_, i) => i + 1),
  );
  for (const row of run.report.files) assert.ok(row.verdict && row.reason, `file ${row.n}`);
  const { byReason } = run.report.totals;
  assert.deepEqual([byReason["engine-fault"], byReason.timeout, byReason.stopped], [undefined, undefined, undefined]);
  const left = run.report.files.filter(({ out }) => out !== null);
  assert.deepEqual(Object.keys(digests(run.folder)).sort(), left.map(({ out }) => out).sort());
});

test("with pixels to be checked, nothing at risk leaves", { skip }, (t) => {
  const dir = scratch(t);
  const out = join(dir, "out");
  const run = tokumei(["deid", join(corpus, "synth"), "--out", out, "--policy", "research"]);
  assert.equal(run.status, 3, run.text);
  assert.match(run.out, /text-not-checked/);
});
