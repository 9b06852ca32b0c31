/**
 * While a person looks for a folder, a worker tries the modules on an invented instance (`workers/warm.js`), so that the first
 * images of a run take no longer than the others. It ends by itself, or at once when there is something to do.
 */

import { scriptUrl } from "../workers/trusted.js";
import { loadEngine, resolvePolicy } from "./engine.js";

/** The page is drawn, and the mouse is on its way. */
const AFTER_MS = 300;

/** Which one matters little: all go the same way. */
const POLICY = "headers-only";

/** @type {Worker | null} */
let worker = null;
let wanted = true;

/** Begins when the page has nothing else to do. */
export async function warmUp() {
  const { core, coreModule, verifyModule, lists } = await loadEngine();
  const { policy } = resolvePolicy(core, POLICY);
  const message = { core: coreModule, verify: verifyModule, lists: await lists, policy };
  await new Promise((resolve) => setTimeout(resolve, AFTER_MS));
  if (!wanted) return;
  worker = new Worker(scriptUrl(new URL("../workers/warm.js", import.meta.url)), { type: "module", name: "tokumei" });
  // Nothing depends on it.
  worker.addEventListener("error", (event) => event.preventDefault());
  worker.postMessage(message);
}

/** Something is to be done: both cores are for that. */
export function stopWarming() {
  wanted = false;
  worker?.terminate();
  worker = null;
}
