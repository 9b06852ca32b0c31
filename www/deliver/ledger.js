/**
 * What was delivered where, so that the same folder, put in again after a reload or on another day, sends only what is missing.
 *
 * Remembered are MACs, a state and a day: nothing that could be read without the project key. An entry is known by the MAC of the
 * output's UID and the destination (`ledger` of the pseudonyms' scheme, design 6) and holds the MAC of its digest beside it, so that
 * other bytes under a known UID are not taken for the same. It goes with the finished record, or after 30 days.
 */

import { inStore } from "./database.js";

/**
 * @typedef {import("./sink.js").Output} Output
 * @typedef {"intended" | "confirmed"} State  asked to be stored; stored, as the destination itself has said
 * @typedef {{state: State, day: number, digest: string}} Remembered  `day` since 1970-01-01 UTC; `digest` 16 bytes in hexadecimal
 * @typedef {{has: (output: Output) => Promise<State | null>, intend: (outputs: Output[]) => Promise<void>,
 *   confirm: (output: Output) => Promise<void>, forget: () => Promise<void>}} Ledger
 */

const DAYS = 30;
const DAY_MS = 86_400_000;
/** Between the fields of a message: no UID or address holds it. */
const FIELD = "\u001f";
const MAC_BYTES = 16;

/**
 * The ledger's own key, out of the project key: HKDF-SHA256, salt `tokumei/1`, info `ledger`. It can't be taken out again.
 * @param {Uint8Array<ArrayBuffer>} key  32 bytes
 */
export async function ledgerKey(key) {
  const text = new TextEncoder();
  const material = await crypto.subtle.importKey("raw", key, "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: text.encode("tokumei/1"), info: text.encode("ledger") };
  return crypto.subtle.deriveKey(how, material, { name: "HMAC", hash: "SHA-256", length: 256 }, false, ["sign"]);
}

/**
 * @param {CryptoKey} key
 * @param {string} instance  output UID
 * @param {string} destination
 * @param {string[]} more  further fields
 * @returns {Promise<string>}  16 bytes in hexadecimal
 */
export async function ledgerMac(key, instance, destination, ...more) {
  const message = new TextEncoder().encode([instance, destination, ...more].join(FIELD));
  const mac = new Uint8Array(await crypto.subtle.sign("HMAC", key, message), 0, MAC_BYTES);
  return Array.from(mac, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * @param {CryptoKey} key  of `ledgerKey`
 * @param {string} destination  its address
 * @param {() => number} [now]  milliseconds
 * @returns {Ledger}
 */
export function openLedger(key, destination, now = Date.now) {
  /** Met in this session, and what is true even where the browser remembers nothing. @type {Map<string, Remembered | null>} */
  const met = new Map();
  const today = () => Math.floor(now() / DAY_MS);
  void inStore("ledger", "readwrite", (store) => dropUpTo(store, today() - DAYS));

  /** An output is asked for, intended and confirmed. @type {WeakMap<Output, Promise<{id: string, digest: string}>>} */
  const known = new WeakMap();

  /** @param {Output} output */
  const macsOf = (output) => {
    const macs = known.get(output) ?? newMacs(output);
    known.set(output, macs);
    return macs;
  };

  /** @param {Output} output */
  const newMacs = async ({ instance, sha256 }) => {
    const uid = instance ?? "";
    const [id, digest] = await Promise.all([
      ledgerMac(key, uid, destination),
      ledgerMac(key, uid, destination, sha256),
    ]);
    return { id, digest };
  };

  /** @param {Output[]} outputs @param {State} state */
  const remember = async (outputs, state) => {
    const macs = await Promise.all(outputs.map(macsOf));
    const day = today();
    for (const { id, digest } of macs) met.set(id, { state, day, digest });
    await inStore("ledger", "readwrite", (store) => {
      for (const { id, digest } of macs) store.put({ state, day, digest }, id);
      return null;
    });
  };

  return {
    async has(output) {
      const { id, digest } = await macsOf(output);
      const found = met.get(id) ?? (await inStore("ledger", "readonly", (store) => store.get(id)));
      if (!met.has(id)) met.set(id, found);
      return found?.digest === digest ? found.state : null;
    },
    intend: (outputs) => remember(outputs, "intended"),
    confirm: (output) => remember([output], "confirmed"),
    /** The record is finished: what this session has met is no longer remembered. */
    async forget() {
      const ids = [...met.keys()];
      met.clear();
      await inStore("ledger", "readwrite", (store) => {
        for (const id of ids) store.delete(id);
        return null;
      });
    },
  };
}

/**
 * Deliveries whose record is not finished, whatever their key.
 * @returns {Promise<{confirmed: number, day: Date} | null>}  `day` of the newest; null: there are none
 */
export async function unfinished() {
  const all = /** @type {Remembered[]} */ ((await inStore("ledger", "readonly", (store) => store.getAll())) ?? []);
  const confirmed = all.filter(({ state }) => state === "confirmed");
  if (confirmed.length === 0) return null;
  const newest = confirmed.reduce((day, each) => Math.max(day, each.day), 0);
  return { confirmed: confirmed.length, day: new Date(newest * DAY_MS) };
}

export async function forgetAll() {
  await inStore("ledger", "readwrite", (store) => store.clear());
}

/** @param {IDBObjectStore} store @param {number} day */
function dropUpTo(store, day) {
  const request = store.index("day").openCursor(IDBKeyRange.upperBound(day));
  request.onsuccess = () => {
    request.result?.delete();
    request.result?.continue();
  };
  return null;
}
