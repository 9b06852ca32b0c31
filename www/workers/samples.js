/**
 * Samples of an output that must be looked at before it leaves. Whoever reads the output, to hash or to write it, shows it here
 * byte by byte from its start; the core's check is given the samples among them.
 */

/**
 * @typedef {{readonly at: number, readonly length: number, update: (bytes: Uint8Array) => void, reason: () => string | undefined,
 *   free: () => void}} Samples  the core's check: offset of the samples in the output, their number of bytes
 */

const WINDOW = 1024 * 1024;
const PIXEL_DATA = "7FE0,0010";

export class Watch {
  #samples;
  #seen = 0;

  /** @param {Samples | null} samples  null: nothing is to be looked at */
  constructor(samples) {
    this.#samples = samples;
  }

  /**
   * The next bytes of the output.
   * @param {Uint8Array} bytes
   */
  see(bytes) {
    const begin = this.#seen;
    this.#seen += bytes.length;
    if (this.#samples === null) return;
    const { at, length } = this.#samples;
    const from = Math.max(at - begin, 0);
    const to = Math.min(at + length - begin, bytes.length);
    if (from < to) this.#samples.update(bytes.subarray(from, to));
  }

  /**
   * Reads the samples alone, for an output that nobody else reads.
   * @param {Blob | {size: number, read(offset: number, into: Uint8Array): void}} output
   */
  async read(output) {
    if (this.#samples === null) return;
    const { at, length } = this.#samples;
    for (let offset = at; offset < at + length; offset += WINDOW) {
      const size = Math.min(WINDOW, at + length - offset);
      this.#samples.update(await bytesOf(output, offset, size));
    }
  }

  /**
   * Why the output may not leave; null once all samples were seen and nothing speaks against it.
   * @returns {{code: string, verdict: "review", tag: string} | null}
   */
  stop() {
    const code = this.#samples?.reason();
    return code === undefined ? null : { code, verdict: "review", tag: PIXEL_DATA };
  }

  close() {
    this.#samples?.free();
  }
}

/**
 * @param {Blob | {size: number, read(offset: number, into: Uint8Array): void}} output
 * @param {number} offset
 * @param {number} size
 */
async function bytesOf(output, offset, size) {
  if (output instanceof Blob) return new Uint8Array(await output.slice(offset, offset + size).arrayBuffer());
  const bytes = new Uint8Array(size);
  output.read(offset, bytes);
  return bytes;
}
