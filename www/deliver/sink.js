/**
 * Where outputs go. A session gives each output once, in the order of `n`, and closes or aborts at the end.
 *
 * @typedef {object} Output
 * @property {number} n  the file's number in the report
 * @property {string} name  under which it leaves: output identifiers only
 * @property {Blob} blob  its bytes, most of them by reference
 * @property {BlobPart[]} [parts]  what `blob` is made of when it is asked for; to make it costs a browser more than most headers
 * @property {string} sha256  over all its bytes, hexadecimal
 * @property {number} [crc32]
 * @property {number} bytes
 * @property {string | null} patient  pseudonym
 * @property {string | null} study  output UIDs, here and below
 * @property {string | null} series
 * @property {string | null} instance
 * @property {string | null} sopClass
 * @property {string | null} transferSyntax
 *
 * @typedef {object} Sink
 * @property {(output: Output) => Promise<void | "there">} write  resolves when the place has the output; `there`: it had it already,
 *   with equal bytes. Rejects with an error whose `code` is one of the reason table's: of scope `run` (see `RUN_CODES`) where the
 *   place takes nothing more, else of this output
 * @property {{items: number, bytes: number}} [window]  writes that may be open at once; without it one after another
 * @property {() => void} [flush]  nothing more comes for now: send what waits
 * @property {() => void} [pause]  begin nothing new
 * @property {() => void} [resume]
 * @property {() => Promise<void>} [check]  asks the place whether it would take anything, before anything is prepared for it
 * @property {() => {bytesSent: number, bytesConfirmed: number}} [progress]
 * @property {() => Promise<void | number[]>} close  `n` of outputs that the place does not have after all, though their writes resolved
 * @property {() => Promise<void>} abort  gives up the writes that are open; what the place has stays there
 * @property {boolean} [crc32]  outputs have to bring theirs (a ZIP)
 * @property {boolean} [whole]  what was written is good only after `close` (a ZIP)
 */

/** An output as parts of a larger Blob. @param {Output} output */
export function partsOf(output) {
  return output.parts ?? [output.blob];
}

/** Codes that are no fault of the instance: they end the run, and what has not arrived can go elsewhere. */
export const RUN_CODES = new Set([
  "disk-full",
  "write-denied",
  "destination-unreachable",
  "destination-auth",
  "destination-not-allowed",
  "destination-misconfigured",
]);

/** Codes of an output that the place did not take: it can be offered again, here or elsewhere. */
export const REFUSED_THERE = new Set([
  "rejected-by-destination",
  "conflict-at-destination",
  "too-large-for-destination",
]);

/** A fault of the place of delivery, with a stable code of the reason table. Never holds a name or a value. */
export class DeliveryError extends Error {
  /** @param {string} code */
  constructor(code) {
    super(code);
    this.name = "DeliveryError";
    this.code = code;
  }
}

/**
 * Whose fault it is that a write failed: of the place, or of the file that the output refers to.
 * @param {unknown} error  of the browser's file system
 * @param {Blob} [blob]  what was to be written
 * @returns {Promise<unknown>}  a DeliveryError, or the error itself where it is none of the file system's
 */
export async function placeFault(error, blob) {
  if (!(error instanceof DOMException)) return error;
  if (error.name === "QuotaExceededError") return new DeliveryError("disk-full");
  if (blob !== undefined && !(await readable(blob))) return new DeliveryError("source-unreadable");
  return new DeliveryError("write-denied");
}

/**
 * Whether all that a Blob refers to is still there and as it was.
 * @param {Blob} blob
 * @param {AbortSignal} [signal]  its reason is thrown
 */
export async function readable(blob, signal) {
  try {
    await blob.stream().pipeTo(new WritableStream(), { ...(signal && { signal }) });
    return true;
  } catch (error) {
    // Chromium says of a stream that ends in a fault no more than a TypeError.
    if (error instanceof DOMException || error instanceof TypeError) return false;
    throw error;
  }
}
