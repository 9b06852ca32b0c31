/** Files for the hospital alone (key, mapping, report): mode 0600, written under another name and then renamed. */

import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, linkSync, openSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { remove } from "./output.js";

/**
 * @param {string} path
 * @param {unknown} value
 */
export function writePrivateJson(path, value) {
  written(path, jsonOf(value), (temporary) => renameSync(temporary, path));
}

/**
 * As above, but what is there already stays: throws the system's EEXIST.
 * @param {string} path
 * @param {unknown} value
 */
export function writeNewPrivateJson(path, value) {
  writeNewPrivate(path, jsonOf(value));
}

/**
 * @param {string} path
 * @param {string} text
 */
export function writeNewPrivate(path, text) {
  written(path, text, (temporary) => linkSync(temporary, path));
}

/** @param {unknown} value */
function jsonOf(value) {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/**
 * @param {string} path
 * @param {string} text
 * @param {(temporary: string) => void} publish
 */
function written(path, text, publish) {
  const temporary = join(dirname(path), `.tokumei-${randomBytes(6).toString("hex")}.part`);
  try {
    const fd = openSync(temporary, "wx", 0o600);
    try {
      writeFileSync(fd, text);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    publish(temporary);
  } finally {
    remove(temporary);
  }
}
