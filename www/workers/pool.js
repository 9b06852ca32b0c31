/** The page's pool: module workers that share two compiled modules. */

import { poolCalls } from "./calls.js";
import { heard } from "./protocol.js";
import { isReachable } from "./reachable.js";
import { createScheduler, patienceBy, WORKER_LIMITS } from "./scheduler.js";
import { scriptUrl } from "./trusted.js";

/**
 * @typedef {object} PoolOptions
 * @property {WebAssembly.Module} core
 * @property {WebAssembly.Module} verify
 * @property {Uint8Array} lists  word lists for the cleaning of text
 * @property {{limits?: {seconds?: number, secondsPerMegapixel?: number}}} policy
 * @property {Uint8Array} key  copied; the copy is zeroed by `close`
 * @property {string} namespace
 * @property {boolean} [mapping]
 * @property {number} [size]  workers; by default what the machine has, 2 to 4
 * @property {string | URL} [script]  another worker of the same protocol
 */

/**
 * @param {PoolOptions} options
 * @returns {import("./calls.js").Pool}
 */
export function createPool(options) {
  const key = Uint8Array.from(options.key);
  const size = options.size ?? Math.min(4, Math.max(2, globalThis.navigator.hardwareConcurrency ?? 2));
  const script = options.script ?? new URL("./worker.js", import.meta.url);
  const scheduler = createScheduler({
    size,
    patience: patienceBy(options.policy.limits),
    reachable: isReachable,
    spawn(_slot, events) {
      const worker = new Worker(scriptUrl(script), { type: "module", name: "tokumei" });
      worker.addEventListener("message", (event) => {
        const message = heard(event.data);
        if (message === null) events.gone();
        else events.message(message);
      });
      // The text of an error may come from the file: it is not shown anywhere.
      worker.addEventListener("error", (event) => {
        event.preventDefault();
        events.gone();
      });
      worker.addEventListener("messageerror", () => events.gone());
      worker.postMessage({
        type: "open",
        core: options.core,
        verify: options.verify,
        lists: options.lists,
        policy: options.policy,
        key,
        namespace: options.namespace,
        mapping: options.mapping ?? false,
        limits: WORKER_LIMITS,
      });
      return {
        send: (tickets) => worker.postMessage({ type: "batch", tickets }),
        end: () => worker.terminate(),
      };
    },
  });
  return poolCalls(scheduler, async () => {
    await scheduler.close();
    key.fill(0);
  });
}
