/**
 * The ZIP of `--zip`: written under another name beside its own, and given its name at the end. A file that has this name already
 * is compared instead, byte by byte while the ZIP is made: equal bytes are the same ZIP, others end the run at once.
 */

import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, openSync, readSync, statSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { DeliveryError } from "../www/deliver/sink.js";
import { zipFileSink } from "../www/deliver/zip.js";
import { forget, leave } from "./leftovers.js";
import { placeCode, publish } from "./output.js";
import { RunError } from "./run-error.js";
import { isSystemError } from "./source.js";

/** @typedef {{put: (bytes: Uint8Array) => void, finish: () => void, drop: () => void}} Taker */

const CHUNK = 256 * 1024;

export class ZipFile {
  /** Whether another file has its name, so that nothing was written. */
  taken = false;
  #taker;
  #compares;
  #members = 0;

  /**
   * @param {string} path  real, but for its last name
   * @throws {RunError}
   */
  constructor(path) {
    const other = () => {
      this.taken = true;
      return new DeliveryError("write-denied");
    };
    try {
      const there = statSync(path, { throwIfNoEntry: false });
      this.#compares = there !== undefined;
      this.#taker = there === undefined ? newFile(path, other) : comparing(path, there, other);
    } catch (error) {
      if (isSystemError(error)) throw new RunError(placeCode(error));
      throw error;
    }
  }

  /** Whether anything was given to it. */
  get empty() {
    return this.#members === 0;
  }

  /** What was not finished goes. */
  close() {
    this.#taker.drop();
  }

  /** @returns {import("../www/deliver/sink.js").Sink} */
  sink() {
    const taker = this.#taker;
    const sink = zipFileSink({
      write: async (/** @type {Blob} */ part) => {
        for await (const bytes of part.stream()) guarded(() => taker.put(bytes));
      },
      close: async () => guarded(() => (this.empty ? taker.drop() : taker.finish())),
      abort: async () => taker.drop(),
    });
    return {
      ...sink,
      write: async (output) => {
        this.#members += 1;
        await sink.write(output);
        return this.#compares ? "there" : undefined;
      },
    };
  }
}

/**
 * @param {string} path
 * @param {() => DeliveryError} other
 * @returns {Taker}
 */
function newFile(path, other) {
  const temporary = join(dirname(path), `.tokumei-${randomBytes(6).toString("hex")}.part`);
  const fd = openSync(temporary, "wx");
  leave(temporary);
  const close = closer(fd);
  return {
    put(bytes) {
      for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
    },
    finish() {
      fsyncSync(fd);
      close();
      const found = publish(temporary, path, () => sameBytes(temporary, path));
      forget(temporary);
      if (found === "other") throw other();
    },
    drop() {
      close();
      forget(temporary);
    },
  };
}

/**
 * @param {string} path
 * @param {import("node:fs").Stats} stat
 * @param {() => DeliveryError} other
 * @returns {Taker}
 */
function comparing(path, stat, other) {
  if (!stat.isFile()) throw new RunError("zip-taken");
  const fd = openSync(path, "r");
  const close = closer(fd);
  const spare = Buffer.allocUnsafe(CHUNK);
  let at = 0;
  return {
    put(bytes) {
      for (let from = 0; from < bytes.length; from += CHUNK) {
        const part = bytes.subarray(from, from + CHUNK);
        const got = readSync(fd, spare, 0, part.length, at);
        at += part.length;
        if (Buffer.compare(spare.subarray(0, got), part) !== 0) throw other();
      }
    },
    finish() {
      close();
      if (at !== stat.size) throw other();
    },
    drop: close,
  };
}

/** Closes a file once, however often it is asked to. @param {number} fd */
function closer(fd) {
  let open = true;
  return () => {
    if (open) closeSync(fd);
    open = false;
  };
}

/** @param {string} a @param {string} b */
function sameBytes(a, b) {
  const stat = statSync(b);
  if (!stat.isFile() || stat.size !== statSync(a).size) return false;
  const [left, right] = [openSync(a, "r"), openSync(b, "r")];
  try {
    const [one, two] = [Buffer.allocUnsafe(CHUNK), Buffer.allocUnsafe(CHUNK)];
    for (let at = 0; at < stat.size; at += CHUNK) {
      const [got, other] = [readSync(left, one, 0, CHUNK, at), readSync(right, two, 0, CHUNK, at)];
      if (Buffer.compare(one.subarray(0, got), two.subarray(0, other)) !== 0) return false;
    }
    return true;
  } finally {
    closeSync(left);
    closeSync(right);
  }
}

/**
 * @template T
 * @param {() => T} work
 * @returns {T}
 */
function guarded(work) {
  try {
    return work();
  } catch (error) {
    if (isSystemError(error)) throw new DeliveryError(placeCode(error));
    throw error;
  }
}
