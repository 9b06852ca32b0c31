// One patient's name in each character set whose cells the platform tells, and a file around it.
import { element, file } from "./dicom.mjs";

/** The declaration, the bytes as they are, and what they say. @type {[terms: string, hex: string, name: string][]} */
export const NAMES = [
  ["\\ISO 2022 IR 87", "1b2442 3b33 4b5c 1b2842 5e 1b2442 2141 1b2842", "山本^〜"],
  ["\\ISO 2022 IR 87\\ISO 2022 IR 159", "1b2442 4170 1b242844 3c74 1b2842", "草彅"],
  ["\\ISO 2022 IR 149", "1b242943 fbf3 5e 1b242943 d1ce d4d7", "洪^吉洞"],
  ["\\ISO 2022 IR 58", "1b242941 d5c5", "张"],
  ["GBK", "825c 815c", "俓乗"],
  ["GB18030", "8139ee39 9534b235 cdf5", "㐀𠮷王"],
];

/** A file with nothing but a name. @param {[terms: string, hex: string, name: string]} name */
export function named([terms, hex]) {
  const bytes = Uint8Array.from(Buffer.from(hex.replaceAll(" ", ""), "hex"));
  return file([
    element("0008,0005", "CS", terms),
    element("0008,0016", "UI", "1.2.840.10008.5.1.4.1.1.2"),
    element("0008,0018", "UI", "1.2.3.4"),
    element("0010,0010", "PN", bytes),
    element("0010,0020", "LO", "12345678"),
  ]);
}
