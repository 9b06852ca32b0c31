// What the receiver must know of an instance, as dicom-parser reads it. Pure: bytes in, facts out.
import { inflateRawSync } from "node:zlib";
import dicomParser from "dicom-parser";
import { decoder } from "./charset.mjs";
import { DEFLATED } from "./syntaxes.mjs";

const PIXELS = "x7fe00010";
const IMPLICIT = "1.2.840.10008.1.2";

/** Attributes that a query can ask for, with their VR (PS3.18 10.6.3, Tables 10.6.3-3 to 10.6.3-5). */
const QUERIED = /** @type {const} */ ({
  "00080016": "UI",
  "00080018": "UI",
  "00080020": "DA",
  "00080030": "TM",
  "00080050": "SH",
  "00080060": "CS",
  "00080090": "PN",
  "0008103E": "LO",
  "00100010": "PN",
  "00100020": "LO",
  "00100030": "DA",
  "00100040": "CS",
  "0020000D": "UI",
  "0020000E": "UI",
  "00200010": "SH",
  "00200011": "IS",
  "00200013": "IS",
  "00280008": "IS",
  "00280010": "US",
  "00280011": "US",
  "00280100": "US",
});

/**
 * @typedef {{ vr: string, Value?: unknown[] }} Attribute of the DICOM JSON Model (PS3.18 F)
 * @typedef {object} Facts
 * @property {string} metaClass (0002,0002)
 * @property {string} metaInstance (0002,0003)
 * @property {string} transferSyntax (0002,0010)
 * @property {string} sopClass (0008,0016)
 * @property {string} instance (0008,0018)
 * @property {string} study (0020,000D)
 * @property {string} series (0020,000E)
 * @property {boolean} patientId (0010,0020) is there, empty or not
 * @property {boolean} identityRemoved (0012,0062) is YES
 * @property {boolean} method (0012,0063) or (0012,0064) says how
 * @property {Record<string, Attribute>} attributes for queries
 * @property {{ offset: number, length: number, encapsulated: boolean, bigEndian: boolean } | null} pixels (7FE0,0010), for
 *   which the file itself must be asked
 */

/** The data set before Pixel Data; throws on what cannot be read. @param {Buffer} bytes are changed @param {number} limit */
export function parse(bytes, limit) {
  const { elements } = dicomParser.readPart10Header(bytes);
  if (metaText(bytes, elements.x00020010) !== IMPLICIT) relabel(bytes);
  return dicomParser.parseDicom(bytes, {
    untilTag: PIXELS,
    inflater: (/** @type {Uint8Array} */ all, /** @type {number} */ position) =>
      relabel(inflateRawSync(all.subarray(position), { maxOutputLength: limit })),
  });
}

/**
 * dicom-parser does not know the VRs of 2018 (PS3.5 Table 7.1-1), whose lengths are written as those of OB are. To it they are OB.
 * @param {Buffer} bytes of an explicit VR
 */
function relabel(bytes) {
  for (const vr of ["OV\0\0", "SV\0\0", "UV\0\0"]) {
    for (let at = bytes.indexOf(vr); at >= 0; at = bytes.indexOf(vr, at + 4)) bytes.write("OB", at, "latin1");
  }
  return bytes;
}

/**
 * The facts, or null when `bytes` are the beginning of a longer file and more of it is needed.
 * @param {Buffer} bytes are changed @param {{ whole: boolean, limit: number }} how
 * @returns {Facts | null}
 */
export function facts(bytes, { whole, limit }) {
  const set = parse(bytes, limit);
  const text = (/** @type {string} */ tag) => set.string(tag) ?? "";
  const meta = (/** @type {string} */ tag) => metaText(bytes, set.elements[tag]);
  const transferSyntax = meta("x00020010");
  const element = set.elements[PIXELS];
  if (!whole && (element === undefined || transferSyntax === DEFLATED)) return null;
  const inflated = set.byteArray.length;
  if (transferSyntax === DEFLATED && element && element.dataOffset + element.length > inflated) {
    throw new Error("buffer overrun");
  }
  return {
    metaClass: meta("x00020002"),
    metaInstance: meta("x00020003"),
    transferSyntax,
    sopClass: text("x00080016"),
    instance: text("x00080018"),
    study: text("x0020000d"),
    series: text("x0020000e"),
    patientId: set.elements.x00100020 !== undefined,
    identityRemoved: text("x00120062") === "YES",
    method: text("x00120063") !== "" || (set.elements.x00120064?.items?.length ?? 0) > 0,
    attributes: attributes(set),
    pixels:
      element === undefined || transferSyntax === DEFLATED
        ? null
        : {
            offset: element.dataOffset,
            length: element.length,
            encapsulated: element.hadUndefinedLength === true,
            bigEndian: transferSyntax === "1.2.840.10008.1.2.2",
          },
  };
}

/**
 * A UID of the file meta information, which stands in the file itself: the data set may be inflated bytes.
 * @param {Uint8Array} bytes @param {import("dicom-parser").Element | undefined} element
 */
function metaText(bytes, element) {
  if (element === undefined) return "";
  const { dataOffset, length } = element;
  return Buffer.from(bytes.subarray(dataOffset, dataOffset + length))
    .toString("latin1")
    .replace(/[\0 ]+$/, "");
}

/** @param {import("dicom-parser").DataSet} set */
function attributes(set) {
  const decode = decoder(set.string("x00080005"));
  /** @type {Record<string, Attribute>} */
  const found = {};
  for (const [tag, vr] of Object.entries(QUERIED)) {
    const element = set.elements[`x${tag.toLowerCase()}`];
    if (element === undefined) continue;
    const Value = values(set, element, vr, decode);
    found[tag] = Value.length > 0 ? { vr, Value } : { vr };
  }
  return found;
}

/**
 * @param {import("dicom-parser").DataSet} set @param {import("dicom-parser").Element} element @param {string} vr
 * @param {InstanceType<typeof TextDecoder>} decode
 */
function values(set, element, vr, decode) {
  if (element.length === 0) return [];
  if (vr === "US") return [set.uint16(element.tag)].filter((value) => value !== undefined);
  const bytes = set.byteArray.subarray(element.dataOffset, element.dataOffset + element.length);
  const parts = decode
    .decode(bytes)
    .split("\\")
    .map((value) => value.replace(/[ \0]+$/, ""));
  if (vr === "IS") return parts.map(Number).filter(Number.isFinite);
  if (vr !== "PN") return parts;
  return parts.map((value) => {
    const [Alphabetic, Ideographic, Phonetic] = value.split("=");
    return { ...(Alphabetic && { Alphabetic }), ...(Ideographic && { Ideographic }), ...(Phonetic && { Phonetic }) };
  });
}
