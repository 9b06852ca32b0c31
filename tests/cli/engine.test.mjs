// The real engine in worker threads: traps, files without an end, files that change, and the whole hostile corpus.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, utimesSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { loadEngine } from "../../cli/engine.js";
import { createPool } from "../../cli/pool.js";
import { walkInputs } from "../../cli/walk.js";
import { openSession } from "../../www/session/session.js";
import { deid, digests, root, scratch, tokumei } from "./command.mjs";
import { instance, plant, study } from "./dicom.mjs";

const SINK = { write: async () => undefined, close: async () => undefined, abort: async () => undefined };
const KEY = new Uint8Array(32).fill(9);

/** A session over worker threads of this test's choice. */
function sessionOn(t, out, more = {}) {
  const { coreModule, verifyModule, lists, core } = loadEngine();
  const { policy, sha256 } = core.readPolicy(
    JSON.stringify(core.shippedPolicies().find(({ id }) => id === "headers-only")),
  );
  mkdirSync(out, { recursive: true });
  const pool = createPool({
    core: coreModule,
    verify: verifyModule,
    lists,
    policy,
    key: KEY,
    namespace: "",
    size: 2,
    out,
    ...more,
  });
  const session = openSession({
    pool,
    policy,
    policySha256: sha256,
    keyId: core.keyId(KEY),
    keyKept: true,
    optOut: null,
    tool: "tokumei test",
  });
  t.after(() => session.close());
  return session;
}

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
