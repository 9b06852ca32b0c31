/**
 * Where outputs go. A session writes each output once, under its output name, and closes or aborts at the end.
 * @typedef {{ name: string, blob: Blob, sha256?: string, crc32?: number }} Output
 * @typedef {{ write(output: Output): Promise<void>, close(): Promise<void>, abort(): Promise<void>,
 *   whole?: boolean }} Sink
 * `whole`: what was written is good only after `close`
 */

/** A fault of the place of delivery, with a stable code of the reason table. Never holds a name or a value. */
export class DeliveryError extends Error {
  /** @param {string} code */
  constructor(code) {
    super(code);
    this.name = "DeliveryError";
    this.code = code;
  }
}

/** Turns what the browser's file system throws into a code. @param {unknown} error */
export function deliveryError(error) {
  if (error instanceof DeliveryError) return error;
  if (error instanceof DOMException) {
    if (error.name === "QuotaExceededError") return new DeliveryError("disk-full");
    if (error.name === "NotAllowedError" || error.name === "NoModificationAllowedError")
      return new DeliveryError("write-denied");
    if (error.name === "NotReadableError" || error.name === "NotFoundError")
      return new DeliveryError("source-unreadable");
  }
  return error;
}
