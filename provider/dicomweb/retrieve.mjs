// WADO-RS: one instance as it was stored (PS3.18 10.4), with the digest of its bytes (RFC 9530).
import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { accepted } from "./media.mjs";
import { BadRequest } from "./reasons.mjs";

const TYPES = ["application/dicom", "multipart/related"];

/**
 * @param {import("node:http").IncomingMessage} request @param {import("node:http").ServerResponse} response
 * @param {import("../archive/archive.mjs").Archive} archive @param {import("../archive/catalog.mjs").Row} row
 */
export async function retrieve(request, response, archive, row) {
  const type = accepted(request.headers.accept, TYPES);
  if (type === null) throw new BadRequest(406, "not-acceptable");
  const path = archive.path(row);
  const { size } = await stat(path);
  const digest = Buffer.from(row.sha256, "hex").toString("base64");
  const boundary = randomUUID();
  const [head, tail] =
    type === "application/dicom"
      ? ["", ""]
      : [
          `--${boundary}\r\nContent-Type: application/dicom; transfer-syntax=${row.transferSyntax}\r\n\r\n`,
          `\r\n--${boundary}--\r\n`,
        ];
  response.writeHead(200, {
    "Content-Type": head === "" ? type : `multipart/related; type="application/dicom"; boundary=${boundary}`,
    "Content-Length": head.length + size + tail.length,
    // The digest of the representation: of one part it says nothing.
    ...(head === "" && { "Repr-Digest": `sha-256=:${digest}:` }),
  });
  if (request.method === "HEAD") return response.end();
  response.write(head);
  try {
    await pipeline(createReadStream(path), response, { end: false });
    response.end(tail);
  } catch {
    // Whoever asked went away, or sees that the body is cut short.
    response.destroy();
  }
}
