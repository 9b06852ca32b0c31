// Media types of PS3.18 8.7: what a request brings, and what its sender can read.
import { MIMEType } from "node:util";
import { BadRequest } from "./reasons.mjs";

/** Characters of a boundary (RFC 2046 5.1.1), 70 at most, no blank at the end. */
const BOUNDARY = /^[\w'()+,./:=? -]{0,69}[\w'()+,./:=?-]$/;

/** @param {string | undefined} text */
export function mediaType(text) {
  try {
    return new MIMEType(text ?? "");
  } catch {
    // Not a media type.
    return null;
  }
}

/**
 * The boundary of a body of `multipart/related; type="application/dicom"`.
 * @param {import("node:http").IncomingHttpHeaders} headers
 */
export function boundaryOf(headers) {
  const type = mediaType(headers["content-type"]);
  const encoding = headers["content-encoding"];
  if (type?.essence !== "multipart/related" || (encoding !== undefined && encoding !== "identity")) {
    throw new BadRequest(415, "media-type");
  }
  if (mediaType(type.params.get("type") ?? "")?.essence !== "application/dicom")
    throw new BadRequest(415, "media-type");
  const boundary = type.params.get("boundary") ?? "";
  if (!BOUNDARY.test(boundary)) throw new BadRequest(400, "boundary");
  return boundary;
}

/**
 * The first of `types` that the Accept header names or covers; all are welcome without one. Weights are not looked at but
 * for zero. @param {string | undefined} accept @param {string[]} types
 */
export function accepted(accept, types) {
  if (accept === undefined || accept.trim() === "") return types[0] ?? null;
  for (const range of accept.split(",")) {
    const [name = "", ...parameters] = range.split(";").map((part) => part.trim().toLowerCase());
    if (parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))) continue;
    const found = types.find((type) => name === type || name === "*/*" || name === `${type.split("/")[0]}/*`);
    if (found !== undefined) return found;
  }
  return null;
}
