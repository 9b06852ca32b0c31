// Sending and saving by `globalThis.tokumei`, into the embedded provider: once, the rest alone, what is remembered, one run at a time.
import assert from "node:assert/strict";
import { createHmac, hkdfSync } from "node:crypto";
import { after, before, beforeEach, test } from "node:test";
import { slice } from "./dicom.mjs";
import { begin, OWN, visit } from "./kit.mjs";
import { unzip } from "./zip.mjs";

const KEY = Buffer.alloc(32, 7);
const COUNT = 12;

/** @type {import("./kit.mjs").Visit} */
let open;
/** @type {import("./kit.mjs").Receiver} */
let receiver;
/** Another person for each test, so that each starts with nothing at the provider. */
let person = 0;

before(async () => {
  open = await visit({ language: "en", destinations: [OWN] });
  receiver = /** @type {import("./kit.mjs").Receiver} */ (open.receiver);
});
after(() => open.close());
beforeEach(async () => {
  receiver.faults({});
  person += 1;
  await prepare(open.page);
});

/** The page with slices of a person, and the calls that the tests share. @param {import("playwright-core").Page} page @param {number} [size] of the image */
async function prepare(page, size = 16) {
  const numbers = Array.from({ length: COUNT }, (_, i) => i + 1);
  const files = numbers.map((number) => slice({ person, study: 1, series: 1, number, size }).toString("base64"));
  await page.evaluate(
    ([encoded, key]) => {
      const browser = /** @type {any} */ (globalThis);
      browser.slices = /** @type {string[]} */ (encoded).map(
        (text, i) => new File([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))], `IM${i + 1}`),
      );
      browser.opened = async (/** @type {object} */ how = {}) => {
        await browser.tokumei.ready;
        const session = await browser.tokumei.open({
          policy: "headers-only",
          key: Uint8Array.from(/** @type {number[]} */ (key)),
          destination: "dicom-web",
          ...how,
        });
        await session.add(browser.slices);
        return session;
      };
      browser.base64 = (/** @type {Blob} */ blob) =>
        new Promise((done) => {
          const reader = new FileReader();
          reader.onload = () => done(String(reader.result).split(",", 2)[1]);
          reader.readAsDataURL(blob);
        });
      browser.codeOf = (/** @type {Promise<unknown>} */ promise) =>
        promise.then(
          () => null,
          (/** @type {any} */ { code }) => code,
        );
      browser.stored = async () => {
        const databases = (await indexedDB.databases()).map(({ name }) => name);
        const request = indexedDB.open("tokumei");
        const db = await new Promise((done) => {
          request.onsuccess = () => done(request.result);
        });
        const all = (/** @type {string} */ name) =>
          new Promise((done) => {
            const found = /** @type {any[]} */ ([]);
            db.transaction(name).objectStore(name).openCursor().onsuccess = (
              /** @type {any} */ { target: { result } },
            ) => {
              if (!result) return done(found);
              found.push([result.key, result.value]);
              result.continue();
            };
          });
        const stores = [...db.objectStoreNames];
        const [ledger, keys] = [await all("ledger"), await all("keys")];
        db.close();
        return {
          databases,
          stores,
          ledger,
          keys: keys.map((/** @type {any} */ [name, { privateKey }]) => [name, privateKey.extractable]),
          others: [localStorage.length, sessionStorage.length, document.cookie, (await caches.keys()).length],
        };
      };
    },
    [files, [...KEY]],
  );
}

const run = (/** @type {any} */ work, /** @type {any} */ argument) => open.page.evaluate(work, argument);
const mine = () => receiver.rows().filter(({ instance }) => instances.has(instance));
/** Output UIDs of the test at hand. */
let instances = new Set();

/** @param {string} purpose @param {string[]} fields */
function mac(purpose, ...fields) {
  const key = Buffer.from(hkdfSync("sha256", KEY, "tokumei/1", purpose, 32));
  return createHmac("sha256", key).update(fields.join("\u001f")).digest("hex").slice(0, 32);
}

test("sends each instance once; report, receipt and receiver agree; nothing but MACs is remembered", async () => {
  const { ending, report, receipt, verified, changed, stored, events } = await run(async () => {
    const { tokumei, opened, stored } = /** @type {any} */ (globalThis);
    const session = await opened();
    const events = /** @type {any[]} */ ([]);
    session.on("progress", (/** @type {any} */ each) => each.stage === "run" && events.push(each));
    const ending = await session.upload();
    const receipt = await session.receipt();
    const verified = await tokumei.verifyReceipt(JSON.parse(JSON.stringify(receipt)));
    const changed = await tokumei.verifyReceipt({ ...receipt, keyId: "0".repeat(16) });
    return { ending, report: session.report(), receipt, verified, changed, stored: await stored(), events };
  });
  assert.deepEqual(ending, { stopped: false, sent: COUNT, there: 0, failed: 0 });
  const sent = new Map(report.files.map((/** @type {any} */ { instance, sha256 }) => [instance, sha256]));
  instances = new Set(sent.keys());
  assert.equal(mine().length, COUNT);
  for (const { instance, sha256 } of mine()) assert.equal(sent.get(instance), sha256);
  assert.deepEqual(
    receipt.instances.map((/** @type {any} */ { instance, sha256, how }) => [instance, sha256, how]),
    [...sent].map(([instance, sha256]) => [instance, sha256, "sent"]),
  );
  assert.equal(receipt.destination, `${open.origin}/dicom-web`);
  assert.deepEqual(
    [verified, changed],
    [
      { ok: true, reason: null },
      { ok: false, reason: "receipt-changed" },
    ],
  );
  const last = events.at(-1);
  assert.deepEqual([last.done, last.total, last.processed], [COUNT, COUNT, COUNT]);
  assert.ok(last.confirmed > 0 && last.sent === last.confirmed);

  assert.deepEqual([stored.databases, stored.stores], [["tokumei"], ["keys", "ledger"]]);
  assert.deepEqual([stored.keys, stored.others], [[["receipt", false]], [0, 0, "", 0]]);
  const day = Math.floor(Date.now() / 86_400_000);
  const expected = [...sent].map(([instance, sha256]) => [
    mac("ledger", instance, receipt.destination),
    { state: "confirmed", day, digest: mac("ledger", instance, receipt.destination, sha256) },
  ]);
  assert.deepEqual(new Map(stored.ledger), new Map(/** @type {any} */ (expected)));
});

test("after a reload the same files send only what is missing, without asking for what is known", async () => {
  const first = await run(async () => {
    const session = await /** @type {any} */ (globalThis).opened();
    const stop = new AbortController();
    let done = 0;
    session.on("file", () => {
      done += 1;
      if (done === 1) stop.abort();
    });
    // One request an instance, so that the stop comes in the middle.
    const ending = await session.upload({ signal: stop.signal, only: [1, 2, 3, 4] });
    return { ending, report: session.report() };
  });
  instances = new Set(first.report.files.map((/** @type {any} */ { instance }) => instance));
  assert.ok(first.ending.sent >= 1);
  await begin(open.page, open.origin);
  await prepare(open.page);
  open.requests.length = 0;
  const second = await run(async () => {
    const session = await /** @type {any} */ (globalThis).opened();
    const ending = await session.upload();
    const report = session.report();
    const receipt = await session.receipt();
    const ledger = (await /** @type {any} */ (globalThis).stored()).ledger.length;
    await session.close();
    return { ending, report, receipt, ledger, after: (await /** @type {any} */ (globalThis).stored()).ledger.length };
  });
  assert.equal(second.ending.sent + second.ending.there, COUNT);
  assert.ok(second.ending.there >= first.ending.sent);
  instances = new Set(second.report.files.map((/** @type {any} */ { instance }) => instance));
  assert.equal(mine().length, COUNT);
  assert.equal(receiver.arrivals.filter((uid) => instances.has(uid)).length, COUNT);
  assert.equal(
    second.receipt.instances.filter((/** @type {any} */ { how }) => how === "there").length,
    second.ending.there,
  );
  assert.equal(open.requests.filter((url) => /\/series\/.*\/instances\//.test(url)).length, 0);
  // All has arrived: the record is finished with the session.
  assert.equal(second.ledger - second.after, COUNT);
});

test("what was finished is forgotten, and what is 30 days old", async () => {
  const counts = await run(async () => {
    const { opened, stored } = /** @type {any} */ (globalThis);
    const request = indexedDB.open("tokumei");
    const db = await new Promise((done) => {
      request.onsuccess = () => done(request.result);
    });
    const writing = db.transaction("ledger", "readwrite");
    const today = Math.floor(Date.now() / 86_400_000);
    for (const age of [29, 30, 31]) {
      writing.objectStore("ledger").put({ state: "confirmed", day: today - age, digest: "00" }, `old${age}`);
    }
    await new Promise((done) => {
      writing.oncomplete = done;
    });
    db.close();
    const session = await opened();
    await session.upload({ only: [1, 2] });
    const olds = (await stored()).ledger
      .map((/** @type {any} */ [key]) => key)
      .filter((/** @type {string} */ key) => key.startsWith("old"));
    const before = (await stored()).ledger.length;
    await session.finish();
    return { olds, before, after: (await stored()).ledger.length };
  });
  assert.deepEqual(counts.olds, ["old29"]);
  assert.equal(counts.before - counts.after, 2);
});

test("a browser that stores nothing sends all the same", async () => {
  await begin(open.page, open.origin);
  await prepare(open.page);
  const result = await run(async () => {
    indexedDB.open = () => {
      throw new DOMException("", "SecurityError");
    };
    const session = await /** @type {any} */ (globalThis).opened();
    const ending = await session.upload();
    const [one, two] = [await session.receipt(), await session.receipt()];
    const again = await /** @type {any} */ (globalThis).opened();
    return { ending, keys: [one, two].map(({ signature }) => signature.publicKey), again: await again.upload() };
  });
  assert.equal(result.ending.sent, COUNT);
  assert.equal(result.keys[0], result.keys[1]);
  assert.deepEqual([result.again.sent, result.again.there], [0, COUNT]);
  await begin(open.page, open.origin);
});

test("a refused connection ends the run by code; a token lets it go on, a ZIP takes the rest", async () => {
  receiver.faults({ token: "right" });
  const first = await run(async () => {
    const { opened, codeOf } = /** @type {any} */ (globalThis);
    const session = await opened();
    const codes = [await codeOf(session.upload()), await codeOf(session.upload({ token: () => "wrong" }))];
    const ending = await session.upload({ token: () => "right", only: [1, 2, 3] });
    const { blob, written } = await session.save({ kind: "zip" });
    const bytes = await /** @type {any} */ (globalThis).base64(blob);
    const receipt = await session.receipt();
    return { codes, ending, written, bytes, receipt, report: session.report() };
  });
  assert.deepEqual(first.codes, ["destination-auth", "destination-auth"]);
  assert.deepEqual([first.ending.sent, first.written], [3, COUNT - 3]);
  assert.equal(unzip(Buffer.from(first.bytes, "base64")).size, COUNT - 3);
  assert.equal(first.receipt.instances.length, 3);
  assert.deepEqual(first.report.totals.byVerdict, { pass: COUNT });
  assert.ok(!open.requests.some((url) => url.includes("right")));
});

test("what is too large for the destination is listed, and goes when it takes it", async () => {
  receiver.faults({ maxBytes: 10 });
  const failed = await run(async () => {
    const browser = /** @type {any} */ (globalThis);
    browser.session = await browser.opened();
    const ending = await browser.session.upload({ only: [1, 2] });
    return { ending, failed: browser.session.failed(), reasons: browser.session.report().totals.byReason };
  });
  assert.equal(failed.ending.failed, 2);
  assert.deepEqual(
    failed.failed.map((/** @type {any} */ { n, reason }) => [n, reason]),
    [
      [1, "too-large-for-destination"],
      [2, "too-large-for-destination"],
    ],
  );
  assert.ok(failed.failed[0].bytes > 1000);
  receiver.faults({});
  const after = await run(async () => {
    const { session } = /** @type {any} */ (globalThis);
    const only = session.failed().map((/** @type {any} */ { n }) => n);
    return { ending: await session.upload({ only }), failed: session.failed() };
  });
  assert.deepEqual([after.ending.sent, after.failed], [2, []]);
});

test("only destinations of the settings are opened, by address or by name in any language; one can be asked", async () => {
  const result = await run(async () => {
    const { tokumei, codeOf } = /** @type {any} */ (globalThis);
    await tokumei.ready;
    const tried = ["https://elsewhere.example/dicom-web", "", "dicom-web/studies", "Example"];
    const good = [
      "dicom-web",
      new URL("dicom-web/", location.href).href,
      "例: 画像提供センター",
      "Example image centre",
    ];
    const session = await tokumei.open();
    return {
      bad: await Promise.all(tried.map((destination) => codeOf(tokumei.open({ destination })))),
      good: await Promise.all(good.map((destination) => codeOf(tokumei.open({ destination })))),
      none: await codeOf(session.upload()),
      receipt: await session.receipt(),
      asked: await codeOf(tokumei.checkDestination("dicom-web")),
    };
  });
  assert.deepEqual(result.bad, Array(4).fill("destination-not-allowed"));
  assert.deepEqual(result.good, [null, null, null, null]);
  assert.deepEqual([result.none, result.receipt, result.asked], ["destination-not-allowed", null, null]);
  receiver.faults({ token: "right" });
  assert.equal(
    await run(() =>
      /** @type {any} */ (globalThis).codeOf(/** @type {any} */ (globalThis).tokumei.checkDestination("dicom-web")),
    ),
    "destination-auth",
  );
});

test("the destination that was named last counts at once: nothing goes to the one before", async () => {
  const before = receiver.rows().length;
  const codes = await run(async () => {
    const { opened, codeOf } = /** @type {any} */ (globalThis);
    const session = await opened();
    const named = codeOf(session.sendTo("https://elsewhere.example/dicom-web"));
    const codes = [await codeOf(session.upload()), await named];
    await session.sendTo("dicom-web");
    return [...codes, await codeOf(session.upload())];
  });
  assert.deepEqual(codes, ["destination-not-allowed", "destination-not-allowed", null]);
  assert.equal(receiver.rows().length, before + COUNT);
});

test("two tabs: the second is told that another run goes on, and may run when it has ended", async () => {
  const second = await open.context.newPage();
  await begin(second, open.origin);
  await prepare(second);
  const held = run(async () => {
    const browser = /** @type {any} */ (globalThis);
    const session = await browser.opened();
    browser.ended = session.run({
      sink: {
        write: () =>
          new Promise((done) => {
            browser.letGo = done;
          }),
        close: async () => undefined,
        abort: async () => undefined,
      },
    });
    while (!browser.letGo) await new Promise((done) => setTimeout(done, 10));
  }, null);
  await held;
  const code = await second.evaluate(async () => {
    const { opened, codeOf } = /** @type {any} */ (globalThis);
    return codeOf((await opened()).upload());
  });
  assert.equal(code, "second-run");
  await run(async () => {
    const browser = /** @type {any} */ (globalThis);
    browser.closing = setInterval(() => browser.letGo(), 5);
    await browser.ended;
    clearInterval(browser.closing);
  });
  const ending = await second.evaluate(async () => (await /** @type {any} */ (globalThis).opened()).upload());
  assert.equal(ending.sent, COUNT);
  await second.close();
});

test("a full disk and a folder that takes nothing are codes, and another place gets what is missing", async () => {
  const result = await run(async () => {
    const { opened, codeOf, slices } = /** @type {any} */ (globalThis);
    const root = await navigator.storage.getDirectory();
    const folder = (/** @type {string} */ name) => root.getDirectoryHandle(name, { create: true });
    const { createWritable } = FileSystemFileHandle.prototype;
    const { getDirectoryHandle } = FileSystemDirectoryHandle.prototype;
    const count = async (/** @type {any} */ from) => {
      let files = 0;
      for await (const each of from.values()) files += each.kind === "file" ? 1 : await count(each);
      return files;
    };
    const session = await opened({ destination: undefined });
    let written = 0;
    FileSystemFileHandle.prototype.createWritable = async function () {
      const file = await createWritable.call(this);
      written += 1;
      if (written > 5)
        file.write = async () => {
          throw new DOMException("", "QuotaExceededError");
        };
      return file;
    };
    const full = await codeOf(session.save({ kind: "folder", handle: await folder("full") }));
    FileSystemFileHandle.prototype.createWritable = createWritable;
    const denied = await folder("denied");
    FileSystemDirectoryHandle.prototype.getDirectoryHandle = async () => {
      throw new DOMException("", "NotAllowedError");
    };
    const no = await codeOf(session.save({ kind: "folder", handle: denied }));
    FileSystemDirectoryHandle.prototype.getDirectoryHandle = getDirectoryHandle;
    const other = await session.save({ kind: "folder", handle: await folder("other") });
    const counts = [await count(await folder("full")), await count(denied), await count(await folder("other"))];

    const again = await opened({ destination: undefined });
    const twice = await again.save({ kind: "folder", handle: await folder("other") });
    const all = await count(await folder("other"));
    const clash = await opened({ destination: undefined });
    const report = again.report();
    const path = report.files[0].out.split("/");
    let at = await folder("other");
    for (const step of path.slice(0, -1)) at = await at.getDirectoryHandle(step);
    const target = await (await at.getFileHandle(path.at(-1))).createWritable();
    await target.write("other bytes");
    await target.close();
    const third = await clash.save({ kind: "folder", handle: await folder("other") });
    return {
      full,
      no,
      counts,
      written: [other.written, twice.written, third.written],
      all,
      failed: clash.failed().map((/** @type {any} */ { reason }) => reason),
      totals: session.report().totals.byVerdict,
      slices: slices.length,
    };
  });
  assert.deepEqual([result.full, result.no], ["disk-full", "write-denied"]);
  const [full = 0, denied, other] = result.counts;
  // Of those that were open together with the failing one some may have been finished.
  assert.ok(full >= 1 && full <= 5);
  assert.deepEqual([denied, other, result.written[0]], [0, COUNT - full, COUNT - full]);
  assert.deepEqual(result.totals, { pass: COUNT });
  assert.deepEqual([result.written[1], result.all], [COUNT, COUNT]);
  assert.deepEqual([result.written[2], result.failed], [COUNT - 1, ["conflict-at-destination"]]);
});

test("a ZIP on a full disk is not there; another place gets all", async () => {
  const result = await run(async () => {
    const { opened, codeOf } = /** @type {any} */ (globalThis);
    const root = await navigator.storage.getDirectory();
    const file = (/** @type {string} */ name) => root.getFileHandle(name, { create: true });
    const { createWritable } = FileSystemFileHandle.prototype;
    const session = await opened({ destination: undefined });
    FileSystemFileHandle.prototype.createWritable = async function () {
      const target = await createWritable.call(this);
      target.write = async () => {
        throw new DOMException("", "QuotaExceededError");
      };
      return target;
    };
    const full = await codeOf(session.save({ kind: "zip", handle: await file("full.zip") }));
    FileSystemFileHandle.prototype.createWritable = createWritable;
    const before = session.report().totals.byReason;
    const { written } = await session.save({ kind: "zip", handle: await file("good.zip") });
    const bytes = await /** @type {any} */ (globalThis).base64(await (await file("good.zip")).getFile());
    const empty = (await (await file("full.zip")).getFile()).size;
    return { full, before, written, empty, bytes };
  });
  assert.deepEqual(
    [result.full, result.before, result.written, result.empty],
    ["disk-full", { stopped: COUNT }, COUNT, 0],
  );
  assert.equal(unzip(Buffer.from(result.bytes, "base64")).size, COUNT);
});

test("a file that changed since it was processed costs itself, not the ZIP", async () => {
  await prepare(open.page, 256);
  const result = await run(async () => {
    const { opened, slices } = /** @type {any} */ (globalThis);
    const root = await navigator.storage.getDirectory();
    const put = async (/** @type {string} */ name, /** @type {any} */ bytes) => {
      const handle = await root.getFileHandle(name, { create: true });
      const target = await handle.createWritable();
      await target.write(bytes);
      await target.close();
      return handle.getFile();
    };
    const files = /** @type {File[]} */ ([]);
    for (const file of slices) files.push(await put(file.name, await file.arrayBuffer()));
    /** @type {any} */ (globalThis).slices = files;
    const session = await opened({ destination: undefined });
    await session.run();
    await put("IM3", "other");
    const handle = await root.getFileHandle("out.zip", { create: true });
    const { written } = await session.save({ kind: "zip", handle });
    const bytes = await /** @type {any} */ (globalThis).base64(await handle.getFile());
    return { written, totals: session.report().totals.byReason, bytes };
  });
  const { clean, ...rest } = result.totals;
  assert.deepEqual([result.written, clean, Object.values(rest)], [COUNT - 1, COUNT - 1, [1]]);
  assert.match(Object.keys(rest)[0] ?? "", /^source-(changed|unreadable)$/);
  assert.equal(unzip(Buffer.from(result.bytes, "base64")).size, COUNT - 1);
});
