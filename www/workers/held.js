/**
 * Small files, held whole while a worker works on one: a read costs a browser much more than the bytes that it brings. What is
 * made of them is held too, to be verified and hashed; what is handed out still refers to the file.
 */

import { bytesOf } from "./ranges.js";

/** Larger files are read by ranges. */
export const HELD_UP_TO = 8 * 1024 * 1024;

/** Bytes that the modules read like a file. */
export class HeldBytes {
  /** @param {Uint8Array<ArrayBuffer>} bytes */
  constructor(bytes) {
    this.bytes = bytes;
    this.size = bytes.length;
  }

  /**
   * @param {number} offset
   * @param {Uint8Array} into
   */
  read(offset, into) {
    if (offset < 0 || offset + into.length > this.size) throw new RangeError("beyond the end");
    into.set(this.bytes.subarray(offset, offset + into.length));
  }
}

/**
 * @param {Blob} file
 * @returns {HeldBytes}
 */
export function hold(file) {
  return new HeldBytes(bytesOf(file));
}

/** The bytes that pieces of a held file make, in memory that serves one file after the other: fresh memory costs as much again. */
export class Joint {
  #memory = new Uint8Array(0);

  /**
   * @param {import("./types.js").Pieces} pieces
   * @param {HeldBytes} source
   * @returns {HeldBytes}  good until the next file is joined
   */
  join(pieces, source) {
    const size = pieces.reduce((sum, piece) => sum + (piece instanceof Uint8Array ? piece.length : piece[1]), 0);
    if (this.#memory.length < size) this.#memory = new Uint8Array(size);
    let at = 0;
    for (const piece of pieces) {
      const part = piece instanceof Uint8Array ? piece : source.bytes.subarray(piece[0], piece[0] + piece[1]);
      this.#memory.set(part, at);
      at += part.length;
    }
    return new HeldBytes(this.#memory.subarray(0, size));
  }
}
