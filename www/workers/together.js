/**
 * Small files that a worker will open one after the other, read together: a browser asks much more for a read than for the bytes
 * that it brings, but takes many files as the parts of one Blob. While the worker is at the files of one read, the next one comes.
 */

/** Bytes that are read at once; twice as many are held, until their files are opened. */
const MOST = 8 * 1024 * 1024;

/**
 * @typedef {{file: Blob, length: number}} Wanted  the first bytes of a file
 * @typedef {Map<Blob, Uint8Array<ArrayBuffer>>} Read
 */

export class Together {
  /** Not asked for yet. @type {Wanted[]} */
  #wanted = [];
  /** @type {{files: Set<Blob>, read: Promise<Read>} | null} */
  #coming = null;
  /** @type {Read} */
  #held = new Map();

  /** @param {Wanted[]} wanted  in the order in which they will be taken, after those that were expected before */
  expect(wanted) {
    this.#wanted.push(...wanted);
    this.#askOn();
  }

  /**
   * The first bytes of a file; null where so many were not wanted of it, or can't be read with those of others.
   * @param {Blob} file
   * @param {number} length
   * @returns {Uint8Array<ArrayBuffer> | null | Promise<Uint8Array<ArrayBuffer> | null>}  at once, where they are there
   */
  take(file, length) {
    if (this.#held.has(file)) return this.#taken(file, length);
    // Whatever stands before it will not be taken any more.
    while (this.#coming !== null && !this.#coming.files.has(file)) {
      if (!this.#wanted.some((wanted) => wanted.file === file)) return null;
      this.#coming = null;
      this.#askOn();
    }
    return this.#coming && this.#arrived(this.#coming.read).then(() => this.#taken(file, length));
  }

  /** @param {Promise<Read>} read */
  async #arrived(read) {
    this.#held = await read;
    this.#coming = null;
    this.#askOn();
  }

  /** @param {Blob} file @param {number} length */
  #taken(file, length) {
    const bytes = this.#held.get(file);
    this.#held.delete(file);
    return bytes?.length === length ? bytes : null;
  }

  #askOn() {
    if (this.#coming !== null || this.#wanted.length === 0) return;
    let to = 0;
    for (let size = 0; to < this.#wanted.length; to += 1) {
      size += this.#wanted[to]?.length ?? 0;
      if (size > MOST && to > 0) break;
    }
    const group = this.#wanted.splice(0, to);
    this.#coming = { files: new Set(group.map(({ file }) => file)), read: readAll(group) };
  }
}

/**
 * @param {Wanted[]} group
 * @returns {Promise<Read>}  nothing, where a read fails: whose fault it is shows when each is read by itself
 */
async function readAll(group) {
  const read = new Map();
  const all = new Blob(group.map(({ file, length }) => (length < file.size ? file.slice(0, length) : file)));
  const bytes = await all.arrayBuffer().catch(() => null);
  if (bytes === null) return read;
  let at = 0;
  for (const { file, length } of group) {
    read.set(file, new Uint8Array(bytes, at, length));
    at += length;
  }
  return read;
}
