// What Debian's Orthanc answers to right and wrong requests to store. The client's tests replay these answers
// (tests/deliver/stow-orthanc.test.mjs): here the real one is asked, so that they cannot drift from it.
import assert from "node:assert/strict";
import { request } from "node:http";
import { after, before, describe, test } from "node:test";
import { element, instance } from "../provider/dicom.mjs";
import { BOUNDARY, DICOM, multipart, named, STOW, sha256 } from "../provider/kit.mjs";
import { missing, startOrthanc } from "./orthanc.mjs";

const JSON_TYPE = "application/dicom+json";
const STUDY = "1.2.3";
const NOT_DICOM = Buffer.from("this is not DICOM");

let next = 0;
/** An instance that was never sent. @param {Parameters<typeof instance>[0]} [how] */
const fresh = (how = {}) => {
  next += 1;
  return instance({ uid: `1.2.3.9.${next}`, number: next, ...how });
};
const known = fresh();
/** An instance whose data set has no SOP Instance UID. */
const nameless = () => {
  const bytes = fresh({ uid: "1.2.3.9.0", metaUid: "1.2.3.9.0" });
  const [before, after] = [bytes.lastIndexOf(NAME), bytes.lastIndexOf(NAME) + NAME.length];
  return Buffer.concat([bytes.subarray(0, before), bytes.subarray(after)]);
};
const NAME = element(0x00080018, "UI", "1.2.3.9.0");
const type = (/** @type {string} */ value) => ({ "Content-Type": value });
const closed = `\r\n--${BOUNDARY}--\r\n`;
/** Multipart as it should be, with one thing changed. @param {(text: string) => string} change */
const changed = (change) => Buffer.from(change(multipart([fresh()]).toString("latin1")), "latin1");

/**
 * @typedef {{ what: string, body: () => Buffer | null, headers?: Record<string, string>, path?: string, method?: string,
 *   chunked?: boolean, status: number, stored: number, kept?: number, failed?: number[] }} Row
 *   `stored`: instances more than before; `kept`: named as stored, if that is another number; `failed`: Failure Reasons
 * @type {Row[]}
 */
const ROWS = [
  { what: "a correct request", body: () => multipart([known]), status: 200, stored: 1 },
  { what: "the same instance again", body: () => multipart([known]), status: 200, stored: 0, kept: 1 },
  {
    what: "the same SOP Instance UID with other pixels",
    body: () => multipart([instance({ uid: "1.2.3.9.1", fill: 99 })]),
    ...{ status: 200, stored: 0, kept: 1 },
  },
  {
    what: "the same SOP Instance UID of another patient: a second copy",
    body: () => multipart([instance({ uid: "1.2.3.9.1", patient: "ANOTHER" })]),
    ...{ status: 200, stored: 1 },
  },
  {
    what: "50 instances",
    body: () => multipart(Array.from({ length: 50 }, () => fresh())),
    ...{ status: 200, stored: 50 },
  },
  {
    what: "two good parts and one that is not DICOM",
    body: () => multipart([fresh(), NOT_DICOM, fresh()]),
    ...{ status: 400, stored: 2 },
  },
  { what: "only a part that is not DICOM", body: () => multipart([NOT_DICOM]), status: 400, stored: 0 },
  { what: "an instance cut short", body: () => multipart([fresh().subarray(0, 600)]), status: 400, stored: 0 },
  { what: "no SOP Instance UID", body: () => multipart([nameless()]), status: 400, stored: 0 },
  { what: "an empty SOP Instance UID", body: () => multipart([fresh({ uid: "" })]), status: 200, stored: 0 },
  {
    what: "a study in the path that does not match",
    body: () => multipart([fresh()]),
    path: "/studies/1.2.99",
    ...{ status: 409, stored: 0, failed: [272] },
  },
  {
    what: "a study in the path that matches",
    body: () => multipart([fresh()]),
    path: `/studies/${STUDY}`,
    status: 200,
    stored: 1,
  },
  { what: "no Patient ID", body: () => multipart([fresh({ patient: null })]), status: 200, stored: 1 },
  {
    what: "type not quoted",
    body: () => multipart([fresh()]),
    headers: type(`multipart/related; type=application/dicom; boundary=${BOUNDARY}`),
    ...{ status: 200, stored: 1 },
  },
  {
    what: "boundary quoted",
    body: () => multipart([fresh()]),
    headers: type(`multipart/related; type="application/dicom"; boundary="${BOUNDARY}"`),
    ...{ status: 200, stored: 1 },
  },
  {
    what: "another order of parameters, without blanks",
    body: () => multipart([fresh()]),
    headers: type(`multipart/related;boundary=${BOUNDARY};type="application/dicom"`),
    ...{ status: 200, stored: 1 },
  },
  { what: "a chunked body", body: () => multipart([fresh()]), chunked: true, status: 200, stored: 1 },
  {
    what: "Expect: 100-continue",
    body: () => multipart([fresh()]),
    headers: { Expect: "100-continue" },
    status: 200,
    stored: 1,
  },
  {
    what: "a line end before the first boundary",
    body: () => changed((text) => `\r\n${text}`),
    ...{ status: 200, stored: 1 },
  },
  {
    what: "a transfer syntax in the part's header",
    body: () => multipart([fresh()], { header: `${DICOM}; transfer-syntax=1.2.840.10008.1.2.1` }),
    ...{ status: 200, stored: 0 },
  },
  {
    what: "a part without Content-Type",
    body: () => changed((text) => text.replace(DICOM, "X-None: 1")),
    status: 200,
    stored: 0,
  },
  {
    what: "a part of application/octet-stream",
    body: () => multipart([fresh()], { header: "Content-Type: application/octet-stream" }),
    ...{ status: 200, stored: 0 },
  },
  {
    what: "LF line ends",
    body: () =>
      changed((text) =>
        text
          .replace(`--${BOUNDARY}\r\n${DICOM}\r\n\r\n`, `--${BOUNDARY}\n${DICOM}\n\n`)
          .replace(closed, closed.replaceAll("\r", "")),
      ),
    ...{ status: 200, stored: 0 },
  },
  { what: "no closing boundary", body: () => changed((text) => text.replace(closed, "\r\n")), status: 200, stored: 0 },
  {
    what: "another boundary in the header",
    body: () => multipart([fresh()]),
    headers: type('multipart/related; type="application/dicom"; boundary=OTHER'),
    ...{ status: 200, stored: 0 },
  },
  { what: "an empty body", body: () => Buffer.alloc(0), status: 200, stored: 0 },
  {
    what: "no type parameter",
    body: () => multipart([fresh()]),
    headers: type(`multipart/related; boundary=${BOUNDARY}`),
    ...{ status: 415, stored: 0 },
  },
  {
    what: "another type",
    body: () => multipart([fresh()]),
    headers: type(`multipart/related; type="application/dicom+json"; boundary=${BOUNDARY}`),
    ...{ status: 415, stored: 0 },
  },
  { what: "a single part", body: () => fresh(), headers: type("application/dicom"), status: 415, stored: 0 },
  {
    what: "colon and equals sign in a quoted boundary",
    body: () => multipart([fresh()], { boundary: "a:b=c" }),
    headers: type('multipart/related; type="application/dicom"; boundary="a:b=c"'),
    ...{ status: 415, stored: 0 },
  },
  {
    what: "Accept: application/json",
    body: () => multipart([fresh()]),
    headers: { Accept: "application/json" },
    status: 200,
    stored: 1,
  },
  {
    what: "Accept: text/html",
    body: () => multipart([fresh()]),
    headers: { Accept: "text/html" },
    status: 200,
    stored: 1,
  },
  {
    what: "Accept: application/dicom+xml, answered in XML",
    body: () => multipart([fresh()]),
    headers: { Accept: "application/dicom+xml" },
    ...{ status: 200, stored: 1, kept: 0 },
  },
  {
    what: "a preflight of CORS",
    method: "OPTIONS",
    body: () => null,
    headers: { Origin: "https://upload.example", "Access-Control-Request-Method": "POST" },
    ...{ status: 404, stored: 0 },
  },
  { what: "PUT", method: "PUT", body: () => multipart([fresh()]), status: 405, stored: 0 },
];

describe("Orthanc's answers", { skip: missing() }, () => {
  /** @type {import("./orthanc.mjs").Orthanc} */
  let there;
  before(async () => {
    there = await startOrthanc();
  });
  after(() => there?.stop());

  for (const row of ROWS) {
    test(row.what, async () => {
      const before = await there.count();
      const { status, headers, answer } = await ask(`${there.url}${row.path ?? "/studies"}`, row);
      const stored = (await there.count()) - before;
      assert.deepEqual([status, stored], [row.status, row.stored]);
      assert.ok(!Object.keys(headers).some((name) => name.startsWith("access-control")));
      if (status === 405) assert.equal(headers.allow, "GET,POST");
      if (status !== 200 && status !== 400 && status !== 409) return;
      assert.equal(named(answer, "stored").length, row.kept ?? row.stored);
      assert.deepEqual(
        named(answer, "failed").map(({ reason }) => reason),
        row.failed ?? [],
      );
      assert.ok(named(answer, "stored").every(({ warning }) => warning === null));
    });
  }

  test("the first one stays as it was", async () => {
    assert.ok((await there.stored()).some((one) => one.sha256 === sha256(known).toString("hex")));
  });

  test("what is asked about a study is answered in pages, and a study that is not there by an empty list", async () => {
    const list = async (/** @type {string} */ path) =>
      (await fetch(`${there.url}${path}`, { headers: { Accept: JSON_TYPE } })).json();
    const all = await list(`/studies/${STUDY}/instances?includefield=00080018`);
    const uids = (/** @type {any[]} */ items) => items.map((item) => item["00080018"].Value[0]);
    const [first, second] = await Promise.all([
      list(`/studies/${STUDY}/instances?includefield=00080018&limit=20&offset=0`),
      list(`/studies/${STUDY}/instances?includefield=00080018&limit=20&offset=20`),
    ]);
    assert.ok(all.length > 50);
    assert.deepEqual([...uids(first), ...uids(second)], uids(all).slice(0, 40));
    assert.deepEqual(await list("/studies?StudyInstanceUID=2.25.1&limit=1"), []);
  });
});

/**
 * By Node's plain client: it sends what it is told.
 * @param {string} url @param {Row} row
 * @returns {Promise<{ status: number, headers: import("node:http").IncomingHttpHeaders, answer: any }>}
 */
function ask(url, { method = "POST", body, headers = {}, chunked = false }) {
  const bytes = body();
  const length = chunked || bytes === null ? {} : { "Content-Length": bytes.length };
  return new Promise((resolve, reject) => {
    const asked = request(
      url,
      { method, headers: { ...STOW, Accept: JSON_TYPE, ...headers, ...length } },
      (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk) => {
          text += chunk;
        });
        response.on("end", () => {
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            answer: text.startsWith("{") ? JSON.parse(text) : null,
          });
        });
      },
    );
    asked.on("error", reject);
    if (bytes !== null && chunked) asked.write(bytes.subarray(0, 100));
    asked.end(bytes === null ? undefined : bytes.subarray(chunked ? 100 : 0));
  });
}
