// What is sent and what is read, byte for byte.
import assert from "node:assert/strict";
import { test } from "node:test";
import { meaningOfReason, readListing, readStored } from "../../www/deliver/stow/answer.js";
import { multipart, onlyPart } from "../../www/deliver/stow/multipart.js";
import { meaningOf, retryAfter } from "../../www/deliver/stow/statuses.js";
import { readParts, stored } from "./stow-store.mjs";

test("a body has one part an instance, in the one form that all receivers read", async () => {
  const parts = [Buffer.from([0, 13, 10, 255, 45, 45]), Buffer.from("DICM"), Buffer.alloc(0)];
  const { type, body } = multipart(parts.map((part) => [new Blob([part])]));
  const boundary = /^multipart\/related; type="application\/dicom"; boundary=([a-z2-7]{32})$/.exec(type)?.[1];
  const whole = Buffer.from(await body.arrayBuffer());
  const head = "Content-Type: application/dicom\r\n\r\n";
  const wanted = parts.flatMap((part) => [`--${boundary}\r\n${head}`, part, "\r\n"]);
  assert.deepEqual(whole, Buffer.concat([...wanted, `--${boundary}--\r\n`].map((one) => Buffer.from(one))));
  assert.deepEqual(readParts(type, whole), parts);
  assert.notEqual(multipart([]).type, multipart([]).type);
});

test("an instance that is fetched is the content of its only part", async () => {
  const content = Buffer.from("\r\n--b\r\nDICM\r\n--");
  const body = (text) => new Blob([text.replace("CONTENT", content.toString("latin1"))]);
  const good = "--b-1\r\nContent-Type: application/dicom\r\n\r\nCONTENT\r\n--b-1--\r\n";
  const type = 'multipart/related; type="application/dicom"; boundary=b-1';
  const read = async (text, as) => {
    const part = await onlyPart(body(text), as);
    return part && Buffer.from(await part.arrayBuffer());
  };
  assert.deepEqual(await read(good, type), content);
  assert.deepEqual(await read(`a preamble\r\n${good}`, 'Multipart/Related;boundary="b-1"'), content);
  assert.deepEqual(await read("CONTENT", "application/dicom"), content);
  assert.deepEqual(await read("CONTENT", null), content);
  for (const broken of ["", "--b-1\r\n", "CONTENT", good.slice(0, -8), good.replace("b-1\r", "b-2\r")]) {
    assert.equal(await read(broken, type), null, JSON.stringify(broken));
  }
  assert.equal(await read(good, "multipart/related"), null);
});

const SENT = ["1.1", "1.2"];
const told = (value) => [...readStored(typeof value === "string" ? value : JSON.stringify(value), SENT).values()];
const UNKNOWN = { state: "unknown" };
const uid = (...values) => ({ "00081155": { vr: "UI", Value: values } });
const referenced = (...items) => ({ "00081199": { vr: "SQ", Value: items } });

test("only what an answer names is stored or refused", () => {
  assert.deepEqual(told(stored(["1.1"], [["1.2", 272]])), [
    { state: "stored", warning: null },
    { state: "failed", reason: 272 },
  ]);
  assert.deepEqual(told([stored(["1.2"])])[1], { state: "stored", warning: null }, "an array around the data set");
  const warned = { ...uid("1.1"), "00081196": { vr: "US", Value: [45056] } };
  assert.deepEqual(told(referenced(warned, uid("1.2\0")))[0], { state: "stored", warning: 45056 });
  assert.deepEqual(told(referenced(uid("1.2\0")))[1], { state: "stored", warning: null }, "padded");
  assert.deepEqual(told(stored([], [["1.1", "49442"]]))[0], { state: "failed", reason: 49442 }, "digits");
  assert.deepEqual(told(stored(["1.1"], [["1.1", 272]])), [UNKNOWN, UNKNOWN], "in both");
  assert.deepEqual(told(stored(["1.3", "9.9"])), [UNKNOWN, UNKNOWN], "other instances");
});

test("an answer of any other form says nothing", (t) => {
  const deep = `${'{"00081199":{"Value":['.repeat(50_000)}`;
  const nested = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
  const others = [
    ...[
      "",
      " ",
      "null",
      "0",
      '"1.1"',
      "[]",
      "{}",
      "[{},{}]",
      "<NativeDicomModel/>",
      "<!doctype html><p>1.1",
      deep,
      nested,
    ],
    ...[referenced(), referenced(null, 1, "1.1", [], uid(), uid(1.1), uid(["1.1"]), uid({ 1.1: 1 }))],
    ...[{ "00081199": { Value: "1.1" } }, { "00081199": [uid("1.1")] }, { "0008119A": { Value: [uid("1.1")] } }],
    ...[{ ReferencedSOPSequence: { Value: [uid("1.1")] } }, { "00081199": { Value: { 0: uid("1.1"), length: 1 } } }],
    ...[
      { "00081199": { Value: [{ "00080018": { Value: ["1.1"] } }] } },
      referenced(uid("1.1 extra"), uid("x".repeat(99))),
    ],
  ];
  for (const other of others) assert.deepEqual(told(other), [UNKNOWN, UNKNOWN], JSON.stringify(other).slice(0, 80));
  const parse = t.mock.method(JSON, "parse", () => {
    throw new RangeError("an engine whose parser recurses");
  });
  assert.deepEqual(told("{}"), [UNKNOWN, UNKNOWN]);
  parse.mock.restore();
  const long = `${JSON.stringify(stored(["1.1"]))}${" ".repeat(33 * 1024 * 1024)}`;
  assert.deepEqual(told(long), [UNKNOWN, UNKNOWN], "longer than an answer may be");
  for (const reason of [-1, 65536, 1.5, "0x110", null, [], {}, true]) {
    assert.deepEqual(told(stored([], [["1.1", reason]]))[0], { state: "failed", reason: null }, JSON.stringify(reason));
  }
  assert.equal(JSON.parse('{"__proto__":{"00081199":{"Value":[]}}}')["00081199"], undefined);
});

test("a listing is a list of instances", () => {
  const listed = (value) => readListing(JSON.stringify(value));
  const row = (one) => ({ "00080018": { vr: "UI", Value: [one] } });
  assert.deepEqual(listed([row("1.1"), row("1.2 "), {}]), { items: 3, instances: ["1.1", "1.2"] });
  assert.deepEqual(listed([]), { items: 0, instances: [] });
  for (const other of [null, {}, "1.1", [null], [{}], [{ "0020000D": { Value: ["1.1"] } }]]) {
    assert.equal(listed(other), null, JSON.stringify(other));
  }
  assert.equal(readListing(""), null);
  assert.equal(readListing("<html>"), null);
});

test("reasons, statuses and times to wait", () => {
  const reasons = {
    busy: [0xa700, 0xa7ff, 45071],
    there: [0x0111, 45070],
    refused: [null, 0, 0xa6ff, 0xa800, 272, 0xa900, 0xc122],
  };
  for (const [meaning, codes] of Object.entries(reasons)) {
    for (const code of codes) assert.equal(meaningOfReason(code), meaning, String(code));
  }
  const statuses = {
    read: [200, 201, 202, 204, 400, 409, 422, 500],
    auth: [401, 403, 407, 511],
    halve: [413],
    wait: [408, 425, 429, 502, 503, 504, 507, 520, 599],
    misconfigured: [301, 304, 404, 405, 406, 410, 414, 415, 501, 505, 0],
  };
  for (const [meaning, codes] of Object.entries(statuses)) {
    for (const code of codes) assert.equal(meaningOf(code), meaning, String(code));
  }
  const now = Date.parse("2026-11-25T00:00:00Z");
  const waits = { 5: 5_000, " 120 ": 120_000, "Wed, 25 Nov 2026 00:01:00 GMT": 60_000 };
  for (const [value, ms] of Object.entries(waits)) assert.equal(retryAfter(value, now), ms, value);
  for (const value of [null, "", "0", "-1", "1.5", "soon", "1e9", "Wed, 25 Nov 2020 00:01:00 GMT", "9".repeat(30)]) {
    assert.equal(retryAfter(value, now), null, String(value));
  }
});
