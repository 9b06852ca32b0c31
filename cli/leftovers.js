/** What must not stay on the disk, however the command ends: folders and files that are removed at its end or on a signal. */

import { rmSync } from "node:fs";

/** @type {Set<string>} */
const left = new Set();

/** To be removed. @param {string} path  a file or a folder */
export function leave(path) {
  left.add(path);
}

/** Removes it now. @param {string} path */
export function forget(path) {
  // A thread that still writes may put something in while the folder is being emptied.
  rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
  left.delete(path);
}

/** Removes all of it; nothing of this may fail. */
export function forgetAll() {
  for (const path of left) {
    try {
      forget(path);
    } catch {
      // A disk that is gone keeps what it has.
    }
  }
}
