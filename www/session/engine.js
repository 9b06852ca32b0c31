/** The modules and word lists in this thread: loaded once, shared by every session of the page. */

import initCore, * as core from "../pkg/core.js";

/**
 * @typedef {object} Engine
 * @property {WebAssembly.Module} coreModule
 * @property {WebAssembly.Module} verifyModule
 * @property {Promise<Uint8Array>} lists  what cleaning of text asks; the start does not wait for it
 * @property {typeof core} core  the core's functions, in this thread: policies, reasons, key IDs
 */

/** @type {Promise<Engine> | null} */
let loading = null;

/** @returns {Promise<Engine>} */
export function loadEngine() {
  loading ??= load();
  return loading;
}

async function load() {
  const lists = fetchLists();
  // Whoever waits for them is told.
  lists.catch(() => {});
  const [coreModule, verifyModule] = await Promise.all([compile("core"), compile("verify")]);
  await initCore({ module_or_path: coreModule });
  return { coreModule, verifyModule, lists, core };
}

async function fetchLists() {
  const response = await fetch(new URL("../pkg/lists.bin", import.meta.url));
  if (!response.ok) throw new Error("lists-missing");
  return new Uint8Array(await response.arrayBuffer());
}

/** @param {string} name */
function compile(name) {
  return WebAssembly.compileStreaming(fetch(new URL(`../pkg/${name}.wasm`, import.meta.url)));
}

/**
 * @param {typeof core} functions
 * @param {string} policy  a policy's JSON text, or the id of a shipped one
 * @returns {{policy: any, sha256: string}}
 */
export function resolvePolicy(functions, policy) {
  return functions.shippedPolicy(policy) ?? functions.readPolicy(policy);
}
