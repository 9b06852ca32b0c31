/** Bodies of STOW-RS (PS3.18 10.5, RFC 2387), made of Blobs without copying them, and the first part of such a body. */

const LETTERS = "abcdefghijklmnopqrstuvwxyz234567";
const PART = "Content-Type: application/dicom";
/** The headers of a part end within so many bytes; the closing boundary begins within so many of the end. */
const MOST_HEADERS = 16 * 1024;

/**
 * Letters and digits only, unquoted: receivers differ in what else they read. A parameter in a part's header made one store
 * nothing and answer 200.
 * @param {BlobPart[][]} instances
 * @returns {{type: string, body: Blob}}  type: the value of Content-Type
 */
export function multipart(instances) {
  const boundary = newBoundary();
  /** @type {BlobPart[]} */
  const parts = [];
  for (const instance of instances) {
    parts.push(`${parts.length > 0 ? "\r\n" : ""}--${boundary}\r\n${PART}\r\n\r\n`, ...instance);
  }
  parts.push(`\r\n--${boundary}--\r\n`);
  return { type: `multipart/related; type="application/dicom"; boundary=${boundary}`, body: new Blob(parts) };
}

/** 160 random bits. */
function newBoundary() {
  return Array.from(crypto.getRandomValues(new Uint8Array(32)), (byte) => LETTERS[byte & 31]).join("");
}

/**
 * @param {Blob} body
 * @param {string | null} type  the value of Content-Type
 * @returns {Promise<Blob | null>}  the content of the only part, or the body itself if it has no parts; null: not to be read
 */
export async function onlyPart(body, type) {
  if (!/^\s*multipart\/related\b/iu.test(type ?? "")) return body;
  const boundary = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/iu.exec(type ?? "");
  const mark = boundary && `--${boundary[1] ?? boundary[2]}`;
  if (!mark) return null;
  const head = await latin1(body.slice(0, MOST_HEADERS));
  const begin = head.startsWith(mark) ? 0 : head.indexOf(`\r\n${mark}`);
  const start = begin < 0 ? -1 : head.indexOf("\r\n\r\n", begin + mark.length);
  const from = Math.max(0, body.size - MOST_HEADERS);
  const end = (await latin1(body.slice(from))).lastIndexOf(`\r\n${mark}--`);
  if (start < 0 || end < 0 || from + end < start + 4) return null;
  return body.slice(start + 4, from + end);
}

/** @param {Blob} blob */
async function latin1(blob) {
  return Array.from(new Uint8Array(await blob.arrayBuffer()), (byte) => String.fromCharCode(byte)).join("");
}
