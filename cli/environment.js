/** The environment of a worker thread: files by `fs`, outputs into one folder. */

import { openMember } from "./member.js";
import { digestOf, OutputFolder } from "./output.js";
import { Buffers, FileSource, PieceSource } from "./source.js";

/**
 * @typedef {import("./source.js").NodeSource} NodeSource
 *
 * @param {Record<string, string>} place  `out`: the output folder, `temporary`: this worker's file; both absent when only scanning
 * @returns {import("../www/workers/types.js").Environment}
 */
export function nodeEnvironment(place) {
  const buffers = new Buffers();
  const folder = place.out && place.temporary ? new OutputFolder(place.out, place.temporary) : null;
  let reading = 0;
  return {
    open(input, whole) {
      const file = new FileSource(input, buffers, whole);
      const close = file.close.bind(file);
      file.close = () => {
        reading += file.milliseconds;
        close();
      };
      return input.member ? openMember(file, { size: input.size, member: input.member }, whole) : file;
    },
    compose: (pieces, source) => new PieceSource(pieces, /** @type {NodeSource} */ (source)),
    deliver(composed, source, name, watch) {
      if (folder === null) return { code: "write-denied" };
      return folder.put(/** @type {PieceSource} */ (composed), /** @type {NodeSource} */ (source), name, watch);
    },
    digest: (source) => digestOf(/** @type {NodeSource} */ (source)),
    changed: (source) => /** @type {NodeSource} */ (source).changed(),
    timing: () => ({ read: reading, ...folder?.milliseconds }),
  };
}
