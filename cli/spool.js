/**
 * The spool: a private folder where outputs wait, as files, between the workers that make them and the main thread's sink. What the
 * sink is given are Blobs that refer to these files; each file goes when its write has settled.
 *
 * How much waits there is the run's to bound (`www/session/run.js`): an output counts whole as bytes of its own until it is settled.
 */

import { mkdtempSync, openAsBlob, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { forget, leave } from "./leftovers.js";
import { remove } from "./output.js";
import { RunError } from "./run-error.js";
import { isSystemError } from "./source.js";

/**
 * @typedef {import("../www/deliver/sink.js").Sink} Sink
 * @typedef {import("../www/workers/calls.js").Pool} Pool
 * @typedef {import("../www/workers/types.js").Result} Result
 */

/** What a worker says when the spool takes nothing. */
const FAULTS = new Set(["disk-full", "write-denied"]);

export class Spool {
  /** Files by their Blobs. @type {Map<Blob, string>} */
  #files = new Map();
  /** Names that are handed on or will be. @type {Set<string>} */
  #kept = new Set();
  /** Whether the spool itself ended the run. */
  failed = false;
  #summed;

  /**
   * @param {{parent?: string | undefined, summed?: boolean}} [how]  `parent`: the system's folder for temporary files without it;
   *   `summed`: each output needs its CRC-32
   * @throws {RunError}
   */
  constructor({ parent = tmpdir(), summed = false } = {}) {
    this.#summed = summed;
    try {
      // Mode 0700.
      this.folder = mkdtempSync(join(parent, "tokumei-spool-"));
    } catch (error) {
      if (isSystemError(error)) throw new RunError("spool-denied");
      throw error;
    }
    leave(this.folder);
  }

  /**
   * What a worker is told of it.
   * @param {string} prefix  of its files
   */
  place(prefix) {
    return { spool: this.folder, prefix, ...(this.#summed && { crc32: "wanted" }) };
  }

  /**
   * A pool whose outputs are Blobs.
   * @param {Pool} pool  its workers write into this spool
   * @returns {Pool}
   */
  pool(pool) {
    return {
      ...pool,
      transform: async (input, row, dry, others) => {
        const result = await pool.transform(input, row, dry, others);
        if ("fault" in result) return result;
        if (result.spooled === undefined && FAULTS.has(result.reason)) this.failed = true;
        return result.spooled === undefined ? result : this.#opened(result, result.spooled);
      },
    };
  }

  /** @param {Result} result @param {string} name @returns {Promise<Result | {fault: string}>} */
  async #opened({ spooled: _, ...result }, name) {
    this.#kept.add(name);
    try {
      const blob = await openAsBlob(join(this.folder, name), { type: "application/dicom" });
      this.#files.set(blob, name);
      return { ...result, blob };
    } catch (error) {
      // Somebody has removed what waited.
      if (!(error instanceof TypeError)) throw error;
      this.failed = true;
      return { fault: "write-denied" };
    }
  }

  /**
   * A sink whose outputs leave the spool when they are settled.
   * @param {Sink} sink
   * @returns {Sink}
   */
  sink(sink) {
    return {
      ...sink,
      write: async (output) => {
        try {
          return await sink.write(output);
        } finally {
          this.#settled(output.blob);
        }
      },
    };
  }

  /** @param {Blob} blob */
  #settled(blob) {
    const name = this.#files.get(blob);
    if (name === undefined) return;
    this.#files.delete(blob);
    this.#kept.delete(name);
    remove(join(this.folder, name));
  }

  /**
   * What a worker left that is gone.
   * @param {string} prefix  of its files
   */
  sweep(prefix) {
    for (const name of readdirSync(this.folder)) {
      if (name.startsWith(prefix) && !this.#kept.has(name)) remove(join(this.folder, name));
    }
  }

  close() {
    forget(this.folder);
  }
}
