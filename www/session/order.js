/** The order of files: byte order of their UTF-8 paths, the same on every machine and for every order of adding. */

/**
 * Compares as the UTF-8 bytes would. UTF-16 code units agree with that except where surrogates meet the units above them.
 * @param {string} a
 * @param {string} b
 * @returns {number}
 */
export function compareBytes(a, b) {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i += 1) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left !== right) return weight(left) - weight(right);
  }
  return a.length - b.length;
}

/** Surrogates (of characters beyond U+FFFF) come after U+E000 to U+FFFF. @param {number} unit */
function weight(unit) {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

/**
 * @param {import("../workers/types.js").Input} a
 * @param {import("../workers/types.js").Input} b
 */
export function compareInputs(a, b) {
  return (
    compareBytes(a.path, b.path) ||
    compareBytes(place(a), place(b)) ||
    a.size - b.size ||
    a.lastModified - b.lastModified ||
    (a.member?.offset ?? 0) - (b.member?.offset ?? 0)
  );
}

/** Two inputs may have one path (two folders or members of one name): their place on the disk or in the ZIP decides. @param {import("../workers/types.js").Input} input */
function place({ fsPath }) {
  if (fsPath === undefined) return "";
  return typeof fsPath === "string" ? fsPath : Array.from(fsPath, (byte) => String.fromCharCode(byte)).join("");
}
