/** The command line's pool: worker threads that share two compiled modules. */

import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { poolCalls } from "../www/workers/calls.js";
import { heard } from "../www/workers/protocol.js";
import { createScheduler, patienceBy, WORKER_LIMITS } from "../www/workers/scheduler.js";
import { remove } from "./output.js";

/**
 * @typedef {object} PoolOptions
 * @property {WebAssembly.Module} core
 * @property {WebAssembly.Module} verify
 * @property {Uint8Array} lists  word lists for the cleaning of text
 * @property {{limits?: {seconds?: number, secondsPerMegapixel?: number}}} policy
 * @property {Uint8Array} key  copied; the copy is zeroed by `close`
 * @property {string} namespace
 * @property {number} size
 * @property {string} [out]  folder that the workers write into
 * @property {import("./spool.js").Spool} [spool]  where outputs wait for a sink; with neither nothing can be delivered
 * @property {boolean} [mapping]
 * @property {URL} [script]  another worker of the same protocol
 * @property {(job: import("../www/workers/protocol.js").Job) => number} [patience]
 * @property {{memory: number, files: number}} [limits]
 * @property {(stages: Record<string, number>, worker: number) => void} [onTiming]
 */

/**
 * @param {PoolOptions} options
 * @returns {import("../www/workers/calls.js").Pool}
 */
export function createPool(options) {
  const key = Uint8Array.from(options.key);
  const script = options.script ?? new URL("./worker.js", import.meta.url);
  const run = randomBytes(6).toString("hex");
  let born = 0;
  const scheduler = createScheduler({
    size: options.size,
    patience: options.patience ?? patienceBy(options.policy.limits),
    spawn(_slot, events) {
      born += 1;
      const number = born;
      const place = placeOf(options, run, number);
      // Nothing of a worker reaches the terminal by itself: an error's text may come from the file.
      const worker = new Worker(script, { stdout: true, stderr: true });
      worker.on("message", (data) => {
        const message = heard(data);
        if (message === null) events.gone();
        else if (message.type === "timing") options.onTiming?.(message.stages, number);
        else events.message(message);
      });
      worker.on("error", () => events.gone());
      worker.on("messageerror", () => events.gone());
      worker.on("exit", () => events.gone());
      const current = new Int32Array(new SharedArrayBuffer(4));
      worker.postMessage({
        type: "open",
        current,
        core: options.core,
        verify: options.verify,
        lists: options.lists,
        policy: options.policy,
        key,
        namespace: options.namespace,
        mapping: options.mapping ?? false,
        limits: options.limits ?? WORKER_LIMITS,
        place,
      });
      return {
        send: (tickets) => worker.postMessage({ type: "batch", tickets }),
        current: () => Atomics.load(current, 0),
        async end() {
          await worker.terminate();
          if (place.temporary) remove(place.temporary);
          if (place.prefix) options.spool?.sweep(place.prefix);
        },
      };
    },
  });
  const calls = poolCalls(scheduler, async () => {
    await scheduler.close();
    key.fill(0);
  });
  return options.spool?.pool(calls) ?? calls;
}

/**
 * Where a worker's outputs go.
 * @param {PoolOptions} options
 * @param {string} run
 * @param {number} number  of the worker
 * @returns {Record<string, string>}
 */
function placeOf({ out, spool }, run, number) {
  if (spool) return spool.place(`${number}-`);
  return out ? { out, temporary: join(out, `.tokumei-${run}-${number}.part`) } : {};
}
