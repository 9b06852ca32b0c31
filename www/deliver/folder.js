/** A sink that writes each output into a folder the person chose. What is there already is never overwritten. */
import { DeliveryError, placeFault } from "./sink.js";

/** Files that are written at once: opening and closing one costs a browser more than its bytes. */
const WINDOW = Object.freeze({ items: 4, bytes: 64 * 1024 * 1024 });

/**
 * @param {FileSystemDirectoryHandle} root
 * @returns {import("./sink.js").Sink}
 */
export function folderSink(root) {
  /** @type {Set<FileSystemWritableFileStream>} */
  const open = new Set();
  /** @type {Set<Promise<unknown>>} */
  const writing = new Set();
  return {
    window: WINDOW,
    async write({ name, blob }) {
      const written = writeOnce(root, name.split("/"), blob, open);
      writing.add(written);
      try {
        return await written;
      } catch (error) {
        throw await placeFault(error, blob);
      } finally {
        writing.delete(written);
      }
    },
    async close() {},
    async abort() {
      await Promise.all([...open].map((file) => file.abort().catch(() => undefined)));
      // A file that was being closed is there.
      await Promise.allSettled(writing);
    },
  };
}

/**
 * @param {FileSystemDirectoryHandle} root
 * @param {string[]} steps
 * @param {Blob} blob
 * @param {Set<FileSystemWritableFileStream>} open  files that are being written
 * @returns {Promise<void | "there">}
 */
async function writeOnce(root, steps, blob, open) {
  const name = steps.pop() ?? "";
  let folder = root;
  for (const step of steps) folder = await folder.getDirectoryHandle(step, { create: true });
  const there = await existing(folder, name);
  // An empty file is what a write leaves that was cut off.
  if (there && there.size > 0) {
    if (await sameBytes(there, blob)) return "there";
    throw new DeliveryError("conflict-at-destination");
  }
  const handle = await folder.getFileHandle(name, { create: true });
  const writable = await handle.createWritable();
  open.add(writable);
  try {
    await writable.write(blob);
    await writable.close();
  } catch (error) {
    await writable.abort().catch(() => undefined);
    await removeCutOff(folder, name);
    throw error;
  } finally {
    open.delete(writable);
  }
}

const REMOVALS = 6;

/** Removes what a write has left that was cut off; the browser may hold it for a moment longer. @param {FileSystemDirectoryHandle} folder @param {string} name */
async function removeCutOff(folder, name) {
  for (let tried = 0; tried < REMOVALS; tried += 1) {
    try {
      return await folder.removeEntry(name);
    } catch (error) {
      // A place that lets nothing be removed keeps an empty file, which is no output.
      if (!(error instanceof DOMException) || error.name !== "NoModificationAllowedError") return;
      await new Promise((resolve) => setTimeout(resolve, 10 << tried));
    }
  }
}

/** @param {FileSystemDirectoryHandle} folder @param {string} name @returns {Promise<File | null>} */
async function existing(folder, name) {
  try {
    return await (await folder.getFileHandle(name)).getFile();
  } catch (error) {
    if (error instanceof DOMException && error.name === "NotFoundError") return null;
    if (error instanceof DOMException && error.name === "TypeMismatchError")
      throw new DeliveryError("conflict-at-destination");
    throw error;
  }
}

const CHUNK = 1 << 20;

/** Compares by parts, so that two large files need two megabytes. @param {Blob} a @param {Blob} b */
async function sameBytes(a, b) {
  if (a.size !== b.size) return false;
  for (let at = 0; at < a.size; at += CHUNK) {
    const [left, right] = await Promise.all([part(a, at), part(b, at)]);
    if (left.some((byte, i) => byte !== right[i])) return false;
  }
  return true;
}

/** @param {Blob} blob @param {number} at */
async function part(blob, at) {
  return new Uint8Array(await blob.slice(at, at + CHUNK).arrayBuffer());
}
