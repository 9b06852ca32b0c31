// Answers, and what is left of a request that is answered before it has come in.

/**
 * @typedef {import("node:http").IncomingMessage} Request
 * @typedef {import("node:http").ServerResponse} Response
 */

/** Bytes that are still taken of a body that nobody wants, so that the sender gets to read the answer. */
const LINGER = 1_000_000_000;

/** @param {Response} response @param {number} status @param {string} [text] */
export function end(response, status, text = "") {
  response.statusCode = status;
  response.end(text);
}

/** @param {Response} response @param {number} status @param {unknown} value @param {string} [type] */
export function json(response, status, value, type = "application/json; charset=utf-8") {
  const text = JSON.stringify(value);
  response.writeHead(status, { "Content-Type": type, "Content-Length": Buffer.byteLength(text) });
  response.end(response.req.method === "HEAD" ? undefined : text);
}

/** The method is not one of these. @param {Response} response @param {string} allow */
export function notAllowed(response, allow) {
  response.setHeader("Allow", allow);
  end(response, 405);
}

/**
 * Reads on and throws away: browsers read an answer only once they have sent all, and a closed connection looks like a
 * broken line to them.
 * @param {Request} request
 */
export function drain(request) {
  if (request.readableEnded || request.destroyed) return;
  let bytes = 0;
  request.on("data", (chunk) => {
    bytes += chunk.length;
    if (bytes > LINGER) request.destroy();
  });
  request.on("error", () => {
    // The sender went away: nothing more comes.
  });
  request.resume();
}
