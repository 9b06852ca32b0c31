/**
 * Members of ZIPs in the page's workers: a stored one is a slice of the ZIP, a deflated one is inflated in memory. What will leave
 * is opened as a whole, and its CRC-32 is checked then.
 */

import { inflate } from "../intake/zip/inflate.js";
import { dataStart, reach } from "../intake/zip/member.js";
import { Crc32 } from "../pkg/core.js";
import { SourceFault } from "./fault.js";
import { HELD_UP_TO, HeldBytes } from "./held.js";
import { crc32Of } from "./members.js";
import { BlobRanges } from "./ranges.js";
import { eachWindow } from "./windows.js";

/**
 * @typedef {import("./types.js").Input} Input
 * @typedef {import("./types.js").Member} Member
 * @typedef {import("./page.js").PageSource} PageSource
 */

const STORED = 0;
/** What a module first reads of a file. */
const HEAD = 64 * 1024;
/** What a scan mostly needs of a deflated member. */
const INFLATED_HEAD = 256 * 1024;
/** Bytes given to the decompressor at once; what comes out of them waits in memory. */
const FED = 32 * 1024;
/** Bytes that are read at once where most of a member is wanted. */
const AHEAD = 4 * 1024 * 1024;

/**
 * @param {Input & {member: Member}} input
 * @param {boolean} whole  most of its bytes will be wanted
 * @param {Uint8Array<ArrayBuffer> | null} beginning  its first bytes from the local header on, if they are read already
 * @returns {Promise<PageSource>}
 */
export async function openMember({ file, size, member }, whole, beginning) {
  if (!(file instanceof Blob)) throw new SourceFault("source-unreadable");
  if (file.size !== member.archive) throw new SourceFault("source-changed");
  const place = file.slice(member.offset, member.offset + reach(member));
  const ahead = Math.min(AHEAD, member.packed);
  const extent = new BlobRanges(place, ahead, beginning?.subarray(0, place.size));
  const start = dataStart(extent, size, member, crc32Of);
  if (member.method !== STORED) return inflatedSource(extent, start, { size, member }, whole);
  const slice = place.slice(start, start + size);
  const data = await storedData(slice, extent, start, { size, member }, whole);
  return { data, parts: (offset, length) => [slice.slice(offset, offset + length)], copied: false, fault: null, close };
}

/**
 * @param {Blob} slice
 * @param {BlobRanges} extent
 * @param {number} start
 * @param {{size: number, member: Member}} what
 * @param {boolean} whole
 * @returns {Promise<PageSource["data"]>}
 */
async function storedData(slice, extent, start, { size, member }, whole) {
  if (whole && size > HELD_UP_TO) {
    await checkCrc(slice, member);
    return slice;
  }
  const bytes = new Uint8Array(whole ? size : Math.min(size, HEAD));
  extent.read(start, bytes);
  if (!whole) return new BlobRanges(slice, 0, bytes);
  if (crc32Of(bytes) !== member.crc32) throw new SourceFault("zip-damaged");
  return new HeldBytes(bytes);
}

/**
 * @param {BlobRanges} extent
 * @param {number} start
 * @param {{size: number, member: Member}} what
 * @param {boolean} whole
 * @returns {Promise<PageSource>}
 */
async function inflatedSource(extent, start, { size, member }, whole) {
  const crc = new Crc32();
  try {
    const wanted = { size, crc32: member.crc32, want: whole ? size : INFLATED_HEAD };
    const inflated = await inflate(inflating(extent, start, member.packed), wanted, crc);
    return {
      data: inflated.whole ? new HeldBytes(inflated.whole) : inflated,
      parts: (offset, length) => inflated.parts(offset, length),
      copied: true,
      get short() {
        return inflated.short;
      },
      fault: null,
      close,
    };
  } finally {
    crc.free();
  }
}

/**
 * @param {BlobRanges} extent
 * @param {number} start
 * @param {number} packed
 * @returns {AsyncGenerator<Uint8Array>}
 */
async function* inflating(extent, start, packed) {
  const { readable, writable } = new DecompressionStream("deflate-raw");
  /** @type {unknown} */
  let unread = null;
  const fed = feed(writable.getWriter(), extent, start, packed).catch((error) => {
    if (error instanceof SourceFault) unread = error;
  });
  const reader = readable.getReader();
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      yield value;
    }
  } catch (error) {
    if (unread !== null) throw unread;
    // Data that are no deflated data, that end early, or that go on after their end.
    if (error instanceof TypeError) throw new SourceFault("zip-damaged");
    throw error;
  } finally {
    await reader.cancel().catch(() => undefined);
    await fed;
  }
}

/**
 * @param {WritableStreamDefaultWriter<BufferSource>} writer
 * @param {BlobRanges} extent
 * @param {number} start
 * @param {number} packed
 */
async function feed(writer, extent, start, packed) {
  try {
    for (let at = 0; at < packed; at += FED) {
      await writer.ready;
      const bytes = new Uint8Array(Math.min(FED, packed - at));
      extent.read(start + at, bytes);
      await writer.write(bytes);
    }
    await writer.close();
  } catch (error) {
    await writer.abort(error).catch(() => undefined);
    throw error;
  }
}

/** @param {Blob} slice @param {Member} member */
async function checkCrc(slice, member) {
  const crc = new Crc32();
  try {
    await eachWindow(slice, (bytes) => crc.update(bytes));
    if (crc.value() !== member.crc32) throw new SourceFault("zip-damaged");
  } catch (error) {
    if (error instanceof DOMException) throw new SourceFault("source-unreadable");
    throw error;
  } finally {
    crc.free();
  }
}

/** Nothing is open. */
function close() {}
