// QIDO-RS and WADO-RS: what is there is found, in pages, and comes back as it was sent.
import assert from "node:assert/strict";
import test from "node:test";
import { instance, series } from "./dicom.mjs";
import { multipart, provide, sha256 } from "./kit.mjs";

const uidOf = (/** @type {any} */ row) => row["00080018"].Value[0];

/** @param {import("node:test").TestContext} t */
async function filled(t) {
  const provider = await provide(t);
  await provider.store(series(7));
  await provider.store(series(3, { series: "1.2.3.8", patient: "OTHER" }));
  await provider.store(series(2, { study: "1.2.4", series: "1.2.4.1", patient: "THIRD" }));
  return provider;
}

test("studies with their series and instances counted", async (t) => {
  const { ask, origin } = await filled(t);
  const { status, headers, json } = await ask("/dicom-web/studies");
  assert.equal(status, 200);
  assert.equal(headers["content-type"], "application/dicom+json");
  const told = json.map((/** @type {any} */ row) => [
    row["0020000D"].Value[0],
    row["00201206"].Value[0],
    row["00201208"].Value[0],
    row["00080061"].Value,
    row["00081190"].Value[0],
  ]);
  assert.deepEqual(told, [
    ["1.2.3", 2, 10, ["CT"], `${origin}/dicom-web/studies/1.2.3`],
    ["1.2.4", 1, 2, ["CT"], `${origin}/dicom-web/studies/1.2.4`],
  ]);
  assert.deepEqual((await ask("/dicom-web/studies?PatientID=THIRD")).json.length, 1);
  assert.deepEqual((await ask("/dicom-web/studies?0020000D=1.2.3,1.2.4")).json.length, 2);
  assert.deepEqual((await ask("/dicom-web/studies?StudyInstanceUID=1.2.5")).json, []);
});

test("series of a study", async (t) => {
  const { ask } = await filled(t);
  const { json } = await ask("/dicom-web/studies/1.2.3/series");
  const told = json.map((/** @type {any} */ row) => [row["0020000E"].Value[0], row["00201209"].Value[0]]);
  assert.deepEqual(told, [
    ["1.2.3.9", 7],
    ["1.2.3.8", 3],
  ]);
  assert.deepEqual((await ask("/dicom-web/studies/9.9/series")).json, []);
});

test("instances come in pages that do not move while more arrives", async (t) => {
  const { ask, store } = await filled(t);
  const path = "/dicom-web/studies/1.2.3/instances?includefield=00080018";
  const first = await ask(`${path}&limit=4`);
  assert.match(String(first.headers.warning), /^299 \S+ "There are 6 additional results that can be requested"$/);
  await store([instance({ uid: "1.2.3.9.0" })]);
  const second = await ask(`${path}&limit=4&offset=4`);
  const third = await ask(`${path}&limit=4&offset=8`);
  assert.equal(third.headers.warning, undefined);
  const all = [first, second, third].flatMap(({ json }) => json.map(uidOf));
  assert.deepEqual(all, (await ask(path)).json.map(uidOf));
  assert.equal(all.length, 11);
  assert.deepEqual((await ask(`${path}&offset=11`)).json, []);
  assert.deepEqual((await ask(`${path}&limit=0`)).json, []);
});

test("instances of a series, and fields that are asked for", async (t) => {
  const { ask } = await filled(t);
  const path = "/dicom-web/studies/1.2.3/series/1.2.3.8/instances";
  // Those that come in one request may be done in any order.
  const plain = (await ask(path)).json.find((/** @type {any} */ row) => uidOf(row) === "1.2.3.8.1");
  assert.equal(plain["00100020"], undefined);
  assert.deepEqual(plain["00200013"], { vr: "IS", Value: [1] });
  assert.deepEqual(plain["00083002"], { vr: "UI", Value: ["1.2.840.10008.1.2.1"] });
  for (const field of ["PatientID", "00100020", "00080018,PatientID", "all"]) {
    const [row] = (await ask(`${path}?includefield=${field}`)).json;
    assert.deepEqual(row["00100020"], { vr: "LO", Value: ["OTHER"] }, field);
  }
  assert.equal((await ask(`${path}?SOPInstanceUID=1.2.3.8.2`)).json.length, 1);
  assert.equal((await ask("/dicom-web/studies/1.2.3/series/1.2.4.1/instances")).json.length, 0);
});

test("queries that are none are 400", async (t) => {
  const { ask } = await filled(t);
  for (const query of ["limit=-1", "limit=x", "offset=1e3", "Unknown=1", "__proto__=1", "constructor=1"]) {
    assert.equal((await ask(`/dicom-web/studies?${query}`)).status, 400, query);
  }
  assert.equal((await ask("/dicom-web/studies?includefield=constructor")).status, 200);
  assert.equal((await ask("/dicom-web/studies", { headers: { Accept: "application/dicom+xml" } })).status, 406);
});

test("an instance comes back as it was sent, with its digest", async (t) => {
  const { ask, store } = await provide(t);
  const bytes = instance();
  await store([bytes]);
  const path = "/dicom-web/studies/1.2.3/series/1.2.3.9/instances/1.2.3.9.1";
  const digest = `sha-256=:${sha256(bytes).toString("base64")}:`;
  for (const Accept of [
    "application/dicom",
    'application/dicom; transfer-syntax="*"',
    "*/*",
    "text/html;q=0.1, application/*",
  ]) {
    const { status, headers, bytes: got } = await ask(path, { headers: { Accept } });
    assert.equal(status, 200, Accept);
    assert.equal(headers["content-type"], "application/dicom");
    assert.equal(headers["repr-digest"], digest);
    assert.deepEqual(got, bytes);
  }
  const head = await ask(path, { method: "HEAD", headers: { Accept: "application/dicom" } });
  assert.equal(head.headers["repr-digest"], digest);
  assert.equal(head.headers["content-length"], String(bytes.length));
  assert.equal(head.bytes.length, 0);
  assert.equal((await ask(path, { headers: { Accept: "image/jpeg, application/dicom;q=0" } })).status, 406);
});

test("as multipart/related when that is asked for", async (t) => {
  const { ask, store } = await provide(t);
  const bytes = instance();
  await store([bytes]);
  const path = "/dicom-web/studies/1.2.3/series/1.2.3.9/instances/1.2.3.9.1";
  const answer = await ask(path, { headers: { Accept: 'multipart/related; type="application/dicom"' } });
  const [, boundary = ""] =
    /^multipart\/related; type="application\/dicom"; boundary=(\S+)$/.exec(String(answer.headers["content-type"])) ??
    [];
  const header = "Content-Type: application/dicom; transfer-syntax=1.2.840.10008.1.2.1";
  assert.deepEqual(answer.bytes, multipart([bytes], { boundary, header }));
});
