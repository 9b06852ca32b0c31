// Reads the header of a file that has come in: a little of it first, more only when that is not enough.
import { Worker } from "node:worker_threads";
import { facts } from "./facts.mjs";
import { Refusal } from "./reasons.mjs";

const FIRST = 1 << 18;
/** Above this a header is read in a thread of its own, which may run out of memory without harm. */
const INLINE = 1 << 20;
const THREAD = new URL("./header-worker.mjs", import.meta.url);
const MEMORY_MB = 768;
const THREAD_MS = 60_000;

/**
 * @param {import("node:fs/promises").FileHandle} file @param {number} size @param {number} limit bytes before Pixel Data
 * @returns {Promise<import("./facts.mjs").Facts>}
 */
export async function readHeader(file, size, limit) {
  const magic = await prefix(file, 132);
  if (magic.toString("latin1", 128) !== "DICM") throw new Refusal("not-part10");
  for (let length = FIRST; ; length *= 4) {
    const bytes = await prefix(file, Math.min(length, size, limit));
    const how = { whole: bytes.length === size, limit };
    const found = bytes.length > INLINE ? await inThread(bytes, how) : inline(bytes, how);
    if (found !== null) return found;
    if (bytes.length >= Math.min(size, limit)) throw new Refusal("header-unreadable");
  }
}

/** @param {import("node:fs/promises").FileHandle} file @param {number} length */
async function prefix(file, length) {
  const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), 0, length, 0);
  return buffer.subarray(0, bytesRead);
}

/** @param {Buffer} bytes @param {{ whole: boolean, limit: number }} how */
function inline(bytes, how) {
  try {
    return facts(bytes, how);
  } catch {
    // The reader throws texts and errors alike; with more bytes it may succeed.
    return null;
  }
}

/** @param {Buffer} bytes @param {{ whole: boolean, limit: number }} how @returns {Promise<import("./facts.mjs").Facts | null>} */
function inThread(bytes, how) {
  return new Promise((resolve) => {
    const worker = new Worker(THREAD, {
      workerData: { bytes, how },
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
    });
    const timer = setTimeout(() => worker.terminate(), THREAD_MS);
    worker.once("message", resolve);
    worker.once("error", () => resolve(null));
    worker.once("exit", () => {
      clearTimeout(timer);
      resolve(null);
    });
  });
}
