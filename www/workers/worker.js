/** A worker of the page (module worker): the shared loop with the page's environment. */

import { createEngine } from "./engine.js";
import { pageEnvironment } from "./page.js";
import { serve } from "./serve.js";

const scope = /** @type {DedicatedWorkerGlobalScope} */ (/** @type {unknown} */ (globalThis));

const hear = serve({ send: (message) => scope.postMessage(message) }, (message) =>
  createEngine({
    coreModule: message.core,
    verifyModule: message.verify,
    policy: message.policy,
    key: message.key,
    namespace: message.namespace,
    mapping: message.mapping,
    environment: pageEnvironment(),
  }),
);

scope.addEventListener("message", (event) => hear(event.data));
