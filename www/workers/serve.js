/**
 * The loop of every worker, in the page and in Node: opens an engine once, does batches in order, answers each job by itself.
 *
 * Anything an engine throws is taken for a trap: the instance may go on answering with whatever state it has, so this worker says
 * `fault` and does nothing more. The error itself is dropped, since its text may come from the file.
 */

import { toWorker } from "./protocol.js";

/**
 * @typedef {import("./protocol.js").OpenMessage} OpenMessage
 * @typedef {import("./protocol.js").FromWorker} FromWorker
 * @typedef {import("./protocol.js").Ticket} Ticket
 * @typedef {import("./engine.js").Engine} Engine
 *
 * @param {{send: (message: FromWorker) => void, timing?: boolean}} port
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

  /** @param {OpenMessage} message */
  async function open(message) {
    try {
      engine = await openEngine(message);
      limits = message.limits;
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
    for (const { id, job } of tickets) {
      if (over) return;
      let value;
      try {
        value = working.run(job);
        if (value instanceof Promise) value = await value;
      } catch {
        over = true;
        port.send({ type: "fault", id });
        return;
      }
      const files = (done.get(job.kind) ?? 0) + 1;
      done.set(job.kind, files);
      over = files >= limits.files || working.memory() > limits.memory;
      if (over) tell(working);
      port.send({ type: "result", id, value, retire: over });
    }
    tell(working);
  }

  /** @param {Engine} working */
  function tell(working) {
    if (port.timing) port.send({ type: "timing", stages: working.timing() });
  }

  return (raw) => {
    const message = toWorker(raw);
    if (message.type === "open") void open(message);
    else if (engine !== null && !over) void work(engine, message.tickets);
  };
}
