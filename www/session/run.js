/**
 * The run itself: hands instances to the pool, a bounded number ahead, and gives their outputs to the sink in the order of `n`.
 *
 * Parts of one concatenation leave together or not at all: all of them are transformed and verified once without delivery first.
 */

import { withheld } from "../workers/withheld.js";
import { leaves } from "./entry.js";

/**
 * @typedef {import("./entry.js").Entry} Entry
 * @typedef {import("../workers/calls.js").Pool} Pool
 * @typedef {import("../workers/types.js").Result} Result
 *
 * @typedef {{write: (output: {name: string, blob: Blob, sha256: string, crc32?: number}) => Promise<void>, close: () => Promise<void>,
 *   abort: () => Promise<void>, whole?: boolean}} Sink
 *   `whole`: what was written is good only after `close` (a ZIP). `write` throws an error with a `code` of the reasons' table where the place refuses.
 * @typedef {{done: (entry: Entry) => void, explain: (entry: Entry, code: string) => Promise<string>}} Watcher
 */

/** Outputs that may wait for the sink, for each worker: two batches. */
const AHEAD = 40;

/** Codes that are no fault of the instance: they end the run. */
const RUN_CODES = new Set([
  "disk-full",
  "write-denied",
  "destination-unreachable",
  "destination-auth",
  "destination-not-allowed",
]);

/**
 * @param {Entry[]} entries  ready ones, in order of n
 * @param {Pool} pool
 * @param {Sink} sink
 * @param {AbortSignal | null} signal
 * @param {Watcher} watcher
 * @returns {Promise<{stopped: boolean, failure: string | null}>}
 */
export async function deliverAll(entries, pool, sink, signal, watcher) {
  const run = new Run(pool, sink, watcher);
  const stop = () => run.stop();
  if (signal?.aborted) stop();
  signal?.addEventListener("abort", stop);
  try {
    const free = await run.holdParts(entries);
    await run.deliver(free);
    // What was written before a stop stays good: the sink is closed, not thrown away.
    if (run.failure === null) await run.close();
    else await sink.abort();
    if (run.failure !== null && sink.whole) takeBack(entries);
  } catch (error) {
    run.stop();
    await sink.abort();
    if (sink.whole) takeBack(entries);
    throw error;
  } finally {
    signal?.removeEventListener("abort", stop);
  }
  return { stopped: signal?.aborted ?? false, failure: run.failure };
}

/** What was written into a place that is good only as a whole is not there when it could not be finished. @param {Entry[]} entries */
function takeBack(entries) {
  for (const entry of entries) {
    if (entry.result !== null && leaves(entry.result.verdict)) entry.result = null;
  }
}

class Run {
  /** @type {string | null} */
  failure = null;
  #pool;
  #sink;
  #watcher;
  #over = false;

  /**
   * @param {Pool} pool
   * @param {Sink} sink
   * @param {Watcher} watcher
   */
  constructor(pool, sink, watcher) {
    this.#pool = pool;
    this.#sink = sink;
    this.#watcher = watcher;
  }

  stop() {
    this.#over = true;
    this.#pool.drop();
  }

  /**
   * @param {Entry[]} entries
   * @returns {Promise<Entry[]>}  those that may be delivered
   */
  async holdParts(entries) {
    /** @type {Map<string, Entry[]>} */
    const groups = new Map();
    for (const entry of entries) {
      const uid = entry.row?.concatenation;
      if (uid) groups.set(uid, [...(groups.get(uid) ?? []), entry]);
    }
    for (const parts of groups.values()) {
      const tried = parts.map((entry) => this.#transform(entry, true));
      const results = await Promise.all(tried);
      if (this.#over) return [];
      if (results.every(passes)) continue;
      for (const [index, entry] of parts.entries()) {
        const result = results[index];
        if (result && !passes(result)) this.#settle(entry, result);
        else if (result) this.#settle(entry, emptied(result, "review", "part-held"));
      }
    }
    return entries.filter((entry) => entry.result === null);
  }

  /** @param {Entry[]} entries */
  async deliver(entries) {
    const most = this.#pool.size * AHEAD;
    /** @type {{entry: Entry, result: Promise<Result | null>}[]} */
    const waiting = [];
    for (const entry of entries) {
      if (this.#over) break;
      waiting.push({ entry, result: this.#transform(entry, false) });
      if (waiting.length >= most) await this.#take(waiting);
    }
    while (waiting.length > 0) await this.#take(waiting);
  }

  async close() {
    try {
      await this.#sink.close();
    } catch (error) {
      this.#fail(codeOf(error));
    }
  }

  /** @param {{entry: Entry, result: Promise<Result | null>}[]} waiting */
  async #take(waiting) {
    const next = waiting.shift();
    if (next === undefined) return;
    const result = await next.result;
    if (result === null) return;
    if (RUN_CODES.has(result.reason)) {
      this.#fail(result.reason);
      return;
    }
    const { blob, crc32, ...facts } = result;
    if (blob === undefined) {
      this.#settle(next.entry, facts);
      return;
    }
    if (this.#over) return;
    await this.#write(next.entry, facts, { blob, crc32 });
  }

  /**
   * @param {Entry} entry
   * @param {Result} result
   * @param {{blob: Blob, crc32: number | undefined}} bytes
   */
  async #write(entry, result, bytes) {
    try {
      await this.#sink.write({
        name: /** @type {string} */ (result.out),
        ...bytes,
        sha256: /** @type {string} */ (result.sha256),
      });
    } catch (error) {
      const code = codeOf(error);
      if (RUN_CODES.has(code)) this.#fail(code);
      else this.#settle(entry, emptied(result, "refused", await this.#watcher.explain(entry, code)));
      return;
    }
    this.#settle(entry, result);
  }

  /**
   * @param {Entry} entry
   * @param {boolean} dry
   * @returns {Promise<Result | null>}  null: not done, because the run was stopped
   */
  async #transform(entry, dry) {
    const row = /** @type {import("../workers/types.js").ScanRow} */ (entry.row);
    const result = await this.#pool.transform(entry.input, row, dry);
    if ("fault" in result) {
      if (result.fault === "stopped") return null;
      return emptied(null, "refused", await this.#watcher.explain(entry, result.fault));
    }
    // A read that fails inside a module ends as a verdict of its own.
    if (leaves(result.verdict)) return result;
    return { ...result, reason: await this.#watcher.explain(entry, result.reason) };
  }

  /**
   * @param {Entry} entry
   * @param {Result} result
   */
  #settle(entry, result) {
    entry.result = result;
    this.#watcher.done(entry);
  }

  /** @param {string} code */
  #fail(code) {
    this.failure ??= code;
    this.stop();
  }
}

/** @param {Result | null} result */
function passes(result) {
  return result !== null && result.verdict !== "review" && result.verdict !== "refused";
}

/**
 * @param {Result | null} result
 * @param {string} verdict
 * @param {string} reason
 * @returns {Result}
 */
function emptied(result, verdict, reason) {
  return withheld({ verdict, reason, tag: null }, result, result?.ms ?? 0);
}

/** Only the code of an error is taken: its text may hold anything. @param {unknown} error */
function codeOf(error) {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : null;
  if (typeof code === "string" && /^[a-z][a-z-]*$/u.test(code)) return code;
  throw error;
}
