/** Folders that are to be written into. */

import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Makes a folder and all above it that are not there. Node's own way (`recursive`) never returns where a file system says of
 * every new folder that its parent is not there, as that of processes does.
 * @param {string} path  absolute
 * @param {number} [mode]
 * @throws {NodeJS.ErrnoException} where one of them can't be made
 */
export function makeFolders(path, mode) {
  /** @type {string[]} */
  const missing = [];
  for (let at = path; !isFolder(at); at = dirname(at)) {
    missing.unshift(at);
    if (dirname(at) === at) break;
  }
  for (const folder of missing) {
    try {
      mkdirSync(folder, { mode });
    } catch (error) {
      // Another worker may have been faster.
      if (!isFolder(folder)) throw error;
    }
  }
}

/** @param {string} path */
function isFolder(path) {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
