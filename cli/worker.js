/** A worker thread of the command line: the shared loop with the environment of Node. */

import { parentPort } from "node:worker_threads";
import { createEngine } from "../www/workers/engine.js";
import { serve } from "../www/workers/serve.js";
import { nodeEnvironment } from "./environment.js";

const port = /** @type {import("node:worker_threads").MessagePort} */ (parentPort);

const hear = serve(
  { send: (message) => port.postMessage(message), timing: process.env.TOKUMEI_TIMING === "1" },
  (message) =>
    createEngine({
      coreModule: message.core,
      verifyModule: message.verify,
      policy: message.policy,
      key: message.key,
      namespace: message.namespace,
      mapping: message.mapping,
      environment: nodeEnvironment(message.place ?? {}),
    }),
);

port.on("message", hear);
