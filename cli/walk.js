/**
 * Lists the files of the inputs: names, sizes and times only. Links below an input aren't followed (they could lead anywhere, or
 * round in a circle); they, special files and folders that can't be read stand in the list as `source-unreadable`.
 */

import { lstatSync, readdirSync, realpathSync, statSync } from "node:fs";
import { basename, join, sep } from "node:path";
import { isSystemError } from "./source.js";

/** @typedef {import("../www/workers/types.js").Input} Input */

const SEPARATOR = Buffer.from(sep);

/** An input named on the command line that isn't there. `n`: which one, from 1. */
export class NoSuchInput extends Error {
  /** @param {number} n */
  constructor(n) {
    super("no-such-input");
    this.name = "NoSuchInput";
    this.n = n;
  }
}

/**
 * Every file once, also where inputs overlap.
 * @param {string[]} inputs
 * @param {string | null} out  a folder or a file that is left out wherever it is met
 * @returns {Generator<Input>}
 */
export function* walkInputs(inputs, out) {
  const seen = new Set();
  const roots = inputs.map((input, index) => realInput(input, index + 1));
  // Longer paths first would name a file by the inner input; the order of inputs must not matter, so they are sorted.
  for (const root of [...new Set(roots)].sort()) {
    for (const input of walkRoot(root, out)) {
      const place =
        typeof input.fsPath === "string" ? input.fsPath : Buffer.from(input.fsPath ?? "").toString("latin1");
      if (seen.has(place)) continue;
      seen.add(place);
      yield input;
    }
  }
}

/**
 * @param {string} root  a real path
 * @param {string | null} out
 * @returns {Generator<Input>}
 */
function* walkRoot(root, out) {
  if (!statSync(root).isDirectory()) {
    yield described(root, basename(root));
    return;
  }
  /** @type {{place: string | Buffer, path: string}[]} */
  const waiting = [{ place: root, path: "" }];
  for (let folder = waiting.pop(); folder; folder = waiting.pop()) {
    const children = list(folder.place);
    if (children === null) {
      yield unreadable(folder.path, folder.place);
      continue;
    }
    for (const child of children) {
      const place = below(folder.place, child.name);
      const text = child.name.toString("utf8");
      const path = folder.path === "" ? text : `${folder.path}/${text}`;
      const kind = kindOf(child, place);
      if (place === out) continue;
      if (kind === "file") yield described(place, path);
      else if (kind === "other") yield unreadable(path, place);
      else waiting.push({ place, path });
    }
  }
}

/**
 * Some network file systems don't say with the name what it is.
 * @param {import("node:fs").Dirent<Buffer>} child
 * @param {string | Buffer} place
 * @returns {"file" | "folder" | "other"}
 */
function kindOf(child, place) {
  if (child.isFile()) return "file";
  if (child.isDirectory()) return "folder";
  if (
    child.isSymbolicLink() ||
    child.isFIFO() ||
    child.isSocket() ||
    child.isBlockDevice() ||
    child.isCharacterDevice()
  )
    return "other";
  try {
    const stat = lstatSync(place);
    return stat.isFile() ? "file" : stat.isDirectory() ? "folder" : "other";
  } catch (error) {
    if (isSystemError(error)) return "other";
    throw error;
  }
}

/**
 * A name that isn't UTF-8 is kept as bytes: only so can the file be opened.
 * @param {string | Buffer} folder
 * @param {Buffer} name
 */
function below(folder, name) {
  const text = name.toString("utf8");
  if (typeof folder === "string" && Buffer.from(text, "utf8").equals(name)) return join(folder, text);
  return Buffer.concat([Buffer.from(folder), SEPARATOR, name]);
}

/** @param {string | Buffer} folder */
function list(folder) {
  try {
    return readdirSync(folder, { withFileTypes: true, encoding: "buffer" });
  } catch (error) {
    if (isSystemError(error)) return null;
    throw error;
  }
}

/**
 * @param {string | Buffer} place
 * @param {string} path
 * @returns {Input}
 */
function described(place, path) {
  try {
    const stat = lstatSync(place);
    if (!stat.isFile()) return unreadable(path, place);
    return { path, size: stat.size, lastModified: stat.mtimeMs, fsPath: place };
  } catch (error) {
    if (isSystemError(error)) return unreadable(path, place);
    throw error;
  }
}

/**
 * @param {string} path
 * @param {string | Buffer} place
 * @returns {Input}
 */
function unreadable(path, place) {
  return { path, size: 0, lastModified: 0, fsPath: place, fault: "source-unreadable" };
}

/**
 * @param {string} input
 * @param {number} n
 */
function realInput(input, n) {
  try {
    return realpathSync(input);
  } catch (error) {
    if (isSystemError(error)) throw new NoSuchInput(n);
    throw error;
  }
}
