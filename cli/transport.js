/**
 * Node's transport to a DICOMweb destination. Follows no redirect: one is an answer like any other. An answer that comes while
 * the body is still being sent (401, 413) ends the sending.
 */

import { setMaxListeners } from "node:events";
import { Agent as HttpAgent, request as httpRequest } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { Readable } from "node:stream";
import { MOST_ANSWER, TransportError } from "../www/deliver/stow/transport.js";

/** @typedef {import("../www/deliver/stow/transport.js").Answer} Answer */
/** @typedef {import("../www/deliver/stow/transport.js").Request} Request */

/** Milliseconds without a byte sent or received. */
const MOST_STILL = 60_000;
/** Milliseconds from the last byte sent to the first byte of the answer: the receiver stores meanwhile. */
const MOST_STORING = 10 * 60_000;

/**
 * @param {{still?: number, storing?: number}} [patience]  milliseconds
 * @returns {import("../www/deliver/stow/transport.js").Transport & {close: () => void}}  `close` ends connections that are kept
 */
export function nodeTransport({ still = MOST_STILL, storing = MOST_STORING } = {}) {
  const plain = { request: httpRequest, agent: new HttpAgent({ keepAlive: true }) };
  const secure = { request: httpsRequest, agent: new HttpsAgent({ keepAlive: true }) };
  const transport = (/** @type {Request} */ wanted) =>
    carry(wanted, new URL(wanted.url).protocol === "https:" ? secure : plain, { still, storing });
  return Object.assign(transport, {
    close() {
      plain.agent.destroy();
      secure.agent.destroy();
    },
  });
}

/**
 * @param {Request} wanted
 * @param {{request: typeof httpRequest, agent: HttpAgent}} by
 * @param {{still: number, storing: number}} patience
 * @returns {Promise<Answer>}
 */
function carry({ method, url, headers, body, signal, onProgress, ...answered }, { request, agent }, patience) {
  return new Promise((resolve, reject) => {
    // All requests of a run have one signal; Node warns of more than ten.
    setMaxListeners(0, signal);
    const length = body ? { "Content-Length": body.size } : {};
    const sent = request(url, { method, agent, signal, headers: { ...headers, ...length } });
    let heard = false;
    // Only the kind of failure is told: Node's errors name addresses.
    const fail = () => reject(new TransportError("no-answer"));
    sent.on("error", () => {
      if (!heard) fail();
    });
    sent.setTimeout(body ? patience.still : patience.storing, () => {
      reject(new TransportError("slow"));
      sent.destroy();
    });
    sent.on("response", (response) => {
      heard = true;
      sent.setTimeout(patience.still);
      read(response, answered)
        .then(resolve, fail)
        .finally(() => {
          // What is left of the body is not wanted.
          if (!sent.writableFinished) sent.destroy();
        });
    });
    if (body)
      send(body, sent, onProgress).then(
        () => sent.setTimeout(patience.storing),
        () => sent.destroy(),
      );
    else sent.end();
  });
}

/**
 * @param {Blob} body
 * @param {import("node:http").ClientRequest} to
 * @param {((bytes: number) => void) | undefined} onProgress
 */
async function send(body, to, onProgress) {
  let bytes = 0;
  for await (const chunk of Readable.fromWeb(/** @type {any} */ (body.stream()))) {
    if (to.destroyed) return;
    if (!to.write(chunk)) await drained(to);
    bytes += chunk.length;
    onProgress?.(bytes);
  }
  to.end();
}

/** @param {import("node:http").ClientRequest} to @returns {Promise<void>} */
function drained(to) {
  return new Promise((done) => {
    const end = () => {
      to.off("drain", end).off("close", end);
      done();
    };
    to.on("drain", end).on("close", end);
    if (to.destroyed) end();
  });
}

/**
 * @param {import("node:http").IncomingMessage} response
 * @param {Pick<Request, "want" | "most">} answered
 * @returns {Promise<Answer>}
 */
async function read(response, { want = "text", most = MOST_ANSWER }) {
  /** @type {Buffer[]} */
  const chunks = [];
  let bytes = 0;
  const header = (/** @type {string} */ name) => {
    const value = response.headers[name.toLowerCase()];
    return Array.isArray(value) ? value.join(", ") : (value ?? null);
  };
  const status = response.statusCode ?? 0;
  for await (const chunk of response) {
    bytes += chunk.length;
    if (bytes > most) return { status, header, text: "", blob: null, cut: true };
    chunks.push(chunk);
  }
  if (want === "blob") return { status, header, text: "", blob: new Blob(/** @type {any} */ (chunks)) };
  return { status, header, text: Buffer.concat(chunks).toString("utf8") };
}
