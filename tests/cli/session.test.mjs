// A session with a pool that is no engine: numbers, verdicts, report, mapping, stop, faults of the place of delivery.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { openSession, SessionError } from "../../www/session/session.js";

const PASS = { verdict: "pass", reason: "clean", tag: null };

/** @param {string} path */
const input = (path, more = {}) => ({ path, size: 10, lastModified: 1, ...more });

const rowOf = (path, more = {}) => ({
  kind: "dicom",
  sopInstance: `1.${path}`,
  study: "1",
  series: "1",
  patient: "7",
  namespace: "",
  modality: "CT",
  sopClass: "1.2.840.10008.5.1.4.1.1.2",
  transferSyntax: "1.2.840.10008.1.2.1",
  concatenation: null,
  screen: { device: "Maker X", patientName: "山田^太郎" },
  rows: 2,
  columns: 2,
  ...more,
});

const leaves = (path) => ({
  ...PASS,
  bytesOut: 9,
  sha256: "0".repeat(64),
  sopClass: "1.2.840.10008.5.1.4.1.1.2",
  modality: "CT",
  transferSyntax: "1.2.840.10008.1.2.1",
  patient: "PSEUDO",
  study: "2.25.1",
  series: "2.25.2",
  instance: `2.25.3${path.length}`,
  frameOfReference: null,
  out: `PSEUDO/2.25.1/2.25.2/${path.length}.dcm`,
  actions: { X: 1, Z: 0, D: 0, U: 0, C: 0, K: 0 },
  checked: { text: false, face: false },
  ms: 1,
  readBy: "dicom-object",
  blob: new Blob(["x"]),
  mapping: { patientId: "7", dateShiftDays: -70, uids: [[`1.${path}`, "2.25.3"]] },
});

function fakePool(more = {}) {
  const calls = { transform: [], digest: [], plan: [] };
  const noted = (list, what, answer) => {
    list.push(what);
    return answer;
  };
  const pool = {
    size: 1,
    scan: async ({ path }) => rowOf(path),
    plan: async (rows, optout) =>
      noted(
        calls.plan,
        { rows, optout },
        rows.map(() => PASS),
      ),
    transform: async ({ path }, _row, dry) => noted(calls.transform, { path, dry }, leaves(path)),
    digest: async ({ path }) => noted(calls.digest, path, { sha256: path }),
    changes: async () => ({ changes: [] }),
    preview: async () => ({ none: "x" }),
    drop: () => undefined,
    close: async () => undefined,
    ...more,
  };
  return { pool, calls };
}

const sessionOf = (pool, more = {}) =>
  openSession({
    pool,
    policy: { id: "p", version: "1", ...more.policy },
    policySha256: "a",
    keyId: "k",
    keyKept: true,
    optOut: more.optOut ?? null,
    tool: "tokumei test",
  });

const sinkOf = (write = async (_output) => undefined) => {
  const sink = { names: [], closed: 0, aborted: 0 };
  return Object.assign(sink, {
    async write(output) {
      await write(output);
      sink.names.push(output.name);
    },
    async close() {
      sink.closed += 1;
    },
    async abort() {
      sink.aborted += 1;
    },
  });
};

test("n follows the paths' bytes, and files added later go on counting", async () => {
  const { pool } = fakePool();
  const session = sessionOf(pool);
  await session.add([input("b"), input("a")]);
  await session.plan();
  await session.add([input("A"), input("0")]);
  await session.run({ sink: sinkOf() });
  const { files } = session.mapping();
  assert.deepEqual(
    files.map(({ n, path }) => [n, path]),
    [
      [1, "a"],
      [2, "b"],
      [3, "0"],
      [4, "A"],
    ],
  );
});

test("what does not leave has no output identity, and every reason is there", async () => {
  const { pool } = fakePool({
    scan: async ({ path }) => (path === "b" ? { fault: "engine-fault" } : rowOf(path)),
    plan: async (rows) =>
      rows.map(({ sopInstance }) =>
        sopInstance === "1.c" ? { verdict: "review", reason: "uid-conflict", tag: null } : PASS,
      ),
  });
  const session = sessionOf(pool);
  await session.add([input("a"), input("b"), input("c"), input("d", { fault: "source-unreadable" })]);
  await session.run({ sink: sinkOf() });
  const { files, totals } = session.report();
  assert.deepEqual(
    files.map(({ n, verdict, reason }) => [n, verdict, reason]),
    [
      [1, "pass", "clean"],
      [2, "refused", "engine-fault"],
      [3, "review", "uid-conflict"],
      [4, "refused", "source-unreadable"],
    ],
  );
  for (const row of files.slice(1)) {
    for (const field of ["patient", "study", "series", "instance", "frameOfReference", "out", "sha256", "bytesOut"]) {
      assert.equal(row[field], null, field);
    }
  }
  assert.deepEqual(totals.byVerdict, { pass: 1, refused: 2, review: 1 });
  assert.equal(JSON.stringify(session.report()).includes("山田"), false);
});

test("equal SOP Instance UIDs are told apart by their bytes, others are not read whole", async () => {
  const { pool, calls } = fakePool({
    scan: async ({ path }) => rowOf(path, { sopInstance: path.startsWith("x") ? "same" : path }),
  });
  const session = sessionOf(pool);
  await session.add([input("x1"), input("y"), input("x2")]);
  await session.plan();
  assert.deepEqual(calls.digest.sort(), ["x1", "x2"]);
  assert.deepEqual(
    calls.plan[0].rows.map(({ digest }) => digest),
    ["x1", "x2", undefined],
  );
});

test("parts of a concatenation leave together or not at all", async () => {
  const { pool, calls } = fakePool({
    scan: async ({ path }) => rowOf(path, { concatenation: path.startsWith("p") ? "c" : null }),
    transform: async ({ path }, _row, dry) => {
      calls.transform.push({ path, dry });
      return path === "p2" ? { ...leaves(path), verdict: "refused", reason: "damaged" } : leaves(path);
    },
  });
  const session = sessionOf(pool);
  await session.add([input("p1"), input("p2"), input("q")]);
  const sink = sinkOf();
  await session.run({ sink });
  assert.deepEqual(
    session.report().files.map(({ reason }) => reason),
    ["part-held", "damaged", "clean"],
  );
  assert.equal(sink.names.length, 1);
});

test("a stop keeps what was done and says of the rest that it was stopped; a second run does the rest once", async () => {
  const stop = new AbortController();
  let written = 0;
  const { pool } = fakePool();
  const session = sessionOf(pool);
  await session.add(["a", "b", "c", "d"].map((path) => input(path)));
  const sink = sinkOf(async () => {
    written += 1;
    if (written === 2) stop.abort();
  });
  assert.deepEqual(await session.run({ sink, signal: stop.signal }), { stopped: true });
  assert.equal(sink.closed, 1);
  assert.deepEqual(session.report().totals.byReason, { clean: 2, stopped: 2 });
  const rest = sinkOf();
  await session.run({ sink: rest });
  assert.equal(rest.names.length, 2);
  assert.deepEqual(session.report().totals.byReason, { clean: 4 });
});

test("a full disk ends the run with its code; what was written stays in the report", async () => {
  const { pool } = fakePool();
  const session = sessionOf(pool);
  await session.add(["a", "b", "c"].map((path) => input(path)));
  let written = 0;
  const sink = sinkOf(async () => {
    written += 1;
    if (written === 2) throw Object.assign(new Error("no"), { code: "disk-full" });
  });
  await assert.rejects(session.run({ sink }), new SessionError("disk-full"));
  assert.equal(sink.aborted, 1);
  assert.deepEqual(session.report().totals.byReason, { clean: 1, stopped: 2 });
});

test("a conflict at the destination costs one instance", async () => {
  const { pool } = fakePool();
  const session = sessionOf(pool);
  await session.add([input("a"), input("bb")]);
  const sink = sinkOf(async ({ name }) => {
    if (name.endsWith("/1.dcm")) throw Object.assign(new Error("no"), { code: "conflict-at-destination" });
  });
  await session.run({ sink });
  assert.deepEqual(session.report().totals.byReason, { "conflict-at-destination": 1, clean: 1 });
});

test("outputs wait in bounded number for a slow sink", async () => {
  let open = 0;
  let most = 0;
  const { pool } = fakePool({
    transform: async ({ path }) => {
      open += 1;
      most = Math.max(most, open);
      return leaves(path);
    },
  });
  const session = sessionOf(pool);
  await session.add(Array.from({ length: 300 }, (_, i) => input(`f${i}`)));
  await session.run({
    sink: sinkOf(async () => {
      await new Promise((done) => setImmediate(done));
      open -= 1;
    }),
  });
  assert.ok(most <= 41, String(most));
});

test("what forbids a run is said before anything leaves", async () => {
  const { pool, calls } = fakePool();
  const cases = [
    { policy: { key: { required: true } }, code: null },
    { policy: { key: { keyId: "other" } }, code: "key-mismatch" },
    { policy: { optOut: { required: true } }, code: "optout-list-missing" },
  ];
  for (const { policy, code } of cases) {
    const session = sessionOf(pool, { policy });
    assert.equal(session.preflight(), code);
    if (code) await assert.rejects(session.run({ sink: sinkOf() }), new SessionError(code));
  }
  assert.deepEqual(calls.transform, []);
});

test("a person can refuse what is held; a pass is not possible before the picture was drawn", async () => {
  const { pool } = fakePool({
    plan: async (rows) => rows.map(() => ({ verdict: "review", reason: "text-not-checked", tag: null })),
  });
  const session = sessionOf(pool);
  await session.add([input("a"), input("b")]);
  await session.plan();
  assert.deepEqual(session.held(), [
    {
      group: "g1",
      reason: "text-not-checked",
      items: [1, 2],
      device: "Maker X",
      size: "2×2",
      stays: "text-not-checked",
      boxes: [],
    },
  ]);
  assert.deepEqual(session.decide([1], { kind: "pass" }), [{ n: 1, ok: false, reason: "text-not-checked" }]);
  assert.deepEqual(session.decide([1, 9], { kind: "refused" }), [
    { n: 1, ok: true, reason: "decided-refuse" },
    { n: 9, ok: false, reason: "unknown-item" },
  ]);
  const [first] = session.report().files;
  assert.deepEqual([first.verdict, first.reason, first.decidedBy], ["refused", "decided-refuse", "person"]);
});

test("an approval counts for what was drawn and what looking settles, and is taken back", async () => {
  const reasons = ["text-not-checked", "identity-mismatch"];
  const { pool } = fakePool({
    plan: async (rows) => rows.map((_, i) => ({ verdict: "review", reason: reasons[i], tag: null, looked: PASS })),
  });
  const session = sessionOf(pool);
  await session.add([input("a"), input("b")]);
  await session.plan();
  for (const frame of [1, -1, 0.5]) session.drawn(1, frame);
  assert.equal(session.decide([1], { kind: "pass" })[0].ok, false);
  session.drawn(1, 0);
  session.drawn(2, 0);
  assert.deepEqual(session.decide([1, 2], { kind: "pass" }), [
    { n: 1, ok: true, reason: "decided-pass" },
    { n: 2, ok: false, reason: "identity-mismatch" },
  ]);
  assert.deepEqual(session.held()[0]?.items, [2]);
  assert.deepEqual(session.undecide([1, 2]), [
    { n: 1, ok: true, reason: "text-not-checked" },
    { n: 2, ok: false, reason: "identity-mismatch" },
  ]);
  assert.equal(session.decide([1], { kind: "masked", masks: [] })[0].ok, false);
  const masks = [{ frames: /** @type {const} */ ("all"), x: 1, y: 1, w: 2, h: 2 }];
  assert.deepEqual(session.decide([1], { kind: "masked", masks }), [{ n: 1, ok: true, reason: "decided-masked" }]);
  // It has not left.
  const [first] = session.report().files;
  assert.deepEqual([first.verdict, first.reason, first.decidedBy], ["refused", "stopped", "person"]);
});

test("the report says how a decision was come to, in the words of its schema", async () => {
  const held = { verdict: "review", reason: "text-not-checked", tag: null, looked: PASS };
  const { pool } = fakePool({ plan: async (rows) => rows.map(() => held) });
  const session = sessionOf(pool);
  await session.add(["a", "b", "c"].map((name) => input(name)));
  await session.plan();
  for (const n of [1, 2]) session.drawn(n, 0);
  const all = /** @type {const} */ ("all");
  const masks = [
    { frames: all, x: 0, y: 0, w: 1, h: 2 },
    { frames: all, x: 0, y: 0, w: 2, h: 1 },
  ];
  session.decide([1, 2], {
    kind: "masked",
    masks,
    looks: { 1: { seconds: 7.1234, scale: 1.2345 }, 2: { seconds: 1, scale: NaN } },
  });
  const [first, second, third] = session.report().files;
  const both = { held: "text-not-checked", areas: 2, share: 0.75, together: 2, at: first.decision?.at };
  assert.match(first.decision?.at ?? "", /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  assert.deepEqual(first.decision, { ...both, seconds: 7.1, scale: 1.23 });
  assert.deepEqual(second.decision, { ...both, seconds: 1, scale: null });
  assert.equal(third.decision, null);
  const schema = JSON.parse(readFileSync(new URL("../../docs/schema/report.schema.json", import.meta.url), "utf8"));
  const { required, properties } = schema.$defs.row;
  assert.deepEqual(Object.keys(first).sort(), [...required].sort());
  assert.deepEqual(Object.keys(first.decision).sort(), Object.keys(properties.decision.properties).sort());
  session.undecide([1]);
  assert.equal(session.report().files[0].decision, null);
});

test("what is drawn or comes by rule is masked, and stands in the report", async () => {
  const boxes = [{ x: 0, y: 0, w: 2, h: 1, by: "rule" }];
  const rows = { a: {}, b: { masks: boxes, masksComplete: true }, c: {}, d: {} };
  const asked = {};
  const held = (reason, looked = PASS) => ({ verdict: "review", reason, tag: null, looked });
  const planned = [
    held("text-not-checked"),
    { verdict: "masked", reason: "device-rule-masked", tag: null },
    PASS,
    held("text-not-checked", { verdict: "review", reason: "patients-mixed", tag: null }),
  ];
  const { pool } = fakePool({
    scan: async ({ path }) => rowOf(path, rows[path]),
    plan: async () => planned,
    transform: async ({ path }, _row, _dry, _others, settled) => {
      asked[path] = settled;
      return { ...leaves(path), verdict: "masked", masks: settled?.masks };
    },
  });
  const session = sessionOf(pool);
  await session.add(["a", "b", "c", "d"].map((path) => input(path)));
  await session.plan();
  assert.deepEqual(await session.boxes(2), [{ frames: "all", ...boxes[0] }]);
  session.drawn(1, 0);
  session.drawn(4, 0);
  // What other files say is not settled by a look.
  assert.deepEqual(session.decide([4], { kind: "pass" }), [{ n: 4, ok: false, reason: "patients-mixed" }]);
  const masks = [{ frames: /** @type {const} */ ("all"), x: 1, y: 1, w: 1, h: 1 }];
  assert.equal(session.decide([1], { kind: "masked", masks })[0].ok, true);
  // A plan that is made anew keeps the decision, unless other files speak against it.
  await session.plan();
  await session.run({ sink: sinkOf() });
  const drawn = [{ ...masks[0], by: "person" }];
  assert.deepEqual(asked, {
    a: { reason: "decided-masked", text: true, masks: drawn, clear: false },
    b: { reason: "device-rule-masked", text: true, masks: [{ frames: "all", ...boxes[0] }], clear: false },
    c: null,
  });
  assert.deepEqual(session.report().files[0].masks, drawn);
});

test("a decision does not outlive a plan that speaks against it", async () => {
  let looked = PASS;
  const { pool, calls } = fakePool({
    plan: async (rows) => rows.map(() => ({ verdict: "review", reason: "text-not-checked", tag: null, looked })),
  });
  const session = sessionOf(pool);
  await session.add([input("a")]);
  await session.plan();
  session.drawn(1, 0);
  assert.equal(session.decide([1], { kind: "pass" })[0].ok, true);
  looked = { verdict: "review", reason: "uid-conflict", tag: null };
  await session.plan();
  await session.run({ sink: sinkOf() });
  assert.deepEqual(calls.transform, []);
  assert.equal(session.report().files[0].reason, "text-not-checked");
});

test("one approved part of a concatenation waits for the others", async () => {
  const { pool, calls } = fakePool({
    scan: async ({ path }) => rowOf(path, { concatenation: "1.9" }),
    plan: async (rows) => rows.map(() => ({ verdict: "review", reason: "text-not-checked", tag: null, looked: PASS })),
  });
  const session = sessionOf(pool);
  await session.add([input("a"), input("b")]);
  await session.plan();
  for (const n of [1, 2]) session.drawn(n, 0);
  session.decide([1], { kind: "pass" });
  await session.run({ sink: sinkOf() });
  assert.deepEqual(calls.transform, []);
  assert.equal(session.report().files[0].reason, "stopped");
  session.decide([2], { kind: "pass" });
  await session.run({ sink: sinkOf() });
  assert.ok(session.report().files.every(({ verdict }) => verdict === "pass"));
});

test("a changed file is told from an unreadable one by asking the disk", async () => {
  const { pool } = fakePool({ scan: async () => ({ fault: "source-unreadable" }) });
  const session = sessionOf(pool);
  await session.add([
    input("a", { refresh: async () => ({ size: 10, lastModified: 1 }) }),
    input("b", { refresh: async () => ({ size: 11, lastModified: 2 }) }),
    input("c", { refresh: async () => null }),
  ]);
  assert.deepEqual(
    session.report().files.map(({ reason }) => reason),
    ["source-unreadable", "source-changed", "source-unreadable"],
  );
});

test("the same is asked where a read failed inside a module", async () => {
  const { pool } = fakePool({
    scan: async ({ path }) => (path === "a" ? rowOf(path, { reason: "source-unreadable" }) : rowOf(path)),
    transform: async ({ path }) => ({ ...leaves(path), verdict: "refused", reason: "source-unreadable" }),
  });
  const session = sessionOf(pool);
  const changed = { refresh: async () => ({ size: 11, lastModified: 2 }) };
  await session.add([input("a", changed), input("b", changed), input("c")]);
  await session.run({ sink: sinkOf() });
  assert.deepEqual(
    session.report().files.map(({ reason }) => reason),
    ["source-changed", "source-changed", "source-unreadable"],
  );
});

test("what only other files of a patient, or of its study, say goes with each image that does not say it", async () => {
  const END = "\u0100";
  const line = (...values) => values.map((value) => `N\u0101${value}${END}`).join("");
  const says = {
    a: { patient: "7", study: "1", identities: line("MORI", "YAMADA") },
    b: { patient: "7", study: "2", identities: line("ABE", "YAMADA") },
    c: { patient: "7", study: "2", identities: line("ABE", "MORI", "YAMADA") },
    d: { patient: "", study: "2", identities: line("OTHER") },
    e: { patient: "8", study: "3", identities: line("SAITO") },
    f: { patient: "8", study: "3", identities: line("SAITO") },
  };
  const told = new Map();
  const { pool, calls } = fakePool({
    scan: async ({ path }) => rowOf(path, says[path]),
    transform: async ({ path }, _row, _dry, others) => {
      told.set(path, others);
      return path === "b"
        ? { ...leaves(path), verdict: "review", reason: "identity-from-other-file", blob: undefined }
        : leaves(path);
    },
  });
  for (const order of ["abcdef", "fedcba"]) {
    const session = sessionOf(pool);
    for (const path of order) await session.add([input(path)]);
    await session.run({ sink: sinkOf() });
    const united = line("ABE", "MORI", "OTHER", "YAMADA");
    for (const path of "abcd") assert.equal(told.get(path).lines, united, path);
    for (const path of "ef") assert.equal(told.get(path), null, path);
    assert.equal(new Set([..."abcd"].map((path) => told.get(path).number)).size, 1);
    const { files } = session.report();
    assert.deepEqual([files[1].verdict, files[1].reason, files[1].out], ["review", "identity-from-other-file", null]);
    assert.deepEqual(session.held()[0].items, [2]);
    assert.equal(JSON.stringify([session.report(), session.tree(), calls.plan]).includes("MORI"), false);
    assert.equal(session.decide([2], { kind: "refused" })[0].ok, true);
  }
});

test("a patient of whom too much is said is held rather than searched in part", async () => {
  const lineOf = (path) => Array.from({ length: 2_500 }, (_, i) => `I\u0101${path}${i}\u0100`).join("");
  const { pool, calls } = fakePool({ scan: async ({ path }) => rowOf(path, { identities: lineOf(path) }) });
  const session = sessionOf(pool);
  await session.add([input("a"), input("b")]);
  const { totals } = await session.plan();
  assert.deepEqual(totals, { review: 2 });
  await session.run({ sink: sinkOf() });
  assert.equal(calls.transform.length, 0);
});

test("the mapping holds what left, and nothing where the policy says never", async () => {
  const { pool } = fakePool();
  const session = sessionOf(pool);
  await session.add([input("a")]);
  await session.run({ sink: sinkOf() });
  assert.deepEqual(session.mapping(), {
    schema: "tokumei.mapping/1",
    patients: [{ patientId: "7", namespace: "", pseudonym: "PSEUDO", dateShiftDays: -70 }],
    uids: { "1.a": "2.25.3" },
    files: [{ n: 1, path: "a", out: "PSEUDO/2.25.1/2.25.2/1.dcm" }],
  });
  assert.equal(sessionOf(pool, { policy: { mapping: "never" } }).mapping(), null);
});
