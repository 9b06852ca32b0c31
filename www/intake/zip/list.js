/**
 * What a ZIP holds, by its central directory alone: a table of files, each with what is known against it. Folders are no files.
 * Whether the directory tells the truth is seen when a member is opened (`member.js`).
 */

import { SourceFault } from "../../workers/fault.js";
import { centralHeaders, findDirectory } from "./directory.js";
import { COLUMNS, FAULTS } from "./inputs.js";
import { memberName } from "./names.js";

/**
 * @typedef {import("./bytes.js").Source} Source
 * @typedef {import("./directory.js").CentralHeader} CentralHeader
 * @typedef {import("./inputs.js").MemberTable} MemberTable
 *
 * @typedef {{zipMembers: number, zipMemberBytes: number, zipRatio: number}} ZipLimits  of the policy
 */

/** Design.md 10. */
export const ZIP_LIMITS = Object.freeze({ zipMembers: 1_000_000, zipMemberBytes: 512 * 1024 * 1024, zipRatio: 200 });

const STORED = 0;
const DEFLATED = 8;
/** Bits 0, 6 and 13: encrypted, strongly so, and with masked headers. */
const ENCRYPTED = 0x2041;
const AES = 99;
const LOCAL_LENGTH = 30;

/** Up to so many bytes any ratio is good: a black slice or an empty mask is no bomb, and it takes no more than a small file. */
const ANY_RATIO = 8 * 1024 * 1024;

/** Places in a row of the table. */
const [FAULT, SIZE, PACKED, OFFSET, END] = [0, 1, 2, 3, 4];

/**
 * @param {Source} source  the whole archive
 * @param {ZipLimits} limits
 * @param {(bytes: Uint8Array) => number} crc32
 * @returns {MemberTable}
 * @throws {SourceFault}  `zip-damaged`, `zip-unsupported`, `zip-too-large`, `zip-encrypted`: of the archive as a whole
 */
export function listMembers(source, limits, crc32) {
  const directory = findDirectory(source);
  /** @type {string[]} */
  const names = [];
  /** @type {number[]} */
  const numbers = [];
  let seen = 0;
  for (const header of centralHeaders(source, directory)) {
    seen += 1;
    if (seen > limits.zipMembers) throw new SourceFault("zip-too-large");
    const named = crc32(header.name);
    const name = memberName(header, named);
    if (name.endsWith("/") && header.size === 0) continue;
    const { size, packed, offset, method } = header;
    names.push(name);
    numbers.push(fault(header, directory.start, limits), size, packed, offset, offset, method, header.crc32, named);
  }
  const table = { names, numbers: Float64Array.from(numbers) };
  if (names.length > 0 && names.every((_, index) => table.numbers[index * COLUMNS + FAULT] === LOCKED)) {
    throw new SourceFault("zip-encrypted");
  }
  bound(table.numbers, directory.start);
  refuseBomb(table.numbers, source.size * limits.zipRatio);
  return table;
}

/**
 * @param {CentralHeader} header
 * @param {number} directory  where the central directory begins: no member reaches into it
 * @param {ZipLimits} limits
 * @returns {number}  index of FAULTS
 */
function fault({ flags, method, size, packed, offset, name }, directory, { zipMemberBytes, zipRatio }) {
  // Written so that a number that is missing, NaN, fails too.
  if (!(size >= 0 && offset >= 0 && offset + LOCAL_LENGTH + name.length + packed <= directory)) return DAMAGED;
  if (flags & ENCRYPTED || method === AES) return LOCKED;
  if (method === STORED) return packed === size ? 0 : DAMAGED;
  if (method !== DEFLATED) return FAULTS.indexOf("zip-unsupported");
  const large = size > zipMemberBytes || (size > ANY_RATIO && size > packed * zipRatio);
  return large ? TOO_LARGE : 0;
}

const DAMAGED = FAULTS.indexOf("zip-damaged");
const TOO_LARGE = FAULTS.indexOf("zip-too-large");
const LOCKED = FAULTS.indexOf("zip-encrypted");

/**
 * Notes where each member ends at the latest: where the next one, or the directory, begins. Members that share bytes are damaged,
 * all of them: that is how a small archive claims to hold very much.
 * @param {Float64Array} numbers
 * @param {number} directory
 */
function bound(numbers, directory) {
  const value = (/** @type {number} */ row, /** @type {number} */ column) => numbers[row + column] ?? Number.NaN;
  const rows = Array.from({ length: numbers.length / COLUMNS }, (_, index) => index * COLUMNS)
    .filter((row) => value(row, OFFSET) < directory)
    .sort((a, b) => value(a, OFFSET) - value(b, OFFSET));
  let [furthest, reach] = [-1, 0];
  for (const [index, row] of rows.entries()) {
    const next = rows[index + 1];
    numbers[row + END] = next === undefined ? directory : value(next, OFFSET);
    if (furthest >= 0 && value(row, OFFSET) < reach) {
      numbers[row + FAULT] = DAMAGED;
      numbers[furthest + FAULT] = DAMAGED;
    }
    const end = value(row, OFFSET) + LOCAL_LENGTH + value(row, PACKED);
    if (end > reach) [furthest, reach] = [row, end];
  }
}

/**
 * Many small members may do what a large one may not.
 * @param {Float64Array} numbers
 * @param {number} most  bytes that the archive may become
 */
function refuseBomb(numbers, most) {
  let total = 0;
  for (let row = 0; row < numbers.length; row += COLUMNS) {
    if (numbers[row + FAULT] === 0) total += numbers[row + SIZE] ?? 0;
  }
  if (total > Math.max(most, ANY_RATIO)) throw new SourceFault("zip-too-large");
}
