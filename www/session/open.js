/** Opening sessions in the page: loads the modules once, makes a pool for each session. */

import initCore, * as core from "../pkg/core.js";
import { createPool } from "../workers/pool.js";
import { makeKey } from "./keyfile.js";
import { openSession } from "./session.js";

/**
 * @typedef {object} Engine
 * @property {WebAssembly.Module} coreModule
 * @property {WebAssembly.Module} verifyModule
 * @property {typeof core} core  the core's functions, in this thread: policies, reasons, key IDs
 *
 * @typedef {object} OpenOptions
 * @property {string} policy  a policy's JSON text, or the id of a shipped one
 * @property {Uint8Array | null} [key]  32 bytes; zeroed by this call. Absent: one is made for this session and forgotten with it
 * @property {boolean} [keyKept]  whether a file of the given key exists; true unless said otherwise
 * @property {string} [namespace]
 * @property {string[] | null} [optOut]  IDs as `readOptOut` gives them
 * @property {number} [workers]
 * @property {import("./session.js").SessionOptions["openSink"]} [openSink]
 * @property {(key: Uint8Array) => void} [onKeyMade]  is shown the key that was made, to save it if the person asks; must copy it
 */

/** @type {Promise<Engine> | null} */
let loading = null;

/** @returns {Promise<Engine>} */
export function loadEngine() {
  loading ??= load();
  return loading;
}

async function load() {
  const [coreModule, verifyModule] = await Promise.all([compile("core"), compile("verify")]);
  await initCore({ module_or_path: coreModule });
  return { coreModule, verifyModule, core };
}

/** @param {string} name */
function compile(name) {
  return WebAssembly.compileStreaming(fetch(new URL(`../pkg/${name}.wasm`, import.meta.url)));
}

/**
 * @param {OpenOptions} options
 * @returns {Promise<import("./session.js").Session>}
 * @throws {{code: "policy-invalid", line: number, column: number, message: string}}
 */
export async function openPageSession(options) {
  const engine = await loadEngine();
  const { policy, sha256 } = resolvePolicy(engine.core, options.policy);
  const key = options.key ?? makeKey();
  if (!options.key) options.onKeyMade?.(key);
  const pool = createPool({
    core: engine.coreModule,
    verify: engine.verifyModule,
    policy,
    key,
    namespace: options.namespace ?? "",
    mapping: policy.mapping !== "never",
    ...(options.workers && { size: options.workers }),
  });
  const keyId = engine.core.keyId(key);
  key.fill(0);
  return openSession({
    pool,
    policy,
    policySha256: sha256,
    keyId,
    keyKept: Boolean(options.key) && (options.keyKept ?? true),
    optOut: options.optOut ?? null,
    tool: `tokumei ${engine.core.version()}`,
    ...(options.openSink && { openSink: options.openSink }),
  });
}

/**
 * A shipped policy goes through the same reader as a loaded one, so that both have a digest.
 * @param {typeof core} functions
 * @param {string} policy
 * @returns {{policy: any, sha256: string}}
 */
export function resolvePolicy(functions, policy) {
  const shipped = functions.shippedPolicies().find((/** @type {{id: string}} */ each) => each.id === policy);
  return functions.readPolicy(shipped === undefined ? policy : JSON.stringify(shipped));
}
