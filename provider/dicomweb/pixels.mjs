// Whether Pixel Data is all there: truncated files are what broken lines leave.
import { Refusal } from "./reasons.mjs";

const ITEM = 0xfffee000;
const SEQUENCE_END = 0xfffee0dd;
const WINDOW = 1 << 16;

/**
 * @param {import("node:fs/promises").FileHandle} file @param {number} size of the file
 * @param {NonNullable<import("./facts.mjs").Facts["pixels"]>} pixels
 */
export async function checkPixels(file, size, { offset, length, encapsulated, bigEndian }) {
  if (!encapsulated) {
    if (offset + length > size) throw new Refusal("truncated");
    return;
  }
  // Fragments one by one (PS3.5 A.4), by their headers alone.
  const read = windowed(file, size);
  for (let at = offset; ; ) {
    const head = await read(at);
    if (head === null) throw new Refusal("truncated");
    const tag = bigEndian
      ? head.readUInt16BE(0) * 0x10000 + head.readUInt16BE(2)
      : head.readUInt16LE(0) * 0x10000 + head.readUInt16LE(2);
    if (tag === SEQUENCE_END) return;
    if (tag !== ITEM) throw new Refusal("header-unreadable");
    at += 8 + (bigEndian ? head.readUInt32BE(4) : head.readUInt32LE(4));
  }
}

/**
 * Eight bytes at an offset, or null beyond the end; neighbours come with one read.
 * @param {import("node:fs/promises").FileHandle} file @param {number} size
 */
function windowed(file, size) {
  const buffer = Buffer.allocUnsafe(WINDOW);
  let from = 0;
  let to = 0;
  return async (/** @type {number} */ at) => {
    if (at + 8 > size) return null;
    if (at < from || at + 8 > to) {
      const { bytesRead } = await file.read(buffer, 0, WINDOW, at);
      from = at;
      to = at + bytesRead;
      if (bytesRead < 8) return null;
    }
    return buffer.subarray(at - from, at - from + 8);
  };
}
