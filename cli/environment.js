/** The environment of a worker thread: files by `fs`, outputs into one folder or into the spool. */

import { compile } from "./engine.js";
import { openMember } from "./member.js";
import { digestOf, OutputFolder } from "./output.js";
import { Buffers, FileSource, PieceSource } from "./source.js";
import { SpoolFolder } from "./spool-folder.js";

/**
 * @typedef {import("./source.js").NodeSource} NodeSource
 *
 * @param {Record<string, string>} place  `out`: the output folder, `temporary`: this worker's file; or `spool`: a folder, `prefix`: of
 *   this worker's files there, `crc32`: is wanted; nothing when only scanning
 * @returns {import("../www/workers/types.js").Environment}
 */
export function nodeEnvironment(place) {
  const buffers = new Buffers();
  const folder = folderOf(place);
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
    deliver(composed, source, { name }, watch) {
      if (folder === null) return { code: "write-denied" };
      return folder.put(/** @type {PieceSource} */ (composed), /** @type {NodeSource} */ (source), name, watch);
    },
    pixels: loadPixels,
    digest: (source) => digestOf(/** @type {NodeSource} */ (source)),
    changed: (source) => /** @type {NodeSource} */ (source).changed(),
    timing: () => ({ read: reading, ...folder?.milliseconds }),
  };
}

/** Masks are not wanted in every run: their module comes when the first one is. @param {"pixels" | "jxl"} name */
async function loadPixels(name) {
  const module = name === "jxl" ? await import("../www/pkg/jxl.js") : await import("../www/pkg/pixels.js");
  const { initSync, around, look, mask, preview } = module;
  const { memory } = initSync({ module: compile(name) });
  return { around, look, mask, preview, memory };
}

/** @param {Record<string, string>} place */
function folderOf({ out, temporary, spool, prefix, crc32 }) {
  if (spool && prefix) return new SpoolFolder(spool, prefix, crc32 !== undefined);
  return out && temporary ? new OutputFolder(out, temporary) : null;
}
