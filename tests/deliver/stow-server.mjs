// The store of these tests behind a real server of HTTP, with faults of the line.
import { createServer } from "node:http";

/**
 * @param {import("./stow-store.mjs").Store} store  its `fault` may also name "hang", "cut-before", "cut-after", "early-413"
 * @param {import("node:test").TestContext} t
 * @param {(request: import("node:http").IncomingMessage, response: import("node:http").ServerResponse) => boolean} [other]
 *   answers what is not DICOMweb
 */
export async function serve(store, t, other = () => false) {
  const server = createServer(async (request, response) => {
    if (other(request, response)) return;
    const path = request.url.replace(/^\/dicom-web/, "");
    const facts = { method: request.method, path, headers: request.headers };
    const early = store.how.fault({ ...facts, body: null, early: true }, store);
    if (early === "cut-before") return request.socket.destroy();
    if (early === "hang") return;
    if (early?.status) return send(response, early);
    const chunks = [];
    try {
      for await (const chunk of request) chunks.push(chunk);
    } catch {
      return;
    }
    const body = Buffer.concat(chunks);
    store.requests.push({ ...facts, bytes: body.length });
    const answer = store.answer({ ...facts, body });
    if (early === "cut-after") return request.socket.destroy();
    send(response, answer);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${server.address().port}`;
}

function send(response, { status, headers = {}, body = "" }) {
  response.writeHead(status, { ...headers, "Content-Length": Buffer.byteLength(body) });
  response.end(body);
}
