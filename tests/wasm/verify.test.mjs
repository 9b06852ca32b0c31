// The second opinion on what the core makes, as Node has both.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join as path } from "node:path";
import test from "node:test";
import { root } from "../../tools/process.mjs";
import { initSync, Verifier } from "../../www/pkg/verify.js";
import { core } from "./core.mjs";
import { ct, join, source } from "./dicom.mjs";

initSync({ module: readFileSync(path(root, "www/pkg/verify.wasm")) });

const key = Uint8Array.from({ length: 32 }, (_, i) => i);
const policy = core.shippedPolicies().find(({ id }) => id === "headers-only");
const engine = new core.Core(policy, key, "1312345");
const verifier = new Verifier(policy, key, "1312345");

/** What the core makes of a file, as bytes. */
function output(bytes) {
  const from = source(bytes);
  const { pieces } = engine.transform(from, engine.scan(from, "a"));
  return join(
    pieces.map((piece) => (piece instanceof Uint8Array ? piece : bytes.subarray(piece[0], piece[0] + piece[1]))),
  );
}

test("what the core makes passes, read by another reader", () => {
  const bytes = ct();
  const answer = verifier.verify(source(bytes), source(output(bytes)));
  assert.deepEqual(answer, { ok: true, reason: null, detail: null, tag: null, readBy: "dicom-object" });
});

test("a planted name is found; no answer repeats it", () => {
  const bytes = ct();
  const out = output(bytes);
  const at = Buffer.from(out).indexOf("Maker");
  for (const planted of ["Yamad", "12345"]) {
    const bad = Uint8Array.from(out);
    bad.set(new TextEncoder().encode(planted), at === -1 ? bad.length - 5 : at);
    const answer = verifier.verify(source(ct({ patientName: "Yamad^Taro", patientId: "12345" })), source(bad));
    assert.equal(answer.ok, false);
    assert.equal(answer.reason, "identity-in-output");
    assert.ok(!JSON.stringify(answer).includes(planted));
  }
});

test("the source itself does not pass", () => {
  const answer = verifier.verify(source(ct()), source(ct()));
  assert.equal(answer.ok, false);
  assert.equal(answer.reason, "identity-in-output");
});

test("an output that cannot be read does not pass", () => {
  const bytes = ct();
  const failing = {
    size: bytes.length,
    read: () => {
      throw new Error("Yamada");
    },
  };
  const answer = verifier.verify(source(bytes), failing);
  assert.equal(answer.ok, false);
  assert.throws(() => verifier.verify(undefined, source(bytes)), { code: "source-unreadable" });
});

test("a policy that is not resolved, or a key that is none, is told", () => {
  for (const none of [undefined, null, {}, { ...policy, limits: undefined }, { ...policy, options: "all" }]) {
    assert.throws(() => new Verifier(none, key, ""), { code: "policy-invalid" });
  }
  for (const bad of [
    { tag: "00100010", action: "X", path: "*" },
    { tag: "zzzz,0010", action: "X", path: "*" },
  ]) {
    assert.throws(() => new Verifier({ ...policy, attributes: [bad] }, key, ""), { code: "policy-invalid" });
  }
  assert.throws(() => new Verifier(policy, key.subarray(1), ""), { code: "key-invalid" });
});
