// Small DICOM files for tests: Explicit VR Little Endian with File Meta Information (PS3.10 7.1).

const LONG = new Set(["OB", "OW", "SQ", "UN", "UT"]);
const CT_IMAGE = "1.2.840.10008.5.1.4.1.1.2";
const EXPLICIT_LE = "1.2.840.10008.1.2.1";

/** One element; text is padded as its VR demands. @param {string} tag "gggg,eeee" @param {string} vr @param {string | Uint8Array} value */
export function element(tag, vr, value) {
  const [group, number] = tag.split(",").map((part) => Number.parseInt(part, 16));
  const bytes = typeof value === "string" ? new TextEncoder().encode(value) : value;
  const length = bytes.length + (bytes.length % 2);
  const header = LONG.has(vr) ? 12 : 8;
  const out = new Uint8Array(header + length);
  if (bytes.length % 2) out[out.length - 1] = vr === "UI" || LONG.has(vr) ? 0 : 0x20;
  const view = new DataView(out.buffer);
  view.setUint16(0, group, true);
  view.setUint16(2, number, true);
  out.set(new TextEncoder().encode(vr), 4);
  if (header === 12) view.setUint32(8, length, true);
  else view.setUint16(6, length, true);
  out.set(bytes, header);
  return out;
}

/** @param {number} value */
export function us(value) {
  return Uint8Array.of(value & 255, value >> 8);
}

/** Joins parts. @param {Uint8Array[]} parts */
export function join(parts) {
  return new Uint8Array(Buffer.concat(parts));
}

/**
 * A Part 10 file around a data set.
 * @param {Uint8Array[]} elements
 * @param {string} [instance]
 * @param {string} [transferSyntax]
 */
export function file(elements, instance = "1.2.3.4", transferSyntax = EXPLICIT_LE) {
  const meta = join([
    element("0002,0001", "OB", Uint8Array.of(0, 1)),
    element("0002,0002", "UI", CT_IMAGE),
    element("0002,0003", "UI", instance),
    element("0002,0010", "UI", transferSyntax),
    element("0002,0012", "UI", "1.2.3"),
  ]);
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, meta.length, true);
  const magic = new TextEncoder().encode("DICM");
  return join([new Uint8Array(128), magic, element("0002,0000", "UL", length), meta, ...elements]);
}

/**
 * A CT slice with the elements that its IOD needs, and an identity.
 * @param {{ instance?: string, patientId?: string, patientName?: string, side?: number }} [options]
 */
export function ct({ instance = "1.2.3.4", patientId = "12345678", patientName = "Yamada^Taro", side = 512 } = {}) {
  const pixels = new Uint8Array(side * side * 2);
  for (let i = 0; i < pixels.length; i += 2) pixels[i] = (i >> 1) & 255;
  return file(
    [
      element("0008,0008", "CS", "ORIGINAL\\PRIMARY\\AXIAL"),
      element("0008,0016", "UI", CT_IMAGE),
      element("0008,0018", "UI", instance),
      element("0008,0020", "DA", "20240102"),
      element("0008,0023", "DA", "20240102"),
      element("0008,0030", "TM", "101112"),
      element("0008,0033", "TM", "101112"),
      element("0008,0050", "SH", "ACC0001"),
      element("0008,0060", "CS", "CT"),
      element("0008,0070", "LO", "Maker"),
      element("0008,0090", "PN", "Suzuki^Ichiro"),
      element("0010,0010", "PN", patientName),
      element("0010,0020", "LO", patientId),
      element("0010,0030", "DA", "19500101"),
      element("0010,0040", "CS", "M"),
      element("0018,0050", "DS", "5"),
      element("0018,0060", "DS", "120"),
      element("0020,000D", "UI", "1.2.3.1"),
      element("0020,000E", "UI", "1.2.3.2"),
      element("0020,0010", "SH", "S1"),
      element("0020,0011", "IS", "1"),
      element("0020,0012", "IS", "1"),
      element("0020,0013", "IS", "1"),
      element("0020,0032", "DS", "0\\0\\0"),
      element("0020,0037", "DS", "1\\0\\0\\0\\1\\0"),
      element("0020,0052", "UI", "1.2.3.3"),
      element("0020,1040", "LO", ""),
      element("0028,0002", "US", us(1)),
      element("0028,0004", "CS", "MONOCHROME2"),
      element("0028,0010", "US", us(side)),
      element("0028,0011", "US", us(side)),
      element("0028,0030", "DS", "1\\1"),
      element("0028,0100", "US", us(16)),
      element("0028,0101", "US", us(16)),
      element("0028,0102", "US", us(15)),
      element("0028,0103", "US", us(0)),
      element("0028,1052", "DS", "-1024"),
      element("0028,1053", "DS", "1"),
      element("7FE0,0010", "OW", pixels),
    ],
    instance,
  );
}

/** A source over bytes that counts its calls. */
export function source(bytes) {
  const counted = {
    size: bytes.length,
    calls: 0,
    bytes: 0,
    read(offset, into) {
      counted.calls += 1;
      counted.bytes += into.length;
      into.set(bytes.subarray(offset, offset + into.length));
    },
  };
  return counted;
}
