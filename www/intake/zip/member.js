/**
 * Where the data of a member begin. The local header (APPNOTE.TXT 4.3.7) must say what the central directory says: a member of
 * which two things are said is damaged.
 */

import { SourceFault } from "../../workers/fault.js";
import { recordAt, widened } from "./bytes.js";

/**
 * @typedef {import("./bytes.js").Source} Source
 * @typedef {import("../../workers/types.js").Member} Member
 */

const LOCAL = 0x04034b50;
const LOCAL_LENGTH = 30;
const ENCRYPTED = 0x2041;
/** Bit 3: sizes and CRC-32 follow the data; here they are nothing (4.4.4). */
const DESCRIPTOR = 0x0008;
const LONGEST_FIELD = 0xffff;

/**
 * How far a member can reach from its local header on.
 * @param {Member} member
 */
export function reach({ offset, end, packed }) {
  return Math.min(end - offset, LOCAL_LENGTH + 2 * LONGEST_FIELD + packed);
}

/**
 * @param {Source} source  from the local header on, as long as `reach` says
 * @param {number} size  of the file
 * @param {Member} member
 * @param {(bytes: Uint8Array) => number} crc32
 * @returns {number}  where its data begin in that source
 * @throws {SourceFault}  `zip-damaged`
 */
export function dataStart(source, size, member, crc32) {
  if (source.size < LOCAL_LENGTH) throw new SourceFault("zip-damaged");
  const { view } = recordAt(source, 0, LOCAL_LENGTH);
  const [nameLength, extraLength] = [view.getUint16(26, true), view.getUint16(28, true)];
  const start = LOCAL_LENGTH + nameLength + extraLength;
  if (view.getUint32(0, true) !== LOCAL || start + member.packed > source.size) throw new SourceFault("zip-damaged");
  const { bytes } = recordAt(source, LOCAL_LENGTH, nameLength + extraLength);
  const flags = view.getUint16(6, true);
  const same =
    view.getUint16(8, true) === member.method &&
    (flags & ENCRYPTED) === 0 &&
    crc32(bytes.subarray(0, nameLength)) === member.named &&
    (flags & DESCRIPTOR || numbersAgree(view, bytes.subarray(nameLength), size, member));
  if (!same) throw new SourceFault("zip-damaged");
  return start;
}

/**
 * @param {DataView} view
 * @param {Uint8Array} extra
 * @param {number} size
 * @param {Member} member
 */
function numbersAgree(view, extra, size, { packed, crc32 }) {
  const [localSize, localPacked] = widened([view.getUint32(22, true), view.getUint32(18, true)], extra);
  return localSize === size && localPacked === packed && view.getUint32(14, true) === crc32;
}
