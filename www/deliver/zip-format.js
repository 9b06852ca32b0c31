/**
 * The records of a ZIP (APPNOTE.TXT 6.3.10, sections 4.3 and 4.5.3): stored members whose size and CRC-32 are known before they
 * are written, so that their bytes can be referred to. UTF-8 names, one fixed date, Zip64 only where a number needs it.
 *
 * @typedef {{name: Uint8Array, size: number, crc32: number, offset: number}} Member
 */

const MAX_16 = 0xffff;
const MAX_32 = 0xffffffff;
const PLAIN = 20;
const ZIP64 = 45;
/** Bit 11: the name is in UTF-8. */
const UTF_8 = 0x0800;
/** 1980-01-01 00:00: ZIP dates have no zone, so every machine writes the same bytes. */
const DATE = (1 << 5) | 1;
const ZIP64_EXTRA = 0x0001;

/** @param {Member} member @returns {Uint8Array} */
export function localHeader({ name, size, crc32 }) {
  const large = size >= MAX_32;
  return record([
    [4, 0x04034b50],
    [2, large ? ZIP64 : PLAIN],
    ...common(crc32, size, large),
    [2, name.length],
    [2, large ? 20 : 0],
    name,
    ...(large
      ? [
          [2, ZIP64_EXTRA],
          [2, 16],
          [8, size],
          [8, size],
        ]
      : []),
  ]);
}

/** @param {Member} member @returns {Uint8Array} */
function centralHeader({ name, size, crc32, offset }) {
  const large = size >= MAX_32;
  const far = offset >= MAX_32;
  const extra = [
    ...(large
      ? [
          [8, size],
          [8, size],
        ]
      : []),
    ...(far ? [[8, offset]] : []),
  ];
  const version = large || far ? ZIP64 : PLAIN;
  return record([
    [4, 0x02014b50],
    [2, version],
    [2, version],
    ...common(crc32, size, large),
    [2, name.length],
    [2, extra.length > 0 ? 4 + 8 * extra.length : 0],
    [2, 0],
    [2, 0],
    [2, 0],
    [4, 0],
    [4, far ? MAX_32 : offset],
    name,
    ...(extra.length > 0 ? [[2, ZIP64_EXTRA], [2, 8 * extra.length], ...extra] : []),
  ]);
}

/** Flags to sizes, which both headers have. @param {number} crc32 @param {number} size @param {boolean} large */
function common(crc32, size, large) {
  const shown = large ? MAX_32 : size;
  return [
    [2, UTF_8],
    [2, 0],
    [2, 0],
    [2, DATE],
    [4, crc32],
    [4, shown],
    [4, shown],
  ];
}

/**
 * What ends the file: the central directory and its end records.
 * @param {Member[]} members
 * @param {number} offset  bytes before it
 * @returns {Uint8Array[]}
 */
export function centralDirectory(members, offset) {
  const headers = members.map(centralHeader);
  const size = headers.reduce((sum, header) => sum + header.length, 0);
  const count = members.length;
  const zip64 = count >= MAX_16 || size >= MAX_32 || offset >= MAX_32;
  const ends = zip64
    ? [
        record([
          [4, 0x06064b50],
          [8, 44],
          [2, ZIP64],
          [2, ZIP64],
          [4, 0],
          [4, 0],
          [8, count],
          [8, count],
          [8, size],
          [8, offset],
        ]),
        record([
          [4, 0x07064b50],
          [4, 0],
          [8, offset + size],
          [4, 1],
        ]),
      ]
    : [];
  const shown = Math.min(count, MAX_16);
  return [
    ...headers,
    ...ends,
    record([
      [4, 0x06054b50],
      [2, 0],
      [2, 0],
      [2, shown],
      [2, shown],
      [4, Math.min(size, MAX_32)],
      [4, Math.min(offset, MAX_32)],
      [2, 0],
    ]),
  ];
}

/**
 * Little-endian numbers, each with its width in bytes, and bytes as they are.
 * @param {(number[] | Uint8Array)[]} fields
 * @returns {Uint8Array}
 */
function record(fields) {
  const widths = fields.map((field) => (field instanceof Uint8Array ? field.length : (field[0] ?? 0)));
  const bytes = new Uint8Array(widths.reduce((sum, width) => sum + width, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  fields.forEach((field, i) => {
    if (field instanceof Uint8Array) bytes.set(field, at);
    else put(view, at, field);
    at += widths[i] ?? 0;
  });
  return bytes;
}

/** @param {DataView} view @param {number} at @param {number[]} field  width and value */
function put(view, at, [width = 0, value = 0]) {
  if (width === 2) view.setUint16(at, value, true);
  else if (width === 4) view.setUint32(at, value, true);
  else view.setBigUint64(at, BigInt(value), true);
}
