/** The pickers of Chromium and Edge, which the type checker's library does not know yet. */

/**
 * @typedef {object} Pickers
 * @property {((options: object) => Promise<FileSystemDirectoryHandle>) | undefined} showDirectoryPicker
 * @property {((options: object) => Promise<FileSystemFileHandle>) | undefined} showSaveFilePicker
 */

/** The pickers of this browser; read at each use, since a frame or a policy may lack them. @returns {Pickers} */
export const pickers = () => /** @type {Pickers} */ (/** @type {unknown} */ (globalThis));
