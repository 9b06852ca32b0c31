// STOW-RS as PS3.18 10.5 has it: what is stored, what is not, and what the answer says of it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { CT, element, head, instance, item, part10, series } from "./dicom.mjs";
import { BOUNDARY, DICOM, filesIn, multipart, named, provide, STOW } from "./kit.mjs";

const POST = { method: "POST", headers: STOW };
const uids = (list) => list.map(({ uid }) => uid);

test("instances are stored byte for byte, under their UIDs", async (t) => {
  const { store, received } = await provide(t);
  const instances = series(20);
  const { status, json, headers } = await store(instances);
  assert.equal(status, 200);
  assert.equal(headers["content-type"], "application/dicom+json");
  assert.equal(named(json, "stored").length, 20);
  assert.equal(json["00081198"], undefined);
  const files = filesIn(received);
  assert.equal(files.length, 20);
  for (const [index, bytes] of instances.entries()) {
    assert.deepEqual(readFileSync(join(received, `1.2.3/1.2.3.9/1.2.3.9.${index + 1}.dcm`)), bytes);
  }
});

test("the answer names class, instance and address", async (t) => {
  const { store, origin } = await provide(t);
  const { json } = await store([instance()], "/dicom-web/studies/1.2.3");
  assert.deepEqual(json, {
    "00081190": { vr: "UR", Value: [`${origin}/dicom-web/studies/1.2.3`] },
    "00081199": {
      vr: "SQ",
      Value: [
        {
          "00081150": { vr: "UI", Value: [CT] },
          "00081155": { vr: "UI", Value: ["1.2.3.9.1"] },
          "00081190": {
            vr: "UR",
            Value: [`${origin}/dicom-web/studies/1.2.3/series/1.2.3.9/instances/1.2.3.9.1`],
          },
        },
      ],
    },
  });
});

test("the same bytes again are there already; other bytes are refused and the first stay", async (t) => {
  const { store, received } = await provide(t);
  const [first, other] = [instance({ fill: 1 }), instance({ fill: 2 })];
  assert.equal((await store([first])).status, 200);
  const again = await store([first]);
  assert.equal(again.status, 202);
  assert.deepEqual(named(again.json, "stored"), [{ uid: "1.2.3.9.1", reason: null, warning: 0xb00e }]);
  const conflict = await store([other]);
  assert.equal(conflict.status, 409);
  assert.deepEqual(named(conflict.json, "failed"), [{ uid: "1.2.3.9.1", reason: 0x0111, warning: null }]);
  // Neither under another study.
  assert.equal((await store([instance({ study: "1.2.4", fill: 1 })])).status, 409);
  assert.deepEqual(readFileSync(join(received, "1.2.3/1.2.3.9/1.2.3.9.1.dcm")), first);
  assert.equal(filesIn(received).length, 1);
});

test("of equal UIDs that come at once, one is stored", async (t) => {
  const { store, ask, received } = await provide(t);
  const answers = await Promise.all(Array.from({ length: 12 }, (_, index) => store([instance({ fill: index % 3 })])));
  const stored = answers.filter(({ status }) => status === 200);
  assert.equal(stored.length, 1);
  assert.equal(answers.filter(({ status }) => status === 202).length, 3);
  assert.equal(answers.filter(({ status }) => status === 409).length, 8);
  assert.equal(filesIn(received).length, 1);
  assert.equal((await ask("/dicom-web/studies/1.2.3/instances")).json.length, 1);
  assert.equal(readFileSync(join(received, ".journal.jsonl"), "utf8").trim().split("\n").length, 1);
});

const PIXELS = 0x7fe00010;
/** What does not conform: Failure Reason, and the instance. */
const REFUSED = {
  "another study than the path's": [0x0110, instance({ study: "1.2.4" })],
  "file meta names another instance": [0xc004, instance({ metaUid: "1.2.3.9.2" })],
  "file meta names another class": [0xc004, instance({ metaClass: "1.2.840.10008.5.1.4.1.1.4" })],
  "no Patient ID": [0xa900, instance({ patient: null })],
  "no Patient Identity Removed": [0x0124, instance({ removed: null })],
  "Patient Identity Removed is NO": [0x0124, instance({ removed: "NO" })],
  "no method": [0x0124, instance({ method: null })],
  "unknown transfer syntax": [0xc122, instance({ syntax: "1.2.840.113619.5.2.1" })],
  "Pixel Data cut short": [0xc002, instance().subarray(0, -20)],
  "fragments cut short": [
    0xc002,
    instance({ pixels: [head(PIXELS, "OB", 0xffffffff), item(0xfffe, 0xe000, 0), item(0xfffe, 0xe000, 100)] }),
  ],
  "fragments without an end": [0xc002, instance({ pixels: [head(PIXELS, "OB", 0xffffffff), item(0xfffe, 0xe000, 0)] })],
  "no fragments where they should be": [
    0xc001,
    instance({ pixels: [head(PIXELS, "OB", 0xffffffff), Buffer.alloc(64, 1)] }),
  ],
};

for (const [name, [reason, bytes]] of Object.entries(REFUSED)) {
  test(`refused with its reason: ${name}`, async (t) => {
    const { store, received } = await provide(t);
    const { status, json } = await store([bytes], "/dicom-web/studies/1.2.3");
    assert.equal(status, 409);
    assert.deepEqual(named(json, "failed"), [{ uid: "1.2.3.9.1", reason, warning: null }]);
    assert.equal(json["00081199"], undefined);
    assert.deepEqual(filesIn(received), []);
  });
}

/** What has no UIDs to name: Failure Reason, and the part. */
const UNREADABLE = {
  "no DICOM": [0xc000, Buffer.from("no DICOM")],
  "an empty part": [0xc000, Buffer.alloc(0)],
  "a data set without Part 10": [0xc000, instance().subarray(132)],
  "a header cut short": [0xc001, instance().subarray(0, 400)],
  "a length beyond the end": [
    0xc001,
    part10([head(0x00080016, "UI", 60_000)], { sopClass: CT, uid: "1", syntax: "1" }),
  ],
  "no Study Instance UID": [0xc003, instance({ study: "" })],
  "a UID that is a path": [0xc003, instance({ study: "../../../tmp/evil" })],
  "a UID that is too long": [0xc003, instance({ uid: `1.${"2".repeat(64)}` })],
  "a thousand nested sequences": [
    0xc001,
    instance({
      extra: Array.from({ length: 100_000 }, () => [
        head(0x00400275, "SQ", 0xffffffff),
        item(0xfffe, 0xe000, 0xffffffff),
      ]).flat(),
    }),
  ],
};

for (const [name, [reason, bytes]] of Object.entries(UNREADABLE)) {
  test(`refused without a name: ${name}`, async (t) => {
    const { store, received } = await provide(t);
    const { status, json } = await store([bytes]);
    assert.equal(status, 409);
    assert.deepEqual(json, { "0008119A": { vr: "SQ", Value: [{ "00081197": { vr: "US", Value: [reason] } }] } });
    assert.deepEqual(filesIn(received), []);
  });
}

test("a full disk is 507: the sender is to wait, and what is stored is named", async (t) => {
  const { server, store, received } = await provide(t);
  const { archive } = server.provider;
  const begin = archive.begin.bind(archive);
  let whole = 1;
  archive.begin = async () => {
    const incoming = await begin();
    const full = Object.assign(new Error("full"), { code: "ENOSPC" });
    if (whole-- <= 0) incoming.file.writeFile = () => Promise.reject(full);
    return incoming;
  };
  const instances = series(3);
  const { status, json } = await store(instances);
  assert.deepEqual([status, named(json, "stored").length, named(json, "failed").length], [507, 1, 0]);
  whole = 3;
  assert.equal((await store(instances)).status, 202);
  assert.equal(filesIn(received).length, 3);
});

test("one bad part costs one instance", async (t) => {
  const { store } = await provide(t);
  const instances = series(5);
  instances[1] = Buffer.from("no DICOM");
  instances[3] = instance({ uid: "1.2.3.9.4", removed: "NO" });
  const { status, json } = await store(instances);
  assert.equal(status, 202);
  assert.deepEqual(uids(named(json, "stored")), ["1.2.3.9.1", "1.2.3.9.3", "1.2.3.9.5"]);
  assert.deepEqual(uids(named(json, "failed")), ["1.2.3.9.4"]);
  assert.equal(json["0008119A"].Value.length, 1);
});

test("fragments, big headers and the VRs of 2018 are read", async (t) => {
  const { store } = await provide(t);
  const fragments = [
    head(PIXELS, "OB", 0xffffffff),
    item(0xfffe, 0xe000, 0),
    item(0xfffe, 0xe000, 70_000),
    Buffer.alloc(70_000, 3),
    item(0xfffe, 0xe0dd, 0),
  ];
  const jpeg = instance({ uid: "1.2.3.9.1", syntax: "1.2.840.10008.1.2.4.50", pixels: fragments });
  const big = instance({ uid: "1.2.3.9.2", extra: [element(0x00420011, "OB", Buffer.alloc(3_000_000, 1))] });
  const offsets = [element(0x7fe00001, "OV", Buffer.alloc(16)), element(0x7fe00002, "OV", Buffer.alloc(16))];
  const slide = instance({ uid: "1.2.3.9.3", extra: offsets });
  const { status, json } = await store([jpeg, big, slide]);
  assert.equal(status, 200, JSON.stringify(json));
});

test("media types: what is not multipart/related of application/dicom is 415", async (t) => {
  const { ask } = await provide(t);
  const body = multipart([instance()]);
  for (const type of [
    "application/dicom",
    `multipart/related; boundary=${BOUNDARY}`,
    `multipart/related; type="application/dicom+json"; boundary=${BOUNDARY}`,
    `multipart/form-data; type="application/dicom"; boundary=${BOUNDARY}`,
    "text/plain",
    "/",
  ]) {
    const answer = await ask("/dicom-web/studies", { ...POST, headers: { "Content-Type": type }, body });
    assert.equal(answer.status, 415, type);
  }
  assert.equal((await ask("/dicom-web/studies", { method: "POST", body })).status, 415);
  const encoded = await ask("/dicom-web/studies", { ...POST, headers: { ...STOW, "Content-Encoding": "gzip" }, body });
  assert.equal(encoded.status, 415);
  const html = await ask("/dicom-web/studies", { ...POST, headers: { ...STOW, Accept: "text/html" }, body });
  assert.equal(html.status, 406);
});

test("other writings of the same request are the same", async (t) => {
  const { ask } = await provide(t);
  const types = [
    `multipart/related; type=application/dicom; boundary=${BOUNDARY}`,
    `multipart/related; boundary="${BOUNDARY}"; type="application/dicom"`,
    `Multipart/Related;boundary=${BOUNDARY};type="application/dicom"`,
  ];
  for (const [index, type] of types.entries()) {
    const body = multipart([instance({ uid: `1.2.3.9.${index}` })]);
    const answer = await ask("/dicom-web/studies", { ...POST, headers: { "Content-Type": type }, body });
    assert.equal(answer.status, 200, type);
  }
  const header = "content-type:application/dicom; transfer-syntax=1.2.840.10008.1.2.1\r\nContent-Location: x";
  const named = await ask("/dicom-web/studies", {
    ...POST,
    body: multipart([instance({ uid: "1.2.3.9.8" })], { header }),
  });
  assert.equal(named.status, 200);
  const preamble = Buffer.concat([Buffer.from("preamble\r\n"), multipart([instance({ uid: "1.2.3.9.9" })])]);
  assert.equal((await ask("/dicom-web/studies", { ...POST, body: preamble })).status, 200);
});

test("parts of another type, or of none, are refused", async (t) => {
  const { ask, received } = await provide(t);
  for (const header of ["Content-Type: application/octet-stream", "X-Nothing: 1", ""]) {
    const { status, json } = await ask("/dicom-web/studies", { ...POST, body: multipart([instance()], { header }) });
    assert.equal(status, 409, header);
    assert.deepEqual(json["0008119A"].Value[0]["00081197"].Value, [0xc005], header);
  }
  assert.deepEqual(filesIn(received), []);
});

test("bad syntax is 400, and what came before it is stored and named", async (t) => {
  const { ask, received } = await provide(t);
  const whole = multipart(series(3));
  const cut = whole.subarray(0, whole.length - BOUNDARY.length - 300);
  const answer = await ask("/dicom-web/studies", { ...POST, body: cut });
  assert.equal(answer.status, 400);
  assert.deepEqual(uids(named(answer.json, "stored")), ["1.2.3.9.1", "1.2.3.9.2"]);
  assert.equal(filesIn(received).length, 2);
  const lf = Buffer.from(multipart([instance()]).toString("latin1").replaceAll("\r\n", "\n"), "latin1");
  for (const body of [
    "",
    `--${BOUNDARY}--\r\n`,
    "nothing",
    lf,
    multipart([instance()], { boundary: "another" }),
    multipart([instance({ uid: "1.2.3.9.7" })], { end: "" }),
  ]) {
    const { status, json } = await ask("/dicom-web/studies", { ...POST, body });
    assert.equal(status, 400);
    assert.deepEqual(json, {});
  }
  for (const type of [
    `multipart/related; type="application/dicom"`,
    `multipart/related; type="application/dicom"; boundary=""`,
  ]) {
    const { status } = await ask("/dicom-web/studies", { ...POST, headers: { "Content-Type": type }, body: whole });
    assert.equal(status, 400, type);
  }
  assert.equal(filesIn(received).length, 2);
});

test("the boundary inside of pixels does not end a part", async (t) => {
  const { store, received } = await provide(t);
  const tricky = Buffer.from(
    `\r\n--${BOUNDARY.slice(0, -1)}\r\n--\r\n-${BOUNDARY}--\r\r\n\n--${BOUNDARY.slice(0, 4)}`.repeat(500),
  );
  const bytes = instance({ pixels: [element(PIXELS, "OB", tricky)] });
  assert.equal((await store([bytes])).status, 200);
  assert.deepEqual(readFileSync(join(received, "1.2.3/1.2.3.9/1.2.3.9.1.dcm")), bytes);
  assert.equal(DICOM.length > 0, true);
});
