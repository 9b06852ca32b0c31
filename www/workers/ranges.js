/** A Blob read by ranges, at once, as only workers can: what is read ahead serves the reads that follow. */

import { SourceFault } from "./fault.js";

/** @param {Blob} blob @returns {Uint8Array<ArrayBuffer>} */
export function bytesOf(blob) {
  try {
    return new Uint8Array(new (syncReader())().readAsArrayBuffer(blob));
  } catch (error) {
    if (error instanceof DOMException) throw new SourceFault("source-unreadable");
    throw error;
  }
}

/** Only workers have it. @returns {new () => {readAsArrayBuffer(blob: Blob): ArrayBuffer}} */
function syncReader() {
  return Reflect.get(globalThis, "FileReaderSync");
}

export class BlobRanges {
  #blob;
  #ahead;
  #from = 0;
  #window = new Uint8Array(0);

  /**
   * @param {Blob} blob
   * @param {number} ahead  bytes that are read at once at least
   * @param {Uint8Array<ArrayBuffer>} [beginning]  its first bytes, read already
   */
  constructor(blob, ahead, beginning) {
    this.#blob = blob;
    this.#ahead = ahead;
    if (beginning) this.#window = beginning;
    this.size = blob.size;
  }

  /**
   * @param {number} offset
   * @param {Uint8Array} into
   * @param {number} [ahead]  bytes that are read from there at least, where a read is needed
   */
  read(offset, into, ahead = this.#ahead) {
    const end = offset + into.length;
    if (offset < 0 || end > this.size) throw new RangeError("beyond the end");
    if (offset < this.#from || end > this.#from + this.#window.length) {
      this.#window = bytesOf(this.#blob.slice(offset, Math.max(end, offset + ahead)));
      this.#from = offset;
    }
    into.set(this.#window.subarray(offset - this.#from, end - this.#from));
  }
}
