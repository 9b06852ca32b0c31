// The page tries its modules while nobody waits for it, and leaves that when there is something to do.
import assert from "node:assert/strict";
import { test } from "node:test";
import { visit } from "./kit.mjs";

/** @param {import("playwright-core").Worker} worker */
const tries = (worker) => worker.url().endsWith("/workers/warm.js");

test("a worker tries the modules once the page stands, and ends by itself", async () => {
  const way = await visit();
  const { page } = way;
  try {
    const worker = page.workers().find(tries) ?? (await page.waitForEvent("worker", tries));
    if (page.workers().includes(worker)) await worker.waitForEvent("close");
    assert.deepEqual(page.workers(), []);
    assert.deepEqual(way.console, []);
    assert.ok(way.requests.every((url) => url.startsWith(way.origin)));
  } finally {
    await way.close();
  }
});

test("it ends when a session is opened, whatever it is at", async () => {
  /** @type {(value?: unknown) => void} */
  let go = () => undefined;
  const held = new Promise((resolve) => {
    go = resolve;
  });
  // It can't end by itself before all of it is there.
  const prepare = (/** @type {import("playwright-core").BrowserContext} */ context) =>
    context.route("**/workers/example.js", async (route) => {
      await held;
      await route.continue().catch(() => undefined);
    });
  const way = await visit({ prepare });
  const { page } = way;
  try {
    const worker = page.workers().find(tries) ?? (await page.waitForEvent("worker", tries));
    const closed = worker.waitForEvent("close");
    await page.evaluate(async () => {
      const session = await /** @type {any} */ (globalThis).tokumei.open();
      await session.close();
    });
    await closed;
    assert.ok(!page.workers().some(tries));
  } finally {
    go();
    await way.close();
  }
});
