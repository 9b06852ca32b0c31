/**
 * The queue behind every pool: hands batches to workers, replaces workers, and lets every job end exactly once.
 *
 * Knows no browser and no Node: a pool gives it `spawn`. A worker does its batch in order. If it traps, ends or stands still, the
 * job at work is to blame, and the rest of the batch goes back to the front of the queue. Which job that is the worker says, or
 * the pool sees; else, since answers may wait for company, each of the first without an answer may be the one: all of them are
 * done once more, each alone.
 *
 * - A trap: the job is done once more, alone on a fresh worker; a second trap is `engine-fault`.
 * - No answer within the job's time: `timeout`, not tried again if it is known to be the one.
 * - A worker that asks to retire (module memory or number of files) is replaced; its batch goes on elsewhere.
 * - Code that can't be fetched for want of a network is no fault: the worker is tried again a while later, and its jobs wait.
 * - A worker that can't be opened three times in a row though its code is there ends the pool: every job is `engine-fault`.
 */

import { ANSWERS_TOGETHER } from "./protocol.js";
import { Told } from "./told.js";

/**
 * @typedef {import("./protocol.js").Job} Job
 * @typedef {import("./protocol.js").Ticket} Ticket
 * @typedef {import("./protocol.js").FromWorker} FromWorker
 *
 * @typedef {{send: (tickets: Ticket[]) => void, end: () => void | Promise<void>, current?: () => number}} WorkerHandle
 *   `current`: id of the job at work, where the pool can see that
 * @typedef {{message: (message: FromWorker) => void, gone: () => void}} WorkerEvents
 *
 * @typedef {{ok: true, value: unknown} | {ok: false, code: "engine-fault" | "timeout" | "stopped"}} Ending
 *
 * @typedef {object} Options
 * @property {number} size  workers at once
 * @property {(slot: number, events: WorkerEvents) => WorkerHandle} spawn
 * @property {number} [batch]  most jobs handed to a worker at once
 * @property {(job: Job) => number} [patience]  milliseconds a job may take without an answer
 * @property {() => Promise<boolean>} [reachable]  whether the code of workers can be fetched; never rejects
 * @property {{now: () => number, after: (ms: number, fn: () => void) => unknown, cancel: (timer: any) => void}} [clock]
 *
 * @typedef {{id: number, job: Job, settle: (ending: Ending) => void, retried: boolean, alone: boolean}} Waiting
 *   `alone`: it may have ended a worker; `retried`: it has
 * @typedef {{number: number, handle: WorkerHandle | null, ready: boolean, fresh: boolean, batch: Waiting[], timer: unknown,
 *   life: number, told: Told, failures: number, rests: boolean}} Slot
 *   `failures`: starts in a row; `rests`: no worker is started before a while has passed
 */

/** Module memory (bytes) and files after which a worker asks to be replaced (design.md 10). */
export const WORKER_LIMITS = Object.freeze({ memory: 256 * 1024 * 1024, files: 2_000 });

const BATCH = 20;
/** Bytes of the files that a worker is handed at once, if it is more than one file: a pause waits for what is handed. */
const BATCH_BYTES = 32 * 1024 * 1024;
const MOST_FAILED_STARTS = 3;
/** Opening a worker: two modules to instantiate; far below this even on a busy hospital PC. */
const START_PATIENCE_MS = 60_000;
/** Before a worker whose code could not be fetched is tried again; doubled each time. */
const FIRST_REST_MS = 1_000;
const MOST_REST_MS = 10_000;
/** Answers that came while this thread itself was asleep (a closed laptop) are heard before a worker is called late. */
const GRACE_MS = 1_000;
const MOST_PIXELS_PER_BYTE = 64;

/**
 * How long a job may take without an answer: so much, and so much more for each megapixel it may have to walk through.
 * @param {{seconds?: number, secondsPerMegapixel?: number}} [limits]  the policy's, design.md 10
 * @returns {(job: Job) => number}  milliseconds
 */
export function patienceBy({ seconds = 60, secondsPerMegapixel = 1 } = {}) {
  return (job) => {
    if (job.kind === "plan") return seconds * 1_000 + job.rows.length;
    const row = "row" in job ? job.row : null;
    const pixels = row ? (row.rows ?? 0) * (row.columns ?? 0) * Math.max(1, row.frames ?? 1) : 0;
    // Before the header is known the file's size stands for the pixels; a header that lies can't claim more than compression explains.
    const most = pixels > 0 ? Math.min(pixels, job.input.size * MOST_PIXELS_PER_BYTE) : job.input.size;
    return (seconds + Math.ceil(most / 1_000_000) * secondsPerMegapixel) * 1_000;
  };
}

const SYSTEM_CLOCK = {
  now: () => Date.now(),
  after: (/** @type {number} */ ms, /** @type {() => void} */ fn) => setTimeout(fn, ms),
  cancel: (/** @type {any} */ timer) => clearTimeout(timer),
};

/** @param {Options} options */
export function createScheduler(options) {
  return new Scheduler(options);
}

class Scheduler {
  /** @type {Waiting[]} */
  #queue = [];
  /** @type {Slot[]} */
  #slots = [];
  #next = 1;
  /** Workers in a row whose code could not be fetched. */
  #unreached = 0;
  #closed = false;
  #options;
  #clock;
  #batch;
  #patience;
  /** @type {Set<Promise<void>>} */
  #ending = new Set();

  /** @param {Options} options */
  constructor(options) {
    this.#options = options;
    this.#clock = options.clock ?? SYSTEM_CLOCK;
    this.#batch = options.batch ?? BATCH;
    this.#patience = options.patience ?? patienceBy();
    for (let number = 0; number < options.size; number += 1) {
      this.#slots.push({
        number,
        handle: null,
        ready: false,
        fresh: true,
        batch: [],
        timer: null,
        life: 0,
        told: new Told(),
        failures: 0,
        rests: false,
      });
    }
  }

  get size() {
    return this.#slots.length;
  }

  /**
   * @param {Job} job
   * @returns {Promise<Ending>}  never rejects
   */
  submit(job) {
    return new Promise((settle) => {
      if (this.#closed) {
        settle({ ok: false, code: "stopped" });
        return;
      }
      this.#queue.push({ id: this.#next, job, settle, retried: false, alone: false });
      this.#next += 1;
      // Jobs submitted in one turn go out together, in full batches.
      if (this.#queue.length === 1) queueMicrotask(() => this.#dispatch());
    });
  }

  /** Takes back what no worker has begun; those jobs end as `stopped`. */
  drop() {
    const dropped = this.#queue;
    this.#queue = [];
    for (const waiting of dropped) waiting.settle({ ok: false, code: "stopped" });
  }

  /** Ends all workers; whatever is not done ends as `stopped`. */
  async close() {
    this.#closed = true;
    this.drop();
    for (const slot of this.#slots) {
      const unfinished = slot.batch;
      slot.batch = [];
      this.#endWorker(slot);
      for (const waiting of unfinished) waiting.settle({ ok: false, code: "stopped" });
    }
    await Promise.all(this.#ending);
  }

  #dispatch() {
    if (this.#closed) return;
    for (const slot of this.#slots) {
      if (this.#queue.length === 0) return;
      if (slot.handle === null) {
        if (!slot.rests) this.#start(slot);
      } else if (slot.ready && this.#wants(slot)) {
        this.#hand(slot);
      }
    }
  }

  /**
   * A worker gets its next batch before it has done the last one, or it would stand still while that travels; not when little is
   * left, which others may do sooner, nor behind a job that is to be alone.
   * @param {Slot} slot
   */
  #wants({ batch }) {
    const [first] = batch;
    if (first === undefined) return true;
    if (first.alone || !this.#queue.some(inCompany)) return false;
    return batch.length <= this.#share() && sizeOf(batch) <= BATCH_BYTES;
  }

  /** Jobs that a worker gets at once: fewer when few are left, so that all end together. */
  #share() {
    return Math.max(1, Math.min(this.#batch, Math.ceil(this.#queue.length / (this.#slots.length * 2))));
  }

  /** @param {Slot} slot */
  #start(slot) {
    slot.life += 1;
    slot.ready = false;
    slot.fresh = true;
    slot.told = new Told();
    const life = slot.life;
    slot.handle = this.#options.spawn(slot.number, {
      message: (message) => {
        if (slot.life === life && slot.handle !== null) this.#hear(slot, message);
      },
      gone: () => {
        if (slot.life === life && slot.handle !== null) this.#lost(slot);
      },
    });
    this.#watch(slot, START_PATIENCE_MS, () => void this.#failedStart(slot));
  }

  /** @param {Slot} slot */
  #hand(slot) {
    // A job that has ended a worker waits for one that has done nothing yet.
    const idle = slot.batch.length === 0;
    const first = this.#queue.find((waiting) => inCompany(waiting) || (idle && (slot.fresh || !waiting.retried)));
    if (first === undefined) {
      this.#replace(slot);
      return;
    }
    const batch = this.#takeOut(first, first.alone ? 1 : this.#share());
    slot.batch.push(...batch);
    slot.fresh = false;
    slot.handle?.send(batch.map(({ id, job }) => ({ id, job: slot.told.portion(job) })));
    this.#watchJob(slot);
  }

  /**
   * The first and those behind it, in order.
   * @param {Waiting} first
   * @param {number} most
   */
  #takeOut(first, most) {
    const batch = [first];
    const rest = this.#queue.slice(0, this.#queue.indexOf(first));
    const behind = this.#queue.slice(rest.length + 1);
    let bytes = sizeOf(batch);
    for (const [at, waiting] of behind.entries()) {
      bytes += sizeOf([waiting]);
      if (batch.length === most || bytes > BATCH_BYTES) {
        rest.push(...behind.slice(at));
        break;
      }
      (inCompany(waiting) ? batch : rest).push(waiting);
    }
    this.#queue = rest;
    return batch;
  }

  /**
   * @param {Slot} slot
   * @param {FromWorker} message
   */
  #hear(slot, message) {
    switch (message.type) {
      case "ready":
        slot.ready = true;
        this.#unreached = 0;
        for (const each of this.#slots) each.failures = 0;
        this.#unwatch(slot);
        this.#dispatch();
        return;
      case "unopened":
        void this.#failedStart(slot);
        return;
      case "unreachable":
        this.#rest(slot);
        return;
      case "timing":
        return;
      case "fault":
        this.#blame(slot, "engine-fault", message.id);
        return;
      case "results":
        this.#finish(slot, message);
        return;
    }
  }

  /**
   * @param {Slot} slot
   * @param {{results: {id: number, value: unknown}[], retire: boolean}} message
   */
  #finish(slot, { results, retire }) {
    for (const { id, value } of results) {
      const first = slot.batch[0];
      if (first === undefined || first.id !== id) {
        // An answer out of turn: this worker can't be trusted with anything.
        this.#blame(slot, "engine-fault");
        return;
      }
      slot.batch.shift();
      first.settle({ ok: true, value });
    }
    if (retire) {
      this.#requeue(slot);
      this.#replace(slot);
    } else if (slot.batch.length > 0) {
      this.#watchJob(slot);
    } else {
      this.#unwatch(slot);
    }
    this.#dispatch();
  }

  /** @param {Slot} slot */
  #lost(slot) {
    if (slot.ready) this.#blame(slot, "engine-fault");
    else void this.#failedStart(slot);
  }

  /**
   * The worker is lost because of the job it was at.
   * @param {Slot} slot
   * @param {"engine-fault" | "timeout"} code
   * @param {number | null} [told]  its ID, where that is known
   */
  #blame(slot, code, told = slot.handle?.current?.() ?? null) {
    const known = slot.batch.find(({ id }) => id === told);
    const suspects = known ? [known] : slot.batch.slice(0, ANSWERS_TOGETHER);
    slot.batch = slot.batch.filter((waiting) => !suspects.includes(waiting));
    this.#requeue(slot);
    const isSure = suspects.length === 1;
    for (const waiting of suspects.reverse()) {
      if (isSure && (code === "timeout" || waiting.retried)) waiting.settle({ ok: false, code });
      else this.#queue.unshift({ ...waiting, retried: isSure || waiting.retried, alone: true });
    }
    this.#endWorker(slot);
    this.#dispatch();
  }

  /** @param {Slot} slot */
  async #failedStart(slot) {
    this.#endWorker(slot);
    slot.rests = true;
    const reachable = (await this.#options.reachable?.()) ?? true;
    slot.rests = false;
    if (!reachable) {
      this.#rest(slot);
      return;
    }
    slot.failures += 1;
    if (slot.failures < MOST_FAILED_STARTS) {
      this.#dispatch();
      return;
    }
    const lost = this.#queue;
    this.#queue = [];
    for (const waiting of lost) waiting.settle({ ok: false, code: "engine-fault" });
  }

  /** There is no network, or not to where the code is: nothing is lost, all waits. @param {Slot} slot */
  #rest(slot) {
    this.#requeue(slot);
    this.#endWorker(slot);
    if (this.#closed) return;
    const ms = Math.min(FIRST_REST_MS * 2 ** Math.min(this.#unreached, 16), MOST_REST_MS);
    this.#unreached += 1;
    slot.rests = true;
    slot.timer = this.#clock.after(ms, () => {
      slot.timer = null;
      slot.rests = false;
      this.#dispatch();
    });
  }

  /** @param {Slot} slot */
  #requeue(slot) {
    this.#queue.unshift(...slot.batch);
    slot.batch = [];
  }

  /** @param {Slot} slot */
  #replace(slot) {
    this.#endWorker(slot);
    this.#start(slot);
  }

  /** @param {Slot} slot */
  #endWorker(slot) {
    this.#unwatch(slot);
    const handle = slot.handle;
    slot.handle = null;
    slot.ready = false;
    if (handle === null) return;
    const ended = Promise.resolve(handle.end()).catch(() => undefined);
    this.#ending.add(ended);
    void ended.then(() => this.#ending.delete(ended));
  }

  /** Any of the first may be at work. @param {Slot} slot */
  #watchJob(slot) {
    const first = slot.batch.slice(0, ANSWERS_TOGETHER);
    if (first.length === 0) return;
    const patience = Math.max(...first.map(({ job }) => this.#patience(job)));
    this.#watch(slot, patience, () => this.#blame(slot, "timeout"));
  }

  /**
   * @param {Slot} slot
   * @param {number} ms
   * @param {() => void} late
   */
  #watch(slot, ms, late) {
    this.#unwatch(slot);
    slot.timer = this.#clock.after(ms, () => {
      slot.timer = this.#clock.after(GRACE_MS, late);
    });
  }

  /** @param {Slot} slot */
  #unwatch(slot) {
    if (slot.timer !== null) this.#clock.cancel(slot.timer);
    slot.timer = null;
  }
}

/** @param {Waiting} waiting */
function inCompany({ alone }) {
  return !alone;
}

/** Bytes of the files. @param {Waiting[]} batch */
function sizeOf(batch) {
  return batch.reduce((sum, { job }) => sum + ("input" in job ? job.input.size : 0), 0);
}
