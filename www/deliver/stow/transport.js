/**
 * What carries one request of HTTP. The page has one over XMLHttpRequest and fetch, Node one over its own client; tests have theirs.
 * A transport follows no redirect to another address, holds no credentials and writes nothing of a request into its errors.
 *
 * @typedef {object} Request
 * @property {"GET" | "HEAD" | "POST"} method
 * @property {string} url
 * @property {Record<string, string>} headers
 * @property {Blob | null} body  sent by reference
 * @property {AbortSignal} signal
 * @property {(bytesSent: number) => void} [onProgress]
 * @property {"text" | "blob"} [want]  what the answer's body is wanted as; text without it
 * @property {number} [most]  bytes of an answer that are taken, `MOST_ANSWER` without it
 *
 * @typedef {object} Answer
 * @property {number} status
 * @property {(name: string) => string | null} header
 * @property {string} text  empty where a Blob was wanted, or where `cut`
 * @property {Blob | null} [blob]
 * @property {boolean} [cut]  the body was longer than `most`
 *
 * @typedef {(request: Request) => Promise<Answer>} Transport  rejects with a TransportError when there is no answer
 */

/** An answer that says of 50 instances what became of them takes some 20 kB; a page of 1,000 query results up to a few MB. */
export const MOST_ANSWER = 32 * 1024 * 1024;
/** Milliseconds without a byte sent or received. */
export const MOST_STILL = 60_000;
/** Milliseconds from the last byte sent to the first byte of the answer: the receiver stores meanwhile. */
export const MOST_STORING = 10 * 60_000;

/**
 * Why there is no answer. In a page a refusal by CORS, a proxy's and a broken line look the same: `no-answer`.
 * @typedef {"offline" | "no-answer" | "slow" | "redirected"} Silence
 */

/** There is no answer; what was sent may have arrived. */
export class TransportError extends Error {
  /** @param {Silence} kind */
  constructor(kind) {
    super(kind);
    this.name = "TransportError";
    this.kind = kind;
  }
}
