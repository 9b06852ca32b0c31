/**
 * The run itself: hands instances to the pool, a bounded number ahead, and gives their outputs to the sink in the order of `n`,
 * as many at once as the sink's window allows.
 *
 * Bounded are, together: transforms that are not answered or wait for the sink, by number; and what outputs hold of their own
 * (not by reference) until their write has ended, by bytes. A sink that stands still thereby stops the workers.
 */

import { REFUSED_THERE, RUN_CODES } from "../deliver/sink.js";
import { leaves } from "./entry.js";
import { Gate } from "./gate.js";
import { UNREADABLE } from "./intake.js";
import { codeOf, costOf, emptied, factsOf, hasOutput, keepable, outputOf, ownBytes } from "./outputs.js";
import { holdParts } from "./parts.js";
import { settledOf } from "./settled.js";
import { OpenWrites } from "./window.js";

/**
 * @typedef {import("./entry.js").Entry} Entry
 * @typedef {import("../workers/calls.js").Pool} Pool
 * @typedef {import("../workers/types.js").Result} Result
 * @typedef {import("../deliver/sink.js").Sink} Sink
 * @typedef {import("../deliver/sink.js").Output} Output
 *
 * @typedef {object} Watcher
 * @property {() => void} prepared  an output is ready for the sink
 * @property {(entry: Entry) => void} done  an entry has its result
 * @property {(entry: Entry, how: "sent" | "there") => void} arrived  the place has it; before `done`
 * @property {(entry: Entry) => void} lost  the place does not have it after all
 * @property {(entry: Entry, code: string) => Promise<string>} explain  what a fault really was
 *
 * @typedef {{entry: Entry, result: Promise<Result | null>}} Waiting
 * @typedef {{stopped: boolean, sent: number, there: number, failed: number}} Ending
 */

/** Outputs that may wait for the sink, for each worker: two batches. */
const AHEAD = 40;
/** Bytes that outputs may hold of their own before another is begun. */
const MOST_OWN = 128 * 1024 * 1024;

/** Said of an output that was given up for no fault of its own. */
const NOT_DONE = "stopped";

/** Keeps outputs where they are: in their entries, by reference. @type {Sink} */
const KEEPING = Object.freeze({
  // The place that is named later may be a ZIP.
  crc32: true,
  write: async () => undefined,
  close: async () => undefined,
  abort: async () => undefined,
});

export class Run {
  /** Code of what ended the run. @type {string | null} */
  failure = null;
  #counts = { sent: 0, there: 0, failed: 0 };
  #pool;
  #keep;
  #sink;
  #finishes;
  #watcher;
  #writes;
  #gate = new Gate();
  #pauses = 0;
  #over = false;
  #sayOver = () => {};
  #whenOver = /** @type {Promise<void>} */ (
    new Promise((resolve) => {
      this.#sayOver = () => resolve();
    })
  );
  #closed = false;
  /** @type {{error: unknown} | null} */
  #crash = null;
  /** @type {Promise<void> | null} */
  #aborting = null;
  /** @type {Waiting[]} */
  #ahead = [];
  /** What a place has that is good only as a whole. @type {Entry[]} */
  #inWhole = [];
  #open = 0;
  #unanswered = 0;
  #reserved = 0;
  #own = 0;

  /**
   * @param {Pool} pool
   * @param {Sink | null} sink  null: outputs wait in their entries until a place is named
   * @param {Watcher} watcher
   */
  constructor(pool, sink, watcher) {
    this.#pool = pool;
    this.#keep = sink === null;
    this.#sink = sink ?? KEEPING;
    this.#finishes = this.#sink.whole || this.#sink.window === undefined;
    this.#watcher = watcher;
    this.#writes = new OpenWrites(this.#sink);
  }

  /** What is under way is finished; then nothing more is transformed or given to the sink. */
  pause() {
    if (this.#over || this.#gate.isShut) return;
    this.#gate.shut();
    this.#pauses += 1;
    this.#pool.drop();
    this.#sink.pause?.();
  }

  /** Goes on; a sink that waits for its place tries at once. */
  resume() {
    this.#sink.resume?.();
    this.#gate.open();
  }

  /**
   * What has arrived is kept, what is open is given up; but a sink that takes one after another gets its last one done, and a place
   * that is good only as a whole is finished.
   */
  stop() {
    if (this.#over) return;
    this.#over = true;
    this.#sayOver();
    this.#gate.open();
    this.#pool.drop();
    if (!this.#finishes) this.#abort();
    this.#writes.changed();
  }

  /**
   * @param {Entry[]} entries  ready ones, in order of n
   * @param {AbortSignal | null} signal
   * @returns {Promise<Ending>}
   */
  async deliver(entries, signal) {
    const stop = () => this.stop();
    if (signal?.aborted) stop();
    signal?.addEventListener("abort", stop);
    // What waited for a place has not left before one has it.
    if (!this.#keep) for (const entry of entries) if (entry.kept !== null) entry.result = null;
    try {
      if (entries.length > 0) await this.#ask();
      const held = await holdParts(
        entries,
        (entry) => this.#transform(entry, true),
        (entry, result) => this.#settle(entry, result),
      );
      await this.#giveAll(entries.filter((entry) => !held.has(entry)));
    } catch (error) {
      this.#crash ??= { error };
    }
    const stopped = this.#over;
    await this.#end(entries);
    signal?.removeEventListener("abort", stop);
    if (this.#crash !== null) throw this.#crash.error;
    return { stopped, ...this.#counts };
  }

  /** Whether the place would take anything; a stop doesn't wait for its answer. */
  async #ask() {
    try {
      await Promise.race([this.#sink.check?.(), this.#whenOver]);
    } catch (error) {
      if (!this.#over) this.#fault(error);
    }
  }

  /** @param {Entry[]} entries */
  async #giveAll(entries) {
    const left = entries.values();
    let next = left.next();
    while (!this.#over) {
      await this.#gate.passed();
      while (!this.#over && !next.done && this.#mayPrepare(next.value)) {
        this.#prepare(next.value);
        next = left.next();
      }
      const first = this.#ahead.shift();
      if (first !== undefined) await this.#take(first);
      else if (this.#open > 0) await this.#writes.nextChange();
      else break;
    }
  }

  /**
   * Within the bounds; or else a worker would stand idle though no output holds too much.
   * @param {Entry} entry
   */
  #mayPrepare(entry) {
    if (this.#ahead.length >= this.#pool.size * AHEAD) return false;
    if (this.#own + this.#reserved + costOf(entry) <= MOST_OWN) return true;
    return this.#unanswered < this.#pool.size && this.#own <= MOST_OWN;
  }

  /** @param {Entry} entry */
  #prepare(entry) {
    const cost = costOf(entry);
    this.#unanswered += 1;
    this.#reserved += cost;
    const result = this.#transform(entry, false).finally(() => {
      this.#unanswered -= 1;
      this.#reserved -= cost;
    });
    const counted = result.then((answer) => {
      this.#own += ownBytes(entry, answer);
      return answer;
    });
    // Whoever takes it is told of its fault; after a stop nobody does.
    counted.catch(() => undefined);
    this.#ahead.push({ entry, result: counted });
  }

  /** @param {Waiting} waiting */
  async #take({ entry, result: promised }) {
    const result = await promised;
    if (result === null) return;
    const facts = factsOf(result);
    const own = ownBytes(entry, result);
    this.#watcher.prepared();
    if (RUN_CODES.has(result.reason)) {
      this.#fail(result.reason);
    } else if (!hasOutput(result)) {
      if (facts.delivered) this.#arrived(entry, facts.there ? "there" : "sent");
      this.#settle(entry, facts);
    } else {
      const output = outputOf(entry, result);
      while (!this.#over && !this.#writes.fits(output.bytes)) await this.#writes.nextChange();
      await this.#gate.passed();
      if (this.#over) return;
      if (this.#keep) entry.kept = keepable(entry, result);
      void this.#write(entry, facts, output, own);
    }
  }

  /**
   * Never rejects.
   * @param {Entry} entry
   * @param {Result} facts
   * @param {Output} output
   * @param {number} own
   */
  async #write(entry, facts, output, own) {
    this.#open += 1;
    try {
      await this.#written(entry, facts, output);
    } catch (error) {
      this.#fault(error);
    }
    this.#open -= 1;
    this.#own -= own;
    this.#writes.changed();
  }

  /**
   * @param {Entry} entry
   * @param {Result} facts
   * @param {Output} output
   */
  async #written(entry, facts, output) {
    try {
      const there = await this.#writes.write(output);
      // Who asks again later is told that it is there.
      if (this.#closed) return;
      if (this.#sink.whole) this.#inWhole.push(entry);
      else if (!this.#keep) entry.kept = null;
      this.#arrived(entry, there === "there" ? "there" : "sent");
      this.#settle(entry, facts);
    } catch (error) {
      if (this.#over && (!this.#sink.whole || this.#broken)) return;
      const code = codeOf(error);
      if (code === NOT_DONE) return;
      if (RUN_CODES.has(code)) this.#fail(code);
      else await this.#refused(entry, facts, output.bytes, code);
    }
  }

  /** The place has it. @param {Entry} entry @param {"sent" | "there"} how */
  #arrived(entry, how) {
    this.#counts[how] += 1;
    this.#watcher.arrived(entry, how);
  }

  /**
   * @param {Entry} entry
   * @param {Result} facts
   * @param {number} bytes
   * @param {string} code
   */
  async #refused(entry, facts, bytes, code) {
    const there = REFUSED_THERE.has(code);
    const reason = there ? code : await this.#watcher.explain(entry, code);
    if (there) this.#counts.failed += 1;
    else entry.kept = null;
    this.#settle(entry, emptied(facts, reason), there ? bytes : null);
    // What is in a ZIP can't be taken out again.
    if (this.#sink.whole && code === UNREADABLE) this.#fail(reason);
  }

  /**
   * @param {Entry} entry
   * @param {boolean} dry
   * @returns {Promise<Result | null>}  null: not done, because the run was stopped
   */
  async #transform(entry, dry) {
    if (entry.kept !== null) return entry.kept;
    const row = /** @type {import("../workers/types.js").ScanRow} */ (entry.row);
    for (;;) {
      await this.#gate.passed();
      if (this.#over) return null;
      const pauses = this.#pauses;
      const result = await this.#pool.transform(
        entry.input,
        row,
        dry,
        entry.others,
        settledOf(entry),
        this.#sink.crc32,
      );
      if ("fault" in result) {
        if (result.fault !== "stopped") return emptied(null, await this.#watcher.explain(entry, result.fault));
        // What a pause took back is handed over again.
        if (pauses === this.#pauses) return null;
        continue;
      }
      // A read that fails inside a module ends as a verdict of its own.
      if (leaves(result.verdict)) return result;
      return { ...result, reason: await this.#watcher.explain(entry, result.reason) };
    }
  }

  /** What was written before a stop stays good: a ZIP is finished, not thrown away. @param {Entry[]} entries */
  async #end(entries) {
    while (this.#finishes && this.#open > 0 && !this.#broken) await this.#writes.nextChange();
    if (!this.#broken && (this.#finishes || !this.#over)) await this.#close(entries);
    if (this.#broken || (this.#over && !this.#finishes)) await this.#abort();
    // Writes that ended with the abort are still heard.
    if (this.#open > 0) await new Promise((resolve) => setTimeout(resolve));
    this.#closed = true;
    for (const entry of this.#inWhole) {
      // A ZIP that could not be finished is not there.
      if (this.#broken) entry.result = null;
      else entry.kept = null;
    }
  }

  get #broken() {
    return this.failure !== null || this.#crash !== null;
  }

  /** @param {Entry[]} entries */
  async #close(entries) {
    try {
      const lost = new Set((await this.#sink.close()) ?? []);
      for (const entry of lost.size > 0 ? entries : []) if (entry.n !== null && lost.has(entry.n)) this.#lost(entry);
    } catch (error) {
      this.#fault(error);
    }
  }

  /** It was named as stored, and can be offered again. @param {Entry} entry */
  #lost(entry) {
    this.#counts.sent -= 1;
    this.#counts.failed += 1;
    entry.failedBytes = entry.result?.bytesOut ?? 0;
    entry.result = emptied(entry.result, "rejected-by-destination");
    this.#watcher.lost(entry);
  }

  #abort() {
    this.#aborting ??= this.#sink.abort().catch(() => undefined);
    return this.#aborting;
  }

  /**
   * @param {Entry} entry
   * @param {Result} result
   * @param {number | null} [failedBytes]
   */
  #settle(entry, result, failedBytes = null) {
    entry.result = result;
    entry.failedBytes = failedBytes;
    this.#watcher.done(entry);
  }

  /** @param {unknown} error */
  #fault(error) {
    try {
      this.#fail(codeOf(error));
    } catch (unknown) {
      this.#crash ??= { error: unknown };
      this.stop();
    }
  }

  /** @param {string} code */
  #fail(code) {
    this.failure ??= code;
    this.stop();
  }
}
