/**
 * The environment of a worker in the page: files are Blobs, outputs refer to them (no pixel is copied), hashing is
 * WebCrypto's for what may be read at once and the core's own, a window after the other, for what is larger.
 */

import { Crc32, Hasher } from "../pkg/core.js";
import { SourceFault } from "./fault.js";
import { HELD_UP_TO, HeldBytes, hold, Joint } from "./held.js";
import { BlobRanges } from "./ranges.js";
import { Together } from "./together.js";
import { eachWindow } from "./windows.js";

/**
 * @typedef {import("./types.js").Environment} Environment
 * @typedef {import("./types.js").Input} Input
 * @typedef {import("./types.js").Member} Member
 * @typedef {import("../intake/zip/inflate.js").Inflated} Inflated
 * @typedef {import("./types.js").OpenedSource & {data: Blob | HeldBytes | Inflated | BlobRanges, copied: boolean,
 *   parts: (offset: number, length: number) => (Blob | Uint8Array<ArrayBuffer>)[], plain?: boolean}} PageSource
 *   `parts`: a range for an output to hold; `copied`: as bytes, not by reference to the file; `plain`: it is the file, no member
 * @typedef {import("./types.js").Composed & {data: Blob | HeldBytes, own: number, made: {blob: Blob} | {pieces: import("./types.js").Pieces}}} PageComposed
 *   `made`: what is handed over: pieces, where few bytes are its own and the input is a file, no member of a ZIP
 */

const READ_AT_ONCE = 64 * 1024 * 1024;
/** What a module first reads of a file: holds most headers whole. */
const HEAD = 64 * 1024;
/** Bytes of its own that an output brings as they are: a Blob would cost the browser more. */
const MOST_OWN = 256 * 1024;
/** The local header of a member of a ZIP is rarely longer. */
const LOCAL_HEADER = 1024;

/** @returns {Environment} */
export function pageEnvironment() {
  let hashing = 0;
  /** @type {Map<string, ReturnType<typeof loadPixels>>} */
  const modules = new Map();
  const together = new Together();
  const joint = new Joint();
  /** What stands in a ZIP where a member begins. @type {WeakMap<Member, Blob>} */
  const beginnings = new WeakMap();
  return {
    expect(openings) {
      for (const { input, whole } of openings) {
        const beginning = beginningOf(input, whole);
        if (input.member && beginning) beginnings.set(input.member, beginning);
      }
      together.expect(openings.flatMap(({ input, whole }) => wanted(input, whole, beginnings)));
    },
    open(input, whole) {
      if (!input.member) return openFile(input, whole, together);
      const beginning = beginnings.get(input.member);
      return openMember(input, whole, beginning ? together.take(beginning, beginning.size) : null);
    },
    compose(pieces, source) {
      const { data, parts, copied, plain } = /** @type {PageSource} */ (source);
      const own = pieces.reduce((sum, piece) => sum + (piece instanceof Uint8Array ? piece.length : 0), 0);
      if (plain && data instanceof HeldBytes && own <= MOST_OWN) {
        const whole = joint.join(pieces, data);
        return { data: whole, size: whole.size, own, made: { pieces: pieces.map(portable) } };
      }
      const all = pieces.flatMap((piece) => (piece instanceof Uint8Array ? [owned(piece)] : parts(piece[0], piece[1])));
      const blob = new Blob(all, { type: "application/dicom" });
      const whole = data instanceof HeldBytes ? joint.join(pieces, data) : blob;
      return { data: whole, size: blob.size, own: copied ? blob.size : own, made: { blob } };
    },
    async deliver(composed, _source, leaving, watch) {
      const { data, made, own } = /** @type {PageComposed} */ (composed);
      const begun = performance.now();
      const crc = leaving.crc32 ? new Crc32() : null;
      const sha256 = await sha256Of(data, (bytes) => {
        watch.see(bytes);
        crc?.update(bytes);
      });
      const crc32 = crc?.value();
      crc?.free();
      hashing += performance.now() - begun;
      if (sha256 === null) return { code: "source-unreadable" };
      return watch.stop() ?? { sha256, ...(crc32 !== undefined && { crc32 }), ...made, own };
    },
    async digest(source) {
      const sha256 = await sha256Of(/** @type {PageSource} */ (source).data);
      if (sha256 === null) source.fault = "source-unreadable";
      return sha256 ?? "";
    },
    pixels(name) {
      const loading = modules.get(name) ?? loadPixels(name);
      modules.set(name, loading);
      return loading;
    },
    // The browser itself refuses to read a File whose size or time has changed since it was chosen.
    changed: () => false,
    timing: () => ({ hash: hashing }),
  };
}

/** Masks and previews are not wanted in every run: their module comes when the first one is. @param {"pixels" | "jxl"} name */
async function loadPixels(name) {
  const module = name === "jxl" ? await import("../pkg/jxl.js") : await import("../pkg/pixels.js");
  const { default: init, around, look, mask, preview } = module;
  const { memory } = await init({ module_or_path: new URL(`../pkg/${name}.wasm`, import.meta.url) });
  return { around, look, mask, preview, memory };
}

/**
 * @param {Input} input
 * @param {boolean} whole  most of its bytes will be wanted
 * @param {Together} together
 * @returns {PageSource | Promise<PageSource>}
 */
function openFile(input, whole, together) {
  const file = input.file;
  if (!(file instanceof Blob)) throw new SourceFault("source-unreadable");
  if (file.size !== input.size) throw new SourceFault("source-changed");
  const read = together.take(file, wantedOf(file, whole));
  return read instanceof Promise ? read.then((bytes) => opened(file, whole, bytes)) : opened(file, whole, read);
}

/**
 * @param {Blob} file
 * @param {boolean} whole
 * @param {Uint8Array<ArrayBuffer> | null} read  what was read of it already
 * @returns {PageSource}
 */
function opened(file, whole, read) {
  const data = read === null ? unread(file, whole) : whole ? new HeldBytes(read) : new BlobRanges(file, HEAD, read);
  const parts = (/** @type {number} */ offset, /** @type {number} */ length) => [file.slice(offset, offset + length)];
  return { data, parts, copied: false, plain: true, fault: null, close };
}

/** @param {Blob} file @param {boolean} whole */
function unread(file, whole) {
  return whole && file.size <= HELD_UP_TO ? hold(file) : file;
}

/**
 * What is read together with other files: small ones that are held, and the beginnings of those that are scanned.
 * @param {Input} input
 * @param {boolean} whole
 * @param {WeakMap<Member, Blob>} beginnings
 * @returns {import("./together.js").Wanted[]}
 */
function wanted({ file, member }, whole, beginnings) {
  const beginning = member && beginnings.get(member);
  if (beginning) return [{ file: beginning, length: beginning.size }];
  if (!(file instanceof Blob) || member || (whole && file.size > HELD_UP_TO)) return [];
  return [{ file, length: wantedOf(file, whole) }];
}

/**
 * A member's local header and as much of its data as will be wanted.
 * @param {Input} input
 * @param {boolean} whole
 * @returns {Blob | null}
 */
function beginningOf({ file, member }, whole) {
  if (!(file instanceof Blob) || !member || (whole && member.packed > HELD_UP_TO)) return null;
  const length = LOCAL_HEADER + (whole ? member.packed : Math.min(HEAD, member.packed));
  return file.slice(member.offset, member.offset + length);
}

/** @param {Blob} file @param {boolean} whole */
function wantedOf(file, whole) {
  return whole ? file.size : Math.min(HEAD, file.size);
}

/**
 * ZIPs are not in every drop: how they are read comes with the first one.
 * @param {Input} input
 * @param {boolean} whole
 * @param {ReturnType<Together["take"]>} beginning
 */
async function openMember(input, whole, beginning) {
  const members = await import("./member.js");
  return members.openMember(/** @type {Input & {member: Member}} */ (input), whole, await beginning);
}

/** Nothing is open. */
function close() {}

/**
 * @param {PageSource["data"]} data
 * @param {(bytes: Uint8Array) => void} [see]  is shown all bytes in order
 * @returns {Promise<string | null>}  null: a part can't be read any more
 */
async function sha256Of(data, see = () => undefined) {
  try {
    if (data instanceof HeldBytes || (data instanceof Blob && data.size <= READ_AT_ONCE)) {
      const bytes = data instanceof HeldBytes ? data.bytes : new Uint8Array(await data.arrayBuffer());
      see(bytes);
      return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
    }
    const hasher = new Hasher();
    await eachWindow(data, (bytes) => {
      see(bytes);
      hasher.update(bytes);
    });
    const digest = hasher.digest();
    hasher.free();
    return digest;
  } catch (error) {
    if (error instanceof DOMException) return null;
    throw error;
  }
}

/** @param {Uint8Array} bytes */
function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Without the rest of the memory that it is a part of, which would travel with it. @param {Uint8Array | [number, number]} piece */
function portable(piece) {
  return piece instanceof Uint8Array && piece.length < piece.buffer.byteLength ? piece.slice() : piece;
}

/**
 * @param {Uint8Array} piece
 * @returns {Uint8Array<ArrayBuffer>}
 */
function owned(piece) {
  return piece.buffer instanceof ArrayBuffer ? /** @type {Uint8Array<ArrayBuffer>} */ (piece) : new Uint8Array(piece);
}
