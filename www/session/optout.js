/**
 * Reads an opt-out list of one column: Patient IDs as the hospital writes them. The core brings them to their canonical form.
 *
 * UTF-8 or UTF-16 (with its mark), else Shift_JIS as Windows writes it (cp932). A first line that names the column is left out,
 * blank lines too. Anything that would silently match nobody stops the run (`optout-list-broken`) with the line's number: a second
 * column, a control character, a byte that no decoding explains, a quotation mark that doesn't close.
 */

const HEADER = /^(患者|カルテ|診察券|登録|patient|pid$|id$|mrn|chart)/iu;
/** Control characters but the tab, and what stands for a byte that was no character. */
const CONTROL = /[^\P{Cc}\t]|\ufffd/u;
/** What separates columns in the files that tables are saved as. */
const SEPARATOR = /[,\t;，]/u;

/** A list that can't be used; `line` counts from 1 and is null where the fault is no line's. */
export class OptOutError extends Error {
  /** @param {number | null} line */
  constructor(line) {
    super("optout-list-broken");
    this.name = "OptOutError";
    this.code = "optout-list-broken";
    this.line = line;
  }
}

/**
 * @param {Uint8Array} bytes
 * @returns {string[]}
 */
export function readOptOut(bytes) {
  const lines = decode(bytes).split(/\r\n|\r|\n/u);
  /** @type {string[]} */
  const ids = [];
  let first = true;
  lines.forEach((line, index) => {
    const id = cell(line, index + 1);
    if (id === "") return;
    if (!(first && isHeader(id))) ids.push(id);
    first = false;
  });
  return ids;
}

/** An ID holds a digit; the name of a column doesn't. @param {string} text */
function isHeader(text) {
  return HEADER.test(text.normalize("NFKC")) && !/\d/u.test(text.normalize("NFKC"));
}

/**
 * @param {string} line
 * @param {number} number
 */
function cell(line, number) {
  if (CONTROL.test(line)) throw new OptOutError(number);
  const text = line.trim();
  if (!text.startsWith('"')) {
    // An empty further column is what a table program leaves behind; one with content is not for us to guess at.
    const bare = text.replace(/[,\t;]+$/u, "").trim();
    if (SEPARATOR.test(bare) || bare.includes('"')) throw new OptOutError(number);
    return bare;
  }
  const quoted = /^"((?:[^"]|"")*)"[,\t;]*$/u.exec(text);
  if (quoted === null) throw new OptOutError(number);
  return (quoted[1] ?? "").replaceAll('""', '"').trim();
}

/** @param {Uint8Array} bytes */
function decode(bytes) {
  const encodings =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? ["utf-16le"]
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? ["utf-16be"]
        : ["utf-8", "shift_jis"];
  for (const encoding of encodings) {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
  }
  throw new OptOutError(null);
}
