// What the page's benchmarks share: the built page with the pages of this folder beside it, in a browser that keeps files on disk.
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { chromium } from "playwright-core";
import { createServer } from "../provider/server.mjs";
import { readSettings } from "../provider/settings.mjs";
import { executable, FLAGS } from "../tools/chromium.mjs";
import { root } from "./data.mjs";

/** The page as it ships; `TOKUMEI_PAGE=www` for the sources as they are. */
const PAGE = resolve(root, process.env.TOKUMEI_PAGE ?? "dist");

/** What a person takes at least to find a folder: the page uses that time (`www/session/warmth.js`). */
export function folderFound() {
  return sleep(Number(process.env.BENCH_WAITING ?? 3_000));
}

export function median(values) {
  const s = [...values].sort((a, b) => a - b);
  return s[Math.floor(s.length / 2)];
}

/**
 * `work` gets the browser, the page's address and the embedded provider.
 * @param {(context: import("playwright-core").BrowserContext, address: string, provider: any) => Promise<any>} work
 * @param {(folder: string) => Promise<unknown>} [prepare] what else is served
 */
export async function withServed(work, prepare = async () => undefined) {
  const dir = mkdtempSync(join(tmpdir(), "tokumei-bench-"));
  const folder = join(dir, "www");
  cpSync(PAGE, folder, { recursive: true });
  cpSync(join(root, "benches/served"), join(folder, "bench"), { recursive: true });
  await prepare(folder);
  const server = createServer({ folder, settings: readSettings(undefined), received: join(dir, "received") });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const context = await chromium.launchPersistentContext(join(dir, "profile"), {
    executablePath: executable(),
    args: FLAGS,
  });
  try {
    return await work(context, `http://127.0.0.1:${server.address().port}/`, server.provider);
  } finally {
    await context.close();
    server.closeAllConnections();
    server.close();
    await server.closed;
    rmSync(dir, { recursive: true, force: true });
  }
}
