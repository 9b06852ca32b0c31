// `globalThis.tokumei` as docs/automation.md says it: the same page without its screens.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";
import { instance } from "../cli/dicom.mjs";
import { slice } from "./dicom.mjs";
import { visit } from "./kit.mjs";
import { unzip } from "./zip.mjs";

/** @type {import("./kit.mjs").Visit} */
let open;
before(async () => {
  open = await visit({ language: "en" });
  const files = [1, 2, 3].map((number) => slice({ person: 0, study: 1, series: 1, number }).toString("base64"));
  await open.page.evaluate((encoded) => {
    const browser = /** @type {any} */ (globalThis);
    browser.slices = encoded.map(
      (text, i) => new File([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))], `IM${i + 1}`),
    );
    browser.base64 = async (/** @type {Blob} */ blob) =>
      btoa(String.fromCharCode(...new Uint8Array(await blob.arrayBuffer())));
  }, files);
});
after(() => open.close());

test("is there, with its version and its policies", async () => {
  const found = await open.page.evaluate(async () => {
    const { tokumei } = /** @type {any} */ (globalThis);
    await tokumei.ready;
    return {
      api: tokumei.apiVersion,
      version: tokumei.version,
      policies: tokumei.policies().map((/** @type {any} */ { policy }) => policy.id),
    };
  });
  assert.equal(found.api, 1);
  assert.match(found.version, /^\d+\.\d+\.\d+/);
  assert.deepEqual(found.policies.slice(0, 2), ["headers-only", "research"]);
});

test("holds an image with a name that only another file of the patient knows", async () => {
  const files = [
    instance({ uid: "1.2.3.1.2", position: "KURONUMA" }),
    instance({ uid: "1.2.4.1.1", study: "1.2.4", series: "1.2.4.9", referring: "KURONUMA^MASAO" }),
  ].map((bytes) => bytes.toString("base64"));
  const { report, held } = await open.page.evaluate(async (encoded) => {
    const { tokumei } = /** @type {any} */ (globalThis);
    const session = await tokumei.open({ policy: "headers-only", key: new Uint8Array(32).fill(7) });
    await session.add(
      encoded.map((text, i) => new File([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))], `IM${i + 1}`)),
    );
    await session.save({ kind: "zip" });
    const found = { report: session.report(), held: session.held() };
    await session.close();
    return found;
  }, files);
  assert.deepEqual(
    report.files.map((/** @type {any} */ { verdict, reason }) => [verdict, reason]),
    [
      ["review", "identity-from-other-file"],
      ["pass", "clean"],
    ],
  );
  assert.deepEqual(held[0].items, [1]);
  assert.equal(JSON.stringify(report).includes("KURONUMA"), false);
});

test("adds, plans, saves a ZIP, reports", async () => {
  const { plan, ending, zip, report, events } = await open.page.evaluate(async () => {
    const { tokumei, slices, base64 } = /** @type {any} */ (globalThis);
    const session = await tokumei.open({
      policy: "headers-only",
      key: new Uint8Array(32).fill(7),
      namespace: "site-1",
    });
    /** @type {any[]} */
    const events = [];
    session.on("progress", (/** @type {any} */ { stage, done, total }) => events.push([stage, done, total]));
    const taken = await session.add(slices);
    const plan = { taken, ...(await session.plan()) };
    const { blob, ...ending } = await session.save({ kind: "zip" });
    const report = session.report();
    const zip = await base64(blob);
    await session.close();
    return { plan, ending, zip, report, events };
  });
  assert.equal(plan.taken, 3);
  assert.equal(plan.totals.pass, 3);
  assert.deepEqual(ending, { stopped: false, written: 3 });
  assert.deepEqual(events.at(-1), ["run", 3, 3]);
  assert.equal(report.schema, "tokumei.report/1");
  assert.equal(report.keyKept, true);
  const members = unzip(Buffer.from(zip, "base64"));
  for (const { out, sha256 } of report.files) {
    assert.equal(
      createHash("sha256")
        .update(/** @type {any} */ (members.get(out)).bytes)
        .digest("hex"),
      sha256,
    );
  }
});

test("a run without a place waits for one, and gives the same bytes", async () => {
  const [kept, streamed] = await open.page.evaluate(async () => {
    const { tokumei, slices, base64 } = /** @type {any} */ (globalThis);
    const key = new Uint8Array(32).fill(7);
    const first = await tokumei.open({ key });
    await first.add(slices);
    await first.run();
    const { blob, written } = await first.save({ kind: "zip" });
    const second = await tokumei.open({ key });
    await second.add([...slices].reverse());
    /** @type {Uint8Array[]} */
    const chunks = [];
    const handle = new WritableStream({ write: (chunk) => void chunks.push(chunk.slice()) });
    await second.save({ kind: "stream", handle });
    await Promise.all([first.close(), second.close()]);
    return [
      [written, await base64(blob)],
      [chunks.length > 3, await base64(new Blob(/** @type {any} */ (chunks)))],
    ];
  });
  assert.equal(kept?.[0], 3);
  assert.equal(kept?.[1], streamed?.[1]);
});

test("refuses what it cannot do, by code", async () => {
  const codes = await open.page.evaluate(async () => {
    const { tokumei } = /** @type {any} */ (globalThis);
    const attempts = [
      () => tokumei.open({ destination: "https://elsewhere.example" }),
      () => tokumei.open({ policy: { schema: "tokumei.policy/1", id: "x", version: "1", pixles: {} } }),
      () => tokumei.open({ key: '{"schema":"tokumei.key/1","keyId":"00"}' }),
      () => tokumei.open({ optOut: new Uint8Array([0x31, 0x2c, 0x32]) }),
      async () => (await tokumei.open()).save({ kind: "folder" }),
    ];
    return Promise.all(
      attempts.map((attempt) =>
        attempt().then(
          () => "",
          (/** @type {any} */ { code }) => code,
        ),
      ),
    );
  });
  assert.deepEqual(codes, [
    "destination-not-allowed",
    "policy-invalid",
    "key-missing",
    "optout-list-broken",
    "write-denied",
  ]);
});

test("ten thousand instances are a few dozen rows", async () => {
  const { nodes, rows, longest } = await open.page.evaluate(async () => {
    await import(/** @type {any} */ ("/views/inspect.js"));
    const list = /** @type {any} */ (document.createElement("tokumei-instances"));
    list.rows = Array.from({ length: 10_000 }, (_, i) => i + 1);
    document.querySelector("main")?.append(list);
    let longest = 0;
    for (let step = 0; step < 20; step += 1) {
      const begun = performance.now();
      list.go(step * 500);
      await list.updateComplete;
      longest = Math.max(longest, performance.now() - begun);
    }
    const counted = {
      nodes: list.querySelectorAll("*").length,
      rows: list.querySelectorAll(".port [data-index]").length,
      longest,
    };
    list.remove();
    return counted;
  });
  assert.ok(rows < 60 && nodes < 400, `${rows} rows, ${nodes} nodes`);
  assert.ok(longest < 500, `${longest} ms`);
});

test("a ZIP that could not be finished counts for nothing", async () => {
  const { code, report } = await open.page.evaluate(async () => {
    const { tokumei, slices } = /** @type {any} */ (globalThis);
    const session = await tokumei.open();
    await session.add(slices);
    let bytes = 0;
    const handle = new WritableStream({
      write(chunk) {
        bytes += chunk.length;
        if (bytes > 3000) throw new DOMException("", "QuotaExceededError");
      },
    });
    const code = await session.save({ kind: "stream", handle }).catch((/** @type {any} */ error) => error.code);
    const report = session.report();
    await session.close();
    return { code, report };
  });
  assert.equal(code, "disk-full");
  assert.deepEqual(report.totals.byVerdict, { refused: 3 });
  assert.ok(report.files.every((/** @type {any} */ { out }) => out === null));
});
