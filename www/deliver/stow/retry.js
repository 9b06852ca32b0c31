/**
 * The line to the destination, shared by all requests: who wants to send asks whether it is open. After a failure it is closed
 * for as long as the destination says, else for a time that doubles, with jitter, up to a cap. It can be paused.
 */

import { DeliveryError } from "../sink.js";

/**
 * @typedef {"small" | "large"} Kind  queries, and requests that store: that a query passes says little of those
 * @typedef {{code: "offline" | "provider-down" | "provider-busy" | "back" | "blocked" | "too-big", seconds?: number, bytes?: number}} Notice
 *
 * @typedef {object} LineOptions
 * @property {AbortSignal} signal
 * @property {(notice: Notice) => void} notice
 * @property {(ms: number, signal: AbortSignal) => Promise<void>} sleep  resolves early when aborted
 * @property {() => number} random  from 0 to below 1
 * @property {number} tries  failures in a row after which the run is given up
 */

const FIRST_WAIT = 1_000;
const MOST_WAIT = 60_000;
/** A destination may ask for more patience than that, but not for the rest of the day. */
const MOST_ASKED = 15 * 60_000;

export class Line {
  #failures = { small: 0, large: 0 };
  /** Which outage or which time between two this is: requests that fail together count once. */
  #round = 0;
  /** @type {Promise<void> | null} */
  #wait = null;
  /** @type {{promise: Promise<void>, resume: () => void} | null} */
  #paused = null;
  #told = false;
  #hurry = () => {};
  #options;

  /** @param {LineOptions} options */
  constructor(options) {
    this.#options = options;
    options.signal.addEventListener("abort", () => this.resume());
  }

  pause() {
    let resume = () => {};
    this.#paused ??= {
      promise: new Promise((done) => {
        resume = done;
      }),
      resume: () => resume(),
    };
  }

  /** Goes on, at once even where it waits before it tries again. */
  resume() {
    this.#paused?.resume();
    this.#paused = null;
    this.#hurry();
  }

  /**
   * Resolves when a request may begin.
   * @returns {Promise<number>}  given back with `failed`
   */
  async open() {
    const { signal } = this.#options;
    for (;;) {
      signal.throwIfAborted();
      const closed = this.#paused?.promise ?? this.#wait;
      if (!closed) return this.#round;
      await closed;
    }
  }

  /**
   * @param {Kind} kind
   * @param {number} round  as `open` gave it
   * @param {Notice["code"]} code
   * @param {number | null} asked  milliseconds, by the destination
   */
  failed(kind, round, code, asked) {
    if (round !== this.#round) return;
    const { notice, random, signal, sleep, tries } = this.#options;
    this.#round += 1;
    this.#failures[kind] += 1;
    const failures = this.#failures[kind];
    if (failures >= tries) throw new DeliveryError("destination-unreachable");
    const longest = Math.min(FIRST_WAIT * 2 ** Math.min(failures - 1, 16), MOST_WAIT);
    const ms = asked === null ? longest * (0.5 + random() / 2) : Math.min(asked, MOST_ASKED);
    this.#told = true;
    notice({ code, seconds: Math.ceil(ms / 1_000) });
    const early = new AbortController();
    this.#hurry = () => early.abort();
    const wait = sleep(ms, AbortSignal.any([signal, early.signal])).then(() => {
      if (this.#wait === wait) this.#wait = null;
    });
    this.#wait = wait;
  }

  /** @param {Kind} kind */
  answered(kind) {
    this.#failures[kind] = 0;
    // A request that was on its way before the wait says nothing about what comes after it.
    if (!this.#told || this.#wait !== null || this.#failures.small + this.#failures.large > 0) return;
    this.#told = false;
    this.#options.notice({ code: "back" });
  }
}

/** @param {number} ms @param {AbortSignal} signal @returns {Promise<void>} */
export function sleep(ms, signal) {
  return new Promise((done) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      done();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end);
    if (signal.aborted) end();
  });
}
