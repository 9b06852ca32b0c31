/**
 * A sink that sends to a DICOMweb destination by STOW-RS (PS3.18 10.5), each instance exactly once.
 *
 * An output is judged against what the destination has, waits for company of its study, is sent, and is settled by what the
 * answer's body says. What became of it is unknown where there is no answer or the answer does not name it: then the destination
 * is asked, and only what it does not have is sent again, in the end alone, so that one bad instance costs one.
 */

import { DeliveryError, partsOf, readable } from "../sink.js";
import { meaningOfReason, readStored } from "./answer.js";
import { Batches, bytesOf } from "./batches.js";
import { Client } from "./client.js";
import { newEntry } from "./entry.js";
import { Existing } from "./existing.js";
import { Line, sleep } from "./retry.js";

/**
 * @typedef {import("../sink.js").Output} Output
 * @typedef {import("../sink.js").Sink} Sink
 * @typedef {import("./entry.js").Entry} Entry
 * @typedef {import("./existing.js").Ledger} Ledger
 * @typedef {import("./retry.js").Notice} Notice
 *
 * @typedef {object} Limits
 * @property {number} bytes  of one request; a larger instance goes alone
 * @property {number} items  instances of one request
 * @property {number} requests  that store, at once
 * @property {number} tries  failures of the line in a row after which the run is given up
 *
 * @typedef {object} StowOptions
 * @property {string} url  DICOMweb base, without a slash at its end
 * @property {import("./transport.js").Transport} transport
 * @property {() => string | null} [token]  a bearer token, read for each request
 * @property {Ledger | null} [ledger]
 * @property {(notice: Notice) => void} [notice]
 * @property {Partial<Limits>} [limits]
 * @property {() => number} [random]
 * @property {(ms: number, signal: AbortSignal) => Promise<void>} [sleep]  resolves early when aborted
 * @property {() => number} [now]
 *
 * @typedef {object} Progress
 * @property {number} bytesSent  confirmed, and on the way of what is being sent
 * @property {number} bytesConfirmed  of what the destination has, also what it had already
 * @property {number} confirmed  outputs that were sent and stored
 * @property {number} there  outputs that the destination had already
 * @property {number} open  outputs that are not settled
 */

/** @type {Readonly<Limits>} */
const LIMITS = Object.freeze({ bytes: 32_000_000, items: 50, requests: 2, tries: Number.POSITIVE_INFINITY });
/** Requests of each kind that are prepared ahead: those on the way, and as many again. */
const AHEAD = 2;
/**
 * How often one instance alone is sent whose answer does not say what became of it; a try counts more where others were stored
 * since the last one, so that it is not the destination's fault of that hour.
 */
const MOST_TRIES = 6;
const OWN_TRY = 3;
/** Requests without an answer while queries have one: so many halve a batch, are told of one alone, make it too large. */
const SILENT_HALVES = 2;
const SILENT_TOLD = 3;
const SILENT_LARGE = 6;
/** These statuses say that what the answer does not name was not stored. */
const NOTHING_STORED = new Set([400, 409, 422]);

/**
 * @param {StowOptions} options
 * @returns {Required<Pick<Sink, "write" | "window" | "flush" | "pause" | "resume" | "check" | "close" | "abort">> & {progress: () => Progress}}
 */
export function stowSink(options) {
  const sink = new StowSink(options);
  return {
    window: sink.window,
    write: (output) => sink.write(output),
    check: () => sink.check(),
    flush: () => sink.flush(),
    pause: () => sink.pause(),
    resume: () => sink.resume(),
    progress: () => sink.progress(),
    close: () => sink.close(),
    abort: () => sink.abort(),
  };
}

class StowSink {
  #control = new AbortController();
  /** Not settled. @type {Set<Entry>} */
  #open = new Set();
  /** The last one of each instance, so that two of the same UID go one after the other. @type {Map<string, Entry>} */
  #last = new Map();
  /** Bytes on the way, of each request. @type {Map<Entry[], number>} */
  #sending = new Map();
  /** @type {Set<Promise<void>>} */
  #tasks = new Set();
  #openBytes = 0;
  #order = 0;
  #flushed = 0;
  #running = 0;
  /** Bytes of the largest request that had an answer. */
  #largest = 0;
  #done = { bytes: 0, confirmed: 0, there: 0 };
  #limits;
  #ledger;
  #notice;
  #sleep;
  #line;
  #client;
  #existing;
  #batches;

  /** @param {StowOptions} options */
  constructor({ url, transport, token = () => null, ledger = null, notice = () => {}, limits, ...time }) {
    this.#limits = { ...LIMITS, ...limits };
    this.#ledger = ledger;
    this.#notice = notice;
    const { random = Math.random, now = Date.now } = time;
    const { signal } = this.#control;
    this.#sleep = time.sleep ?? sleep;
    this.#line = new Line({ signal, notice, random, sleep: this.#sleep, tries: this.#limits.tries });
    this.#client = new Client({ url, transport, token, line: this.#line, signal, now });
    this.#existing = new Existing(this.#client, ledger);
    this.#batches = new Batches(this.#limits);
    const { items, bytes, requests } = this.#limits;
    this.window = { items: items * requests * AHEAD, bytes: bytes * requests * AHEAD };
  }

  /** @param {Output} output @returns {Promise<void | "there">} */
  write(output) {
    const { signal } = this.#control;
    if (signal.aborted) return Promise.reject(signal.reason);
    const { study, series, instance } = output;
    if (!study || !series || !instance) return Promise.reject(new DeliveryError("engine-fault"));
    return new Promise((resolve, reject) => {
      const ended = (/** @type {Entry} */ one) => this.#ended(one);
      const entry = newEntry(output, { study, series, instance }, ++this.#order, { resolve, reject, ended });
      this.#open.add(entry);
      this.#openBytes += output.bytes;
      this.#task(this.#admit(entry));
      if (this.#open.size >= this.window.items || this.#openBytes >= this.window.bytes) this.flush();
    });
  }

  check() {
    return this.#existing.check();
  }

  flush() {
    this.#flushed = this.#order;
    this.#pump();
  }

  pause() {
    this.#line.pause();
  }

  resume() {
    this.#line.resume();
  }

  /** @returns {Progress} */
  progress() {
    const { bytes, confirmed, there } = this.#done;
    let sending = 0;
    for (const sent of this.#sending.values()) sending += sent;
    return { bytesSent: bytes + sending, bytesConfirmed: bytes, confirmed, there, open: this.#open.size };
  }

  async close() {
    this.flush();
    while (this.#open.size > 0) await Promise.all(Array.from(this.#open, ({ settled }) => settled));
    return this.#lost();
  }

  /** Numbers of outputs that were named as stored and are not there. */
  async #lost() {
    const { signal } = this.#control;
    if (signal.aborted) return [];
    try {
      const absent = await this.#existing.absent((ms) => this.#sleep(ms, signal));
      this.#done.confirmed -= absent.length;
      for (const { bytes } of absent) this.#done.bytes -= bytes;
      return absent.map(({ n }) => n);
    } catch (error) {
      // What can't be asked any more stays as the destination named it.
      if (error instanceof DeliveryError) return [];
      throw error;
    }
  }

  async abort() {
    this.#stop(new DeliveryError("stopped"));
    while (this.#tasks.size > 0) await Promise.all(this.#tasks);
  }

  /** @param {Entry} entry */
  #ended(entry) {
    if (!this.#open.delete(entry)) return false;
    this.#openBytes -= entry.output.bytes;
    const { instance } = entry.place;
    if (this.#last.get(instance) === entry) this.#last.delete(instance);
    return true;
  }

  /** Decides whether an output is to be sent. @param {Entry} entry */
  async #admit(entry) {
    const { output, place } = entry;
    const before = this.#last.get(place.instance);
    this.#last.set(place.instance, entry);
    await before?.settled;
    this.#batches.expect(place.study);
    const found = await this.#existing.judge(output, place);
    this.#batches.judged(place.study, found === "send" ? entry : null);
    if (found !== "send") await this.#found(entry, found);
    this.#pump();
  }

  #pump() {
    while (this.#running < this.#limits.requests && !this.#control.signal.aborted) {
      const batch = this.#batches.take(this.#flushed);
      if (batch === null) return;
      this.#running += 1;
      this.#task(this.#send(batch)).finally(() => {
        this.#running -= 1;
        this.#pump();
      });
    }
  }

  /** One request, and what its answer says. @param {Entry[]} waiting */
  async #send(waiting) {
    const batch = await this.#unsettled(waiting);
    const [first] = batch;
    if (!first) return;
    const fresh = batch.filter(({ intended }) => !intended);
    await this.#ledger?.intend(fresh.map(({ output }) => output));
    for (const entry of fresh) entry.intended = true;
    const bytes = bytesOf(batch);
    const instances = batch.map(({ output }) => partsOf(output));
    const answer = await this.#client
      .store(instances, (sent) => this.#sending.set(batch, Math.min(sent, bytes)))
      .finally(() => this.#sending.delete(batch));
    if (answer.kind === "halve") this.#tooMany(batch, bytes);
    else if (answer.kind === "wait") await this.#unanswered(batch, answer.silent);
    else {
      this.#largest = Math.max(this.#largest, bytes);
      await this.#answered(batch, answer);
    }
  }

  /**
   * Those that are to be sent: the destination is asked for what became of the others.
   * @param {Entry[]} batch
   */
  async #unsettled(batch) {
    const unknown = batch.filter((entry) => entry.unknown);
    if (unknown.length === 0) return batch;
    const arrived = await this.#existing.arrived(unknown.map(({ place }) => place));
    for (const entry of unknown) {
      if (arrived.has(entry.place.instance)) await this.#stored(entry);
      else if (entry.tries >= MOST_TRIES) this.#giveUp(entry);
    }
    return batch.filter((entry) => this.#open.has(entry));
  }

  /** @param {Entry[]} batch @param {number} bytes */
  #tooMany(batch, bytes) {
    const [entry] = batch;
    if (batch.length > 1) {
      this.#batches.shrink(bytes);
      this.#batches.againInHalves(batch);
    } else if (entry) this.#tooLarge(entry);
  }

  /** @param {Entry[]} batch @param {boolean} silent */
  async #unanswered(batch, silent) {
    for (const entry of batch) entry.unknown = true;
    if (silent) await this.#failUnreadable(batch);
    const rest = batch.filter((entry) => this.#open.has(entry));
    const [first] = rest;
    if (!first) return;
    // Queries pass and this does not: perhaps a proxy cuts what is large, which looks like a broken line.
    if (silent && this.#existing.offered) for (const entry of rest) entry.silent += 1;
    const times = silent ? Math.min(...rest.map((entry) => entry.silent)) : 0;
    if (rest.length > 1 && times >= SILENT_HALVES) {
      for (const entry of rest) entry.silent = 0;
      this.#batches.againInHalves(rest);
    } else if (rest.length === 1 && times >= SILENT_LARGE && first.output.bytes > this.#largest) this.#tooLarge(first);
    else {
      if (rest.length === 1 && times === SILENT_TOLD) this.#notice({ code: "blocked", bytes: first.output.bytes });
      this.#batches.again(rest);
    }
  }

  /** @param {Entry[]} batch @param {{status: number, text: string, round: number}} answer */
  async #answered(batch, { status, text, round }) {
    const uids = batch.map(({ place }) => place.instance);
    const told = readStored(text, uids);
    const alone = batch.length === 1;
    let busy = false;
    const take = async (/** @type {Entry} */ entry) => {
      const said = told.get(entry.place.instance);
      entry.unknown = said === undefined || said.state === "unknown";
      if (said?.state === "stored") await this.#named(entry, said.warning);
      else if (said?.state !== "failed") this.#countTry(entry, alone, status);
      else if (meaningOfReason(said.reason) === "busy") busy = true;
      else if (meaningOfReason(said.reason) === "refused") entry.fail(rejected(said.reason));
      else await this.#found(entry, await this.#existing.compare(entry.output, entry.place));
    };
    await Promise.all(batch.map(take));
    const rest = batch.filter((entry) => this.#open.has(entry));
    // Out of resources, or a fault that may pass.
    if (busy) this.#line.failed("large", round, "provider-busy", null);
    else if (alone && rest.length > 0 && status === 500) this.#line.failed("large", round, "provider-down", null);
    else if (status !== 500) this.#line.answered("large");
    for (const entry of rest) this.#batches.again([entry]);
  }

  /** The answer did not say what became of it. @param {Entry} entry @param {boolean} alone @param {number} status */
  #countTry(entry, alone, status) {
    if (!alone) return;
    const { confirmed } = this.#done;
    const others = entry.tries > 0 && confirmed > entry.since;
    entry.since = confirmed;
    entry.tries += NOTHING_STORED.has(status) ? Number.POSITIVE_INFINITY : others ? OWN_TRY : 1;
  }

  /** The destination does not take this one, or it cannot be known what it takes. @param {Entry} entry */
  #giveUp(entry) {
    if (this.#existing.offered || entry.tries === Number.POSITIVE_INFINITY) entry.fail(rejected(null));
    else throw new DeliveryError("destination-misconfigured");
  }

  /** @param {Entry} entry */
  #tooLarge(entry) {
    this.#notice({ code: "too-big", bytes: entry.output.bytes });
    entry.fail(new DeliveryError("too-large-for-destination"));
  }

  /** A file that changed after it was read ends a request like a broken line does. @param {Entry[]} batch */
  async #failUnreadable(batch) {
    for (const entry of batch) {
      const there = await readable(entry.output.blob, this.#control.signal);
      if (!there) entry.fail(new DeliveryError("source-unreadable"));
    }
  }

  /** Stored now, or with a warning that it was there: is that the same? @param {Entry} entry @param {number | null} warning */
  async #named(entry, warning) {
    if (meaningOfReason(warning) !== "there") await this.#stored(entry);
    else await this.#found(entry, await this.#existing.compare(entry.output, entry.place));
  }

  /** @param {Entry} entry */
  async #stored(entry) {
    this.#existing.delivered(entry.output, entry.place);
    await this.#ledger?.confirm(entry.output);
    this.#count(entry, "confirmed");
    entry.done();
  }

  /** @param {Entry} entry @param {"there" | "conflict"} found */
  async #found(entry, found) {
    if (found === "conflict") {
      entry.fail(new DeliveryError("conflict-at-destination"));
      return;
    }
    await this.#ledger?.confirm(entry.output);
    this.#count(entry, "there");
    entry.done("there");
  }

  /** @param {Entry} entry @param {"confirmed" | "there"} how */
  #count(entry, how) {
    if (!this.#open.has(entry)) return;
    this.#done[how] += 1;
    this.#done.bytes += entry.output.bytes;
  }

  /** @param {Error} error  for all that is open */
  #stop(error) {
    if (this.#control.signal.aborted) return;
    this.#control.abort(error);
    for (const entry of this.#open) entry.fail(error);
  }

  /** Work whose fault ends the run. @param {Promise<void>} work @returns {Promise<void>} */
  #task(work) {
    const task = work.catch((error) => this.#stop(error)).finally(() => this.#tasks.delete(task));
    this.#tasks.add(task);
    return task;
  }
}

/** @param {number | null} reason  Failure Reason (0008,1197), where the destination gave one */
function rejected(reason) {
  return Object.assign(new DeliveryError("rejected-by-destination"), { failureReason: reason });
}
