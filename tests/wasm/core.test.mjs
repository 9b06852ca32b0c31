// What the core tells without a file: digests, keys, policies, reasons.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import test from "node:test";
import { root } from "../../tools/process.mjs";
import { core, memory, wasm } from "./core.mjs";

const vectors = join(process.env.TOKUMEI_SHARED ?? resolve(root, "../shared"), "vectors/pseudonym_vectors.json");
const skip = !existsSync(vectors) && !process.env.CI && "the shared folder is missing";

function sha256(...parts) {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}

test("the digest is the same however the bytes are cut, and begins anew", () => {
  const bytes = Uint8Array.from({ length: 300_001 }, (_, i) => (i * 31 + (i >> 8)) & 255);
  const hasher = new core.Hasher();
  for (const step of [1_000, 65_535, 65_536, 65_537, bytes.length]) {
    for (let start = 0; start < bytes.length; start += step) hasher.update(bytes.subarray(start, start + step));
    assert.equal(hasher.digest(), sha256(bytes), `cut by ${step}`);
  }
  hasher.update(new Uint8Array(0));
  assert.equal(hasher.digest(), sha256());
});

test("hashing much takes no memory", () => {
  const hasher = new core.Hasher();
  hasher.update(new Uint8Array(1));
  const before = memory();
  const bytes = new Uint8Array(64 << 20);
  hasher.update(bytes);
  assert.equal(hasher.digest(), sha256(new Uint8Array(1), bytes));
  assert.equal(memory(), before);
});

test("a key's id is that of the vectors", { skip }, () => {
  const { keys } = JSON.parse(readFileSync(vectors, "utf8"));
  assert.ok(keys.length > 0);
  for (const { key, key_id } of keys) assert.equal(core.keyId(Buffer.from(key, "hex")), key_id);
});

test("a key of another length is none", () => {
  for (const length of [0, 31, 33]) assert.throws(() => core.keyId(new Uint8Array(length)), { code: "key-invalid" });
});

test("shipped policies are read back as they are", () => {
  const policies = core.shippedPolicies();
  assert.deepEqual(policies.map(({ id }) => id).sort(), ["basic", "headers-only", "longitudinal-full", "research"]);
  for (const policy of policies) {
    const read = core.readPolicy(JSON.stringify(policy));
    assert.deepEqual(read.policy, policy);
    assert.match(read.sha256, /^[0-9a-f]{64}$/);
    assert.deepEqual(core.shippedPolicy(policy.id), read);
  }
  assert.equal(core.shippedPolicy("none"), undefined);
});

test("a faulty policy is told with its place", () => {
  const text = '{ "schema": "tokumei.policy/1",\n  "foo": 1 }';
  assert.throws(
    () => core.readPolicy(text),
    (/** @type {any} */ error) => {
      assert.equal(error.code, "policy-invalid");
      assert.equal(error.line, 2);
      assert.match(error.message, /foo.*options/s);
      return true;
    },
  );
  for (const bad of ["", "[]", "{", "null", '{"schema":"tokumei.policy/2"}']) {
    assert.throws(() => core.readPolicy(bad), { code: "policy-invalid" });
  }
});

test("every reason goes with one verdict", () => {
  const verdicts = ["pass", "masked", "defaced", "review", "refused", "excluded", "skipped", "run"];
  const reasons = core.reasons();
  assert.equal(new Set(reasons.map(({ code }) => code)).size, reasons.length);
  for (const { code, verdict } of reasons) {
    assert.match(code, /^[a-z]+(-[a-z]+)*$/);
    assert.ok(verdicts.includes(verdict), code);
  }
});

test("the version is the product's", () => {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  assert.equal(core.version(), version);
});

test("no module names a folder of the machine that built it", () => {
  for (const name of ["core", "verify", "pixels", "jxl"]) {
    const bytes = name === "core" ? wasm : readFileSync(join(root, `www/pkg/${name}.wasm`));
    for (const folder of [homedir(), root]) assert.equal(bytes.indexOf(folder), -1, `${name}: ${folder}`);
  }
});

test("CRC-32 is that of the ZIP format, however the bytes are cut", () => {
  const bytes = Uint8Array.from({ length: 200_001 }, (_, i) => (i * 31) % 251);
  const whole = new core.Crc32();
  whole.update(new TextEncoder().encode("123456789"));
  assert.equal(whole.value(), 0xcbf43926);
  const values = [1, 7, 65_536, bytes.length].map((part) => {
    const crc = new core.Crc32();
    for (let at = 0; at < bytes.length; at += part) crc.update(bytes.subarray(at, at + part));
    return crc.value();
  });
  assert.equal(new Set(values).size, 1);
});
