// Files through the core as Node gives them: by an object that reads.
import assert from "node:assert/strict";
import test from "node:test";
import { core, lists, memory } from "./core.mjs";
import { ct, join, source } from "./dicom.mjs";

const key = Uint8Array.from({ length: 32 }, (_, i) => i);
const policy = core.shippedPolicies().find(({ id }) => id === "headers-only");
const engine = new core.Core(policy, key, "1312345", lists);

/** The new file, put together from its pieces. */
function compose(pieces, bytes) {
  return join(
    pieces.map((piece) => (piece instanceof Uint8Array ? piece : bytes.subarray(piece[0], piece[0] + piece[1]))),
  );
}

test("a file goes through scan, plan and transform; its pixels are never read", () => {
  const bytes = ct();
  const from = source(bytes);
  const row = engine.scan(from, "a/b.dcm");
  assert.equal(row.kind, "dicom");
  assert.equal(row.reason, null);
  assert.equal(row.bytes, bytes.length);
  assert.equal(row.patient, "12345678");
  assert.equal(row.screen.patientName, "Yamada^Taro");
  assert.deepEqual(engine.plan([row], undefined)[0].verdict, "pass");
  const outcome = engine.transform(from, row);
  assert.equal(outcome.verdict, "pass");
  assert.equal(outcome.reason, "clean");
  assert.ok(from.calls <= 6, `${from.calls} calls`);
  assert.ok(from.bytes < bytes.length, `${from.bytes} bytes read`);

  const range = outcome.pieces.filter(Array.isArray).find(([, length]) => length >= 512 * 512 * 2);
  assert.ok(range, "pixel data is a range of the source");
  const out = compose(outcome.pieces, bytes);
  assert.equal(out.length, outcome.bytesOut);
  assert.deepEqual(out.subarray(-512 * 512 * 2), bytes.subarray(-512 * 512 * 2));
  for (const name of ["Yamada", "12345678", "Suzuki", "ACC0001", "19500101", "20240102"]) {
    assert.equal(Buffer.from(out).indexOf(name), -1, name);
  }
  assert.ok(Buffer.from(out).includes(outcome.patient));
});

test("the same input gives the same bytes, in any order", () => {
  const files = [ct({ instance: "1.2.3.4.1" }), ct({ instance: "1.2.3.4.2", patientId: "00000009" })];
  const run = (order) =>
    order.map((n) => {
      const from = source(files[n]);
      return compose(engine.transform(from, engine.scan(from, `${n}`)).pieces, files[n]);
    });
  const [a, b] = run([0, 1]);
  const [c, d] = run([1, 0]);
  assert.deepEqual(a, d);
  assert.deepEqual(b, c);
});

test("changes are told with the rule", () => {
  const from = source(ct());
  const changes = engine.changes(from, engine.scan(from, "a"));
  const name = changes.find(({ keyword }) => keyword === "PatientName");
  assert.equal(name.before, "Yamada^Taro");
  assert.match(name.after, /^[0-9A-Z]{20}$/);
  assert.ok(name.rule && name.section);
});

test("opted-out patients are excluded; the plan keeps the order of the rows", () => {
  const rows = ["10000001", "10000002", "10000003"].map((patientId, n) => {
    const file = ct({ patientId, instance: `1.2.3.4.${n}` });
    return { ...engine.scan(source(file), `${n}`), study: `1.2.3.1.${n}`, series: `1.2.3.2.${n}` };
  });
  const decisions = engine.plan(rows, ["１０００000２"]);
  assert.deepEqual(
    decisions.map(({ verdict }) => verdict),
    ["pass", "excluded", "pass"],
  );
  assert.equal(decisions[1].reason, "opted-out");
});

test("a source that fails costs one file, not the module", () => {
  const bytes = ct();
  const good = source(bytes);
  const failing = {
    size: bytes.length,
    read: () => {
      throw new Error("Yamada");
    },
  };
  const short = { size: bytes.length, read: () => 0 };
  for (const bad of [failing, short]) {
    const row = engine.scan(bad, "a");
    assert.equal(row.reason, "source-unreadable");
    const outcome = engine.transform(bad, engine.scan(good, "a"));
    assert.equal(outcome.verdict, "refused");
    assert.equal(outcome.reason, "source-unreadable");
    assert.deepEqual(outcome.pieces, []);
  }
  assert.equal(engine.scan(good, "a").reason, null);
});

test("what is no source is an error of the caller", () => {
  const read = () => {};
  for (const none of [
    undefined,
    null,
    1,
    "text",
    {},
    { size: 1 },
    { size: "1", read },
    { size: -1, read },
    { size: Number.NaN, read },
    { size: 1.5, read },
    { size: Number.POSITIVE_INFINITY, read },
    { size: 2 ** 60, read },
    {
      get size() {
        throw new Error("no");
      },
      read,
    },
  ]) {
    assert.throws(() => engine.scan(none, "a"), { code: "source-unreadable" });
  }
  // A Blob is read by FileReaderSync, which only workers of a page have.
  assert.throws(() => engine.scan(new Blob(["a"]), "a"), { code: "source-unreadable" });
});

test("a size that lies takes no memory", () => {
  const bytes = ct();
  const before = memory();
  const lying = { size: 2 ** 52, read: source(bytes).read };
  const row = engine.scan(lying, "a");
  assert.ok(row.kind);
  assert.ok(memory() - before < 4 << 20);
});

test("a policy or key that is none is told, not taken", () => {
  assert.throws(() => new core.Core({}, key, ""), { code: "policy-invalid" });
  assert.throws(() => new core.Core(undefined, key, ""), { code: "policy-invalid" });
  assert.throws(() => new core.Core(policy, key.subarray(1), ""), { code: "key-invalid" });
});

test("rows that are none are told, not taken", () => {
  for (const rows of [undefined, {}, [{}], [1]])
    assert.throws(() => engine.plan(rows, undefined), { code: "argument-invalid" });
  assert.throws(() => engine.transform(source(ct()), {}), { code: "argument-invalid" });
});
