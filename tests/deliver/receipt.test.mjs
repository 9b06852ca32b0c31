// The receipt: what a destination has confirmed, its canonical form, its signature, its schema. The ledger's arithmetic.
import assert from "node:assert/strict";
import { createPublicKey, verify } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { ledgerKey, ledgerMac } from "../../www/deliver/ledger.js";
import { canonicalJson } from "../../www/session/canonical.js";
import { makeSigningKeys, signerOf, verifyReceipt } from "../../www/session/receipt.js";
import { code, input, inputs, poolOf, sessionOf, sinkOf } from "./session.mjs";

const root = resolve(import.meta.dirname, "../..");
const shared = resolve(root, process.env.TOKUMEI_SHARED ?? "../shared");
const THERE = "https://there.example/dicom-web";

async function delivered(signer = async () => signerOf(await makeSigningKeys())) {
  const session = await sessionOf(poolOf(), inputs(4), { ...(signer && { signer }) });
  const place = async () =>
    sinkOf({ answer: ({ n }) => (n === 2 ? "there" : n === 3 ? code("rejected-by-destination") : undefined) });
  await session.upload({ place, destination: THERE });
  return session.receipt(THERE);
}

test("holds what the destination has, and nothing of where it came from", async () => {
  const receipt = await delivered();
  const { instances, signature, ...facts } = receipt;
  assert.deepEqual(facts, {
    schema: "tokumei.receipt/1",
    tool: "tokumei 0.0.0",
    policy: { id: "p", version: "1", sha256: "a".repeat(64) },
    keyId: "0123456789abcdef",
    destination: THERE,
    started: facts.started,
    ended: facts.ended,
  });
  assert.ok(facts.started < instances[0].at && instances[2].at < facts.ended);
  assert.deepEqual(
    instances.map(({ instance, bytes, how }) => [instance, bytes, how]),
    [
      ["2.25.3000000", 9, "sent"],
      ["2.25.3000001", 9, "there"],
      ["2.25.3000003", 9, "sent"],
    ],
  );
  assert.equal(signature.alg, "Ed25519");
  assert.doesNotMatch(JSON.stringify(receipt), /f00000|\.dcm|PSEUDO/);
});

test("nothing sent is no receipt; without Ed25519 it says that it is unsigned", async () => {
  const session = await sessionOf(poolOf(), [input("a")]);
  assert.equal(await session.receipt(THERE), null);
  await session.run({ sink: sinkOf() });
  assert.equal(await session.receipt(THERE), null);
  const unsigned = await delivered(async () => null);
  assert.equal(unsigned.signature, null);
  assert.deepEqual(await verifyReceipt(unsigned), { ok: false, reason: "receipt-unsigned" });
  assert.equal((await delivered(null)).signature, null);
});

test("is of one destination: what another has is not in it", async () => {
  const session = await sessionOf(poolOf(), inputs(5));
  const place = async () => sinkOf();
  await session.upload({ place, destination: THERE, only: [1, 2] });
  await session.upload({ place, destination: "https://other.example" });
  const instances = async (destination) => (await session.receipt(destination))?.instances.length;
  assert.deepEqual([await instances(THERE), await instances("https://other.example")], [2, 3]);
  assert.equal(await session.receipt("https://third.example"), null);
});

test("is signed so that Node's own Ed25519 agrees, and any change is seen", async () => {
  const receipt = await delivered();
  assert.deepEqual(await verifyReceipt(receipt), { ok: true, reason: null });
  assert.deepEqual(await verifyReceipt(JSON.parse(JSON.stringify(receipt, null, 4))), { ok: true, reason: null });
  const { signature, ...signed } = receipt;
  const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: signature.publicKey }, format: "jwk" });
  const value = Buffer.from(signature.value, "base64url");
  assert.ok(verify(null, Buffer.from(canonicalJson(signed)), key, value));
  const changes = [
    (one) => ({ ...one, destination: "https://other.example" }),
    (one) => ({ ...one, instances: one.instances.slice(1) }),
    (one) => ({ ...one, instances: one.instances.map((each) => ({ ...each, bytes: each.bytes + 1 })) }),
    (one) => ({ ...one, policy: { ...one.policy, version: "2" } }),
  ];
  for (const change of changes) {
    assert.deepEqual(await verifyReceipt(change(receipt)), { ok: false, reason: "receipt-changed" });
  }
  const other = await signerOf(await makeSigningKeys());
  const swapped = { ...receipt, signature: { ...signature, publicKey: other.publicKey } };
  assert.deepEqual(await verifyReceipt(swapped), { ok: false, reason: "receipt-changed" });
  const malformed = [
    null,
    [],
    "text",
    { ...receipt, more: 1 },
    { ...receipt, instances: [{ ...receipt.instances[0], path: "x" }] },
    { ...receipt, instances: [{ ...receipt.instances[0], sha256: "0" }] },
    { ...receipt, signature: { ...signature, alg: "none" } },
    { ...receipt, signature: { ...signature, value: "" } },
    { ...receipt, tool: "\ud800" },
    JSON.parse("[".repeat(5000) + "]".repeat(5000)),
  ];
  for (const each of malformed) {
    assert.deepEqual(await verifyReceipt(each), { ok: false, reason: "receipt-malformed" });
  }
});

test("keys can't be taken out unless that is asked for", async () => {
  const kept = await makeSigningKeys();
  await assert.rejects(crypto.subtle.exportKey("pkcs8", kept.privateKey));
  assert.ok((await crypto.subtle.exportKey("pkcs8", (await makeSigningKeys(true)).privateKey)).byteLength > 32);
});

test("canonical JSON is that of RFC 8785", () => {
  // Section 3.2.2 to 3.2.4 of the RFC.
  const given = JSON.parse(
    String.raw`{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}`,
  );
  assert.equal(
    canonicalJson(given),
    String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
  );
  const names = { "\u20ac": 1, "\r": 2, "\ufb33": 3, 1: 4, "\u{1f600}": 5, "\u0080": 6, "\u00f6": 7 };
  assert.deepEqual(
    [...canonicalJson(names).matchAll(/:(\d)/g)].map(([, value]) => Number(value)),
    [2, 4, 6, 7, 1, 5, 3],
  );
  for (const none of [Number.NaN, Number.POSITIVE_INFINITY, undefined, "\ud800", { a: undefined }, () => 1]) {
    assert.throws(() => canonicalJson(none), TypeError);
  }
});

/** As much of JSON Schema as the published one uses. */
function fits(schema, value, root = schema) {
  if (schema.$ref) return fits(root.$defs[schema.$ref.replace("#/$defs/", "")], value, root);
  const named = ["const", "enum", "type", "pattern", "minimum", "required", "properties", "items", "oneOf"];
  const words = ["$schema", "$id", "title", "description", "$defs", "additionalProperties", ...named];
  assert.deepEqual(
    Object.keys(schema).filter((word) => !words.includes(word)),
    [],
  );
  const { properties, required = [] } = schema;
  const type = Array.isArray(value) ? "array" : value === null ? "null" : typeof value;
  return (
    (!("const" in schema) || schema.const === value) &&
    (!schema.enum || schema.enum.includes(value)) &&
    (!schema.type || schema.type === type || (schema.type === "integer" && Number.isInteger(value))) &&
    (!schema.pattern || new RegExp(schema.pattern, "u").test(value)) &&
    (!("minimum" in schema) || value >= schema.minimum) &&
    (!schema.oneOf || schema.oneOf.filter((each) => fits(each, value, root)).length === 1) &&
    (type !== "object" ||
      !properties ||
      (required.every((name) => name in value) &&
        Object.entries(value).every(([name, each]) => name in properties && fits(properties[name], each, root)))) &&
    (type !== "array" || value.every((each) => fits(schema.items, each, root)))
  );
}

test("agrees with its published schema, and so does what verifies it", async () => {
  const schema = JSON.parse(readFileSync(join(root, "docs/schema/receipt.schema.json"), "utf8"));
  const receipt = await delivered();
  const [instance] = receipt.instances;
  const given = [
    [receipt, true],
    [{ ...receipt, signature: null }, true],
    [{ ...receipt, instances: [] }, true],
    [{ ...receipt, more: 1 }, false],
    [{ ...receipt, started: "today" }, false],
    [{ ...receipt, keyId: "0" }, false],
    [{ ...receipt, policy: { ...receipt.policy, sha256: "A".repeat(64) } }, false],
    [{ ...receipt, signature: { ...receipt.signature, alg: "none" } }, false],
    ...Object.entries({ how: "lost", bytes: -1, at: "", study: "1.2.x", sha256: 0, more: 1 }).map(([name, value]) => [
      { ...receipt, instances: [{ ...instance, [name]: value }] },
      false,
    ]),
  ];
  for (const [each, ok] of given) {
    assert.equal(fits(schema, each), ok);
    assert.equal((await verifyReceipt(each)).reason !== "receipt-malformed", ok);
  }
});

test("ledger entries are those of the pseudonyms' scheme", async (t) => {
  const file = join(shared, "vectors/pseudonym_vectors.json");
  if (!existsSync(file)) return t.skip("no vectors");
  const { tokens } = JSON.parse(readFileSync(file, "utf8"));
  assert.equal(tokens.length, 2);
  for (const { key, ledger } of tokens) {
    const macs = await ledgerKey(Uint8Array.from(Buffer.from(key, "hex")));
    assert.equal(await ledgerMac(macs, ledger.uid, ledger.destination), ledger.entry);
    assert.notEqual(await ledgerMac(macs, ledger.uid, ledger.destination, "0".repeat(64)), ledger.entry);
    await assert.rejects(crypto.subtle.exportKey("raw", macs));
  }
});
