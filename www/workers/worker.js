/** A worker of the page (module worker): the shared loop with the page's environment. */

import { openEngine } from "./engine.js";
import { pageEnvironment } from "./page.js";
import { isReachable } from "./reachable.js";
import { serve } from "./serve.js";

const scope = /** @type {DedicatedWorkerGlobalScope} */ (/** @type {unknown} */ (globalThis));

const hear = serve({ send: (message) => scope.postMessage(message), reachable: isReachable }, (message) =>
  openEngine(message, pageEnvironment()),
);

scope.addEventListener("message", (event) => hear(event.data));
