/**
 * Progress at most four times a second, and once at the end.
 *
 * @typedef {object} ProgressEvent
 * @property {"scan" | "run"} stage
 * @property {number} done  files
 * @property {number} total
 * @property {number} bytes  of the files that are done
 * @property {number} [processed]  files that are ready for their place, of a run
 * @property {number} [sent]  bytes given to the network, of an upload
 * @property {number} [confirmed]  bytes of what the destination has
 */

export const INTERVAL_MS = 250;

export class Progress {
  #tell;
  #last = -Infinity;
  #done = 0;
  #total = 0;
  #bytes = 0;

  /** @param {(detail: {done: number, total: number, bytes: number}) => void} tell */
  constructor(tell) {
    this.#tell = tell;
  }

  /** @param {number} more */
  expect(more) {
    this.#total += more;
  }

  /** @param {number} bytes */
  step(bytes) {
    this.#done += 1;
    this.#bytes += bytes;
    this.tick();
  }

  /** Something else has moved. */
  tick() {
    const now = performance.now();
    if (now - this.#last < INTERVAL_MS) return;
    this.#last = now;
    this.#say();
  }

  end() {
    this.#say();
  }

  #say() {
    this.#tell({ done: this.#done, total: this.#total, bytes: this.#bytes });
  }
}
