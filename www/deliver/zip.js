/**
 * Sinks that write one ZIP: stored members, Zip64 where it is needed, one fixed date, so that equal contents give equal members.
 * Members are referred to, never read here: their size and CRC-32 come with them. A file takes them as Blobs, some megabytes at
 * a time; nothing more piles up.
 */
import { DeliveryError, deliveryError } from "./sink.js";
import { centralDirectory, localHeader } from "./zip-format.js";

/** Bytes that are handed to a file at once. */
const BATCH = 16 * 1024 * 1024;

/**
 * A ZIP written into a file of the browser's, which takes Blobs as they are.
 * @param {FileSystemWritableFileStream} file
 * @returns {import("./sink.js").Sink}
 */
export function zipFileSink(file) {
  return zipSink({
    write: (part) => file.write(part),
    close: () => file.close(),
    abort: () => file.abort(),
  });
}

/**
 * A ZIP as a stream of bytes.
 * @param {WritableStream<Uint8Array>} target
 * @returns {import("./sink.js").Sink}
 */
export function zipStreamSink(target) {
  return zipSink({
    write: (part) => part.stream().pipeTo(target, { preventClose: true }),
    close: () => target.close(),
    abort: () => target.abort(),
  });
}

/** A ZIP as a Blob that refers to its members, for browsers that cannot write to a chosen file. */
export function zipBlobSink() {
  /** @type {Blob[]} */
  const parts = [];
  const sink = zipSink({
    write: async (part) => {
      parts.push(part);
    },
    close: async () => undefined,
    abort: async () => undefined,
  });
  return {
    ...sink,
    /** The ZIP; only after `close`. */
    blob: async () => new Blob(parts, { type: "application/zip" }),
  };
}

/**
 * @param {{write: (part: Blob) => Promise<void>, close: () => Promise<void>, abort: () => Promise<void>}} target
 * @returns {import("./sink.js").Sink}
 */
function zipSink(target) {
  /** @type {import("./zip-format.js").Member[]} */
  const members = [];
  /** @type {BlobPart[]} */
  let batch = [];
  let [offset, waiting] = [0, 0];
  /** Writes go one after the other, however many callers there are. */
  let before = Promise.resolve();

  const flush = () => {
    const part = new Blob(batch);
    [batch, waiting] = [[], 0];
    before = before.then(() => target.write(part));
    // Who waits for it is told; nobody may be waiting yet.
    before.catch(() => undefined);
    return before;
  };
  /** @param {BlobPart} part @param {number} size */
  const add = (part, size) => {
    batch.push(part);
    offset += size;
    waiting += size;
  };

  return {
    whole: true,
    async write({ name, blob, crc32 }) {
      if (crc32 === undefined) throw new DeliveryError("engine-fault");
      const member = { name: new TextEncoder().encode(name), size: blob.size, crc32, offset };
      const header = localHeader(member);
      members.push(member);
      add(/** @type {BlobPart} */ (header), header.length);
      add(blob, blob.size);
      if (waiting >= BATCH) await told(flush());
    },
    async close() {
      for (const part of centralDirectory(members, offset)) batch.push(/** @type {BlobPart} */ (part));
      await told(flush().then(() => target.close()));
    },
    async abort() {
      await before.catch(() => undefined);
      await target.abort().catch(() => undefined);
    },
  };
}

/** @param {Promise<void>} done */
async function told(done) {
  try {
    await done;
  } catch (error) {
    throw deliveryError(error);
  }
}
