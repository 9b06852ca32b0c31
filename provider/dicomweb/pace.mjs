// A body as it comes in, within the limits of size and patience.
import { BadRequest } from "./reasons.mjs";

/**
 * @param {import("node:http").IncomingMessage} request @param {import("../limits.mjs").Limits} limits
 * @returns {AsyncGenerator<Buffer, void>}
 */
export async function* paced(request, limits) {
  // The request must live on, to be answered.
  const chunks = request.iterator({ destroyOnReturn: false });
  const patience = new Patience(limits);
  let waiting = false;
  try {
    for (let bytes = 0; ; ) {
      waiting = true;
      const { done, value } = await patience.wait(chunks.next());
      waiting = false;
      if (done) return;
      bytes += value.length;
      patience.brought(value.length);
      if (bytes > limits.requestBytes) throw new BadRequest(413, "too-large");
      yield value;
    }
  } finally {
    // While something is awaited, this would wait for it too.
    if (!waiting) await chunks.return?.();
  }
}

/** Gives up a sender who brings nearly nothing. Only the time in which we wait for it counts. */
class Patience {
  #left;
  #waited = 0;
  /** @type {NodeJS.Timeout | undefined} */
  #timer;

  /** @param {import("../limits.mjs").Limits} limits */
  constructor(limits) {
    this.limits = limits;
    this.#left = limits.slowBytes;
  }

  /** @template T @param {Promise<T>} next @returns {Promise<T>} */
  async wait(next) {
    const began = performance.now();
    try {
      return await Promise.race([next, this.#end(this.limits.slowMs - this.#waited)]);
    } finally {
      clearTimeout(this.#timer);
      this.#waited += performance.now() - began;
    }
  }

  /** @param {number} bytes */
  brought(bytes) {
    this.#left -= bytes;
    if (this.#left > 0) return;
    this.#left = this.limits.slowBytes;
    this.#waited = 0;
  }

  /** @param {number} ms @returns {Promise<never>} */
  #end(ms) {
    return new Promise((_, reject) => {
      this.#timer = setTimeout(() => reject(new BadRequest(408, "too-slow")), Math.max(ms, 0));
    });
  }
}
