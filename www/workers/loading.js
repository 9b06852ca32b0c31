/** Code that is fetched when it is first needed: where there is no network then, nothing is wrong with the file that needs it. */

import { Unreachable } from "./fault.js";

const PATIENCE_MS = 10_000;

/** Whether whoever serves the page answers, with whatever. @returns {Promise<boolean>} never rejects */
export async function isReachable() {
  try {
    await fetch(import.meta.url, { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) });
    return true;
  } catch {
    return false;
  }
}

/**
 * @template T
 * @param {() => Promise<T>} load
 * @returns {Promise<T>}
 * @throws {Unreachable} or what `load` throws though the network is there
 */
export async function loaded(load) {
  try {
    return await load();
  } catch (error) {
    if (await isReachable()) throw error;
    throw new Unreachable();
  }
}
