/**
 * Sinks that write one ZIP: stored members, Zip64 where it is needed, one fixed date, so that equal contents give equal members.
 * Members are referred to, never read here: their size and CRC-32 come with them. A file takes them as Blobs, some megabytes at
 * a time; nothing more piles up.
 *
 * What was written can't be taken back: a member whose file can't be read any more is named, and the ZIP has to be begun again.
 */
import { DeliveryError, partsOf, placeFault, readable } from "./sink.js";
import { centralDirectory, localHeader } from "./zip-format.js";

/** Bytes that are handed to a file at once. */
const BATCH = 8 * 1024 * 1024;
/** One batch is written while another one fills. */
const WINDOW = Object.freeze({ items: 4096, bytes: 2 * BATCH });

/**
 * @typedef {import("./sink.js").Output} Output
 * @typedef {import("./sink.js").Sink} Sink
 * @typedef {{write: (part: Blob) => Promise<void>, close: () => Promise<void>, abort: () => Promise<void>}} Target
 * @typedef {{output: Output, crc32: number, done: () => void, fail: (error: unknown) => void}} Waiting
 */

/**
 * A ZIP written into a file that takes Blobs as they are, as the browser's do.
 * @param {Target} file
 * @returns {Sink}
 */
export function zipFileSink(file) {
  return { ...zipSink(file, BATCH), window: WINDOW };
}

/**
 * A ZIP as a stream of bytes.
 * @param {WritableStream<Uint8Array>} stream
 * @returns {Sink}
 */
export function zipStreamSink(stream) {
  const target = {
    write: (/** @type {Blob} */ part) => part.stream().pipeTo(stream, { preventClose: true }),
    close: () => stream.close(),
    abort: () => stream.abort(),
  };
  return { ...zipSink(target, BATCH), window: WINDOW };
}

/** A ZIP as a Blob that refers to its members, for browsers that cannot write to a chosen file. */
export function zipBlobSink() {
  /** @type {Blob[]} */
  const parts = [];
  const target = {
    write: async (/** @type {Blob} */ part) => {
      parts.push(part);
    },
    close: async () => undefined,
    abort: async () => undefined,
  };
  return {
    ...zipSink(target, 0),
    /** The ZIP; only after `close`. */
    blob: async () => new Blob(parts, { type: "application/zip" }),
  };
}

/**
 * @param {Target} target
 * @param {number} most  bytes that wait before they are written
 * @returns {Sink}
 */
function zipSink(target, most) {
  /** @type {import("./zip-format.js").Member[]} */
  const members = [];
  /** @type {Waiting[]} */
  let batch = [];
  let [offset, waiting] = [0, 0];
  /** Writes go one after the other, however many callers there are; after a failed one nothing more is written. */
  let before = Promise.resolve();
  /** What outputs are told that nothing is wrong with, once a write has failed. @type {Promise<unknown> | null} */
  let verdict = null;

  /** @param {Waiting[]} outputs */
  const put = async (outputs) => {
    /** @type {BlobPart[]} */
    const parts = [];
    for (const { output, crc32 } of outputs) {
      const member = { name: new TextEncoder().encode(output.name), size: output.bytes, crc32, offset };
      const header = localHeader(member);
      members.push(member);
      parts.push(/** @type {BlobPart} */ (header), ...partsOf(output));
      offset += header.length + member.size;
    }
    await target.write(new Blob(parts));
  };

  const flush = () => {
    const outputs = batch;
    [batch, waiting] = [[], 0];
    if (outputs.length === 0) return;
    before = before.then(() => put(outputs));
    before.then(
      () => {
        for (const { done } of outputs) done();
      },
      async (error) => {
        verdict ??= blame(outputs, error).catch((unknown) => unknown);
        const rest = await verdict;
        for (const { fail } of outputs) fail(rest);
      },
    );
  };

  return {
    whole: true,
    crc32: true,
    write: (output) =>
      new Promise((resolve, fail) => {
        const { crc32 } = output;
        if (crc32 === undefined) throw new DeliveryError("engine-fault");
        batch.push({ output, crc32, done: () => resolve(undefined), fail });
        waiting += output.bytes;
        if (waiting >= most) flush();
      }),
    flush,
    async close() {
      flush();
      try {
        await before;
        await target.write(new Blob(/** @type {BlobPart[]} */ (centralDirectory(members, offset))));
        await target.close();
      } catch (error) {
        throw await (verdict ?? placeFault(error));
      }
    },
    async abort() {
      await before.catch(() => undefined);
      await target.abort().catch(() => undefined);
    },
  };
}

/**
 * Who is to blame for a batch that could not be written: outputs whose file can't be read any more are told, else it is the place.
 * @param {Waiting[]} outputs
 * @param {unknown} error
 * @returns {Promise<unknown>}  for all others
 */
async function blame(outputs, error) {
  const fault = await placeFault(error);
  if (fault instanceof DeliveryError && fault.code === "disk-full") return fault;
  const read = await Promise.all(outputs.map(({ output }) => readable(output.blob)));
  const broken = outputs.filter((_, index) => !read[index]);
  for (const { fail } of broken) fail(new DeliveryError("source-unreadable"));
  // Where a file is to blame, the others are not done for no fault of theirs.
  return broken.length > 0 ? new DeliveryError("stopped") : fault;
}
