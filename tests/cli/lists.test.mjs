// Opt-out lists, key files, order of files and names of outputs: small pure parts of a session.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { KeyFileError, loadKey, makeKey, saveKey } from "../../www/session/keyfile.js";
import { OptOutError, readOptOut } from "../../www/session/optout.js";
import { compareBytes, compareInputs } from "../../www/session/order.js";
import { definedModality, standardUid } from "../../www/session/terms.js";
import { outputName } from "../../www/workers/names.js";

const utf8 = (text) => new TextEncoder().encode(text);

test("an opt-out list in UTF-8, with or without mark, header and blank lines", () => {
  assert.deepEqual(readOptOut(utf8("患者ID\r\n0012345\r\n\r\n  ０００７ \r\n")), ["0012345", "０００７"]);
  assert.deepEqual(readOptOut(utf8("\ufeffPatient ID\n1\n2\n")), ["1", "2"]);
  assert.deepEqual(readOptOut(utf8('"00-1"\n"a ""b"""\n"7",\n8,,\n')), ["00-1", 'a "b"', "7", "8"]);
  assert.deepEqual(readOptOut(utf8("ID001\nPID002\n")), ["ID001", "PID002"], "an ID that looks like a header stays");
  assert.deepEqual(readOptOut(utf8("")), []);
});

test("an opt-out list in cp932 and in UTF-16", () => {
  // 患者ID, half-width ｱ12, full-width １２３ as Windows writes them.
  const cp932 = Uint8Array.from([
    0x8a, 0xb3, 0x8e, 0xd2, 0x49, 0x44, 0x0d, 0x0a, 0xb1, 0x31, 0x32, 0x0d, 0x0a, 0x82, 0x50, 0x82, 0x51, 0x82, 0x52,
    0x0d, 0x0a,
  ]);
  assert.deepEqual(readOptOut(cp932), ["ｱ12", "１２３"]);
  assert.deepEqual(readOptOut(new Uint8Array(Buffer.from("\ufeffID\r\n00１\r\n", "utf16le"))), ["00１"]);
});

test("a row that would silently match nobody stops the run and names its line", () => {
  const broken = (text, line) => assert.throws(() => readOptOut(utf8(text)), new OptOutError(line));
  broken("1\n2,山田太郎\n", 2);
  broken("患者ID,氏名\n1,山田\n", 1);
  broken("1\n\n3\t4\n", 3);
  broken('1\n"2\n', 2);
  broken("1\n2\u0000\n", 2);
  assert.throws(() => readOptOut(Uint8Array.from([0x31, 0x0a, 0x82, 0xff, 0xff])), new OptOutError(null));
});

const keyIdOf = (key) => createHash("sha256").update(key).digest("hex").slice(0, 16);

test("a key file, plain: saved and loaded", async () => {
  const key = makeKey();
  const file = await saveKey({ key, namespace: "1312345" }, keyIdOf);
  assert.deepEqual(Object.keys(file), ["schema", "key", "keyId", "namespace"]);
  const loaded = await loadKey(`\ufeff${JSON.stringify(file)}`, keyIdOf);
  assert.deepEqual(loaded, { key, keyId: keyIdOf(key), namespace: "1312345" });
});

test("a key file, wrapped with a passphrase", async () => {
  const key = makeKey();
  const file = await saveKey({ key }, keyIdOf, "合言葉です");
  assert.deepEqual(Object.keys(file), ["schema", "keyId", "wrap", "iv", "ct"]);
  assert.deepEqual(
    { kdf: file.wrap.kdf, iterations: file.wrap.iterations },
    { kdf: "PBKDF2-SHA256", iterations: 600_000 },
  );
  const text = JSON.stringify(file);
  assert.deepEqual((await loadKey(text, keyIdOf, "合言葉です")).key, key);
  await assert.rejects(loadKey(text, keyIdOf), new KeyFileError("key-passphrase-needed"));
  await assert.rejects(loadKey(text, keyIdOf, "another"), new KeyFileError("key-passphrase-wrong"));
});

test("what is no key file is none", async () => {
  const key = makeKey();
  const good = await saveKey({ key }, keyIdOf);
  const missing = new KeyFileError("key-missing");
  await assert.rejects(loadKey("{", keyIdOf), missing);
  await assert.rejects(loadKey("null", keyIdOf), missing);
  await assert.rejects(loadKey(JSON.stringify({ ...good, schema: "tokumei.key/2" }), keyIdOf), missing);
  await assert.rejects(loadKey(JSON.stringify({ ...good, key: "short" }), keyIdOf), missing);
  await assert.rejects(
    loadKey(JSON.stringify({ ...good, keyId: "0".repeat(16) }), keyIdOf),
    new KeyFileError("key-mismatch"),
  );
});

test("paths are compared as their UTF-8 bytes are", () => {
  const paths = ["b", "a/b", "a", "a/ａ", "\u{1f600}", "\uffee", "\ud7ff", "é", "日本/1", "日本", ""];
  const expected = [...paths].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  assert.deepEqual([...paths].sort(compareBytes), expected);
  const twin = (fsPath) => ({ path: "same", size: 1, lastModified: 1, fsPath });
  assert.ok(compareInputs(twin("/a"), twin("/b")) < 0);
});

test("names of outputs are made of safe segments only", () => {
  const good = { patient: "ABCD2345", study: "2.25.1", series: "2.25.2", instance: "2.25.3" };
  assert.equal(outputName(good), "ABCD2345/2.25.1/2.25.2/2.25.3.dcm");
  assert.equal(outputName({ ...good, series: null }), "ABCD2345/2.25.1/no-series/2.25.3.dcm");
  for (const bad of ["..", "a/b", "a\\b", "", null, ".x", "山田", "a\u0000"]) {
    assert.equal(outputName({ ...good, instance: bad }), null, JSON.stringify(bad));
  }
});

test("a report takes defined terms and the standard's UIDs only", () => {
  assert.equal(definedModality("CT"), "CT");
  assert.equal(definedModality("YAMADA"), null);
  assert.equal(standardUid("1.2.840.10008.1.2.1"), "1.2.840.10008.1.2.1");
  assert.equal(standardUid("1.2.840.113619.19500123"), null);
});
