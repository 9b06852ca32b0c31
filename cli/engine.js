/** The modules and word lists as the command line loads them: once here, shared with the worker threads. */

import { readFileSync } from "node:fs";
import * as core from "../www/pkg/core.js";

/** @typedef {{coreModule: WebAssembly.Module, verifyModule: WebAssembly.Module, lists: Uint8Array, core: typeof core}} Engine */

/** @returns {Engine} */
export function loadEngine() {
  const [coreModule, verifyModule] = [compile("core"), compile("verify")];
  core.initSync({ module: coreModule });
  return { coreModule, verifyModule, lists: new Uint8Array(read("lists.bin")), core };
}

/** @param {string} name  of a module */
export function compile(name) {
  // The types of Node know WebAssembly's shapes, not that it is there.
  const { Module } = /** @type {any} */ (globalThis).WebAssembly;
  return new Module(read(`${name}.wasm`));
}

/** @param {string} file */
function read(file) {
  return readFileSync(new URL(`../www/pkg/${file}`, import.meta.url));
}
