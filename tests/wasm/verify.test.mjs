// The second opinion on what the core makes, as Node has both.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join as path } from "node:path";
import test from "node:test";
import { root } from "../../tools/process.mjs";
import { initSync, Verifier } from "../../www/pkg/verify.js";
import { Told } from "../../www/workers/told.js";
import { core } from "./core.mjs";
import { ct, join, source } from "./dicom.mjs";

initSync({ module: readFileSync(path(root, "www/pkg/verify.wasm")) });

const key = Uint8Array.from({ length: 32 }, (_, i) => i);
const policy = core.shippedPolicies().find(({ id }) => id === "headers-only");
const lists = new Uint8Array(readFileSync(path(root, "www/pkg/lists.bin")));
const engine = new core.Core(policy, key, "1312345", lists);
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
  assert.deepEqual(answer, {
    ok: true,
    verdict: null,
    reason: null,
    detail: null,
    tag: null,
    readBy: "dicom-object",
  });
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

test("what other files say is taken from their headers, and holds what has it", () => {
  const bytes = ct();
  const other = verifier.identities(source(ct({ patientName: "Kuronuma^Masao" })));
  assert.ok(other.includes("Kuronuma^Masao"));
  assert.equal(verifier.identities(source(new Uint8Array(200))), "");
  const out = output(bytes);
  const bad = Uint8Array.from(out);
  const at = Buffer.from(out).indexOf("ORIGINAL");
  bad.set(new TextEncoder().encode("KURONUMA"), at);
  const unknown = verifier.verify(source(bytes), source(out), 7);
  assert.deepEqual([unknown.ok, unknown.verdict, unknown.reason], [false, "review", "identity-from-other-file"]);
  verifier.learn(7, other);
  assert.equal(verifier.verify(source(bytes), source(out), 7).ok, true);
  const answer = verifier.verify(source(bytes), source(bad), 7);
  assert.deepEqual([answer.verdict, answer.reason, answer.tag], ["review", "identity-from-other-file", "0008,0008"]);
  assert.equal(verifier.verify(source(bytes), source(bad)).ok, true);
  // Its own identity refuses, whatever others say.
  const own = verifier.verify(source(ct({ patientName: "Kuronuma^Masao" })), source(bad), 7);
  assert.equal(own.verdict, "refused");
});

test("what a worker has been told is what verify remembers, in whatever order patients come", () => {
  const told = new Told();
  const bytes = ct();
  const out = output(bytes);
  let seed = 1;
  for (let i = 0; i < 300; i += 1) {
    seed = (seed * 16_807) % 2_147_483_647;
    const others = { number: 100 + (seed % 24), lines: "N\u0101Kuronuma\u0100" };
    const { lines, number } = told.portion({ kind: "transform", others }).others;
    if (lines !== undefined) verifier.learn(number, lines);
    assert.equal(verifier.verify(source(bytes), source(out), number).ok, true);
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
