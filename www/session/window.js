/**
 * The writes that are open at a sink: never more than its window allows, in items and in bytes (one write is always allowed,
 * however large). Whoever waits for room tells the sink first that nothing more comes for now.
 */

/**
 * @typedef {import("../deliver/sink.js").Sink} Sink
 * @typedef {import("../deliver/sink.js").Output} Output
 */

const ONE_AFTER_ANOTHER = Object.freeze({ items: 1, bytes: Number.POSITIVE_INFINITY });

export class OpenWrites {
  #sink;
  #most;
  #items = 0;
  #bytes = 0;
  #given = false;
  /** @type {(() => void)[]} */
  #waiting = [];

  /** @param {Sink} sink */
  constructor(sink) {
    this.#sink = sink;
    this.#most = sink.window ?? ONE_AFTER_ANOTHER;
  }

  get items() {
    return this.#items;
  }

  /** @param {number} bytes */
  fits(bytes) {
    return this.#items === 0 || (this.#items < this.#most.items && this.#bytes + bytes <= this.#most.bytes);
  }

  /**
   * @param {Output} output
   * @returns {Promise<void | "there">}
   */
  async write(output) {
    this.#items += 1;
    this.#bytes += output.bytes;
    this.#given = true;
    try {
      return await this.#sink.write(output);
    } finally {
      this.#items -= 1;
      this.#bytes -= output.bytes;
    }
  }

  /** Resolves at the next `changed`, after the sink has been told to send what waits. */
  async nextChange() {
    if (this.#given) this.#sink.flush?.();
    this.#given = false;
    await new Promise((resolve) => this.#waiting.push(() => resolve(undefined)));
  }

  /** A write has ended, or whoever waits shall look again. */
  changed() {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
