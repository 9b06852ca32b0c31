/**
 * Walks what a person put in, to a stream of files with paths. Paths use "/" and begin with the name of the dropped
 * folder or file. Nothing is read here: names and sizes only.
 */

/** @typedef {import("../workers/types.js").Input} Input */
/** @typedef {{ entry: FileSystemEntry | null, handle: Promise<FileSystemHandle | null> | null, file: File | null }} Dropped */

/**
 * Takes hold of everything in a drop. Must be called inside the event: the list is empty after the first `await`.
 * @param {DataTransfer} transfer
 * @returns {Dropped[]}
 */
export function takeDrop(transfer) {
  return [...transfer.items]
    .filter((item) => item.kind === "file")
    .map((item) => {
      const entry = item.webkitGetAsEntry?.() ?? null;
      // Only where there is no entry; the type checker's library does not know it.
      const chromium = /** @type {any} */ (item);
      const handle = entry ? null : (chromium.getAsFileSystemHandle?.() ?? null);
      return { entry, handle, file: entry ? null : item.getAsFile() };
    });
}

/** Does this drag hold files? Text or links dragged over the page are none of its business. */
export function holdsFiles(/** @type {DataTransfer | null} */ transfer) {
  return transfer?.types.includes("Files") ?? false;
}

/**
 * @param {Dropped[]} dropped
 * @returns {AsyncGenerator<Input>}
 */
export async function* walkDrop(dropped) {
  for (const { entry, handle, file } of dropped) {
    if (entry) yield* walkEntry(entry);
    else {
      const taken = await handle;
      if (taken) yield* walkHandle(taken);
      else if (file) yield held(file, file.name);
    }
  }
}

/**
 * Files of a file input or an array. A folder input gives each file its path below the chosen folder.
 * @param {Iterable<File>} files
 * @returns {Generator<Input>}
 */
export function* walkFiles(files) {
  for (const file of files) yield held(file, file.webkitRelativePath || file.name);
}

/**
 * Depth first with a stack of its own: a folder may be as deep as it likes.
 * @param {FileSystemHandle} root
 * @returns {AsyncGenerator<Input>}
 */
export async function* walkHandle(root) {
  /** @type {[FileSystemHandle, string][]} */
  const waiting = [[root, root.name]];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [handle, path] = next;
    if (handle.kind === "file") {
      yield await describe(path, () => /** @type {FileSystemFileHandle} */ (handle).getFile());
      continue;
    }
    for await (const child of /** @type {FileSystemDirectoryHandle} */ (handle).values()) {
      waiting.push([child, `${path}/${child.name}`]);
    }
  }
}

const FILES_AT_ONCE = 32;

/** @param {FileSystemEntry} root @returns {AsyncGenerator<Input>} */
async function* walkEntry(root) {
  /** @type {FileSystemEntry[]} */
  const waiting = [root];
  for (let entry = waiting.pop(); entry; entry = waiting.pop()) {
    if (entry.isFile) {
      yield await entryFile(/** @type {FileSystemFileEntry} */ (entry));
      continue;
    }
    /** @type {FileSystemFileEntry[]} */
    let files = [];
    for await (const child of children(/** @type {FileSystemDirectoryEntry} */ (entry))) {
      if (child.isDirectory) waiting.push(child);
      else files.push(/** @type {FileSystemFileEntry} */ (child));
      if (files.length < FILES_AT_ONCE) continue;
      yield* await Promise.all(files.map(entryFile));
      files = [];
    }
    yield* await Promise.all(files.map(entryFile));
  }
}

/** `readEntries` gives at most 100 at a time: it is asked until it gives none. @param {FileSystemDirectoryEntry} folder */
async function* children(folder) {
  const reader = folder.createReader();
  for (;;) {
    const batch = await new Promise((done, fail) => reader.readEntries(done, fail)).catch(() => []);
    if (batch.length === 0) return;
    yield* /** @type {FileSystemEntry[]} */ (batch);
  }
}

/** @param {FileSystemFileEntry} entry @returns {Promise<Input>} */
function entryFile(entry) {
  const path = entry.fullPath.replace(/^\//, "");
  return describe(path, () => new Promise((done, fail) => entry.file(done, fail)));
}

/**
 * A file that went away between listing and opening still stands in the report, as one that cannot be read.
 * @param {string} path
 * @param {() => Promise<File>} open asks the disk, now and whenever the run wants to know whether the file changed
 * @returns {Promise<Input>}
 */
async function describe(path, open) {
  const file = await unlessGone(open());
  if (!file) return { path, size: 0, lastModified: 0, fault: "source-unreadable" };
  return { path, size: file.size, lastModified: file.lastModified, file, refresh: () => unlessGone(open()) };
}

/** @param {File} file @param {string} path @returns {Input} */
function held(file, path) {
  return { path: path.replaceAll("\\", "/"), size: file.size, lastModified: file.lastModified, file };
}

/** @template T @param {Promise<T>} promise @returns {Promise<T | null>} */
async function unlessGone(promise) {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof DOMException) return null;
    throw error;
  }
}
