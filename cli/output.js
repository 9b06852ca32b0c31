/**
 * Writing what leaves into a folder: into a temporary file of this worker, then under its name, which is never taken from another
 * file. Equal bytes that are there already are the same output; other bytes are a conflict.
 */

import { createHash } from "node:crypto";
import { closeSync, existsSync, linkSync, openSync, readSync, renameSync, statSync, unlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { CHUNK, Copier } from "./copy.js";
import { makeFolders } from "./folders.js";
import { isSystemError } from "./source.js";

/** @typedef {import("./source.js").NodeSource} NodeSource */
/** @typedef {import("./source.js").PieceSource} PieceSource */
/** @typedef {import("../www/workers/samples.js").Watch} Watch */

const NO_SPACE = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);
/** File systems without hard links (FAT, many network drives). */
const NO_LINKS = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK", "EXDEV", "EINVAL"]);

export class OutputFolder {
  #root;
  #temporary;
  #copier = new Copier();
  #made = new Set();

  /**
   * @param {string} root
   * @param {string} temporary  this worker's own file, on the same disk
   */
  constructor(root, temporary) {
    this.#root = root;
    this.#temporary = temporary;
  }

  get milliseconds() {
    return this.#copier.milliseconds;
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
      const sha256 = this.#copier.copy(this.#temporary, composed, source, (bytes) => watch.see(bytes));
      if (source.fault !== null) return { code: source.fault };
      const stop = watch.stop();
      if (stop !== null) return stop;
      const target = join(this.#root, name);
      this.#makeFolder(dirname(target));
      const found = publish(this.#temporary, target, () => sameFile(target, sha256, composed.size));
      if (found === "other") return { code: "conflict-at-destination" };
      return { sha256, delivered: true, there: found === "there" };
    } catch (error) {
      if (source.fault !== null) return { code: source.fault };
      if (!isSystemError(error)) throw error;
      return { code: placeCode(error) };
    } finally {
      remove(this.#temporary);
    }
  }

  /** @param {string} folder */
  #makeFolder(folder) {
    if (this.#made.has(folder)) return;
    makeFolders(folder);
    this.#made.add(folder);
  }
}

/**
 * Gives a file that is written its name, which is never taken from another file.
 * @param {string} temporary  on the same disk
 * @param {string} target
 * @param {() => boolean} same  whether what has the name has the same bytes
 * @returns {"new" | "there" | "other"}
 */
export function publish(temporary, target, same) {
  const taken = () => (same() ? "there" : "other");
  try {
    linkSync(temporary, target);
    return "new";
  } catch (error) {
    if (!isSystemError(error)) throw error;
    if (error.code === "EEXIST") return taken();
    if (!NO_LINKS.has(error.code ?? "")) throw error;
  }
  if (existsSync(target)) return taken();
  renameSync(temporary, target);
  return "new";
}

/**
 * What a place that can't be written to is said to be.
 * @param {NodeJS.ErrnoException} error
 * @returns {"disk-full" | "write-denied"}
 */
export function placeCode({ code }) {
  return NO_SPACE.has(code ?? "") ? "disk-full" : "write-denied";
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
