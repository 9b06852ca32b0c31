/**
 * The central directory of a ZIP, read by ranges (APPNOTE.TXT 6.3.10, sections 4.3.12 to 4.3.16): found from the end, with a
 * comment, with Zip64 records, with bytes before the archive. Nothing is allocated by a number that the archive claims before it
 * was held against the bytes that are there.
 *
 * It is ours, since libraries refuse or pass over what has to be told apart here (numbers that contradict each other, members that
 * overlap, names in cp932), read asynchronously, and give members as whole copies, where a stored one is a slice of the file.
 */

import { SourceFault } from "../../workers/fault.js";
import { MAX_32, recordAt, uint64, widened } from "./bytes.js";

/**
 * @typedef {import("./bytes.js").Source} Source
 * @typedef {import("./bytes.js").Record} Record
 *
 * @typedef {{start: number, end: number, count: number, shift: number}} Directory
 *   `count` as claimed, of which only the low 16 bits can be relied on; `shift`: bytes before the archive
 *
 * @typedef {{flags: number, method: number, crc32: number, packed: number, size: number, offset: number, name: Uint8Array,
 *   extra: Uint8Array}} CentralHeader
 *   General purpose flags (4.4.4), compression method (4.4.5), bytes compressed and not, place of the local header in the source;
 *   a number that is missing is NaN. `name` and `extra` are good until the next header is asked for.
 */

const END = 0x06054b50;
const END_LENGTH = 22;
const LONGEST_COMMENT = 0xffff;
const ZIP64_END = 0x06064b50;
const ZIP64_END_LENGTH = 56;
const LOCATOR = 0x07064b50;
const LOCATOR_LENGTH = 20;
const CENTRAL = 0x02014b50;
const CENTRAL_LENGTH = 46;
const MAX_16 = 0xffff;

/** Bytes of the directory that are held at once; the longest header has 46 + 3 × 65,535. */
const WINDOW = 1024 * 1024;

/**
 * @param {Source} source
 * @returns {Directory}
 * @throws {SourceFault}  `zip-damaged`; `zip-unsupported` for one part of several
 */
export function findDirectory(source) {
  const length = Math.min(source.size, END_LENGTH + LONGEST_COMMENT);
  const from = source.size - length;
  const tail = recordAt(source, from, length);
  let parts = false;
  for (let at = length - END_LENGTH; at >= 0; at -= 1) {
    if (tail.bytes[at] !== 0x50 || tail.view.getUint32(at, true) !== END) continue;
    // What stands here may be a comment's text, so others are looked for when it leads nowhere.
    const claims = endRecord(source, tail, at, from);
    if (claims === null) continue;
    if (claims.parts) parts = true;
    const directory = place(source, claims);
    if (directory !== null && !claims.parts) return directory;
  }
  throw new SourceFault(parts ? "zip-unsupported" : "zip-damaged");
}

/**
 * @typedef {{parts: boolean, count: number, size: number, offset: number, before: number}} Claims
 *   `before`: where the records begin that end the archive
 *
 * @param {Source} source
 * @param {Record} tail
 * @param {number} at
 * @param {number} from  place of the tail in the source
 * @returns {Claims | null}
 */
function endRecord(source, { bytes, view }, at, from) {
  if (at + END_LENGTH + view.getUint16(at + 20, true) > bytes.length) return null;
  const [disk = 0, first = 0, here = 0, count = 0] = [4, 6, 8, 10].map((field) => view.getUint16(at + field, true));
  const [size = 0, offset = 0] = [12, 16].map((field) => view.getUint32(at + field, true));
  if ([here, count].includes(MAX_16) || [size, offset].includes(MAX_32)) {
    const wide = zip64End(source, from + at);
    if (wide !== null) return wide;
  }
  return { parts: disk !== 0 || first !== 0 || here !== count, count, size, offset, before: from + at };
}

/**
 * The Zip64 record where its locator says, or right before the locator if bytes before the archive have moved it.
 * @param {Source} source
 * @param {number} end  where the plain end record stands
 * @returns {Claims | null}
 */
function zip64End(source, end) {
  const locator = end - LOCATOR_LENGTH;
  if (locator < 0) return null;
  const { view: found } = recordAt(source, locator, LOCATOR_LENGTH);
  if (found.getUint32(0, true) !== LOCATOR) return null;
  for (const before of [uint64(found, 8), locator - ZIP64_END_LENGTH]) {
    if (!(before >= 0 && before + ZIP64_END_LENGTH <= locator)) continue;
    const { view } = recordAt(source, before, ZIP64_END_LENGTH);
    if (view.getUint32(0, true) !== ZIP64_END) continue;
    const [here = 0, count = 0, size = 0, offset = 0] = [24, 32, 40, 48].map((at) => uint64(view, at));
    const parts = view.getUint32(16, true) !== 0 || view.getUint32(20, true) !== 0 || here !== count;
    return { parts: parts || found.getUint32(16, true) > 1, count, size, offset, before };
  }
  return null;
}

/**
 * A directory ends where the end records begin; where it does not, something of its own stands between (4.3.13), and the offset
 * is good as it is.
 * @param {Source} source
 * @param {Claims} claims
 * @returns {Directory | null}
 */
function place(source, { count, size, offset, before }) {
  for (const start of [before - size, offset]) {
    const [end, shift] = [start + size, start - offset];
    if (!(start >= 0 && shift >= 0 && end <= before)) continue;
    // An archive without members has nothing before its end; anywhere else an end that counts none is a comment's text.
    if (size === 0 && count === 0 && before === 0) return { start, end, count, shift };
    if (size < CENTRAL_LENGTH) continue;
    if (recordAt(source, start, 4).view.getUint32(0, true) === CENTRAL) return { start, end, count, shift };
  }
  return null;
}

/**
 * @param {Source} source
 * @param {Directory} directory
 * @returns {Generator<CentralHeader>}
 * @throws {SourceFault}  `zip-damaged`, when all that could be read has been given
 */
export function* centralHeaders(source, { start, end, count, shift }) {
  let [window, from, at] = [recordAt(source, start, Math.min(WINDOW, end - start)), start, 0];
  let found = 0;
  while (from + at < end) {
    const length = headerLength(window, at);
    if (length === null) {
      // Once more from here; what is not whole at the start of a window is not whole at all.
      const rest = Math.min(WINDOW, end - from - at);
      if (at === 0 || rest < CENTRAL_LENGTH) throw new SourceFault("zip-damaged");
      [window, from, at] = [recordAt(source, from + at, rest), from + at, 0];
      continue;
    }
    if (window.view.getUint32(at, true) !== CENTRAL) break;
    yield header(window, at, shift);
    found += 1;
    at += length;
  }
  // Old writers count in 16 bits, whatever they write.
  if ((found & MAX_16) !== (count & MAX_16)) throw new SourceFault("zip-damaged");
}

/**
 * @param {Record} window
 * @param {number} at
 * @returns {number | null}  null: it does not lie in the window as a whole
 */
function headerLength({ bytes, view }, at) {
  if (at + CENTRAL_LENGTH > bytes.length) return null;
  const variable = [28, 30, 32].reduce((sum, field) => sum + view.getUint16(at + field, true), 0);
  return at + CENTRAL_LENGTH + variable > bytes.length ? null : CENTRAL_LENGTH + variable;
}

/**
 * @param {Record} window
 * @param {number} at
 * @param {number} shift
 * @returns {CentralHeader}
 */
function header({ bytes, view }, at, shift) {
  const nameEnd = at + CENTRAL_LENGTH + view.getUint16(at + 28, true);
  const extra = bytes.subarray(nameEnd, nameEnd + view.getUint16(at + 30, true));
  const [size = 0, packed = 0, offset = 0] = widened(
    [24, 20, 42].map((field) => view.getUint32(at + field, true)),
    extra,
  );
  return {
    flags: view.getUint16(at + 8, true),
    method: view.getUint16(at + 10, true),
    crc32: view.getUint32(at + 16, true),
    packed,
    size,
    offset: offset + shift,
    name: bytes.subarray(at + CENTRAL_LENGTH, nameEnd),
    extra,
  };
}
