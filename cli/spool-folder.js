/** A worker's side of the spool: each output becomes a file there, hashed on the way, for the main thread to hand on. */

import { join } from "node:path";
import { Crc32 } from "../www/pkg/core.js";
import { Copier } from "./copy.js";
import { placeCode, remove } from "./output.js";
import { isSystemError } from "./source.js";

/** @typedef {import("./source.js").NodeSource} NodeSource */
/** @typedef {import("./source.js").PieceSource} PieceSource */
/** @typedef {import("../www/workers/samples.js").Watch} Watch */

export class SpoolFolder {
  #folder;
  #prefix;
  #summed;
  #copier = new Copier();
  #count = 0;

  /**
   * @param {string} folder
   * @param {string} prefix  of this worker's files
   * @param {boolean} summed  a CRC-32 is wanted too
   */
  constructor(folder, prefix, summed) {
    this.#folder = folder;
    this.#prefix = prefix;
    this.#summed = summed;
  }

  get milliseconds() {
    return this.#copier.milliseconds;
  }

  /**
   * @param {PieceSource} composed
   * @param {NodeSource} source
   * @param {string} _name  under which it will leave
   * @param {Watch} watch
   * @returns {import("../www/workers/types.js").Delivery}
   */
  put(composed, source, _name, watch) {
    this.#count += 1;
    const spooled = `${this.#prefix}${this.#count}`;
    const path = join(this.#folder, spooled);
    const crc = this.#summed ? new Crc32() : null;
    const see = (/** @type {Uint8Array} */ bytes) => {
      watch.see(bytes);
      crc?.update(bytes);
    };
    let kept = false;
    try {
      const sha256 = this.#copier.copy(path, composed, source, see, { flags: "wx", mode: 0o600 });
      if (source.fault !== null) return { code: source.fault };
      const stop = watch.stop();
      if (stop !== null) return stop;
      kept = true;
      return { sha256, spooled, ...(crc !== null && { crc32: crc.value() }) };
    } catch (error) {
      if (source.fault !== null) return { code: source.fault };
      if (!isSystemError(error)) throw error;
      return { code: placeCode(error) };
    } finally {
      crc?.free();
      if (!kept) remove(path);
    }
  }
}
