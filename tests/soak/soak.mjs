// The soak: many instances from drop to receiver in a real browser, through everything that goes wrong on the way. What the report,
// the receipt and the receiver say of them is compared at the end.
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { watchMemory } from "../../tools/memory.mjs";
import { OWN, saved, state, visit } from "../browser/kit.mjs";
import { writeStudies } from "./files.mjs";
import { killing } from "./killing.mjs";

/** What every run meets once at its beginning: all that networks, proxies and servers do. */
const EACH = [
  { kind: "status", status: 503, retryAfter: 1 },
  { kind: "status", status: 502 },
  { kind: "drop-before", bytes: 100_000 },
  { kind: "drop-after" },
  { kind: "slow", bytesPerSecond: 1_000_000, delayMs: 200 },
  { kind: "empty" },
  { kind: "html" },
  { kind: "nothing-stored" },
  { kind: "stored-empty" },
  { kind: "other-uids" },
  { kind: "wrong-sequence" },
];
/** All is stored, and all is said to be refused. */
const REFUSED = [null, { kind: "wrong-sequence" }];
/** And at random: of a hundred requests that store about fifteen. */
const RANDOM = [
  { kind: "status", status: 503, retryAfter: 0, p: 0.04 },
  { kind: "status", status: 503, retryAfter: 1, p: 0.005 },
  { kind: "status", status: 502, p: 0.005 },
  { kind: "drop-before", bytes: 0, p: 0.01 },
  { kind: "drop-before", bytes: 100_000, p: 0.01 },
  { kind: "drop-after", p: 0.02 },
  { kind: "slow", bytesPerSecond: 1_000_000, delayMs: 200, p: 0.04 },
  { kind: "empty", p: 0.003 },
  { kind: "html", p: 0.003 },
  { kind: "nothing-stored", p: 0.003 },
  { kind: "stored-empty", p: 0.003 },
  { kind: "other-uids", p: 0.003 },
  { kind: "wrong-sequence", p: 0.001 },
  { kind: "status", on: "query", status: 503, retryAfter: 0, p: 0.02 },
  { kind: "drop-before", on: "query", p: 0.01 },
];
/** Fewer bytes than a full batch has. */
const PROXY_LIMIT = 400_000;
const OFFLINE_MS = 1_500;
const LONG_MS = 3 * 3_600_000;

/**
 * Instances are told as "UID digest", sorted.
 * @param {{ count: number, reloads: number[], seed?: number }} how  `reloads`: at which shares of what has arrived
 */
export async function soak({ count, reloads, seed = 1 }) {
  const folder = mkdtempSync(join(tmpdir(), "tokumei-soak-"));
  writeStudies(folder, count);
  const way = await visit({ destinations: [OWN], unkept: true, prepare: killing });
  try {
    return await new Soak(way, folder, { count, reloads, seed }).run();
  } finally {
    await way.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

class Soak {
  #key = Buffer.alloc(0);
  #figures = {
    met: /** @type {Record<string, number>} */ ({}),
    killed: 0,
    reloads: 0,
    offline: 0,
    sentAgain: 0,
    begunAgain: 0,
  };
  #leg = 0;

  /** @param {import("../browser/kit.mjs").Visit} way @param {string} folder @param {{ count: number, reloads: number[], seed: number }} how */
  constructor(way, folder, how) {
    this.way = way;
    this.page = way.page;
    this.receiver = /** @type {import("../browser/kit.mjs").Receiver} */ (way.receiver);
    this.folder = folder;
    this.how = how;
  }

  async run() {
    const { page, how } = this;
    page.on("dialog", (dialog) => dialog.accept().catch(() => undefined));
    const memory = watchMemory();
    const begun = performance.now();
    await this.#begin();
    for (const share of how.reloads) {
      await this.#arrived(Math.floor((share - 0.05) * how.count));
      await this.#offline();
      await this.#arrived(Math.floor(share * how.count));
      await this.#reload();
    }
    await this.#ended();
    const seconds = (performance.now() - begun) / 1000;
    const used = memory.stop();
    const kept = await this.#kept();
    this.#keepCounts(await page.evaluate(() => /** @type {any} */ (globalThis).killed));
    return { seconds, memory: used, kept, ...this.#figures, ...(await this.#compare()) };
  }

  /** From the drop to the first requests. */
  async #begin() {
    const { page, way } = this;
    await way.drop([this.folder]);
    await this.#state("check", "ready");
    if (this.#key.length === 0) {
      const key = page.waitForEvent("download");
      await page.getByTestId("run").locator("xpath=..").getByTestId("key-save").click();
      this.#key = await saved(await key);
    }
    this.#switchOn();
    await page.getByTestId("run").click();
    await this.#state("run", "running");
  }

  /** Faults of this leg: the same for the same seed. The first one has a proxy that limits requests, in the last one a person is needed. */
  #switchOn() {
    const { seed, reloads } = this.how;
    const first = this.#leg === 0 ? { script: EACH, maxBytes: PROXY_LIMIT } : {};
    const last = this.#leg === reloads.length ? { script: REFUSED } : {};
    this.receiver.faults({ random: RANDOM, seed: seed + this.#leg, ...first, ...last });
    this.#leg += 1;
  }

  /** Waits until the receiver has so many. @param {number} least */
  #arrived(least) {
    return this.#until(() => new Set(this.receiver.arrivals).size >= least);
  }

  /**
   * Waits for something, or for the end of the run. A run that could not begin, because its first small request failed, is begun
   * again, as a person would.
   * @param {() => boolean} done
   */
  async #until(done) {
    const retry = this.page.locator('[data-notice="unreachable"]').getByTestId("retry-now");
    while (!done() && (await this.#screen()) === "run") {
      if ((await retry.count()) > 0) {
        await retry.click();
        this.#figures.begunAgain += 1;
        await sleep(500);
      }
      await sleep(100);
    }
  }

  async #offline() {
    const { context } = this.way;
    await context.setOffline(true);
    await sleep(OFFLINE_MS);
    await context.setOffline(false);
    this.#figures.offline += 1;
  }

  /** The page is loaded anew in the middle of the run; key and folder are put in again. */
  async #reload() {
    const { page } = this;
    this.#keepCounts(await page.evaluate(() => /** @type {any} */ (globalThis).killed));
    await page.reload();
    await state(page, "choose", "empty");
    this.receiver.faults({});
    const resume = page.locator('[data-notice="resume-key"]');
    await resume.waitFor();
    const asked = page.waitForEvent("filechooser");
    await resume.getByTestId("key-load").click();
    await (await asked).setFiles({ name: "key.json", mimeType: "application/json", buffer: this.#key });
    await page.locator('[data-notice="resume"]').waitFor();
    this.#figures.reloads += 1;
    await this.#begin();
  }

  /** @param {number} killed */
  #keepCounts(killed) {
    this.#figures.killed += killed;
    for (const [kind, times] of Object.entries(this.receiver.met()))
      this.#figures.met[kind] = (this.#figures.met[kind] ?? 0) + times;
  }

  /** The end of the run; what the receiver said it had refused is sent again, as a person would. */
  async #ended() {
    const { page } = this;
    await this.#until(() => false);
    while ((await page.getByTestId("send-again").count()) > 0) {
      this.#figures.sentAgain += 1;
      await page.getByTestId("send-again").click();
      await sleep(500);
      await this.#until(() => false);
    }
  }

  /** Bytes that the page's scripts hold at the end, after what is no longer needed was collected. */
  async #kept() {
    const client = await this.way.context.newCDPSession(this.page);
    await client.send("HeapProfiler.collectGarbage");
    const used = /** @type {any} */ (await client.send("Runtime.getHeapUsage"));
    await client.detach();
    return used.usedSize + used.embedderHeapUsedSize + used.backingStorageSize;
  }

  async #compare() {
    const [report, receipt] = [await this.#json("save-report"), await this.#json("save-receipt")];
    const rows = this.receiver.rows();
    const { arrivals } = this.receiver;
    return {
      rows: report.files.length,
      byReason: report.totals.byReason,
      reported: pairs(report.files.filter((/** @type {any} */ { out }) => out !== null)),
      receipted: pairs(receipt.instances),
      received: pairs(rows),
      onDisk: pairs(rows.map((row) => ({ ...row, sha256: digestOf(this.receiver.path(row)) }))),
      again: arrivals.length - new Set(arrivals).size,
    };
  }

  /** @param {string} testId @returns {Promise<any>} */
  async #json(testId) {
    const download = this.page.waitForEvent("download", { timeout: LONG_MS });
    await this.page.getByTestId(testId).click();
    return JSON.parse((await saved(await download)).toString());
  }

  /** @param {string} screen @param {string} name */
  async #state(screen, name) {
    const found = this.page.locator(`html[data-screen="${screen}"][data-state="${name}"]`);
    await found.waitFor({ state: "attached", timeout: LONG_MS });
  }

  #screen() {
    return this.page.locator("html").getAttribute("data-screen");
  }
}

/** @param {{ instance: string, sha256: string }[]} rows */
function pairs(rows) {
  return rows.map(({ instance, sha256 }) => `${instance} ${sha256}`).sort();
}

/** @param {string} path */
function digestOf(path) {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}
