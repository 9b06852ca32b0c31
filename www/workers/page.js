/**
 * The environment of a worker in the page: files are Blobs, outputs are Blobs that refer to them (no pixel is copied), hashing is
 * WebCrypto's for what may be read at once and the core's own, in bounded windows, for what is larger.
 */

import { Crc32, Hasher } from "../pkg/core.js";
import { SourceFault } from "./fault.js";
import { HELD_UP_TO, HeldBytes, hold, joined } from "./held.js";

/**
 * @typedef {import("./types.js").Environment} Environment
 * @typedef {import("./types.js").Input} Input
 * @typedef {import("./types.js").OpenedSource & {file: Blob}} PageSource
 * @typedef {import("./types.js").Composed & {data: Blob | HeldBytes, blob: Blob}} PageComposed
 */

const READ_AT_ONCE = 64 * 1024 * 1024;
const WINDOW = 4 * 1024 * 1024;

/** @returns {Environment} */
export function pageEnvironment() {
  let hashing = 0;
  /** @type {ReturnType<typeof loadPixels> | null} */
  let pixels = null;
  return {
    open: openFile,
    compose(pieces, source) {
      const { file, data } = /** @type {PageSource} */ (source);
      const parts = pieces.map((piece) =>
        piece instanceof Uint8Array ? owned(piece) : file.slice(piece[0], piece[0] + piece[1]),
      );
      const blob = new Blob(parts, { type: "application/dicom" });
      return { data: data instanceof HeldBytes ? joined(pieces, data) : blob, size: blob.size, blob };
    },
    async deliver(composed, _source, _name, watch) {
      const { data, blob } = /** @type {PageComposed} */ (composed);
      const begun = performance.now();
      const crc = new Crc32();
      const sha256 = await sha256Of(data, (bytes) => {
        watch.see(bytes);
        crc.update(bytes);
      });
      const crc32 = crc.value();
      crc.free();
      hashing += performance.now() - begun;
      if (sha256 === null) return { code: "source-unreadable" };
      return watch.stop() ?? { sha256, crc32, blob };
    },
    async digest(source) {
      const sha256 = await sha256Of(/** @type {PageSource} */ (source).file);
      if (sha256 === null) source.fault = "source-unreadable";
      return sha256 ?? "";
    },
    async preview(source, frame) {
      pixels ??= loadPixels();
      return (await pixels).preview(source.data, frame);
    },
    // The browser itself refuses to read a File whose size or time has changed since it was chosen.
    changed: () => false,
    timing: () => ({ hash: hashing }),
  };
}

/** Previews are rarely wanted: their module comes when the first one is. */
async function loadPixels() {
  const pixels = await import("../pkg/pixels.js");
  await pixels.default({ module_or_path: new URL("../pkg/pixels.wasm", import.meta.url) });
  return pixels;
}

/**
 * @param {Input} input
 * @param {boolean} whole  most of its bytes will be wanted
 * @returns {PageSource}
 */
function openFile(input, whole) {
  const file = input.file;
  if (!(file instanceof Blob)) throw new SourceFault("source-unreadable");
  if (file.size !== input.size) throw new SourceFault("source-changed");
  const data = whole && file.size <= HELD_UP_TO ? hold(file) : file;
  return { data, file, fault: null, close: () => undefined };
}

/**
 * @param {Blob | HeldBytes} blob
 * @param {(bytes: Uint8Array) => void} [see]  is shown all bytes in order
 * @returns {Promise<string | null>}  null: a part can't be read any more
 */
async function sha256Of(blob, see = () => undefined) {
  try {
    if (blob instanceof HeldBytes || blob.size <= READ_AT_ONCE) {
      const bytes = blob instanceof HeldBytes ? blob.bytes : new Uint8Array(await blob.arrayBuffer());
      see(bytes);
      return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
    }
    const hasher = new Hasher();
    for (let at = 0; at < blob.size; at += WINDOW) {
      const bytes = new Uint8Array(await blob.slice(at, at + WINDOW).arrayBuffer());
      see(bytes);
      hasher.update(bytes);
    }
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

/**
 * @param {Uint8Array} piece
 * @returns {Uint8Array<ArrayBuffer>}
 */
function owned(piece) {
  return piece.buffer instanceof ArrayBuffer ? /** @type {Uint8Array<ArrayBuffer>} */ (piece) : new Uint8Array(piece);
}
