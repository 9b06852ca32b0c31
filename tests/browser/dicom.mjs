// DICOM files made for these tests: explicit VR little endian CT slices of invented people, names in kanji among them.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const CT_IMAGE = "1.2.840.10008.5.1.4.1.1.2";
const EXPLICIT_LITTLE = "1.2.840.10008.1.2.1";
/** Root for UIDs of tests; what follows is the place in the test's own tree. */
const ROOT = "1.2.826.0.1.3680043.10.1338";

/** Invented people. `kanji` is written in ISO 2022 IR 87, as most Japanese devices do. */
export const PEOPLE = [
  {
    id: "0047110815",
    latin: "MAKINO^HOTARU",
    kanji: "\x1b$BKRLn\x1b(B^\x1b$Bj%\x1b(B",
    shown: "牧野 螢",
    birth: "19610304",
  },
  {
    id: "0052230901",
    latin: "KOBAYAKAWA^ITSUKI",
    kanji: "\x1b$B>.Aa@n\x1b(B^\x1b$B<y\x1b(B",
    shown: "小早川 樹",
    birth: "19880217",
  },
];
/** Values that identify and must not be anywhere but on the screen. */
export const IDENTIFYING = [
  ...PEOPLE.flatMap(({ id, latin }) => [id, ...latin.split("^")]),
  ...PEOPLE.flatMap(({ shown }) => shown.split(" ").filter((part) => part.length > 1)),
  "HATSUKARI GENERAL",
  "ACC-77310",
  "WAKAMATSU",
];

/**
 * One slice.
 * @param {{ person: number, study: number, series: number, number: number, modality?: string, sopClass?: string, size?: number,
 *   pixels?: Buffer, rows?: number, columns?: number, frames?: number }} which
 */
export function slice({ person, study, series, number, modality = "CT", sopClass = CT_IMAGE, size = 16, ...drawn }) {
  const who = PEOPLE[person] ?? { id: "", latin: "", kanji: "", birth: "" };
  const studyUid = `${ROOT}.${person + 1}.${study}`;
  const seriesUid = `${studyUid}.${series}`;
  const uid = `${seriesUid}.${number}`;
  const { rows = size, columns = size, frames = 1, pixels = phantom(size, number) } = drawn;
  const dataSet = Buffer.concat([
    element(0x0008, 0x0005, "CS", "\\ISO 2022 IR 87"),
    element(0x0008, 0x0008, "CS", "ORIGINAL\\PRIMARY\\AXIAL"),
    element(0x0008, 0x0016, "UI", sopClass),
    element(0x0008, 0x0018, "UI", uid),
    element(0x0008, 0x0020, "DA", "20240512"),
    element(0x0008, 0x0030, "TM", "101500"),
    element(0x0008, 0x0050, "SH", "ACC-77310"),
    element(0x0008, 0x0060, "CS", modality),
    element(0x0008, 0x0070, "LO", "Maker"),
    element(0x0008, 0x0080, "LO", "HATSUKARI GENERAL"),
    element(0x0008, 0x0090, "PN", "WAKAMATSU^REI"),
    element(0x0008, 0x1030, "LO", `CHEST study ${study}`),
    element(0x0008, 0x1090, "LO", "Model 3"),
    element(0x0010, 0x0010, "PN", `${who.latin}=${who.kanji}`),
    element(0x0010, 0x0020, "LO", who.id),
    element(0x0010, 0x0030, "DA", who.birth),
    element(0x0010, 0x0040, "CS", "F"),
    element(0x0018, 0x0050, "DS", "5"),
    element(0x0018, 0x0060, "DS", "120"),
    element(0x0020, 0x000d, "UI", studyUid),
    element(0x0020, 0x000e, "UI", seriesUid),
    element(0x0020, 0x0010, "SH", "7"),
    element(0x0020, 0x0011, "IS", String(series)),
    element(0x0020, 0x0012, "IS", "1"),
    element(0x0020, 0x0013, "IS", String(number)),
    element(0x0020, 0x0032, "DS", `0\\0\\${number * 5}`),
    element(0x0020, 0x0037, "DS", "1\\0\\0\\0\\1\\0"),
    element(0x0020, 0x0052, "UI", `${studyUid}.9`),
    element(0x0028, 0x0002, "US", 1),
    element(0x0028, 0x0004, "CS", "MONOCHROME2"),
    ...(frames > 1 ? [element(0x0028, 0x0008, "IS", String(frames))] : []),
    element(0x0028, 0x0010, "US", rows),
    element(0x0028, 0x0011, "US", columns),
    element(0x0028, 0x0030, "DS", "1\\1"),
    element(0x0028, 0x0100, "US", 16),
    element(0x0028, 0x0101, "US", 12),
    element(0x0028, 0x0102, "US", 11),
    element(0x0028, 0x0103, "US", 0),
    element(0x0028, 0x1052, "DS", "-1024"),
    element(0x0028, 0x1053, "DS", "1"),
    element(0x7fe0, 0x0010, "OW", pixels),
  ]);
  return part10(sopClass, uid, dataSet);
}

/** A drawn phantom: a body, two lungs, a spine; it changes a little with the slice. @param {number} size @param {number} number */
function phantom(size, number) {
  const pixels = Buffer.alloc(size * size * 2);
  for (let i = 0; i < size * size; i += 1) {
    const x = ((i % size) / size - 0.5) * 2;
    const y = (Math.floor(i / size) / size - 0.5) * 2;
    const inside = (
      /** @type {number} */ cx,
      /** @type {number} */ cy,
      /** @type {number} */ rx,
      /** @type {number} */ ry,
    ) => ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 < 1;
    const lung = inside(-0.38, -0.05, 0.24 + number / 200, 0.4) || inside(0.38, -0.05, 0.26, 0.4);
    const value = inside(0, 0.42, 0.12, 0.12) ? 1500 : lung ? 250 : inside(0, 0, 0.85, 0.66) ? 1060 : 0;
    pixels.writeUInt16LE(value, i * 2);
  }
  return pixels;
}

/** A patient's CD: two people, three studies, and what else lies on a CD. Returns the number of files. @param {string} folder */
export function writeCd(folder) {
  /** @type {[string, Buffer][]} */
  const files = [
    ["DICOMDIR", part10("1.2.840.10008.1.3.10", `${ROOT}.99`, element(0x0004, 0x1130, "CS", "CD"))],
    ["AUTORUN.INF", Buffer.from("[autorun]\r\n")],
    ["閲覧ソフト/viewer.exe", Buffer.from("MZ")],
    ["leer.dat", Buffer.alloc(0)],
  ];
  for (const { person, study, series, count } of [
    { person: 0, study: 1, series: 1, count: 6 },
    { person: 0, study: 1, series: 2, count: 4 },
    { person: 0, study: 2, series: 1, count: 3 },
    { person: 1, study: 1, series: 1, count: 5 },
  ]) {
    for (let number = 1; number <= count; number += 1) {
      files.push([
        `DICOM/患者${person + 1}/ST${study}/SE${series}/IM${number}`,
        slice({ person, study, series, number, size: 128 }),
      ]);
    }
  }
  const cut = slice({ person: 1, study: 1, series: 1, number: 6, size: 128 });
  files.push(["DICOM/患者2/ST1/SE1/IM6", cut.subarray(0, cut.length - 1000)]);
  for (const [name, bytes] of files) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  }
  return files.length;
}

/** @param {string} sopClass @param {string} uid @param {Buffer} dataSet */
function part10(sopClass, uid, dataSet) {
  const meta = Buffer.concat([
    element(0x0002, 0x0001, "OB", Buffer.from([0, 1])),
    element(0x0002, 0x0002, "UI", sopClass),
    element(0x0002, 0x0003, "UI", uid),
    element(0x0002, 0x0010, "UI", EXPLICIT_LITTLE),
    element(0x0002, 0x0012, "UI", `${ROOT}.1`),
  ]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(meta.length);
  return Buffer.concat([Buffer.alloc(128), Buffer.from("DICM"), element(0x0002, 0x0000, "UL", length), meta, dataSet]);
}

/** @param {number} group @param {number} number @param {string} vr @param {string | number | Buffer} value */
function element(group, number, vr, value) {
  const bytes = padded(vr, value);
  const long = vr === "OB" || vr === "OW";
  const head = Buffer.alloc(long ? 12 : 8);
  head.writeUInt16LE(group, 0);
  head.writeUInt16LE(number, 2);
  head.write(vr, 4, "latin1");
  if (long) head.writeUInt32LE(bytes.length, 8);
  else head.writeUInt16LE(bytes.length, 6);
  return Buffer.concat([head, bytes]);
}

/** @param {string} vr @param {string | number | Buffer} value */
function padded(vr, value) {
  if (value instanceof Buffer) return value;
  if (typeof value === "number") {
    const bytes = Buffer.alloc(2);
    bytes.writeUInt16LE(value);
    return bytes;
  }
  const bytes = Buffer.from(value, "latin1");
  return bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.from(vr === "UI" ? "\0" : " ")]);
}
