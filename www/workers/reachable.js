/** Whether the page's server can be reached: code is fetched when it is first needed, and without a network nothing is wrong with the file that needs it. */

const PATIENCE_MS = 10_000;

/** Whether it answers, with whatever. @returns {Promise<boolean>} never rejects */
export async function isReachable() {
  try {
    await fetch(import.meta.url, { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) });
    return true;
  } catch {
    return false;
  }
}
