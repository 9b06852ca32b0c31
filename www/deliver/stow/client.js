/** Requests to one DICOMweb destination. Queries are repeated until they are answered; what stores is sent once a call. */

import { DeliveryError } from "../sink.js";
import { multipart } from "./multipart.js";
import { isBusy, meaningOf, retryAfter } from "./statuses.js";
import { TransportError } from "./transport.js";

/**
 * @typedef {import("./transport.js").Answer} Answer
 * @typedef {{method?: "GET" | "HEAD", path: string, accept: string, want?: "text" | "blob", most?: number}} Query
 * @typedef {{kind: "read", status: number, text: string, round: number} | {kind: "halve"} | {kind: "wait", silent: boolean}} Stored
 *   `silent`: there was no answer at all; whether it arrived is unknown
 *
 * @typedef {object} ClientOptions
 * @property {string} url
 * @property {import("./transport.js").Transport} transport
 * @property {() => string | null} token
 * @property {import("./retry.js").Line} line
 * @property {AbortSignal} signal
 * @property {() => number} now
 */

export const JSON_TYPE = "application/dicom+json";
/** How often a query is repeated whose answer is 500. */
const MOST_FAULTS = 8;

export class Client {
  #options;
  /** Has the destination ever answered? If not, it may be that the browser lets no answer through. */
  #heard = false;

  /** @param {ClientOptions} options */
  constructor(options) {
    this.#options = options;
  }

  /**
   * @param {Query} query
   * @returns {Promise<Answer>}  of a status that is an answer to the query
   */
  async ask(query) {
    const { line } = this.#options;
    for (let faults = 0; ; ) {
      const round = await line.open();
      const answer = await this.#send(this.#query(query));
      const ended = answer instanceof TransportError ? "wait" : meaningOf(answer.status);
      if (answer instanceof Error) line.failed("small", round, this.#silence(answer), null);
      else if (ended === "wait" || (answer.status === 500 && ++faults < MOST_FAULTS))
        this.#wait("small", round, answer);
      else {
        line.answered("small");
        return answer;
      }
    }
  }

  /** A query that is asked once. @param {Query} query @returns {Promise<Answer | TransportError>} */
  once(query) {
    return this.#send(this.#query(query));
  }

  /**
   * Of an answer to be read the line is told by who has read it.
   * @param {BlobPart[][]} instances  of one study
   * @param {(bytes: number) => void} onProgress
   * @returns {Promise<Stored>}
   */
  async store(instances, onProgress) {
    const { line } = this.#options;
    const { type, body } = multipart(instances);
    const round = await line.open();
    const headers = { "Content-Type": type, Accept: JSON_TYPE };
    const answer = await this.#send({ method: "POST", path: "/studies", headers, body, onProgress });
    if (answer instanceof TransportError) {
      line.failed("large", round, this.#silence(answer), null);
      return { kind: "wait", silent: true };
    }
    const ended = meaningOf(answer.status);
    if (ended === "auth") throw new DeliveryError("destination-auth");
    if (ended === "misconfigured") throw new DeliveryError("destination-misconfigured");
    if (ended === "wait") {
      this.#wait("large", round, answer);
      return { kind: "wait", silent: false };
    }
    if (ended === "halve") {
      line.answered("large");
      return { kind: "halve" };
    }
    return { kind: "read", status: answer.status, text: answer.text, round };
  }

  /** @param {Query} query */
  #query({ method = "GET", path, accept, want, most }) {
    return { method, path, headers: { Accept: accept }, body: null, want, most };
  }

  /**
   * @param {{method: "GET" | "HEAD" | "POST", path: string, headers: Record<string, string>, body: Blob | null,
   *   onProgress?: (bytes: number) => void, want?: "text" | "blob", most?: number}} request
   * @returns {Promise<Answer | TransportError>}
   */
  async #send({ path, headers, ...request }) {
    const { token } = this.#options;
    for (let renewed = false; ; renewed = true) {
      const used = token();
      // A field's value with other characters would be told by the browser in an error, whole.
      if (used !== null && !/^[\x21-\x7e]+$/u.test(used)) throw new DeliveryError("destination-auth");
      const authorised = used === null ? headers : { ...headers, Authorization: `Bearer ${used}` };
      const answer = await this.#carry({ ...request, path, headers: authorised });
      // A token that was renewed meanwhile is tried.
      if (renewed || answer instanceof Error || meaningOf(answer.status) !== "auth" || token() === used) return answer;
    }
  }

  /**
   * @param {{method: "GET" | "HEAD" | "POST", path: string, headers: Record<string, string>, body: Blob | null}} request
   * @returns {Promise<Answer | TransportError>}
   */
  async #carry({ path, ...request }) {
    const { transport, url, signal } = this.#options;
    try {
      const answer = await transport({ ...request, url: url + path, signal });
      this.#heard = true;
      if (answer.status >= 300 && answer.status < 400) throw new DeliveryError("destination-misconfigured");
      return answer;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof TransportError)) throw error;
      if (error.kind === "redirected") throw new DeliveryError("destination-misconfigured");
      return error;
    }
  }

  /** @param {import("./retry.js").Kind} kind @param {number} round @param {Answer} answer */
  #wait(kind, round, answer) {
    const { line, now } = this.#options;
    const code = isBusy(answer.status) ? "provider-busy" : "provider-down";
    line.failed(kind, round, code, retryAfter(answer.header("Retry-After"), now()));
  }

  /** @param {TransportError} error */
  #silence({ kind }) {
    if (kind === "offline") return "offline";
    return this.#heard ? "provider-down" : "blocked";
  }
}
