/** What the client needs of a browser. */

import { fetchTransport } from "./fetch.js";
import { xhrTransport } from "./xhr.js";

/** @type {import("./transport.js").Transport} */
export const pageTransport = (request) => (request.body ? xhrTransport(request) : fetchTransport(request));

/**
 * Waiting that ends early when the browser is online again.
 * @param {number} ms
 * @param {AbortSignal} signal
 * @returns {Promise<void>}
 */
export function pageSleep(ms, signal) {
  return new Promise((done) => {
    const end = () => {
      clearTimeout(timer);
      removeEventListener("online", end);
      signal.removeEventListener("abort", end);
      done();
    };
    const timer = setTimeout(end, ms);
    addEventListener("online", end);
    signal.addEventListener("abort", end);
    if (signal.aborted) end();
  });
}
