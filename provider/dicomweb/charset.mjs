// Text of a data set for people to read. Bytes that no decoding explains are shown as replacement characters.

/** Encodings by defined term of Specific Character Set (0008,0005), PS3.3 C.12.1.1.2; the first that is named wins. */
const ENCODINGS = /** @type {const} */ ([
  ["ISO_IR 192", "utf-8"],
  ["GB18030", "gb18030"],
  ["GBK", "gbk"],
  ["ISO 2022 IR 87", "iso-2022-jp"],
  ["ISO 2022 IR 159", "iso-2022-jp"],
  ["ISO 2022 IR 149", "euc-kr"],
  ["ISO_IR 13", "shift_jis"],
  ["ISO 2022 IR 13", "shift_jis"],
  ["ISO_IR 101", "iso-8859-2"],
  ["ISO_IR 144", "iso-8859-5"],
  ["ISO_IR 127", "iso-8859-6"],
  ["ISO_IR 126", "iso-8859-7"],
  ["ISO_IR 138", "iso-8859-8"],
  ["ISO_IR 166", "windows-874"],
]);

/** @param {string | undefined} terms value of (0008,0005) */
export function decoder(terms) {
  const named = (terms ?? "").split("\\").map((term) => term.trim());
  const encoding = ENCODINGS.find(([term]) => named.includes(term))?.[1] ?? "windows-1252";
  return new TextDecoder(encoding);
}
