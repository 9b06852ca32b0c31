/** Opening sessions in the page: each has a pool of its own, over the modules that are loaded once. */

import { createPool } from "../workers/pool.js";
import { loadEngine, resolvePolicy } from "./engine.js";
import { holdRun, receiptSigner } from "./guard.js";
import { openSession } from "./session.js";
import { stopWarming } from "./warmth.js";

/**
 * @typedef {object} OpenOptions
 * @property {string} policy  a policy's JSON text, or the id of a shipped one
 * @property {Uint8Array} key  32 bytes; zeroed by this call
 * @property {boolean} keyKept  whether a file of the key exists
 * @property {string} namespace
 * @property {string[] | null} optOut  IDs as `readOptOut` gives them
 * @property {string | null} masks  text of a file of masks
 */

/**
 * @param {OpenOptions} options
 * @returns {Promise<import("./session.js").Session>}
 * @throws {{code: "policy-invalid", line: number, column: number, message: string} | {code: "masks-invalid", place: string}}
 */
export async function openPageSession({ policy: wanted, key, keyKept, namespace, optOut, masks }) {
  stopWarming();
  const { core, coreModule, verifyModule, lists } = await loadEngine();
  const drawn = masks === null ? null : await import("./maskfile.js");
  const file = drawn && masks !== null ? new drawn.MaskFile(masks) : null;
  const { policy, sha256 } = resolvePolicy(core, wanted);
  const pool = createPool({
    core: coreModule,
    verify: verifyModule,
    lists: await lists,
    policy,
    key,
    namespace,
    mapping: policy.mapping !== "never",
  });
  const keyId = core.keyId(key);
  key.fill(0);
  return openSession({
    pool: drawn && file ? drawn.withMasks(pool, file) : pool,
    policy,
    policySha256: sha256,
    keyId,
    keyKept,
    optOut,
    tool: `tokumei ${core.version()}`,
    guard: holdRun,
    signer: receiptSigner,
  });
}
