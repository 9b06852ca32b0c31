// Small DICOM instances made here, so that these tests need no corpus. Explicit VR Little Endian, Part 10.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const LONG = new Set(["OB", "OW", "SQ", "UN", "UT"]);

/** @param {number} tag @param {string} vr @param {string | Buffer | number} value */
function element(tag, vr, value) {
  let bytes = Buffer.isBuffer(value)
    ? value
    : typeof value === "number"
      ? Buffer.alloc(2)
      : Buffer.from(value, "latin1");
  if (typeof value === "number") bytes.writeUInt16LE(value);
  if (bytes.length % 2) bytes = Buffer.concat([bytes, Buffer.from(vr === "UI" || vr === "OB" ? "\0" : " ")]);
  const head = Buffer.alloc(LONG.has(vr) ? 12 : 8);
  head.writeUInt16LE(tag >>> 16, 0);
  head.writeUInt16LE(tag & 0xffff, 2);
  head.write(vr, 4, "latin1");
  if (LONG.has(vr)) head.writeUInt32LE(bytes.length, 8);
  else head.writeUInt16LE(bytes.length, 6);
  return Buffer.concat([head, bytes]);
}

export const CT = "1.2.840.10008.5.1.4.1.1.2";
const EXPLICIT = "1.2.840.10008.1.2.1";

/**
 * One image, a CT unless said otherwise. Names and numbers are invented.
 * @param {{patientId?: string, uid?: string, study?: string, series?: string, number?: number, fill?: number,
 *   size?: number, hidden?: boolean, description?: string, concatenation?: string, referring?: string, position?: string, sopClass?: string, modality?: string, model?: string,
 *   frames?: number, draw?: (x: number, y: number) => number}} [how]
 *   `hidden`: the last sample has a bit above Bits Stored; `draw`: the value of a sample, of all frames
 */
export function instance({
  patientId = "0012345",
  uid = "1.2.3.1",
  study = "1.2.3",
  series = "1.2.3.9",
  number = 1,
  fill = 7,
  size = 16,
  hidden = false,
  description = "CHEST",
  concatenation = "",
  referring = "ISHIDA^KENJI",
  position = "",
  sopClass = CT,
  modality = "CT",
  model = "",
  frames = 0,
  draw,
} = {}) {
  const meta = Buffer.concat([
    element(0x00020001, "OB", Buffer.from([0, 1])),
    element(0x00020002, "UI", sopClass),
    element(0x00020003, "UI", uid),
    element(0x00020010, "UI", EXPLICIT),
    element(0x00020012, "UI", "1.2.3.4.5"),
  ]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(meta.length);
  const pixels = Buffer.alloc(size * size * 2 * (frames || 1), fill);
  for (let i = 0; draw && i < pixels.length / 2; i += 1)
    pixels.writeUInt16LE(draw(i % size, Math.floor(i / size) % size), i * 2);
  if (hidden) pixels[pixels.length - 1] |= 0x80;
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from("DICM"),
    element(0x00020000, "UL", length),
    meta,
    element(0x00080008, "CS", "ORIGINAL\\PRIMARY\\AXIAL"),
    element(0x00080016, "UI", sopClass),
    element(0x00080018, "UI", uid),
    element(0x00080020, "DA", "20240115"),
    element(0x00080030, "TM", "101500"),
    element(0x00080050, "SH", "ACC98765"),
    element(0x00080060, "CS", modality),
    element(0x00080070, "LO", "MAKER"),
    element(0x00080080, "LO", "KITAZAWA HOSPITAL"),
    element(0x00080090, "PN", referring),
    element(0x00081030, "LO", description),
    ...(model ? [element(0x00081090, "LO", model)] : []),
    element(0x00100010, "PN", "YAMASHITA^HANAKO"),
    element(0x00100020, "LO", patientId),
    element(0x00100030, "DA", "19510203"),
    element(0x00100040, "CS", "F"),
    ...(position ? [element(0x00185100, "CS", position)] : []),
    element(0x0020000d, "UI", study),
    element(0x0020000e, "UI", series),
    element(0x00200010, "SH", "4711"),
    element(0x00200011, "IS", "1"),
    element(0x00200013, "IS", String(number)),
    element(0x00200020, "CS", "L\\P"),
    element(0x00200032, "DS", "0\\0\\0"),
    element(0x00200037, "DS", "1\\0\\0\\0\\1\\0"),
    element(0x00200052, "UI", `${study}.5`),
    ...(concatenation ? [element(0x00209161, "UI", concatenation)] : []),
    element(0x00280002, "US", 1),
    element(0x00280004, "CS", "MONOCHROME2"),
    ...(frames ? [element(0x00280008, "IS", String(frames))] : []),
    element(0x00280010, "US", size),
    element(0x00280011, "US", size),
    element(0x00280030, "DS", "1\\1"),
    element(0x00280100, "US", 16),
    element(0x00280101, "US", 12),
    element(0x00280102, "US", 11),
    element(0x00280103, "US", 0),
    element(0x00281052, "DS", "0"),
    element(0x00281053, "DS", "1"),
    element(0x7fe00010, "OW", pixels),
  ]);
}

/** Values of `instance` that must be nowhere in what leaves or is said. */
export const PLANTED = [
  "YAMASHITA",
  "HANAKO",
  "0012345",
  "KITAZAWA",
  "ISHIDA",
  "ACC98765",
  "19510203",
  "20240115",
  "1.2.3.9",
];

/**
 * @param {string} root
 * @param {Record<string, Buffer | string>} files  by path
 */
export function plant(root, files) {
  for (const [path, bytes] of Object.entries(files)) {
    const place = join(root, path);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, bytes);
  }
  return root;
}

/** A study of `count` slices in Japanese folders. @param {number} count */
export function study(count, more = {}) {
  return Object.fromEntries(
    Array.from({ length: count }, (_, i) => [
      `検査/シリーズ１/画像${String(i + 1).padStart(3, "0")}`,
      instance({ uid: `1.2.3.1.${i + 1}`, number: i + 1, fill: i % 16, ...more }),
    ]),
  );
}
