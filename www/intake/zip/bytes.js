/** Little-endian numbers and extra fields, as the records of a ZIP hold them. Whoever asks has made sure that the bytes are there. */

/**
 * @typedef {{size: number, read(offset: number, into: Uint8Array): void}} Source
 * @typedef {{bytes: Uint8Array, view: DataView}} Record
 */

/** A field that holds no more than 32 bits says so by this; the number then stands in the Zip64 extra field (4.4.1.4). */
export const MAX_32 = 0xffffffff;

const ZIP64 = 0x0001;

/**
 * @param {Source} source
 * @param {number} offset
 * @param {number} length
 * @returns {Record}
 */
export function recordAt(source, offset, length) {
  const bytes = new Uint8Array(length);
  source.read(offset, bytes);
  return { bytes, view: new DataView(bytes.buffer) };
}

/** @param {DataView} view @param {number} at @returns {number}  NaN beyond what a number holds exactly */
export function uint64(view, at) {
  const value = Number(view.getBigUint64(at, true));
  return value <= Number.MAX_SAFE_INTEGER ? value : Number.NaN;
}

/**
 * @param {Uint8Array} extra  an extra field (4.5.1): pieces with an id and a length each
 * @param {number} id
 * @returns {DataView | null}
 */
export function extraField(extra, id) {
  const view = new DataView(extra.buffer, extra.byteOffset, extra.length);
  for (let at = 0; at + 4 <= extra.length; ) {
    const length = view.getUint16(at + 2, true);
    if (at + 4 + length > extra.length) return null;
    if (view.getUint16(at, true) === id) return new DataView(extra.buffer, extra.byteOffset + at + 4, length);
    at += 4 + length;
  }
  return null;
}

/**
 * Numbers of a header with those of its Zip64 field in place of what did not fit (4.5.3).
 * @param {number[]} numbers  in the order of that field: size, compressed size, offset
 * @param {Uint8Array} extra
 * @returns {number[]}  NaN where the field lacks one
 */
export function widened(numbers, extra) {
  if (!numbers.includes(MAX_32)) return numbers;
  const field = extraField(extra, ZIP64);
  // Without the field the number may be meant as it stands.
  if (field === null) return numbers;
  let at = 0;
  return numbers.map((number) => {
    if (number !== MAX_32) return number;
    at += 8;
    return at <= field.byteLength ? uint64(field, at - 8) : Number.NaN;
  });
}
