/**
 * The loop of every worker, in the page and in Node: opens an engine once, does batches in order, answers every job.
 *
 * Anything an engine throws is taken for a trap: the instance may go on answering with whatever state it has, so this worker says
 * `fault` and does nothing more. The error itself is dropped, since its text may come from the file. But code that can't be fetched is
 * `unreachable`: a browser throws a TypeError then.
 */

import { ANSWERS_TOGETHER, toWorker } from "./protocol.js";

const LONGEST_WAIT_MS = 50;
/** A file so large may take a while: no answer waits for it. */
const LARGE = 4 * 1024 * 1024;

/**
 * @typedef {import("./protocol.js").OpenMessage} OpenMessage
 * @typedef {import("./protocol.js").FromWorker} FromWorker
 * @typedef {import("./protocol.js").Ticket} Ticket
 * @typedef {import("./engine.js").Engine} Engine
 *
 * @param {{send: (message: FromWorker) => void, timing?: boolean, reachable?: () => Promise<boolean>}} port
 *   `reachable`: whether code can be fetched now
 * @param {(message: OpenMessage) => Engine | Promise<Engine>} openEngine
 * @returns {(message: unknown) => void}  give it every message of the pool
 */
export function serve(port, openEngine) {
  /** @type {Engine | null} */
  let engine = null;
  let limits = { memory: Infinity, files: Infinity };
  /** A file passes here once for each kind of job. */
  const done = new Map();
  let over = false;
  /** Batches come before the last one is done. */
  let last = Promise.resolve();
  /** @type {Int32Array | null} */
  let current = null;

  /** @param {OpenMessage} message */
  async function open(message) {
    try {
      engine = await openEngine(message);
      limits = message.limits;
      current = message.current ?? null;
    } catch {
      over = true;
      port.send({ type: "unopened" });
      return;
    } finally {
      message.key.fill(0);
    }
    port.send({ type: "ready" });
  }

  /**
   * @param {Engine} working
   * @param {Ticket[]} tickets
   */
  async function work(working, tickets) {
    if (over) return;
    const answers = new Answers(port);
    for (const { id, job } of tickets) {
      if (over) return;
      if ("input" in job && job.input.size > LARGE) answers.send(false);
      if (current !== null) Atomics.store(current, 0, id);
      let value;
      try {
        value = working.run(job);
        if (value instanceof Promise) value = await value;
      } catch (error) {
        over = true;
        answers.send(false);
        const lacks = error instanceof TypeError && (await port.reachable?.()) === false;
        port.send(lacks ? { type: "unreachable" } : { type: "fault", id });
        return;
      }
      const files = (done.get(job.kind) ?? 0) + 1;
      done.set(job.kind, files);
      over = files >= limits.files || working.memory() > limits.memory;
      if (over) tell(working);
      answers.add({ id, value }, over);
    }
    answers.send(false);
    tell(working);
  }

  /**
   * @param {Engine} working
   * @param {Ticket[]} tickets
   */
  function take(working, tickets) {
    working.expect(tickets.map(({ job }) => job));
    last = last.then(() => work(working, tickets));
  }

  /** @param {Engine} working */
  function tell(working) {
    if (port.timing) port.send({ type: "timing", stages: working.timing() });
  }

  return (raw) => {
    const message = toWorker(raw);
    if (message.type === "open") void open(message);
    else if (engine !== null && !over) take(engine, message.tickets);
  };
}

/** Answers that go out together. */
class Answers {
  #port;
  /** @type {{id: number, value: unknown}[]} */
  #waiting = [];
  #since = 0;

  /** @param {{send: (message: FromWorker) => void}} port */
  constructor(port) {
    this.#port = port;
  }

  /**
   * @param {{id: number, value: unknown}} answer
   * @param {boolean} retire
   */
  add(answer, retire) {
    const now = performance.now();
    if (this.#waiting.length === 0) this.#since = now;
    this.#waiting.push(answer);
    if (retire || this.#waiting.length >= ANSWERS_TOGETHER || now - this.#since > LONGEST_WAIT_MS) this.send(retire);
  }

  /** @param {boolean} retire */
  send(retire) {
    if (this.#waiting.length === 0) return;
    this.#port.send({ type: "results", results: this.#waiting, retire });
    this.#waiting = [];
  }
}
