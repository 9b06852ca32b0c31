/**
 * A sink that writes one ZIP as a stream: stored members, Zip64 where it is needed, one fixed date, so that equal
 * contents give equal members. A member is pulled only when the one before has gone: nothing piles up.
 */
import { makeZip } from "../vendor/client-zip.js";
import { deliveryError } from "./sink.js";

/** Local time, since ZIP dates have no zone: every machine writes the same bytes. */
const FIXED_DATE = new Date(1980, 0, 1);

/**
 * @param {WritableStream<Uint8Array>} target
 * @returns {import("./sink.js").Sink}
 */
export function zipSink(target) {
  const queue = new Handover();
  const abort = new AbortController();
  const done = makeZip(/** @type {AsyncIterable<any>} */ (queue)).pipeTo(target, { signal: abort.signal });
  done.catch((error) => queue.fail(error));
  return {
    whole: true,
    async write({ name, blob }) {
      try {
        await queue.put({ name, input: blob, size: blob.size, lastModified: FIXED_DATE });
      } catch (error) {
        throw deliveryError(error);
      }
    },
    async close() {
      queue.end();
      try {
        await done;
      } catch (error) {
        throw deliveryError(error);
      }
    },
    async abort() {
      abort.abort();
      await done.catch(() => undefined);
    },
  };
}

/** A ZIP collected as a Blob, for browsers that cannot write to a chosen file. */
export function zipBlobSink() {
  const through = new TransformStream();
  const collected = new Response(through.readable).blob();
  collected.catch(() => undefined);
  return {
    ...zipSink(through.writable),
    /** The ZIP; only after `close`. */
    blob: async () => new Blob([await collected], { type: "application/zip" }),
  };
}

/**
 * One place between many writers and one reader. `put` resolves when the reader has come back for more, so a writer
 * waits until its member has been written.
 */
class Handover {
  /** @type {{ item: object, taken: () => void, failed: (error: unknown) => void }[]} */
  #waiting = [];
  /** @type {(() => void) | null} */
  #wake = null;
  /** @type {{ taken: () => void, failed: (error: unknown) => void } | null} */
  #inHand = null;
  #ended = false;
  /** @type {unknown} */
  #error = null;

  /** @param {object} item @returns {Promise<void>} */
  put(item) {
    if (this.#error) return Promise.reject(this.#error);
    return new Promise((taken, failed) => {
      this.#waiting.push({ item, taken, failed });
      this.#wake?.();
    });
  }

  end() {
    this.#ended = true;
    this.#wake?.();
  }

  /** The target refuses more: everyone who waits is told. @param {unknown} error */
  fail(error) {
    this.#error = error;
    this.#inHand?.failed(error);
    for (const { failed } of this.#waiting.splice(0)) failed(error);
    this.#ended = true;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator]() {
    for (;;) {
      const next = this.#waiting.shift();
      if (next) {
        this.#inHand = next;
        yield next.item;
        this.#inHand = null;
        next.taken();
      } else if (this.#ended) return;
      else await new Promise((wake) => (this.#wake = () => wake(undefined)));
    }
  }
}
