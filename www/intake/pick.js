/** Choosing without a mouse drag: the folder picker where the browser has one, else its folder input. */
import { pickers } from "./browser.js";
import { walkFiles, walkHandle } from "./walk.js";

/** Does the browser have the picker that does not speak of uploading? */
export const hasFolderPicker = () => typeof pickers().showDirectoryPicker === "function";

/**
 * @returns {Promise<AsyncGenerator<import("./walk.js").Input> | null>} null: closed without a folder, or a folder that
 * the browser does not allow (it does not say which)
 */
export async function pickFolder() {
  try {
    const folder = await pickers().showDirectoryPicker?.({ id: "tokumei-in", mode: "read" });
    return folder ? walkHandle(folder) : null;
  } catch (error) {
    if (error instanceof DOMException) return null;
    throw error;
  }
}

/**
 * Opens a file input. Must be called inside a click.
 * @param {{ folder?: boolean, accept?: string }} how
 * @returns {Promise<File[]>} empty when the person closed it
 */
export function pickFiles({ folder = false, accept = "" } = {}) {
  const input = document.createElement("input");
  input.type = "file";
  input.multiple = accept === "";
  input.webkitdirectory = folder;
  input.accept = accept;
  input.hidden = true;
  input.dataset.testid = folder ? "folder-input" : "file-input";
  document.body.append(input);
  return new Promise((done) => {
    const finish = () => {
      input.remove();
      done([...(input.files ?? [])]);
    };
    input.addEventListener("change", finish, { once: true });
    input.addEventListener("cancel", finish, { once: true });
    input.click();
  });
}

/** @param {File[]} files */
export const filesAsInputs = (files) => walkFiles(files);
