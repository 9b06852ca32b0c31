/**
 * Inflated members, in memory alone. What comes is never more than the directory claims, and memory is taken as it comes: by
 * blocks, the first of which holds a small member as a whole.
 */

import { SourceFault } from "../../workers/fault.js";

const BLOCK = 8 * 1024 * 1024;

/** What the modules read of a member: all of it, or its beginning. */
export class Inflated {
  /** A read went beyond what was inflated. */
  short = false;
  /** @type {Uint8Array<ArrayBuffer>[]} */
  #blocks = [];
  #have = 0;
  #want;

  /**
   * @param {number} size  bytes of the file
   * @param {number} want  bytes that will come
   */
  constructor(size, want) {
    this.size = size;
    this.#want = Math.min(size, want);
  }

  /** Bytes that are there. */
  get have() {
    return this.#have;
  }

  /** All of a small member, as one piece; null where that is not so. */
  get whole() {
    const [first] = this.#blocks;
    return this.#have === this.size && first?.length === this.size ? first : null;
  }

  /** @param {Uint8Array} bytes  no more than are missing */
  add(bytes) {
    for (let done = 0; done < bytes.length; ) {
      const used = this.#have % BLOCK;
      if (used === 0) this.#blocks.push(newBlock(Math.min(BLOCK, this.#want - this.#have)));
      const block = /** @type {Uint8Array} */ (this.#blocks.at(-1));
      const part = bytes.subarray(done, done + block.length - used);
      block.set(part, used);
      this.#have += part.length;
      done += part.length;
    }
  }

  /**
   * @param {number} offset
   * @param {Uint8Array} into
   */
  read(offset, into) {
    if (offset < 0 || offset + into.length > this.size) throw new RangeError("beyond the end");
    if (offset + into.length > this.#have) {
      this.short = true;
      throw new RangeError("not inflated");
    }
    let at = 0;
    for (const part of this.parts(offset, into.length)) {
      into.set(part, at);
      at += part.length;
    }
  }

  /**
   * A range as it lies in memory.
   * @param {number} offset
   * @param {number} length
   * @returns {Uint8Array<ArrayBuffer>[]}
   */
  parts(offset, length) {
    const parts = [];
    for (let at = offset; at < offset + length; ) {
      const from = at % BLOCK;
      const part = this.#blocks[Math.floor(at / BLOCK)]?.subarray(from, from + offset + length - at);
      if (part === undefined || part.length === 0) throw new RangeError("beyond the end");
      parts.push(part);
      at += part.length;
    }
    return parts;
  }
}

/**
 * @param {AsyncIterable<Uint8Array>} pieces  as they are inflated; throws `zip-damaged` where the data are none
 * @param {{size: number, crc32: number, want: number}} member  `want`: bytes of the file that are wanted, from its start
 * @param {{update: (bytes: Uint8Array) => void, value: () => number}} crc
 * @returns {Promise<Inflated>}
 * @throws {SourceFault}  `zip-damaged`, `zip-too-large` where there is no memory for it
 */
export async function inflate(pieces, { size, crc32, want }, crc) {
  const inflated = new Inflated(size, want);
  const enough = Math.min(size, want);
  for await (const piece of pieces) {
    if (inflated.have + piece.length > size) throw new SourceFault("zip-damaged");
    crc.update(piece);
    inflated.add(piece.subarray(0, enough - inflated.have));
    if (inflated.have === enough && enough < size) return inflated;
  }
  if (inflated.have !== size || crc.value() !== crc32) throw new SourceFault("zip-damaged");
  return inflated;
}

/** @param {number} length @returns {Uint8Array<ArrayBuffer>} */
function newBlock(length) {
  try {
    return new Uint8Array(length);
  } catch (error) {
    if (error instanceof RangeError) throw new SourceFault("zip-too-large");
    throw error;
  }
}
