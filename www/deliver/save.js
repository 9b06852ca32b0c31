/** Saving for the person: downloads made of Blobs, and the pickers of places. */
import { pickers } from "../intake/browser.js";

/** @param {string} name @param {Blob} blob */
export function download(name, blob) {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.hidden = true;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** @param {string} name @param {unknown} value */
export function downloadJson(name, value) {
  download(name, new Blob([`${JSON.stringify(value, null, 2)}\n`], { type: "application/json" }));
}

/** Can the browser write a ZIP straight into a file that the person chose? */
export const hasSavePicker = () => typeof pickers().showSaveFilePicker === "function";

/** Can the browser write into a folder? */
export const hasFolderPicker = () => typeof pickers().showDirectoryPicker === "function";

/**
 * @param {string} name suggested; holds no person and no hospital
 * @returns {Promise<FileSystemFileHandle | null>} null: the person closed the dialog
 */
export function pickZipFile(name) {
  return unlessClosed(() =>
    pickers().showSaveFilePicker?.({
      id: "tokumei-out",
      suggestedName: name,
      types: [{ accept: { "application/zip": [".zip"] } }],
    }),
  );
}

/** @returns {Promise<FileSystemDirectoryHandle | null>} null: the person closed the dialog, or the folder is not allowed */
export function pickOutputFolder() {
  return unlessClosed(() => pickers().showDirectoryPicker?.({ id: "tokumei-out", mode: "readwrite" }));
}

/** @template T @param {() => Promise<T> | undefined} open @returns {Promise<T | null>} */
async function unlessClosed(open) {
  try {
    return (await open()) ?? null;
  } catch (error) {
    if (error instanceof DOMException) return null;
    throw error;
  }
}
