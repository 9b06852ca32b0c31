// Faults that tests switch on: what networks, proxies and servers do to those who send. Only there when asked for.
import { setTimeout as sleep } from "node:timers/promises";
import { drain, end } from "../http.mjs";
import { checkPlan } from "./plan.mjs";

/**
 * @typedef {import("./plan.mjs").Fault} Fault
 * @typedef {import("node:http").IncomingMessage} Request
 * @typedef {import("node:http").ServerResponse} Response
 */

const DICOM_JSON = "application/dicom+json";

export class Faults {
  /** @type {import("./plan.mjs").Plan} */
  #plan = checkPlan({});
  /** @type {(Fault | null)[]} */
  #script = [];
  #random = () => 1;
  /** How often each kind was met. @type {Record<string, number>} */
  met = {};

  /** @param {unknown} plan replaces the one before; throws on what is none */
  set(plan) {
    this.#plan = checkPlan(plan);
    this.#script = [...this.#plan.script];
    this.#random = generator(this.#plan.seed);
    this.met = {};
  }

  get state() {
    return { left: this.#script.length, met: this.met };
  }

  /** What this request meets, or null. @param {Fault["on"]} on @param {Request} request */
  next(on, request) {
    const fault = this.#always(on, request) ?? this.#scripted(on) ?? this.#drawn(on);
    if (fault === null) return null;
    this.met[fault.kind] = (this.met[fault.kind] ?? 0) + 1;
    return new Encounter(fault);
  }

  /** For requests that only ask: true when the fault has answered. @param {Fault["on"]} on @param {Request} request @param {Response} response */
  async meet(on, request, response) {
    const fault = this.next(on, request);
    if (fault === null) return false;
    return (await fault.before(request, response)) || fault.after(request, response, { status: 200, body: {} });
  }

  /** @param {Fault["on"]} on @param {Request} request @returns {Fault | null} */
  #always(on, { headers }) {
    const { token, maxBytes } = this.#plan;
    const base = { on, retryAfter: null, date: false, bytes: 0, bytesPerSecond: 0, delayMs: 0 };
    if (token !== null && headers.authorization !== `Bearer ${token}`) return { ...base, kind: "status", status: 401 };
    if (maxBytes !== null && Number(headers["content-length"] ?? 0) > maxBytes) {
      return { ...base, kind: "status", status: 413 };
    }
    return null;
  }

  /** The script's next step, if it is for such a request. @param {Fault["on"]} on */
  #scripted(on) {
    const at = this.#script.findIndex((fault) => (fault?.on ?? "store") === on);
    return at < 0 ? null : (this.#script.splice(at, 1)[0] ?? null);
  }

  /** @param {Fault["on"]} on */
  #drawn(on) {
    if (this.#script.some((fault) => (fault?.on ?? "store") === on)) return null;
    for (const fault of this.#plan.random) {
      if (fault.on === on && this.#random() < fault.p) return fault;
    }
    return null;
  }
}

/** One fault that one request meets. */
class Encounter {
  /** @param {Fault} fault */
  constructor(fault) {
    this.fault = fault;
  }

  /** Before anything is read; true when that was all. @param {Request} request @param {Response} response */
  async before(request, response) {
    const { kind, bytes } = this.fault;
    if (kind === "drop-before") {
      await read(request, bytes);
      request.socket.destroy();
      return true;
    }
    if (kind === "status") {
      this.#status(response);
      drain(request);
      return true;
    }
    if (kind !== "empty" && kind !== "html" && kind !== "nothing-stored") return false;
    await read(request, Number.POSITIVE_INFINITY);
    answer(response, ...NOTHING[kind]);
    return true;
  }

  /** @param {Response} response */
  #status(response) {
    const { status, retryAfter, date } = this.fault;
    if (retryAfter !== null) {
      const at = new Date(Date.now() + retryAfter * 1000).toUTCString();
      response.setHeader("Retry-After", date ? at : String(retryAfter));
    }
    if (status === 401) response.setHeader("WWW-Authenticate", "Bearer");
    end(response, status);
  }

  /** The body at the fault's speed. @param {AsyncIterable<Buffer>} body @returns {AsyncIterable<Buffer>} */
  pace(body) {
    const { bytesPerSecond } = this.fault;
    return bytesPerSecond > 0 ? slowed(body, bytesPerSecond) : body;
  }

  /**
   * Once the request is done; true when that was all.
   * @param {Request} request @param {Response} response @param {{ status: number, body: Record<string, unknown> }} stored
   */
  async after(request, response, { status, body }) {
    const { kind, delayMs } = this.fault;
    if (delayMs > 0) await sleep(delayMs);
    if (kind === "drop-after") request.socket.destroy();
    else if (kind === "stored-empty") answer(response, "", DICOM_JSON);
    else if (kind === "other-uids") answer(response, JSON.stringify(otherUids(body)), DICOM_JSON, status);
    else if (kind === "wrong-sequence") answer(response, JSON.stringify(wrongSequence(body)), DICOM_JSON, status);
    else return false;
    return true;
  }
}

/** Answers of those that have stored nothing. @type {Record<"empty" | "html" | "nothing-stored", [string, string]>} */
const NOTHING = {
  empty: ["", DICOM_JSON],
  html: ["<!doctype html><title>OK</title><p>OK</p>", "text/html; charset=utf-8"],
  "nothing-stored": ["{}", DICOM_JSON],
};

/** @param {Response} response @param {string} text @param {string} type @param {number} [status] */
function answer(response, text, type, status = 200) {
  response.writeHead(status, { "Content-Type": type, "Content-Length": Buffer.byteLength(text) });
  response.end(text);
}

/** Reads and throws away, at most so much. @param {Request} request @param {number} bytes */
async function read(request, bytes) {
  if (bytes <= 0) return;
  let left = bytes;
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      left -= chunk.length;
      if (left <= 0) return;
    }
  } catch {
    // The sender went away by itself.
  }
}

/** @param {AsyncIterable<Buffer>} body @param {number} bytesPerSecond */
async function* slowed(body, bytesPerSecond) {
  for await (const chunk of body) {
    yield chunk;
    await sleep((chunk.length / bytesPerSecond) * 1000);
  }
}

/** Referenced instances under names that nobody sent. @param {Record<string, any>} body */
function otherUids(body) {
  const items = body["00081199"]?.Value ?? [];
  const Value = items.map((/** @type {Record<string, unknown>} */ item, /** @type {number} */ index) => ({
    ...item,
    "00081155": { vr: "UI", Value: [`2.25.${index + 1}`] },
  }));
  return { ...body, "00081199": { vr: "SQ", Value } };
}

/** What is stored stands among what is not. @param {Record<string, any>} body */
function wrongSequence(body) {
  const { "00081199": stored, ...rest } = body;
  const Value = (stored?.Value ?? []).map((/** @type {Record<string, unknown>} */ item) => ({
    ...item,
    "00081197": { vr: "US", Value: [0x0110] },
  }));
  return { ...rest, "00081198": { vr: "SQ", Value } };
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). @param {number} seed */
function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
