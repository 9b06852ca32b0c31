/** A worker thread of the command line: the shared loop with the environment of Node. */

import { parentPort } from "node:worker_threads";
import { openEngine } from "../www/workers/engine.js";
import { serve } from "../www/workers/serve.js";
import { nodeEnvironment } from "./environment.js";

const port = /** @type {import("node:worker_threads").MessagePort} */ (parentPort);

const hear = serve(
  { send: (message) => port.postMessage(message), timing: process.env.TOKUMEI_TIMING === "1" },
  (message) => openEngine(message, nodeEnvironment(message.place ?? {})),
);

port.on("message", hear);
