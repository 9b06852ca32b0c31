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
  written(path, value, (temporary) => renameSync(temporary, path));
}

/**
 * As above, but what is there already stays: throws the system's EEXIST.
 * @param {string} path
 * @param {unknown} value
 */
export function writeNewPrivateJson(path, value) {
  written(path, value, (temporary) => linkSync(temporary, path));
}

/**
 * @param {string} path
 * @param {unknown} value
 * @param {(temporary: string) => void} publish
 */
function written(path, value, publish) {
  const temporary = join(dirname(path), `.tokumei-${randomBytes(6).toString("hex")}.part`);
  try {
    const fd = openSync(temporary, "wx", 0o600);
    try {
      writeFileSync(fd, `${JSON.stringify(value, null, 2)}\n`);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    publish(temporary);
  } finally {
    remove(temporary);
  }
}
