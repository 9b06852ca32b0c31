/**
 * A file read by ranges with `fs.readSync`, as the modules want it, and what is composed of its pieces.
 *
 * A file up to 8 MiB is read at once when more than its beginning is wanted, into a buffer that the worker keeps; a larger one is
 * read by windows.
 */

import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { SourceFault } from "../www/workers/fault.js";

/**
 * @typedef {import("../www/workers/types.js").Input} Input
 * @typedef {import("../www/workers/types.js").Pieces} Pieces
 *
 * @typedef {import("../www/workers/types.js").OpenedSource & {size: number, changed: () => boolean,
 *   read: (offset: number, into: Uint8Array) => void,
 *   view: (offset: number, length: number, spare: Buffer) => Buffer}} NodeSource  a file, or what a ZIP holds
 */

const HEAD = 64 * 1024;
const WHOLE = 8 * 1024 * 1024;
/** Parts that one call of the system may write. */
const MOST_PARTS = 512;
const NOTHING = Buffer.alloc(0);

/** Buffers of one worker, used by one file after the other. */
export class Buffers {
  head = Buffer.allocUnsafeSlow(HEAD);
  #whole = Buffer.alloc(0);

  /**
   * @param {number} size  at most WHOLE
   * @returns {Buffer}
   */
  whole(size) {
    if (this.#whole.length < size) this.#whole = Buffer.allocUnsafeSlow(Math.min(WHOLE, Math.max(size, 1024 * 1024)));
    return this.#whole;
  }
}

/** One opened file. Reading past the end or failing to read notes a fault and throws; the modules then give up the file. */
export class FileSource {
  /** @type {string | null} */
  fault = null;
  size;
  #fd;
  #seen;
  #buffers;
  #whole;
  /** @type {Buffer} */
  #window;
  #from = 0;
  #to = 0;
  #base = 0;
  #reading = 0;

  /**
   * @param {Input} input
   * @param {Buffers} buffers
   * @param {boolean} whole  most of its bytes will be wanted: a small file is then read at once
   */
  constructor(input, buffers, whole) {
    this.#fd = openInput(input);
    this.#buffers = buffers;
    this.#whole = whole;
    this.#window = buffers.head;
    const stat = fstatSync(this.#fd);
    this.size = stat.size;
    this.#seen = { size: input.member?.archive ?? input.size, lastModified: input.lastModified };
    if (stat.size !== this.#seen.size || stat.mtimeMs !== this.#seen.lastModified) {
      closeSync(this.#fd);
      throw new SourceFault("source-changed");
    }
  }

  /**
   * From now on a part of what it was. What was read at once stays; a beginning is read again, since that of the part is wanted.
   * @param {number} offset
   * @param {number} size
   */
  narrow(offset, size) {
    this.#base += offset;
    this.size = size;
    const keep = this.#whole && this.#to > 0;
    this.#from = keep ? this.#from - offset : 0;
    this.#to = keep ? this.#to - offset : 0;
  }

  /** What the modules read: this object itself. */
  get data() {
    return this;
  }

  get milliseconds() {
    return this.#reading;
  }

  /**
   * @param {number} offset
   * @param {Uint8Array} into
   */
  read(offset, into) {
    if (offset < 0 || offset + into.length > this.size) throw new RangeError("beyond the end");
    if (offset < this.#from || offset + into.length > this.#to) {
      if (into.length > this.#window.length && this.size > WHOLE) {
        this.#fill(into, offset, into.length);
        return;
      }
      this.#load(offset, into.length);
    }
    into.set(this.#window.subarray(offset - this.#from, offset - this.#from + into.length));
  }

  /**
   * Bytes of the file as they lie in a buffer of this worker, until the next read.
   * @param {number} offset
   * @param {number} length
   * @param {Buffer} spare  used where the file isn't held
   * @returns {Buffer}
   */
  view(offset, length, spare) {
    if (this.size <= WHOLE) {
      if (offset < this.#from || offset + length > this.#to) this.#load(offset, length);
      return this.#window.subarray(offset - this.#from, offset - this.#from + length);
    }
    this.#fill(spare, offset, length);
    return spare.subarray(0, length);
  }

  /** Whether the file has changed since it was listed. */
  changed() {
    const stat = fstatSync(this.#fd);
    return stat.size !== this.#seen.size || stat.mtimeMs !== this.#seen.lastModified;
  }

  close() {
    closeSync(this.#fd);
  }

  /**
   * @param {number} offset
   * @param {number} length
   */
  #load(offset, length) {
    const beginning = offset + length <= HEAD && this.#to === 0 && !(this.#whole && this.size <= WHOLE);
    if (beginning || this.size > WHOLE) {
      this.#window = this.#buffers.head;
      this.#from = beginning ? 0 : offset;
      this.#to = Math.min(this.size, this.#from + HEAD);
    } else {
      this.#window = this.#buffers.whole(this.size);
      this.#from = 0;
      this.#to = this.size;
    }
    this.#fill(this.#window, this.#from, this.#to - this.#from);
  }

  /**
   * @param {Uint8Array} into
   * @param {number} offset
   * @param {number} length
   */
  #fill(into, offset, length) {
    const begun = performance.now();
    let done = 0;
    while (done < length) {
      const got = this.#readOnce(into, done, length - done, offset + done);
      if (got === 0) {
        this.#to = 0;
        this.fault = "source-changed";
        throw new SourceFault(this.fault);
      }
      done += got;
    }
    this.#reading += performance.now() - begun;
  }

  /**
   * @param {Uint8Array} into
   * @param {number} at
   * @param {number} length
   * @param {number} position
   */
  #readOnce(into, at, length, position) {
    try {
      return readSync(this.#fd, into, at, length, this.#base + position);
    } catch (error) {
      if (!isSystemError(error)) throw error;
      this.#to = 0;
      this.fault = "source-unreadable";
      throw new SourceFault(this.fault);
    }
  }
}

/** What would leave, read like a source: own bytes and ranges of the source. */
export class PieceSource {
  size;
  #pieces;
  #starts;
  #source;
  #last = 0;

  /**
   * @param {Pieces} pieces
   * @param {NodeSource} source
   */
  constructor(pieces, source) {
    this.#pieces = pieces;
    this.#source = source;
    this.#starts = /** @type {number[]} */ ([]);
    let at = 0;
    for (const piece of pieces) {
      this.#starts.push(at);
      at += piece instanceof Uint8Array ? piece.length : piece[1];
    }
    this.size = at;
  }

  get data() {
    return this;
  }

  get pieces() {
    return this.#pieces;
  }

  /**
   * All pieces as they lie in memory.
   * @returns {Uint8Array[] | null}  null: too many, or not all in memory at once
   */
  held() {
    if (this.#source.size > WHOLE || this.#pieces.length > MOST_PARTS) return null;
    return this.#pieces.map((piece) =>
      piece instanceof Uint8Array ? piece : this.#source.view(piece[0], piece[1], NOTHING),
    );
  }

  /**
   * @param {number} offset
   * @param {Uint8Array} into
   */
  read(offset, into) {
    if (offset < 0 || offset + into.length > this.size) throw new RangeError("beyond the end");
    let done = 0;
    let index = this.#find(offset);
    while (done < into.length) {
      const piece = /** @type {Uint8Array | [number, number]} */ (this.#pieces[index]);
      const skip = offset + done - /** @type {number} */ (this.#starts[index]);
      const length = piece instanceof Uint8Array ? piece.length : piece[1];
      const take = Math.min(length - skip, into.length - done);
      const part = into.subarray(done, done + take);
      if (piece instanceof Uint8Array) part.set(piece.subarray(skip, skip + take));
      else this.#source.read(piece[0] + skip, part);
      done += take;
      index += 1;
    }
  }

  /**
   * The piece that holds an offset; reading mostly goes on where it was.
   * @param {number} offset
   */
  #find(offset) {
    let low = 0;
    let high = this.#starts.length - 1;
    const last = this.#last;
    if (/** @type {number} */ (this.#starts[last]) <= offset) low = last;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (/** @type {number} */ (this.#starts[middle]) <= offset) low = middle;
      else high = middle - 1;
    }
    this.#last = low;
    return low;
  }
}

/** @param {Input} input */
function openInput(input) {
  const path = input.fsPath;
  if (path === undefined) throw new SourceFault("source-unreadable");
  try {
    // Not through a link put there since the walk, and never waiting for the other end of a pipe.
    const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
    return openSync(typeof path === "string" ? path : Buffer.from(path), flags);
  } catch (error) {
    if (isSystemError(error)) throw new SourceFault("source-unreadable");
    throw error;
  }
}

/**
 * @param {unknown} error
 * @returns {error is NodeJS.ErrnoException}
 */
export function isSystemError(error) {
  return error instanceof Error && typeof (/** @type {NodeJS.ErrnoException} */ (error).syscall) === "string";
}
