/**
 * Small files that a worker will open one after the other, read together: a browser asks much more for a read than for the bytes
 * that it brings, but takes many files as the parts of one Blob.
 */

import { SourceFault } from "./fault.js";
import { bytesOf } from "./ranges.js";

/** Bytes that are read at once, and held until their files are opened. */
const MOST = 8 * 1024 * 1024;

/** @typedef {{file: Blob, length: number}} Wanted  the first bytes of a file */

export class Together {
  /** @type {Wanted[]} */
  #wanted = [];
  /** @type {Map<Blob, Uint8Array<ArrayBuffer>>} */
  #held = new Map();

  /** @param {Wanted[]} wanted  in the order in which they will be taken */
  expect(wanted) {
    this.#wanted = wanted;
    this.#held.clear();
  }

  /**
   * The first bytes of a file; null where so many were not wanted of it, or can't be read with those of others.
   * @param {Blob} file
   * @param {number} length
   * @returns {Uint8Array<ArrayBuffer> | null}
   */
  take(file, length) {
    if (!this.#held.has(file)) this.#read(file);
    const bytes = this.#held.get(file);
    this.#held.delete(file);
    return bytes?.length === length ? bytes : null;
  }

  /** Reads a file with those that will be taken after it. @param {Blob} first */
  #read(first) {
    const from = this.#wanted.findIndex(({ file }) => file === first);
    if (from < 0) return;
    this.#held.clear();
    let to = from;
    for (let size = 0; to < this.#wanted.length; to += 1) {
      size += this.#wanted[to]?.length ?? 0;
      if (size > MOST) break;
    }
    const group = this.#wanted.slice(from, to);
    this.#wanted = this.#wanted.slice(to);
    try {
      const bytes = bytesOf(
        new Blob(group.map(({ file, length }) => (length < file.size ? file.slice(0, length) : file))),
      );
      let at = 0;
      for (const { file, length } of group) {
        this.#held.set(file, bytes.subarray(at, at + length));
        at += length;
      }
    } catch (error) {
      // Whose fault it is shows when each is read by itself.
      if (!(error instanceof SourceFault)) throw error;
    }
  }
}
