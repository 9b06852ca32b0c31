// The parts of a multipart body as they come, one after the other, never a whole part in memory. Dicer finds them.
import busboy from "@fastify/busboy";
import { BadRequest } from "./reasons.mjs";

const { Dicer } = busboy;

/** Parts that are worked on at once: the ends of some, and the one that comes in. Others wait, as far as one chunk holds them. */
const OPEN = 4;

/**
 * @typedef {(type: string | null, part: import("node:stream").Readable) => Promise<void>} Take
 *   must read the part to its end
 */

/**
 * Splits a body; ends when every part is taken. A body without its closing delimiter is bad syntax, but the parts that were
 * whole have been taken by then.
 * @param {AsyncIterable<Buffer>} body @param {string} boundary @param {import("../limits.mjs").Limits} limits @param {Take} take
 */
export async function split(body, boundary, limits, take) {
  const parts = new Parts(boundary, limits, take);
  try {
    for await (const chunk of body) await parts.write(chunk);
    await parts.end();
  } catch (error) {
    await parts.abandon();
    throw error;
  }
}

class Parts {
  /** @type {Set<Promise<void>>} */
  #open = new Set();
  #running = 0;
  /** @type {(() => void)[]} */
  #waiting = [];
  /** @type {import("node:stream").Readable | null} the part that is coming in */
  #part = null;
  /** @type {unknown} the first fault */
  #fault = null;
  #finished = false;
  #wake = () => {};
  #count = 0;
  /** Beginnings and ends of headers so far. */
  #steps = 0;
  /** Bytes since the last of them, outside of a part's data. */
  #idle = 0;
  #inData = false;

  /** @param {string} boundary @param {import("../limits.mjs").Limits} limits @param {Take} take */
  constructor(boundary, limits, take) {
    this.limits = limits;
    this.take = take;
    // Its types do not name the size.
    const config = { boundary, maxHeaderPairs: 32, maxHeaderSize: limits.partHeaderBytes };
    this.dicer = new Dicer(config);
    this.dicer.on("part", (part) => this.#begin(part));
    this.dicer.on("error", () => this.#fail(new BadRequest(400, "multipart")));
    this.dicer.on("finish", () => {
      this.#finished = true;
      this.#wake();
    });
  }

  /** Resolves when more may come. @param {Buffer} chunk */
  async write(chunk) {
    // Nothing after the closing delimiter is looked at (RFC 2046 5.1.1).
    if (this.#finished) return;
    const before = this.#steps;
    await this.#until((done) => this.dicer.write(chunk, done));
    this.#idle = this.#inData || this.#steps !== before ? 0 : this.#idle + chunk.length;
    if (this.#idle > this.limits.partHeaderBytes) this.#fail(new BadRequest(400, "part-header"));
    if (this.#fault) throw this.#fault;
    while (this.#open.size > OPEN) await Promise.race(this.#open);
  }

  async end() {
    // Without a closing delimiter it fails, with one it finishes once all parts are read.
    if (!this.#finished) await this.#until(() => this.dicer.end());
    await Promise.all(this.#open);
    if (this.#fault) throw this.#fault;
    if (this.#count === 0) throw new BadRequest(400, "no-parts");
  }

  /**
   * Waits for `act`, for the end or for a fault: Dicer does not call back for a chunk that holds the closing delimiter while
   * the last part is still read. @param {(done: () => void) => void} act
   */
  #until(act) {
    return new Promise((resolve) => {
      this.#wake = () => resolve(undefined);
      act(this.#wake);
    });
  }

  /** Nothing more comes: the part that was coming in is told so, and all is waited for. */
  async abandon() {
    this.#part?.destroy(new BadRequest(400, "multipart"));
    await Promise.all(this.#open);
  }

  /** @param {import("node:stream").Readable} part */
  #begin(part) {
    this.#steps += 1;
    this.#inData = false;
    this.#part = part;
    this.#count += 1;
    if (this.#count > this.limits.parts) this.#fail(new BadRequest(413, "too-many-parts"));
    // Dicer only emits; whoever begins to read the part later must see it too.
    part.on("error", () => part.destroy(new BadRequest(400, "multipart")));
    part.once("end", () => {
      if (this.#part === part) this.#part = null;
    });
    part.once("header", (/** @type {Record<string, string[]>} */ header) => {
      this.#steps += 1;
      this.#inData = true;
      if (this.#fault) return part.resume();
      const work = this.#turn()
        .then(() => this.take(header["content-type"]?.[0] ?? null, part))
        .catch((error) => this.#fail(error))
        .finally(() => {
          this.#open.delete(work);
          this.#running -= 1;
          this.#waiting.shift()?.();
        });
      this.#open.add(work);
    });
  }

  /** Resolves when it is this part's turn. */
  async #turn() {
    if (this.#running >= OPEN) await new Promise((resolve) => this.#waiting.push(() => resolve(undefined)));
    this.#running += 1;
  }

  /** @param {unknown} error */
  #fail(error) {
    this.#fault ??= error;
    this.#wake();
  }
}
