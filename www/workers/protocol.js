/**
 * The messages between a pool and its workers: one discriminated union, checked at the boundary.
 *
 * A message that isn't one of these is a fault of the program, never of the data; it throws here and the worker is replaced.
 */

/**
 * @typedef {import("./types.js").Input} Input
 * @typedef {import("./types.js").ScanRow} ScanRow
 *
 * @typedef {{kind: "scan", input: Input}
 *   | {kind: "transform", input: Input, row: ScanRow, dry?: boolean, others?: import("./types.js").Others | null,
 *       settled?: import("./types.js").Settled | null, crc32?: boolean}
 *   | {kind: "changes", input: Input, row: ScanRow}
 *   | {kind: "preview", input: Input, frame: number, levels: number[] | null}
 *   | {kind: "around", input: Input, frames: number[]}
 *   | {kind: "digest", input: Input}
 *   | {kind: "members", input: Input}
 *   | {kind: "plan", rows: ScanRow[], optout: string[] | null}} Job
 *   `dry` transforms and verifies, but delivers nothing. `settled`: what is known of the pixels, and what is masked.
 *   `crc32`: where the output goes, it has to bring its CRC-32.
 * @typedef {{id: number, job: Job}} Ticket
 *
 * @typedef {object} OpenMessage
 * @property {"open"} type
 * @property {WebAssembly.Module} core
 * @property {WebAssembly.Module} verify
 * @property {Uint8Array} lists  word lists for the cleaning of text
 * @property {object} policy
 * @property {Uint8Array} key  32 bytes; the worker zeroes its copy once the modules hold it
 * @property {string} namespace
 * @property {boolean} mapping  whether results carry original values for the mapping
 * @property {Int32Array} [current]  shared memory where the worker notes the job at work
 * @property {{memory: number, files: number}} limits  bytes of module memory and files after which the worker retires
 * @property {Record<string, string>} [place]  what the environment needs (Node: the output folder and this worker's temporary file)
 *
 * @typedef {{type: "batch", tickets: Ticket[]}} BatchMessage
 * @typedef {OpenMessage | BatchMessage} ToWorker
 *
 * @typedef {{type: "ready"}
 *   | {type: "results", results: {id: number, value: unknown}[], retire: boolean}
 *   | {type: "fault", id: number}
 *   | {type: "unopened"}
 *   | {type: "unreachable"}
 *   | {type: "timing", stages: Record<string, number>}} FromWorker
 *   `fault`: this worker is poisoned and does nothing more. `retire`: it did these jobs and asks to be replaced. `unreachable`: code
 *   that the job at work needs can't be fetched; this worker does nothing more.
 */

/** Answers that a worker may hold back, so that they go out together: each message wakes another thread, which costs more than what it says. */
export const ANSWERS_TOGETHER = 10;

const JOB_KINDS = new Set(["scan", "transform", "changes", "preview", "around", "digest", "members", "plan"]);

/** A message that is not part of the protocol. */
export class ProtocolError extends Error {
  constructor() {
    super("not a message of the worker protocol");
    this.name = "ProtocolError";
  }
}

/**
 * @param {unknown} value
 * @returns {ToWorker}
 */
export function toWorker(value) {
  const message = /** @type {Record<string, unknown>} */ (fields(value));
  if (message.type === "open") {
    const key = message.key;
    const wellFormed =
      key instanceof Uint8Array &&
      key.length === 32 &&
      message.lists instanceof Uint8Array &&
      isObject(message.policy) &&
      typeof message.namespace === "string" &&
      isObject(message.limits);
    if (!wellFormed) throw new ProtocolError();
    return /** @type {OpenMessage} */ (value);
  }
  if (message.type === "batch" && Array.isArray(message.tickets) && message.tickets.every(isTicket)) {
    return /** @type {BatchMessage} */ (value);
  }
  throw new ProtocolError();
}

/**
 * @param {unknown} value
 * @returns {FromWorker}
 */
export function fromWorker(value) {
  const message = /** @type {Record<string, unknown>} */ (fields(value));
  const known =
    message.type === "ready" ||
    message.type === "unopened" ||
    message.type === "unreachable" ||
    (message.type === "results" && Array.isArray(message.results) && typeof message.retire === "boolean") ||
    (message.type === "fault" && Number.isInteger(message.id)) ||
    (message.type === "timing" && isObject(message.stages));
  if (!known) throw new ProtocolError();
  return /** @type {FromWorker} */ (value);
}

/** @param {unknown} value */
function fields(value) {
  if (!isObject(value)) throw new ProtocolError();
  return value;
}

/**
 * @param {unknown} value
 * @returns {value is object}
 */
function isObject(value) {
  return typeof value === "object" && value !== null;
}

/** @param {unknown} value */
function isTicket(value) {
  if (!isObject(value)) return false;
  const { id, job } = /** @type {{id?: unknown, job?: unknown}} */ (value);
  return Number.isInteger(id) && isObject(job) && JOB_KINDS.has(String(/** @type {{kind?: unknown}} */ (job).kind));
}

/**
 * @param {unknown} value
 * @returns {FromWorker | null}  null: not of the protocol
 */
export function heard(value) {
  try {
    return fromWorker(value);
  } catch (error) {
    if (error instanceof ProtocolError) return null;
    throw error;
  }
}
