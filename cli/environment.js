/** The environment of a worker thread: files by `fs`, outputs into one folder. */

import { digestOf, OutputFolder } from "./output.js";
import { Buffers, FileSource, PieceSource } from "./source.js";

/**
 * @param {Record<string, string>} place  `out`: the output folder, `temporary`: this worker's file; both absent when only scanning
 * @returns {import("../www/workers/types.js").Environment}
 */
export function nodeEnvironment(place) {
  const buffers = new Buffers();
  const folder = place.out && place.temporary ? new OutputFolder(place.out, place.temporary) : null;
  let reading = 0;
  return {
    open(input, whole) {
      const source = new FileSource(input, buffers, whole);
      const close = source.close.bind(source);
      source.close = () => {
        reading += source.milliseconds;
        close();
      };
      return source;
    },
    compose: (pieces, source) => new PieceSource(pieces, /** @type {FileSource} */ (source)),
    deliver(composed, source, name, watch) {
      if (folder === null) return { code: "write-denied" };
      return folder.put(/** @type {PieceSource} */ (composed), /** @type {FileSource} */ (source), name, watch);
    },
    digest: (source) => digestOf(/** @type {FileSource} */ (source)),
    changed: (source) => /** @type {FileSource} */ (source).changed(),
    timing: () => ({ read: reading, ...folder?.milliseconds }),
  };
}
