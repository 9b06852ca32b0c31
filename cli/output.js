/**
 * Writing what leaves: into a temporary file of this worker, hashed on the way, then under its name, which is never taken from
 * another file. Equal bytes that are there already are the same output; other bytes are a conflict.
 */

import { createHash } from "node:crypto";
import {
  closeSync,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
  writevSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { isSystemError } from "./source.js";

/** @typedef {import("./source.js").NodeSource} NodeSource */
/** @typedef {import("./source.js").PieceSource} PieceSource */
/** @typedef {import("../www/workers/samples.js").Watch} Watch */

/** Bytes copied at once: small enough to stay in the processor's cache between reading, hashing and writing. */
const CHUNK = 256 * 1024;
const NO_SPACE = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);
/** File systems without hard links (FAT, many network drives). */
const NO_LINKS = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK", "EXDEV", "EINVAL"]);

export class OutputFolder {
  #root;
  #temporary;
  #spare = Buffer.allocUnsafeSlow(CHUNK);
  #made = new Set();
  /** @type {{hash: number, write: number}} */
  milliseconds = { hash: 0, write: 0 };

  /**
   * @param {string} root
   * @param {string} temporary  this worker's own file, on the same disk
   */
  constructor(root, temporary) {
    this.#root = root;
    this.#temporary = temporary;
  }

  /**
   * @param {PieceSource} composed
   * @param {NodeSource} source
   * @param {string} name
   * @param {Watch} watch
   * @returns {import("../www/workers/types.js").Delivery}
   */
  put(composed, source, name, watch) {
    try {
      const sha256 = this.#write(composed, source, watch);
      if (source.fault !== null) return { code: source.fault };
      const stop = watch.stop();
      if (stop !== null) return stop;
      const target = join(this.#root, name);
      this.#makeFolder(dirname(target));
      if (this.#publish(target, sha256, composed.size)) return { sha256, delivered: true };
      return { code: "conflict-at-destination" };
    } catch (error) {
      if (source.fault !== null) return { code: source.fault };
      if (!isSystemError(error)) throw error;
      return { code: NO_SPACE.has(error.code ?? "") ? "disk-full" : "write-denied" };
    } finally {
      remove(this.#temporary);
    }
  }

  /**
   * @param {PieceSource} composed
   * @param {NodeSource} source
   * @param {Watch} watch
   */
  #write(composed, source, watch) {
    const hash = createHash("sha256");
    const fd = openSync(this.#temporary, "w");
    try {
      const held = composed.held();
      if (held !== null) this.#append(fd, hash, watch, held);
      else for (const chunk of chunks(composed, source, this.#spare)) this.#append(fd, hash, watch, [chunk]);
    } finally {
      closeSync(fd);
    }
    return hash.digest("hex");
  }

  /**
   * @param {number} fd
   * @param {import("node:crypto").Hash} hash
   * @param {Watch} watch
   * @param {Uint8Array[]} parts
   */
  #append(fd, hash, watch, parts) {
    const begun = performance.now();
    for (const part of parts) {
      hash.update(part);
      watch.see(part);
    }
    const hashed = performance.now();
    writeAll(fd, parts);
    this.milliseconds.hash += hashed - begun;
    this.milliseconds.write += performance.now() - hashed;
  }

  /** @param {string} folder */
  #makeFolder(folder) {
    if (this.#made.has(folder)) return;
    mkdirSync(folder, { recursive: true });
    this.#made.add(folder);
  }

  /**
   * @param {string} target
   * @param {string} sha256
   * @param {number} size
   * @returns {boolean}  false: something else is there
   */
  #publish(target, sha256, size) {
    try {
      linkSync(this.#temporary, target);
      return true;
    } catch (error) {
      if (!isSystemError(error)) throw error;
      if (error.code === "EEXIST") return sameFile(target, sha256, size);
      if (!NO_LINKS.has(error.code ?? "")) throw error;
    }
    if (existsSync(target)) return sameFile(target, sha256, size);
    renameSync(this.#temporary, target);
    return true;
  }
}

/**
 * SHA-256 of a whole source, hex.
 * @param {NodeSource} source
 */
export function digestOf(source) {
  const hash = createHash("sha256");
  const spare = Buffer.allocUnsafe(CHUNK);
  for (let at = 0; at < source.size; at += CHUNK) {
    hash.update(source.view(at, Math.min(CHUNK, source.size - at), spare));
  }
  return hash.digest("hex");
}

/** @param {string} path */
export function remove(path) {
  try {
    unlinkSync(path);
  } catch (error) {
    // Gone already, or renamed to its name: nothing is left to remove.
    if (!isSystemError(error)) throw error;
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
 * @returns {Generator<Uint8Array>}
 */
function* chunks(composed, source, spare) {
  for (const piece of composed.pieces) {
    if (piece instanceof Uint8Array) {
      yield piece;
      continue;
    }
    const [offset, length] = piece;
    for (let at = 0; at < length; at += CHUNK) yield source.view(offset + at, Math.min(CHUNK, length - at), spare);
  }
}

/**
 * @param {string} path
 * @param {string} sha256
 * @param {number} size
 */
function sameFile(path, sha256, size) {
  const stat = statSync(path);
  if (!stat.isFile() || stat.size !== size) return false;
  const hash = createHash("sha256");
  const buffer = Buffer.allocUnsafe(CHUNK);
  const fd = openSync(path, "r");
  try {
    for (let got = readSync(fd, buffer); got > 0; got = readSync(fd, buffer)) hash.update(buffer.subarray(0, got));
  } finally {
    closeSync(fd);
  }
  return hash.digest("hex") === sha256;
}
