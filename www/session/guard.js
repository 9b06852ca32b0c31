/** What a run holds on to in a browser: the one lock of all tabs, a screen that stays on, and the key pair of receipts. */
import { inStore } from "../deliver/database.js";
import { makeSigningKeys, signerOf } from "./receipt.js";

const LOCK = "tokumei-run";

/**
 * One run at a time in all tabs of this page; a held lock also keeps the browser from putting its tab to sleep.
 * @returns {Promise<(() => void) | null>}  null: another tab runs
 */
export function holdRun() {
  return new Promise((resolve, reject) => {
    const held = navigator.locks.request(LOCK, { ifAvailable: true }, async (lock) => {
      if (lock === null) return resolve(null);
      const screen = keepAwake();
      await new Promise((letGo) => resolve(() => letGo(undefined)));
      screen.end();
    });
    held.catch(reject);
  });
}

/** Keeps the screen on while this tab is seen, where the browser can. */
function keepAwake() {
  /** @type {WakeLockSentinel | null} */
  let held = null;
  let over = false;
  const ask = async () => {
    if (over || document.visibilityState !== "visible") return;
    // Not there, or not allowed now (an empty battery): the run goes on without.
    held = (await navigator.wakeLock?.request("screen").catch(() => null)) ?? null;
    if (over) void held?.release();
  };
  // The browser takes it back when the tab is hidden.
  document.addEventListener("visibilitychange", ask);
  void ask();
  return {
    end() {
      over = true;
      document.removeEventListener("visibilitychange", ask);
      void held?.release();
    },
  };
}

const KEYS = "receipt";

/**
 * Signs receipts with a key pair that never leaves this browser; made at its first use.
 * @returns {Promise<import("./receipt.js").Signer | null>}  null: this browser can't sign
 */
export function receiptSigner() {
  signer ??= openSigner();
  return signer;
}

/** @type {Promise<import("./receipt.js").Signer | null> | null} */
let signer = null;

async function openSigner() {
  /** @type {import("./receipt.js").SigningKeys | null} */
  const known = await inStore("keys", "readonly", (store) => store.get(KEYS));
  if (known !== null) return signerOf(known);
  const made = await makeSigningKeys();
  if (made === null) return null;
  await inStore("keys", "readwrite", (store) => store.put(made, KEYS));
  return signerOf(made);
}
