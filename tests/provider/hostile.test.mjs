// Requests that mean harm, or come from what is broken: a typed answer, no file left behind, and the next request is served.
import assert from "node:assert/strict";
import { createReadStream, existsSync } from "node:fs";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import test from "node:test";
import { CT, element, head, instance, item, part10, series } from "./dicom.mjs";
import { BOUNDARY, DICOM, filesIn, multipart, named, provide, raw, STOW } from "./kit.mjs";

const PATH = "/dicom-web/studies";
const START = `POST ${PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: multipart/related; type="application/dicom"; boundary=${BOUNDARY}\r\n`;
const CHUNKED = `${START}Transfer-Encoding: chunked\r\n\r\n`;
const chunk = (/** @type {Buffer | string} */ bytes) =>
  Buffer.concat([Buffer.from(`${Buffer.byteLength(bytes).toString(16)}\r\n`), Buffer.from(bytes), Buffer.from("\r\n")]);
const post = (/** @type {any} */ body, headers = STOW) => ({ method: "POST", headers, body });

/** Still works, and nothing was left over. @param {Awaited<ReturnType<typeof provide>>} provider @param {string[]} [files] */
async function sound({ store, received, server }, files = []) {
  await until(() => filesIn(received).length === files.length);
  assert.deepEqual(filesIn(received), files);
  assert.equal((await store([instance({ uid: "1.2.3.9.999" })])).status, 200);
  assert.equal(server.provider?.archive.catalog.find("1.2.3.9.999")?.bytes, instance({ uid: "1.2.3.9.999" }).length);
}

/** @param {() => boolean} done */
async function until(done) {
  for (let left = 100; left > 0 && !done(); left--) await new Promise((resolve) => setTimeout(resolve, 20));
}

test("a header without an end is given up", async (t) => {
  const provider = await provide(t);
  const endless = Readable.from(
    (function* () {
      yield `--${BOUNDARY}\r\nContent-Type: `;
      for (let index = 0; index < 100; index++) yield "x".repeat(65_536);
    })(),
  );
  assert.equal((await provider.ask(PATH, post(endless))).status, 400);
  const preamble = Readable.from([..."ab"].map((letter) => letter.repeat(100_000)));
  assert.equal((await provider.ask(PATH, post(preamble))).status, 400);
  await sound(provider);
});

test("more parts or bytes than allowed are refused; what was whole before is stored", async (t) => {
  const provider = await provide(t, { limits: { parts: 3, requestBytes: 20_000, instanceBytes: 4_000 } });
  const { ask, store } = provider;
  const many = await store(series(5));
  assert.equal(many.status, 413);
  assert.deepEqual(
    named(many.json, "stored").map(({ uid }) => uid),
    ["1.2.3.9.1", "1.2.3.9.2", "1.2.3.9.3"],
  );
  const large = multipart([Buffer.alloc(30_000)]);
  assert.equal((await ask(PATH, post(large, { ...STOW, "Content-Length": large.length }))).status, 413);
  assert.equal((await ask(PATH, post(Readable.from([large])))).status, 413);
  const one = await store([
    Buffer.concat([instance({ uid: "1.2.3.9.8" }), Buffer.alloc(5_000)]),
    instance({ uid: "1.2.3.9.9" }),
  ]);
  assert.equal(one.status, 202);
  assert.deepEqual(one.json["0008119A"].Value[0]["00081197"].Value, [0xc006]);
  assert.equal(named(one.json, "stored").length, 1);
});

test("a sender who brings nearly nothing is given up", async (t) => {
  const provider = await provide(t, { limits: { slowMs: 300, slowBytes: 1_000 } });
  const began = `--${BOUNDARY}\r\n${DICOM}\r\n\r\n`;
  const drip = [CHUNKED, chunk(began), ...Array.from({ length: 40 }, () => chunk("x"))];
  const answer = await raw(provider.port, drip, 50);
  assert.match(answer, /^HTTP\/1\.1 408 /);
  const silent = await raw(provider.port, [CHUNKED], 10);
  assert.match(silent, /^HTTP\/1\.1 408 /);
  await sound(provider);
});

test("a sender who is slow but moves is served", async (t) => {
  const { ask } = await provide(t, { limits: { slowMs: 300, slowBytes: 100 } });
  const bytes = multipart([instance()]);
  const body = new PassThrough();
  (async () => {
    for (let at = 0; at < bytes.length; at += 150) {
      body.write(bytes.subarray(at, at + 150));
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    body.end();
  })();
  assert.equal((await ask(PATH, post(body))).status, 200);
});

test("a line that breaks leaves what was whole, and nothing else", async (t) => {
  const provider = await provide(t);
  const whole = multipart(series(3));
  const cut = whole.subarray(0, whole.length - 400);
  const line = await import("node:net").then(({ connect }) => connect(provider.port, "127.0.0.1"));
  line.on("error", () => {});
  line.write(`${START}Content-Length: ${whole.length}\r\n\r\n`);
  line.write(cut);
  await until(() => provider.server.provider?.archive.catalog.instances === 2);
  line.destroy();
  await sound(provider, ["1.2.3/1.2.3.9/1.2.3.9.1.dcm", "1.2.3/1.2.3.9/1.2.3.9.2.dcm"]);
});

test("chunks that are none, and lengths that lie", async (t) => {
  const provider = await provide(t);
  for (const pieces of [
    [CHUNKED, "zz\r\n"],
    [`${START}Content-Length: 10\r\nTransfer-Encoding: chunked\r\n\r\n`, "0\r\n\r\n"],
    [`${START}Content-Length: abc\r\n\r\n`],
    ["\u0000\u0001\u0002\r\n\r\n"],
    [`${START}X: ${"y".repeat(100_000)}\r\n\r\n`],
  ]) {
    assert.match(await raw(provider.port, pieces), /^HTTP\/1\.1 4\d\d /);
  }
  await sound(provider);
});

test("paths that lead elsewhere name nothing", async (t) => {
  const provider = await provide(t);
  const { ask, store } = provider;
  await store([instance()]);
  for (const path of [
    "/dicom-web/studies/../../package.json",
    "/dicom-web/studies/..%2f..%2fpackage.json",
    "/dicom-web/studies/1.2.3/series/1.2.3.9/instances/..%2f1.2.3.9.1",
    "/dicom-web/studies/1.2.3/series/1.2.3.9/instances/1.2.3.9.1.dcm",
    "/dicom-web/studies/1.2.3/series/1.2.3.8/instances/1.2.3.9.1",
    "/dicom-web/studies/1.2.4/series/1.2.3.9/instances/1.2.3.9.1",
    "/dicom-web/studies/1.02.3/series",
    "/dicom-web/.journal.jsonl",
    "/dicom-web/",
    "/dicom-web",
    "/dicom-web/series",
    "/dicom-web/studies/1.2.3/series/1.2.3.9/instances/1.2.3.9.1/frames/1",
    "/dicom-web/%00",
  ]) {
    assert.equal((await ask(path)).status, 404, path);
    assert.equal((await ask(path, { method: "HEAD" })).status, 404, path);
  }
  assert.equal((await store([instance()], "/dicom-web/studies/..")).status, 404);
  for (const method of ["PUT", "DELETE", "OPTIONS", "PATCH"]) {
    assert.equal((await ask(PATH, { method })).status, 405, method);
  }
  assert.equal((await ask("/dicom-web/studies/1.2.3/series", { method: "POST", headers: STOW })).status, 405);
});

test("pages of other origins, and names that were pointed here, may not ask", async (t) => {
  const { ask } = await provide(t, { hosts: ["images.hospital.example"], faults: true });
  const json = { "Content-Type": "application/json" };
  for (const path of [PATH, "/provider/", "/faults", "/to/1/studies"]) {
    assert.equal((await ask(path, { headers: { Host: "evil.example" } })).status, 403, path);
    assert.equal((await ask(path, { headers: { "Sec-Fetch-Site": "cross-site" } })).status, 403, path);
    assert.equal((await ask(path, { headers: { "Sec-Fetch-Site": "same-site" } })).status, 403, path);
  }
  assert.equal((await ask(PATH, { headers: { Host: "images.hospital.example:8137" } })).status, 200);
  assert.equal((await ask(PATH, { headers: { Host: "localhost:1", "Sec-Fetch-Site": "same-origin" } })).status, 200);
  assert.equal(
    (await ask("/faults", { method: "POST", headers: { "Content-Type": "text/plain" }, body: "{}" })).status,
    415,
  );
  assert.equal((await ask("/faults", { method: "POST", headers: json, body: "{}" })).status, 200);
});

test("more requests at once than allowed are asked to wait", async (t) => {
  const { ask, store } = await provide(t, { limits: { open: 1 } });
  const body = new PassThrough();
  const first = ask(PATH, post(body));
  body.write(`--${BOUNDARY}\r\n`);
  await new Promise((resolve) => setTimeout(resolve, 100));
  const second = await store([instance()]);
  assert.equal(second.status, 503);
  assert.equal(second.headers["retry-after"], "5");
  body.end(multipart([instance({ uid: "1.2.3.9.2" })]).subarray(BOUNDARY.length + 4));
  assert.equal((await first).status, 200);
  assert.equal((await store([instance()])).status, 200);
});

test("headers made to exhaust the reader are refused", async (t) => {
  const provider = await provide(t, { limits: { headerBytes: 8_000_000 } });
  const { store } = provider;
  const items = Buffer.concat(Array.from({ length: 900_000 }, () => item(0xfffe, 0xe000, 0)));
  const tags = Buffer.concat(Array.from({ length: 900_000 }, (_, index) => head(0x00290000 + index * 65_537, "LO", 0)));
  for (const extra of [
    [head(0x00400275, "SQ", items.length), items, element(0x00420011, "OB", Buffer.alloc(2_000_000))],
    [tags, head(0x00420011, "OB", 0xfffffff0)],
    [element(0x00420011, "OB", Buffer.alloc(9_000_000))],
  ]) {
    const { status, json } = await store([instance({ extra })]);
    assert.equal(status, 409);
    assert.deepEqual(json["0008119A"].Value[0]["00081197"].Value, [0xc001]);
  }
  await sound(provider);
});

test("a deflated data set that swells is refused", async (t) => {
  const { store } = await provide(t, { limits: { headerBytes: 1_000_000 } });
  const { deflateRawSync } = await import("node:zlib");
  const deflated = "1.2.840.10008.1.2.1.99";
  const set = instance().subarray(132 + 12 + Buffer.from(instance()).readUInt32LE(140));
  const of = (/** @type {Buffer} */ bytes) =>
    part10([deflateRawSync(bytes)], { sopClass: CT, uid: "1.2.3.9.1", syntax: deflated });
  assert.equal(
    (await store([of(Buffer.concat([set, element(0xfffcfffc, "OB", Buffer.alloc(50_000_000))]))])).status,
    409,
  );
  assert.equal((await store([of(set.subarray(0, -10))])).status, 409);
  assert.equal((await store([of(set)])).status, 200);
});

test("random damage never does more than refuse", async (t) => {
  const provider = await provide(t);
  let state = 12_345;
  const random = (/** @type {number} */ below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state % below;
  };
  let stored = 0;
  for (let round = 0; round < 300; round++) {
    const bytes = multipart(series(3, { study: `1.2.${round + 10}`, series: `1.2.${round + 10}.1` }));
    for (let hits = random(6); hits >= 0; hits--) bytes[random(bytes.length)] = random(256);
    const { status } = await provider.ask(PATH, post(random(3) ? bytes : bytes.subarray(0, random(bytes.length))));
    assert.ok([200, 202, 400, 409].includes(status), `${round}: ${status}`);
    stored += status === 200 ? 1 : 0;
  }
  assert.ok(stored > 20, `${stored} were not hit where it matters`);
  const { archive } = /** @type {NonNullable<typeof provider.server.provider>} */ (provider.server.provider);
  assert.equal(filesIn(provider.received).length, archive.catalog.instances);
  assert.ok(!filesIn(provider.received).some((name) => name.startsWith(".incoming")));
});

test("a multipart body is split alike wherever the line cuts it", async (t) => {
  const { ask, received } = await provide(t);
  const instances = series(4, {
    pixels: [element(0x7fe00010, "OB", Buffer.from(`\r\n--${BOUNDARY.slice(0, 9)}`.repeat(20)))],
  });
  const bytes = multipart(instances);
  for (const size of [1, 2, 3, 7, 61, 1_000]) {
    const pieces = Readable.from(
      Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
        bytes.subarray(index * size, (index + 1) * size),
      ),
    );
    const { status, json } = await ask(PATH, post(pieces));
    assert.equal(status, size === 1 ? 200 : 202, `pieces of ${size}`);
    assert.equal(named(json, "stored").length, 4);
  }
  for (const [index, expected] of instances.entries()) {
    const path = join(received, `1.2.3/1.2.3.9/1.2.3.9.${index + 1}.dcm`);
    assert.ok(existsSync(path));
    const chunks = [];
    for await (const piece of createReadStream(path)) chunks.push(piece);
    assert.deepEqual(Buffer.concat(chunks), expected);
  }
});
