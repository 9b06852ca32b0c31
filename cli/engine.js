/** The modules as the command line loads them: compiled once here, shared with the worker threads. */

import { readFileSync } from "node:fs";
import * as core from "../www/pkg/core.js";

/** @typedef {{coreModule: WebAssembly.Module, verifyModule: WebAssembly.Module, core: typeof core}} Engine */

/** @returns {Engine} */
export function loadEngine() {
  const [coreModule, verifyModule] = [compile("core"), compile("verify")];
  core.initSync({ module: coreModule });
  return { coreModule, verifyModule, core };
}

/** @param {string} name */
function compile(name) {
  // The types of Node know WebAssembly's shapes, not that it is there.
  const { Module } = /** @type {any} */ (globalThis).WebAssembly;
  return new Module(readFileSync(new URL(`../www/pkg/${name}.wasm`, import.meta.url)));
}
