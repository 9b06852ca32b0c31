/** One run at a time in all tabs of this page: a run holds a Web Lock (session/guard.js), which ends with its tab. */
import { dismiss, notify } from "./store.js";

const LOCK = "tokumei-run";

/** Says that another tab runs, for as long as it does. @returns {Promise<boolean>} whether one does */
export async function othersRun() {
  const { held = [] } = await navigator.locks.query();
  const busy = held.some(({ name, mode }) => name === LOCK && mode === "exclusive");
  if (busy) void sayUntilFree();
  return busy;
}

export async function sayUntilFree() {
  notify({ code: "second-tab", level: "warn" });
  await navigator.locks.request(LOCK, { mode: "shared" }, () => undefined);
  dismiss("second-tab");
}
