/**
 * Runs of a session, one at a time: what is ready goes to a place, events are told on the way, and what a destination has confirmed
 * is kept for the receipt.
 */

import { notAlone } from "./decisions.js";
import { isReady, stateOf } from "./entry.js";
import { explained } from "./intake.js";
import { INTERVAL_MS, Progress } from "./progress.js";
import { Run } from "./run.js";

/**
 * @typedef {import("./entry.js").Entry} Entry
 * @typedef {import("./run.js").Sink} Sink
 *
 * @typedef {() => Promise<(() => void) | null>} Guard
 *   Takes hold of what only one run may have at a time; null: another run has it. What it gives lets go of it.
 *
 * @typedef {object} Options
 * @property {import("../workers/calls.js").Pool} pool
 * @property {() => Date} now
 * @property {(event: string, detail: object) => void} emit
 * @property {Guard | null} guard
 */

/** How often progress is told though no file is done: a little less often than it may be. */
const TICK_MS = INTERVAL_MS + 10;

export class Delivery {
  #options;
  /** @type {Run | null} */
  #run = null;
  #busy = false;
  /** Also before the run itself has begun. */
  #paused = false;
  #closed = false;
  /** @type {Date | null} */
  started = null;
  /** @type {Date | null} */
  ended = null;

  /** @param {Options} options */
  constructor(options) {
    this.#options = options;
  }

  get isBusy() {
    return this.#busy;
  }

  pause() {
    this.#paused = this.#busy;
    this.#run?.pause();
  }

  resume() {
    this.#paused = false;
    this.#run?.resume();
  }

  /** Ends what runs; nothing begins any more. */
  close() {
    this.#closed = true;
    this.#run?.stop();
  }

  /**
   * @param {Entry[]} entries
   * @param {Sink | null} sink  null: outputs wait until a place is named
   * @param {{signal: AbortSignal | null, destination: string | null, all: Entry[]}} how  `destination`: by its name what it confirms is
   *   kept; `all`: of the session, since parts of one whole leave together
   * @returns {Promise<import("./run.js").Ending & {failure: string | null}>}
   */
  async deliver(entries, sink, how) {
    if (this.#busy) return refused("second-run");
    this.#busy = true;
    this.#paused = false;
    try {
      const letGo = await (this.#options.guard?.() ?? (() => undefined));
      if (letGo === null) return refused("second-run");
      try {
        const ready = entries.filter(isReady).filter(notAlone(how.all));
        return await this.#deliver(ready, sink, how);
      } finally {
        letGo();
      }
    } finally {
      this.#busy = false;
    }
  }

  /**
   * @param {Entry[]} ready
   * @param {Sink | null} sink
   * @param {{signal: AbortSignal | null, destination: string | null}} how
   */
  async #deliver(ready, sink, { signal, destination }) {
    const { pool, now, emit } = this.#options;
    this.started ??= now();
    this.ended = null;
    let processed = 0;
    const progress = new Progress((detail) =>
      emit("progress", { stage: "run", ...detail, processed, ...bytesOf(sink) }),
    );
    progress.expect(ready.length);
    const run = new Run(pool, sink, {
      prepared: () => {
        processed += 1;
        progress.tick();
      },
      done: (entry) => {
        emit("file", { n: entry.n, ...state(entry) });
        progress.step(entry.input.size);
      },
      arrived: (entry, how) => {
        if (destination !== null) entry.sent = { how, at: now().toISOString(), destination };
      },
      lost: (entry) => {
        entry.sent = null;
        emit("file", { n: entry.n, ...state(entry) });
      },
      explain: (entry, code) => explained(entry.input, code),
    });
    this.#run = run;
    if (this.#paused) run.pause();
    if (this.#closed) run.stop();
    const ticking = sink?.progress ? setInterval(() => progress.tick(), TICK_MS) : undefined;
    try {
      const ending = await run.deliver(ready, signal);
      if (run.failure === null && ending.stopped) emit("notice", { code: "stopped" });
      return { ...ending, failure: run.failure };
    } finally {
      clearInterval(ticking);
      this.#run = null;
      this.ended = now();
      progress.end();
    }
  }
}

/** @param {string} failure */
function refused(failure) {
  return { stopped: false, sent: 0, there: 0, failed: 0, failure };
}

/** How many bytes were handed to the network, and of how many the destination has said that it has them. @param {Sink | null} sink */
function bytesOf(sink) {
  const progress = sink?.progress?.();
  return progress && { sent: progress.bytesSent, confirmed: progress.bytesConfirmed };
}

/** @param {Entry} entry */
function state(entry) {
  const { verdict, reason, tag } = stateOf(entry);
  return { verdict, reason, tag };
}
