/**
 * Members of ZIPs in a worker thread: a stored one is a part of the file, a deflated one is inflated in memory. What will leave is
 * opened as a whole, and its CRC-32 is checked then.
 */

import { pipeline, Readable } from "node:stream";
import { createInflateRaw } from "node:zlib";
import { inflate } from "../www/intake/zip/inflate.js";
import { dataStart, reach } from "../www/intake/zip/member.js";
import { Crc32 } from "../www/pkg/core.js";
import { SourceFault } from "../www/workers/fault.js";
import { crc32Of } from "../www/workers/members.js";

/**
 * @typedef {import("./source.js").FileSource} FileSource
 * @typedef {import("../www/workers/types.js").Member} Member
 * @typedef {import("../www/intake/zip/inflate.js").Inflated} Inflated
 */

const STORED = 0;
/** What a scan mostly needs of a deflated member. */
const HEAD = 256 * 1024;
/** Bytes read, given to the decompressor and taken from it at once. */
const CHUNK = 256 * 1024;

/**
 * @param {FileSource} file  the ZIP; closed when the member can't be opened
 * @param {{size: number, member: Member}} what
 * @param {boolean} whole  most of its bytes will be wanted
 * @returns {Promise<FileSource | InflatedSource>}
 */
export async function openMember(file, { size, member }, whole) {
  try {
    file.narrow(member.offset, reach(member));
    file.narrow(dataStart(file, size, member, crc32Of), member.packed);
    if (member.method !== STORED) return await inflatedSource(file, { size, member }, whole);
    if (whole) checkCrc(file, member);
    return file;
  } catch (error) {
    file.close();
    throw error;
  }
}

/**
 * @param {FileSource} file  the data of the member
 * @param {{size: number, member: Member}} what
 * @param {boolean} whole
 */
async function inflatedSource(file, { size, member }, whole) {
  const crc = new Crc32();
  try {
    const wanted = { size, crc32: member.crc32, want: whole ? size : HEAD };
    return new InflatedSource(await inflate(inflating(file), wanted, crc), file);
  } finally {
    crc.free();
  }
}

/**
 * @param {FileSource} file
 * @returns {AsyncGenerator<Uint8Array>}
 */
async function* inflating(file) {
  const stream = createInflateRaw({ chunkSize: CHUNK });
  // Whoever reads the stream is told what goes wrong.
  pipeline(Readable.from(chunks(file)), stream, () => undefined);
  try {
    for await (const piece of stream) yield piece;
  } catch (error) {
    if (error instanceof Error && String(Reflect.get(error, "code")).startsWith("Z_"))
      throw new SourceFault("zip-damaged");
    throw error;
  } finally {
    stream.destroy();
  }
  // Bytes after the end of the compressed data.
  if (stream.bytesWritten !== file.size) throw new SourceFault("zip-damaged");
}

/** Copies: the stream takes them when it likes. @param {FileSource} file */
function* chunks(file) {
  for (let at = 0; at < file.size; at += CHUNK) {
    const bytes = Buffer.allocUnsafe(Math.min(CHUNK, file.size - at));
    file.read(at, bytes);
    yield bytes;
  }
}

/** @param {FileSource} file @param {Member} member */
function checkCrc(file, member) {
  const crc = new Crc32();
  try {
    const spare = Buffer.allocUnsafe(CHUNK);
    for (let at = 0; at < file.size; at += CHUNK) {
      crc.update(file.view(at, Math.min(CHUNK, file.size - at), spare));
    }
    if (crc.value() !== member.crc32) throw new SourceFault("zip-damaged");
  } finally {
    crc.free();
  }
}

/** An inflated member, read like a file. */
class InflatedSource {
  /** @type {string | null} */
  fault = null;
  #inflated;
  #file;

  /**
   * @param {Inflated} inflated
   * @param {FileSource} file  the ZIP that it is of
   */
  constructor(inflated, file) {
    this.#inflated = inflated;
    this.#file = file;
    this.size = inflated.size;
  }

  get data() {
    return this;
  }

  get short() {
    return this.#inflated.short;
  }

  get milliseconds() {
    return this.#file.milliseconds;
  }

  /**
   * @param {number} offset
   * @param {Uint8Array} into
   */
  read(offset, into) {
    this.#inflated.read(offset, into);
  }

  /**
   * @param {number} offset
   * @param {number} length
   * @param {Buffer} spare  used where the bytes don't lie together
   * @returns {Buffer}
   */
  view(offset, length, spare) {
    const [first, ...more] = this.#inflated.parts(offset, length);
    if (first === undefined) return spare.subarray(0, 0);
    if (more.length === 0) return Buffer.from(first.buffer, first.byteOffset, first.length);
    this.#inflated.read(offset, spare.subarray(0, length));
    return spare.subarray(0, length);
  }

  /** Whether the ZIP has changed since it was listed. */
  changed() {
    return this.#file.changed();
  }

  close() {
    this.#file.close();
  }
}
