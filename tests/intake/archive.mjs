// ZIPs made by hand, so that each of their numbers can be wrong (APPNOTE.TXT 6.3.10). No library is asked that the product uses.
import { deflateRawSync } from "node:zlib";

/**
 * @typedef {object} Made
 * @property {string | Buffer} name
 * @property {Buffer} [data]
 * @property {boolean} [stored]
 * @property {Buffer} [packed]  compressed data as they stand
 * @property {number} [method] @property {number} [flags] @property {number} [crc] @property {number} [size]
 * @property {boolean} [descriptor]  numbers follow the data
 * @property {boolean} [zip64]  numbers stand in the extra field
 * @property {Buffer} [extra]  of both headers
 * @property {Partial<{name: string | Buffer, method: number, crc: number, size: number, packed: number}>} [local]  what the local header says instead
 * @property {number} [at]  offset of another local header: no header or data are written
 */

/** CRC-32 by the bit. @param {Uint8Array} bytes */
export function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let i = 0; i < 8; i++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/** Little-endian: pairs of width and value, or bytes. @param {(Buffer | [number, number])[]} fields */
export function record(...fields) {
  return Buffer.concat(
    fields.map((field) => {
      if (Buffer.isBuffer(field)) return field;
      const bytes = Buffer.alloc(8);
      bytes.writeBigUInt64LE(BigInt(field[1]));
      return bytes.subarray(0, field[0]);
    }),
  );
}

const MAX_32 = 0xffffffff;

/** The fields of a made member, with what is not said filled in. @param {Made} made */
function filled({ name, data = Buffer.alloc(0), stored = false, ...more }) {
  const packed = more.packed ?? (stored ? data : deflateRawSync(data));
  return {
    flags: more.descriptor ? 8 : 0,
    method: stored ? 0 : 8,
    crc: crc32(data),
    size: data.length,
    extra: Buffer.alloc(0),
    ...more,
    packed,
    name: Buffer.from(/** @type {string} */ (name)),
  };
}

/** @param {Made} made */
function localPart(made) {
  const { name, flags, method, crc, size, packed, extra, descriptor, zip64, local = {} } = filled(made);
  const says = { name, method, crc, size, packed: packed.length, ...local };
  const title = Buffer.from(/** @type {string} */ (says.name));
  const wide = zip64 ? record([2, 1], [2, 16], [8, says.size], [8, says.packed]) : Buffer.alloc(0);
  const [shownSize, shownPacked] = zip64 ? [MAX_32, MAX_32] : [says.size, says.packed];
  const numbers = descriptor ? [0, 0, 0] : [says.crc, shownPacked, shownSize];
  return record(
    [4, 0x04034b50],
    [2, 20],
    [2, flags],
    [2, says.method],
    [4, 0x21],
    .../** @type {[number, number][]} */ (numbers.map((number) => [4, number])),
    [2, title.length],
    [2, extra.length + wide.length],
    title,
    extra,
    wide,
    packed,
    ...(descriptor ? [record([4, 0x08074b50], [4, crc], [4, packed.length], [4, size])] : []),
  );
}

/** @param {Made} made @param {number} offset */
function centralPart(made, offset) {
  const { name, flags, method, crc, size, packed, extra, zip64 } = filled(made);
  const wide = zip64 ? record([2, 1], [2, 24], [8, size], [8, packed.length], [8, offset]) : Buffer.alloc(0);
  const [shownPacked, shownSize, shownOffset] = zip64 ? [MAX_32, MAX_32, MAX_32] : [packed.length, size, offset];
  return record(
    [4, 0x02014b50],
    [4, 0x00140014],
    [2, flags],
    [2, method],
    [4, 0x21],
    [4, crc],
    [4, /** @type {number} */ (shownPacked)],
    [4, /** @type {number} */ (shownSize)],
    [2, name.length],
    [2, extra.length + wide.length],
    [2, 0],
    [2, 0],
    [2, 0],
    [4, 0],
    [4, /** @type {number} */ (shownOffset)],
    name,
    extra,
    wide,
  );
}

/**
 * @param {Made[]} members
 * @param {{before?: Buffer, comment?: Buffer, zip64?: boolean, count?: number, disk?: number, offset?: number}} [how]
 *   `before`: bytes that no offset counts
 */
export function archive(members, { before = Buffer.alloc(0), comment = Buffer.alloc(0), zip64 = false, ...says } = {}) {
  /** @type {Buffer[]} */
  const parts = [];
  let at = 0;
  const offsets = members.map((member) => {
    if (member.at !== undefined) return member.at;
    const part = localPart(member);
    parts.push(part);
    at += part.length;
    return at - part.length;
  });
  const directory = Buffer.concat(members.map((member, i) => centralPart(member, offsets[i] ?? 0)));
  const count = says.count ?? members.length;
  const offset = says.offset ?? at;
  const wide = record(
    [4, 0x06064b50],
    [8, 44],
    [4, 0x002d002d],
    [4, 0],
    [4, 0],
    [8, count],
    [8, count],
    [8, directory.length],
    [8, offset],
    record([4, 0x07064b50], [4, 0], [8, at + directory.length], [4, 1]),
  );
  const end = record(
    [4, 0x06054b50],
    [2, says.disk ?? 0],
    [2, 0],
    [2, zip64 ? 0xffff : count & 0xffff],
    [2, zip64 ? 0xffff : count & 0xffff],
    [4, zip64 ? MAX_32 : directory.length],
    [4, zip64 ? MAX_32 : offset],
    [2, comment.length],
    comment,
  );
  return Buffer.concat([before, ...parts, directory, ...(zip64 ? [wide] : []), end]);
}

/** Info-ZIP's Unicode Path (4.6.9). @param {string} text @param {Buffer} name what it belongs to */
export function unicodePath(text, name) {
  const bytes = Buffer.from(text);
  return record([2, 0x7075], [2, 5 + bytes.length], [1, 1], [4, crc32(name)], bytes);
}
