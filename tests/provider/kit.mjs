// A provider of its own for every test, asked over real HTTP, also with requests that no client would send.
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { request } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer } from "../../provider/server.mjs";
import { root } from "../../tools/process.mjs";

export const BOUNDARY = "aBcD0123456789";
export const STOW = { "Content-Type": `multipart/related; type="application/dicom"; boundary=${BOUNDARY}` };
export const DICOM = "Content-Type: application/dicom";

const NONE = { schema: "tokumei.settings/1", destinations: [] };

/**
 * A server that ends with the test.
 * @param {import("node:test").TestContext | null} t
 * @param {Partial<import("../../provider/server.mjs").Options>} [how]
 */
export async function provide(t, how = {}) {
  const received = how.received ?? mkdtempSync(join(tmpdir(), "tokumei-received-"));
  const server = createServer({ folder: join(root, "dist"), settings: NONE, received, ...how });
  await new Promise((done) => server.listen(0, "127.0.0.1", () => done(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const close = async () => {
    server.closeAllConnections();
    server.close();
    await server.closed;
  };
  t?.after(async () => {
    await close();
    if (how.received === undefined) rmSync(received, { recursive: true, force: true });
  });
  const ask = (/** @type {string} */ path, /** @type {Asked} */ asked = {}) => askAt(port, path, asked);
  return {
    server,
    port,
    received,
    origin: `http://127.0.0.1:${port}`,
    ask,
    close,
    store: (/** @type {Buffer[]} */ instances, path = "/dicom-web/studies") =>
      ask(path, { method: "POST", headers: STOW, body: multipart(instances) }),
  };
}

/**
 * @typedef {{ method?: string, headers?: Record<string, string | number>, body?: Buffer | string | import("node:stream").Readable,
 *   agent?: import("node:http").Agent }} Asked
 * @typedef {{ status: number, headers: import("node:http").IncomingHttpHeaders, bytes: Buffer, text: string, json: any }} Answer
 * @param {number} port @param {string} path @param {Asked} asked
 * @returns {Promise<Answer>}
 */
export function askAt(port, path, { method = "GET", headers = {}, body = "", agent } = {}) {
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port, path, method, headers, agent }, (response) => {
      /** @type {Buffer[]} */
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const bytes = Buffer.concat(chunks);
        const text = bytes.toString();
        const json = /json/.test(response.headers["content-type"] ?? "") && text ? JSON.parse(text) : null;
        resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes, text, json });
      });
    });
    asked.on("error", reject);
    if (typeof body === "string" || Buffer.isBuffer(body)) asked.end(body);
    else body.pipe(asked);
  });
}

/** @param {(Buffer | string)[]} bodies @param {{ header?: string, boundary?: string, end?: string }} [how] */
export function multipart(bodies, { header = DICOM, boundary = BOUNDARY, end = `--${boundary}--\r\n` } = {}) {
  const parts = bodies.flatMap((body) => [
    Buffer.from(`--${boundary}\r\n${header}\r\n\r\n`),
    Buffer.from(body),
    Buffer.from("\r\n"),
  ]);
  return Buffer.concat([...parts, Buffer.from(end)]);
}

/** Bytes on the line as they are; what came back until the line closed. @param {number} port @param {(string | Buffer)[]} pieces @param {number} [pauseMs] between pieces */
export function raw(port, pieces, pauseMs = 0) {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk;
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(text));
    (async () => {
      for (const piece of pieces) {
        if (socket.destroyed) return;
        socket.write(piece);
        await new Promise((done) => setTimeout(done, pauseMs));
      }
    })();
  });
}

/** The instances that a sequence of the answer names, and their reasons. @param {any} body @param {"stored" | "failed"} which */
export function named(body, which) {
  const tag = which === "stored" ? "00081199" : "00081198";
  return (body?.[tag]?.Value ?? []).map((/** @type {any} */ entry) => ({
    uid: entry["00081155"].Value[0],
    reason: entry["00081197"]?.Value[0] ?? null,
    warning: entry["00081196"]?.Value[0] ?? null,
  }));
}

/** Every file in a folder, relative, without the journal. @param {string} folder */
export function filesIn(folder) {
  return readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => statSync(join(folder, name)).isFile() && !name.startsWith(".journal"))
    .sort();
}

/** @param {Buffer} bytes */
export const sha256 = (bytes) => createHash("sha256").update(bytes).digest();
