/**
 * An invented CT slice, as small as one can be: what the modules are tried on before there is anything to do. Names nobody: the
 * patient is PS3.5 H.3's.
 */

const TEXT = new TextEncoder();
/** VRs whose length takes four bytes, after two that are reserved (PS3.5 7.1.2). */
const LONG = new Set(["OB", "OW", "SQ", "UN", "UT"]);
const SOP_CLASS = "1.2.840.10008.5.1.4.1.1.2";
const EXPLICIT_LITTLE_ENDIAN = "1.2.840.10008.1.2.1";
/** 山田^太郎 in ISO 2022 IR 87 (PS3.5 H.3.1). */
const NAME = "Yamada^Tarou=\u001b$B;3ED\u001b(B^\u001b$BB@O:\u001b(B=\u001b$B$d$^$@\u001b(B^\u001b$B$?$m$&\u001b(B";
/** 頭部 in the same. */
const HEAD = "\u001b$BF,It\u001b(B";
const MATRIX = 16;

/**
 * @param {number} n  from 0: no two are equal
 * @returns {Uint8Array<ArrayBuffer>}  a file of PS3.10
 */
export function exampleInstance(n) {
  const uid = (/** @type {number} */ what) => `2.25.${what}${String(n).padStart(6, "0")}`;
  const meta = joined([
    element(0x0002, 0x0001, "OB", "\u0000\u0001"),
    element(0x0002, 0x0002, "UI", SOP_CLASS),
    element(0x0002, 0x0003, "UI", uid(3)),
    element(0x0002, 0x0010, "UI", EXPLICIT_LITTLE_ENDIAN),
    element(0x0002, 0x0012, "UI", "2.25.9"),
  ]);
  const length = element(0x0002, 0x0000, "UL", number(meta.length, 4));
  return joined([new Uint8Array(128), TEXT.encode("DICM"), length, meta, ...dataSet(n, uid)]);
}

/**
 * @param {number} n
 * @param {(what: number) => string} uid
 */
function dataSet(n, uid) {
  const day = `202001${String(10 + (n % 20))}`;
  const referred = joined([element(0x0008, 0x1150, "UI", SOP_CLASS), element(0x0008, 0x1155, "UI", uid(5))]);
  const code = joined([
    element(0x0008, 0x0100, "SH", "24725-4"),
    element(0x0008, 0x0102, "SH", "LN"),
    element(0x0008, 0x0104, "LO", "CT Head"),
  ]);
  return [
    element(0x0008, 0x0005, "CS", "\\ISO 2022 IR 87"),
    element(0x0008, 0x0008, "CS", "ORIGINAL\\PRIMARY\\AXIAL"),
    element(0x0008, 0x0016, "UI", SOP_CLASS),
    element(0x0008, 0x0018, "UI", uid(3)),
    element(0x0008, 0x0020, "DA", day),
    element(0x0008, 0x0021, "DA", day),
    element(0x0008, 0x0022, "DA", day),
    element(0x0008, 0x0023, "DA", day),
    element(0x0008, 0x0030, "TM", "101500.000"),
    element(0x0008, 0x0032, "TM", "101501"),
    element(0x0008, 0x0050, "SH", `A${n}`),
    element(0x0008, 0x0060, "CS", "CT"),
    element(0x0008, 0x0070, "LO", "EXAMPLE"),
    element(0x0008, 0x0080, "LO", `Example Hospital ${n}`),
    element(0x0008, 0x0081, "ST", "1-2-3 Example"),
    element(0x0008, 0x0090, "PN", NAME),
    element(0x0008, 0x1010, "SH", `CT${n}`),
    element(0x0008, 0x1030, "LO", `${HEAD} CT ${n}`),
    sequence(0x0008, 0x1032, code),
    element(0x0008, 0x103e, "LO", `Head routine 5.0 H${n} ${NAME.slice(0, 6)}`),
    element(0x0008, 0x1040, "LO", `Radiology ${n}`),
    element(0x0008, 0x1050, "PN", NAME),
    element(0x0008, 0x1070, "PN", "Suzuki^Hanako"),
    element(0x0008, 0x1090, "LO", "EXAMPLE CT"),
    sequence(0x0008, 0x1140, referred),
    element(0x0008, 0x2111, "ST", `MPR ${n}`),
    element(0x0010, 0x0010, "PN", NAME),
    element(0x0010, 0x0020, "LO", String(1_000_000 + n)),
    element(0x0010, 0x0030, "DA", "19500101"),
    element(0x0010, 0x0040, "CS", "M"),
    element(0x0010, 0x1010, "AS", "070Y"),
    element(0x0010, 0x1040, "LO", `${n} Example`),
    element(0x0010, 0x2154, "SH", "00-0000-0000"),
    element(0x0010, 0x4000, "LT", `${NAME.slice(0, 12)} ${day} follow up ${n}`),
    element(0x0018, 0x0015, "CS", "HEAD"),
    element(0x0018, 0x0050, "DS", "5.0"),
    element(0x0018, 0x0060, "DS", "120"),
    element(0x0018, 0x1000, "LO", `S${n}`),
    element(0x0018, 0x1020, "LO", "1.0"),
    element(0x0018, 0x1030, "LO", `1.1 Head ${n}`),
    element(0x0018, 0x5100, "CS", "HFS"),
    element(0x0019, 0x0010, "LO", "GEMS_ACQU_01"),
    element(0x0019, 0x109e, "LO", "EFGRE3D"),
    element(0x0019, 0x10f5, "LO", `${n}`),
    element(0x0020, 0x000d, "UI", "2.25.1"),
    element(0x0020, 0x000e, "UI", "2.25.2"),
    element(0x0020, 0x0010, "SH", `${n}`),
    element(0x0020, 0x0011, "IS", "1"),
    element(0x0020, 0x0012, "IS", "1"),
    element(0x0020, 0x0013, "IS", String(n)),
    element(0x0020, 0x0032, "DS", `-200.0\\-200.0\\${n}.0`),
    element(0x0020, 0x0037, "DS", "1\\0\\0\\0\\1\\0"),
    element(0x0020, 0x0052, "UI", "2.25.4"),
    element(0x0020, 0x1040, "LO", ""),
    element(0x0020, 0x4000, "LT", `5 mm ${n}`),
    element(0x0028, 0x0002, "US", number(1, 2)),
    element(0x0028, 0x0004, "CS", "MONOCHROME2"),
    element(0x0028, 0x0010, "US", number(MATRIX, 2)),
    element(0x0028, 0x0011, "US", number(MATRIX, 2)),
    element(0x0028, 0x0030, "DS", "0.5\\0.5"),
    element(0x0028, 0x0100, "US", number(16, 2)),
    element(0x0028, 0x0101, "US", number(12, 2)),
    element(0x0028, 0x0102, "US", number(11, 2)),
    element(0x0028, 0x0103, "US", number(0, 2)),
    element(0x0028, 0x1052, "DS", "-1024"),
    element(0x0028, 0x1053, "DS", "1"),
    element(0x7fe0, 0x0010, "OW", new Uint8Array(2 * MATRIX * MATRIX)),
  ];
}

/**
 * A sequence of one item.
 * @param {number} group
 * @param {number} elementNumber
 * @param {Uint8Array} item
 */
function sequence(group, elementNumber, item) {
  return element(group, elementNumber, "SQ", joined([number(0xe000fffe, 4), number(item.length, 4), item]));
}

/**
 * An element in Explicit VR Little Endian (PS3.5 7.1.2), its value padded to even length (PS3.5 6.2).
 * @param {number} group
 * @param {number} elementNumber  of the element
 * @param {string} vr
 * @param {string | Uint8Array} value
 */
function element(group, elementNumber, vr, value) {
  const bytes = typeof value === "string" ? TEXT.encode(value) : value;
  const odd = bytes.length % 2;
  const padding = odd === 0 ? [] : [Uint8Array.of(vr === "UI" || vr === "OB" ? 0 : 0x20)];
  const size = bytes.length + odd;
  const length = LONG.has(vr) ? [number(0, 2), number(size, 4)] : [number(size, 2)];
  return joined([number(group, 2), number(elementNumber, 2), TEXT.encode(vr), ...length, bytes, ...padding]);
}

/**
 * @param {number} value
 * @param {number} bytes  little endian
 */
function number(value, bytes) {
  return Uint8Array.from({ length: bytes }, (_, at) => Math.floor(value / 256 ** at) % 256);
}

/** @param {Uint8Array[]} parts */
function joined(parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
