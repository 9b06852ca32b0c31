// The attributes of an instance as a list for people: tag, VR, value, depth. Pixel Data and what follows is not in it.
import { decoder } from "./charset.mjs";
import { parse } from "./facts.mjs";

const MOST = 2_000;
const CHARACTERS = 200;
const INFLATED = 16_000_000;
const TEXT = "AE AS CS DA DS DT IS LO LT PN SH ST TM UC UI UR UT".split(" ");
/** Bytes of one number, and how it is read. */
const NUMBERS = /** @type {const} */ ({
  US: [2, "uint16"],
  SS: [2, "int16"],
  UL: [4, "uint32"],
  SL: [4, "int32"],
  FL: [4, "float"],
  FD: [8, "double"],
});

/**
 * @typedef {{ tag: string, vr: string, depth: number, value: string | null, bytes: number }} Listed
 *   `tag` as (gggg,eeee); `value` is null for what is no text and no number
 * @typedef {import("dicom-parser").DataSet} DataSet
 */

/** The list, or null when `bytes` do not hold the whole header. @param {Buffer} bytes are changed @param {boolean} whole */
export function listed(bytes, whole) {
  try {
    const set = parse(bytes, INFLATED);
    if (!whole && set.elements.x7fe00010 === undefined) return null;
    return flat(set);
  } catch {
    // More of the file is needed, or it is none that this reader can show.
    return null;
  }
}

/** @param {DataSet} root */
function flat(root) {
  const decode = decoder(root.string("x00080005"));
  /** @type {Listed[]} */
  const rows = [];
  const open = entries(root, 0);
  for (let next = open.pop(); next !== undefined && rows.length < MOST; next = open.pop()) {
    const { set, element, depth } = next;
    const { tag, vr = "", length } = element;
    const items = element.items ?? [];
    rows.push({
      tag: `(${tag.slice(1, 5)},${tag.slice(5)})`,
      vr: items.length > 0 ? "SQ" : vr,
      depth,
      value: items.length > 0 || vr === "SQ" ? "" : shown(set, element, decode),
      bytes: length,
    });
    for (const item of items.toReversed()) if (item.dataSet) open.push(...entries(item.dataSet, depth + 1));
  }
  return rows;
}

/** Elements of a data set, the last first, without file meta and Pixel Data. @param {DataSet} set @param {number} depth */
function entries(set, depth) {
  return Object.values(set.elements)
    .filter(({ tag }) => !tag.startsWith("x0002") && tag !== "x7fe00010" && !tag.startsWith("xfffe"))
    .sort((a, b) => (a.tag < b.tag ? 1 : -1))
    .map((element) => ({ set, element, depth }));
}

/** @param {DataSet} set @param {import("dicom-parser").Element} element @param {InstanceType<typeof TextDecoder>} decode */
function shown(set, { tag, vr, dataOffset, length }, decode) {
  if (length === 0) return "";
  const number = NUMBERS[/** @type {keyof typeof NUMBERS} */ (vr)];
  if (number !== undefined) {
    const [size, read] = number;
    const count = Math.min(Math.floor(length / size), 16);
    return Array.from({ length: count }, (_, index) => set[read](tag, index)).join("\\");
  }
  if (vr !== undefined && !TEXT.includes(vr)) return null;
  const text = decode.decode(set.byteArray.subarray(dataOffset, dataOffset + Math.min(length, CHARACTERS * 4)));
  // Without a VR in the file, what reads like text is text.
  if (vr === undefined && /[^\P{Cc}\r\n\t]|\ufffd/u.test(text.replace(/\0+$/, ""))) return null;
  return text.replace(/[\0 ]+$/, "").slice(0, CHARACTERS);
}
