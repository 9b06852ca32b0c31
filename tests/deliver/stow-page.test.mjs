// The page's transport in Chromium: its own file, loaded from the server that it sends to.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";
import { executable, FLAGS } from "../../tools/chromium.mjs";
import { serve } from "./stow-server.mjs";
import { Store } from "./stow-store.mjs";

const CODE = new URL("../../www/", import.meta.url);
/** @type {import("playwright-core").Browser} */
let browser;
before(async () => {
  browser = await chromium.launch({ executablePath: executable(), args: FLAGS });
});
after(() => browser.close());

/** A page of this store's origin, with `carry(request)` to be called in it. */
async function open(store, t) {
  const origin = await serve(store, t, (request, response) => {
    if (!request.url.startsWith("/code/")) return false;
    const type = request.url.endsWith(".js") ? "text/javascript" : "text/html";
    response.writeHead(200, { "content-type": type });
    response.end(type === "text/html" ? "<!doctype html>" : readFileSync(new URL(request.url.slice(6), CODE)));
    return true;
  });
  const page = await browser.newPage();
  t.after(() => page.close());
  await page.goto(`${origin}/code/`);
  await page.evaluate(async () => {
    const { pageTransport, pageSleep } = await import("/code/deliver/stow/page.js");
    const carry = async ({ size = 0, abort = -1, ...wanted }) => {
      const control = new AbortController();
      if (abort >= 0) setTimeout(() => control.abort(), abort);
      const sent = [];
      const body = size > 0 ? new Blob([new Uint8Array(size)]) : null;
      const request = {
        method: "GET",
        headers: {},
        body,
        signal: control.signal,
        onProgress: (bytes) => sent.push(bytes),
      };
      try {
        const { header, blob, ...answer } = await pageTransport({ ...request, ...wanted });
        return { ...answer, sent, size: blob?.size ?? null, marked: header("X-Mark") };
      } catch (error) {
        return { error: error.name, kind: error.kind };
      }
    };
    Object.assign(globalThis, { carry, pageSleep });
  });
  return { origin, page, carry: (wanted) => page.evaluate((one) => globalThis.carry(one), wanted) };
}

test("a Blob goes with its length, progress is told, the answer's status, headers and text come back", async (t) => {
  const store = new Store();
  store.answer = ({ body }) => ({ status: 202, headers: { "x-mark": "1" }, body: `${body.length} 件` });
  const { carry } = await open(store, t);
  const answer = await carry({
    method: "POST",
    url: "/studies",
    size: 3_000_000,
    headers: { Authorization: "Bearer a" },
  });
  assert.deepEqual(
    { ...answer, sent: answer.sent.at(-1) },
    {
      ...{ status: 202, text: "3000000 件", sent: 3_000_000, size: null, marked: "1", cut: false },
    },
  );
  const { headers } = store.requests.find(({ method }) => method === "POST");
  assert.deepEqual([headers["content-length"], headers.authorization], ["3000000", "Bearer a"]);
});

test("an answer as a Blob, and one that is longer than wanted", async (t) => {
  const store = new Store();
  store.answer = () => ({ status: 200, body: Buffer.alloc(500_000, 255) });
  const { carry } = await open(store, t);
  const whole = await carry({ url: "/x", want: "blob", most: 500_000 });
  assert.deepEqual([whole.size, whole.text, whole.cut ?? false], [500_000, "", false]);
  const cut = await carry({ url: "/x", want: "blob", most: 1_000 });
  assert.deepEqual([cut.status, cut.size, cut.cut], [200, null, true]);
});

test("what a query said is not kept by the browser, even where the answer allows it", async (t) => {
  const store = new Store();
  let asked = 0;
  const keepable = { "cache-control": "public, max-age=600" };
  store.answer = ({ path }) => ({ status: 200, headers: keepable, body: path === "/studies" ? `${++asked}` : "" });
  const { carry } = await open(store, t);
  const texts = [await carry({ url: "/studies" }), await carry({ url: "/studies" })].map(({ text }) => text);
  assert.deepEqual(texts, ["1", "2"]);
});

test("no answer, a redirect, a stop, no line", async (t) => {
  const faults = { "/cut": "cut-before", "/moved": { status: 307, headers: { location: "/code/" } }, "/hang": "hang" };
  const store = new Store({ fault: ({ path }) => faults[path] ?? null });
  const { carry, page } = await open(store, t);
  const failed = (kind) => ({ error: "TransportError", kind });
  assert.deepEqual(await carry({ method: "POST", url: "/cut", size: 10 }), failed("no-answer"));
  assert.deepEqual(await carry({ url: "/moved" }), failed("redirected"));
  assert.deepEqual(await carry({ method: "POST", url: "/moved", size: 10 }), failed("redirected"));
  assert.deepEqual(await carry({ url: "/hang", abort: 30 }), failed("no-answer"));
  assert.deepEqual(await carry({ url: "/hang", abort: 0 }), failed("no-answer"));
  await page.context().setOffline(true);
  assert.deepEqual(await carry({ url: "/studies" }), failed("offline"));
  const slept = page.evaluate(() => globalThis.pageSleep(600_000, new AbortController().signal));
  await page.context().setOffline(false);
  await slept;
});

test("another origin that allows nothing looks like a broken line", async (t) => {
  const { carry } = await open(new Store(), t);
  const other = await serve(new Store(), t);
  assert.deepEqual(await carry({ url: `${other}/studies` }), { error: "TransportError", kind: "no-answer" });
});
