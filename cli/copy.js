/** Writing what is composed into a file, hashed on the way. */

import { createHash } from "node:crypto";
import { closeSync, openSync, writeSync, writevSync } from "node:fs";

/** @typedef {import("./source.js").NodeSource} NodeSource */
/** @typedef {import("./source.js").PieceSource} PieceSource */

/** Bytes copied at once: small enough to stay in the processor's cache between reading, hashing and writing. */
export const CHUNK = 256 * 1024;

/** One worker's way of writing, one file after the other. */
export class Copier {
  #spare = Buffer.allocUnsafeSlow(CHUNK);
  /** @type {{hash: number, write: number}} */
  milliseconds = { hash: 0, write: 0 };

  /**
   * @param {string} path
   * @param {PieceSource} composed
   * @param {NodeSource} source
   * @param {(bytes: Uint8Array) => void} see  is shown all bytes in order
   * @param {{flags?: string, mode?: number}} [how]  as `fs.open` has them
   * @returns {string}  SHA-256 of all that was written, hex
   */
  copy(path, composed, source, see, { flags = "w", mode } = {}) {
    const hash = createHash("sha256");
    const fd = openSync(path, flags, mode);
    try {
      const held = composed.held();
      const parts = held === null ? chunks(composed, source, this.#spare) : [held];
      for (const each of parts) this.#append(fd, hash, see, each);
    } finally {
      closeSync(fd);
    }
    return hash.digest("hex");
  }

  /**
   * @param {number} fd
   * @param {import("node:crypto").Hash} hash
   * @param {(bytes: Uint8Array) => void} see
   * @param {Uint8Array[]} parts
   */
  #append(fd, hash, see, parts) {
    const begun = performance.now();
    for (const part of parts) {
      hash.update(part);
      see(part);
    }
    const hashed = performance.now();
    writeAll(fd, parts);
    this.milliseconds.hash += hashed - begun;
    this.milliseconds.write += performance.now() - hashed;
  }
}

/**
 * @param {number} fd
 * @param {Uint8Array[]} parts
 */
function writeAll(fd, parts) {
  let done = parts.length > 1 ? writevSync(fd, parts) : 0;
  // A disk may take less than it is given; the rest goes part by part.
  for (const part of parts) {
    if (done >= part.length) {
      done -= part.length;
      continue;
    }
    for (let at = done; at < part.length; ) at += writeSync(fd, part, at, part.length - at);
    done = 0;
  }
}

/**
 * @param {PieceSource} composed
 * @param {NodeSource} source
 * @param {Buffer} spare
 * @returns {Generator<[Uint8Array]>}
 */
function* chunks(composed, source, spare) {
  for (const piece of composed.pieces) {
    if (piece instanceof Uint8Array) {
      yield [piece];
      continue;
    }
    const [offset, length] = piece;
    for (let at = 0; at < length; at += CHUNK) yield [source.view(offset + at, Math.min(CHUNK, length - at), spare)];
  }
}
