// Small de-identified instances made here: Explicit VR Little Endian, Part 10. All names and numbers are invented.

const LONG = new Set(["OB", "OV", "OW", "SQ", "UN", "UT"]);
export const CT = "1.2.840.10008.5.1.4.1.1.2";
export const EXPLICIT = "1.2.840.10008.1.2.1";

/** @param {number} tag @param {string} vr @param {string | Buffer | number} value */
export function element(tag, vr, value) {
  let bytes = typeof value === "string" ? Buffer.from(value, "utf8") : value;
  if (typeof bytes === "number") {
    const number = Buffer.alloc(2);
    number.writeUInt16LE(bytes);
    bytes = number;
  }
  if (bytes.length % 2) bytes = Buffer.concat([bytes, Buffer.from(vr === "UI" || vr === "OB" ? "\0" : " ")]);
  return Buffer.concat([head(tag, vr, bytes.length), bytes]);
}

/** Tag, VR and length alone. @param {number} tag @param {string} vr @param {number} length */
export function head(tag, vr, length) {
  const bytes = Buffer.alloc(LONG.has(vr) ? 12 : 8);
  bytes.writeUInt16LE(tag >>> 16, 0);
  bytes.writeUInt16LE(tag & 0xffff, 2);
  bytes.write(vr, 4, "latin1");
  if (LONG.has(vr)) bytes.writeUInt32LE(length, 8);
  else bytes.writeUInt16LE(length, 6);
  return bytes;
}

/** @param {number} group @param {number} number @param {number} length */
export function item(group, number, length) {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt16LE(group, 0);
  bytes.writeUInt16LE(number, 2);
  bytes.writeUInt32LE(length, 4);
  return bytes;
}

/** Part 10 around a data set. @param {Buffer[]} set @param {{ sopClass: string, uid: string, syntax: string }} meta */
export function part10(set, { sopClass, uid, syntax }) {
  const meta = Buffer.concat([
    element(0x00020001, "OB", Buffer.from([0, 1])),
    element(0x00020002, "UI", sopClass),
    element(0x00020003, "UI", uid),
    element(0x00020010, "UI", syntax),
    element(0x00020012, "UI", "1.2.3.4.5"),
  ]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(meta.length);
  return Buffer.concat([Buffer.alloc(128), Buffer.from("DICM"), element(0x00020000, "UL", length), meta, ...set]);
}

/**
 * One CT image, as it leaves a hospital.
 * @param {{ uid?: string, study?: string, series?: string, number?: number, fill?: number, sopClass?: string, syntax?: string,
 *   metaUid?: string, metaClass?: string, patient?: string | null, removed?: string | null, method?: string | null,
 *   pixels?: Buffer[], extra?: Buffer[] }} [how]
 */
export function instance({
  uid = "1.2.3.9.1",
  study = "1.2.3",
  series = "1.2.3.9",
  number = 1,
  fill = 7,
  sopClass = CT,
  syntax = EXPLICIT,
  metaUid = uid,
  metaClass = sopClass,
  patient = "PSEUDONYM0123456789A",
  removed = "YES",
  method = "Tokumei test",
  pixels = [element(0x7fe00010, "OW", Buffer.alloc(512, fill))],
  extra = [],
} = {}) {
  const set = [
    element(0x00080005, "CS", "ISO_IR 192"),
    element(0x00080016, "UI", sopClass),
    element(0x00080018, "UI", uid),
    element(0x00080020, "DA", "20200102"),
    element(0x00080060, "CS", "CT"),
    ...(patient === null ? [] : [element(0x00100010, "PN", patient), element(0x00100020, "LO", patient)]),
    ...(removed === null ? [] : [element(0x00120062, "CS", removed)]),
    ...(method === null ? [] : [element(0x00120063, "LO", method)]),
    ...(study === "" ? [] : [element(0x0020000d, "UI", study)]),
    element(0x0020000e, "UI", series),
    element(0x00200013, "IS", String(number)),
    element(0x00280002, "US", 1),
    element(0x00280010, "US", 16),
    element(0x00280011, "US", 16),
    ...extra,
    ...pixels,
  ];
  return part10(set, { sopClass: metaClass, uid: metaUid, syntax });
}

/** `count` instances of one series. @param {number} count @param {Parameters<typeof instance>[0]} [how] */
export function series(count, how = {}) {
  const { series: uid = "1.2.3.9" } = how ?? {};
  return Array.from({ length: count }, (_, index) =>
    instance({ ...how, series: uid, uid: `${uid}.${index + 1}`, number: index + 1, fill: index % 251 }),
  );
}
