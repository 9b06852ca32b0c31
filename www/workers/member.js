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

/**
 * @typedef {import("./types.js").Input} Input
 * @typedef {import("./types.js").Member} Member
 * @typedef {import("./page.js").PageSource} PageSource
 */

const STORED = 0;
/** What a scan mostly needs of a deflated member. */
const HEAD = 256 * 1024;
/** Bytes given to the decompressor at once; what comes out of them waits in memory. */
const FED = 32 * 1024;
const WINDOW = 4 * 1024 * 1024;
/** A local header is rarely longer. */
const HEADER = 1024;

/**
 * @param {Input & {member: Member}} input
 * @param {boolean} whole  most of its bytes will be wanted
 * @returns {Promise<PageSource>}
 */
export async function openMember({ file, size, member }, whole) {
  if (!(file instanceof Blob)) throw new SourceFault("source-unreadable");
  if (file.size !== member.archive) throw new SourceFault("source-changed");
  const stored = member.method === STORED;
  const small = whole && size <= HELD_UP_TO;
  const ahead = stored && !small ? HEADER : Math.min(WINDOW, member.packed + HEADER);
  const extent = new BlobRanges(file.slice(member.offset, member.offset + reach(member)), ahead);
  const start = dataStart(extent, size, member, crc32Of);
  if (!stored) return inflatedSource(extent, start, { size, member }, whole);
  const at = member.offset + start;
  const slice = file.slice(at, at + size);
  const parts = (/** @type {number} */ offset, /** @type {number} */ length) => [slice.slice(offset, offset + length)];
  if (!small) {
    if (whole) await checkCrc(slice, member);
    return { data: slice, parts, copied: false, fault: null, close };
  }
  const bytes = new Uint8Array(size);
  extent.read(start, bytes);
  if (crc32Of(bytes) !== member.crc32) throw new SourceFault("zip-damaged");
  return { data: new HeldBytes(bytes), parts, copied: false, fault: null, close };
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
    const wanted = { size, crc32: member.crc32, want: whole ? size : HEAD };
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
    for (let at = 0; at < slice.size; at += WINDOW) {
      crc.update(new Uint8Array(await slice.slice(at, at + WINDOW).arrayBuffer()));
    }
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
