/** From what a caller of `save` names to a sink. */
import { folderSink } from "../deliver/folder.js";
import { DeliveryError } from "../deliver/sink.js";
import { zipBlobSink, zipFileSink, zipStreamSink } from "../deliver/zip.js";

/**
 * @typedef {{ kind: "zip" | "folder" | "stream", handle?: FileSystemFileHandle | FileSystemDirectoryHandle | WritableStream }} Place
 * @typedef {import("../deliver/sink.js").Sink & { written: () => number, blob?: () => Promise<Blob> }} CountingSink
 */

/**
 * `zip` without a handle collects a Blob; with a file handle it streams into that file. `stream` writes the ZIP's bytes into a
 * WritableStream. `folder` writes below a directory handle.
 * @param {Place} place
 * @returns {Promise<CountingSink>}
 */
export async function openSink({ kind, handle }) {
  if (kind === "folder" && isDirectory(handle)) return counting(folderSink(handle));
  if (kind === "stream" && handle instanceof WritableStream) return counting(zipStreamSink(handle));
  if (kind === "zip" && handle === undefined) {
    const sink = zipBlobSink();
    return { ...counting(sink), blob: sink.blob };
  }
  if (kind === "zip" && isFile(handle)) return counting(zipFileSink(await handle.createWritable()));
  throw new DeliveryError("write-denied");
}

/** @param {import("../deliver/sink.js").Sink} sink @returns {CountingSink} */
function counting(sink) {
  let written = 0;
  return {
    ...sink,
    async write(output) {
      const there = await sink.write(output);
      written += 1;
      return there;
    },
    written: () => written,
  };
}

/** @param {unknown} handle @returns {handle is FileSystemDirectoryHandle} */
function isDirectory(handle) {
  return handle instanceof FileSystemDirectoryHandle;
}

/** @param {unknown} handle @returns {handle is FileSystemFileHandle} */
function isFile(handle) {
  return handle instanceof FileSystemFileHandle;
}
