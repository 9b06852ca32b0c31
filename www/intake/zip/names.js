/**
 * Names of members as text. A ZIP does not say reliably in which encoding they are: the flag for UTF-8 (APPNOTE.TXT 4.4.4, bit
 * 11), Info-ZIP's Unicode Path field (4.6.9) where it belongs to the name, else UTF-8 where it can be that, else cp932, as Windows
 * in Japanese writes it. A name only names a row: it is never a place to write.
 */

import { extraField } from "./bytes.js";

const UTF8_FLAG = 0x0800;
const UNICODE_PATH = 0x7075;
const BACKSLASH = /\\/gu;

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const cp932 = new TextDecoder("shift_jis", { fatal: true });

/**
 * @param {import("./directory.js").CentralHeader} header
 * @param {number} named  CRC-32 of the name as it stands
 * @returns {string}  with "/", also where a tool of Windows wrote "\"
 */
export function memberName({ flags, name, extra }, named) {
  const declared = flags & UTF8_FLAG ? decoded(utf8, name) : unicodePath(extra, named);
  const text = declared ?? decoded(utf8, name) ?? decoded(cp932, name);
  return text === null ? escaped(name) : text.replace(BACKSLASH, "/");
}

/**
 * @param {Uint8Array} extra
 * @param {number} named
 */
function unicodePath(extra, named) {
  const field = extraField(extra, UNICODE_PATH);
  if (field === null || field.byteLength < 5 || field.getUint8(0) !== 1) return null;
  if (field.getUint32(1, true) !== named) return null;
  return decoded(utf8, new Uint8Array(field.buffer, field.byteOffset + 5, field.byteLength - 5));
}

/**
 * @param {{decode(bytes: Uint8Array): string}} decoder
 * @param {Uint8Array} bytes
 * @returns {string | null}
 */
function decoded(decoder, bytes) {
  try {
    return decoder.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

/** Bytes that no decoding explains, as `\xNN`. @param {Uint8Array} bytes */
function escaped(bytes) {
  return Array.from(bytes, (byte) =>
    byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, "0")}`,
  ).join("");
}
