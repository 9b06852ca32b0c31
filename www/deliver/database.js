/**
 * What this browser may remember between visits: the ledger of deliveries (ledger.js) and the key pair that signs receipts
 * (session/guard.js). A browser that remembers nothing (a private window, a full disk, a policy) is no fault: then nothing is remembered.
 */

const NAME = "tokumei";
const VERSION = 1;

/** @typedef {"ledger" | "keys"} StoreName */

/** @type {Promise<IDBDatabase | null> | null} */
let opening = null;

/** @returns {Promise<IDBDatabase | null>}  null: this browser remembers nothing */
function database() {
  opening ??= open().catch(() => null);
  return opening;
}

/** @returns {Promise<IDBDatabase>} */
function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("ledger").createIndex("day", "day");
      request.result.createObjectStore("keys");
    };
    request.onblocked = () => reject(new Error("blocked"));
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const found = request.result;
      // Another version of the page may want to change it, or the person to delete it.
      found.onversionchange = () => forgetConnection(found);
      found.onclose = () => forgetConnection(found);
      resolve(found);
    };
  });
}

/** @param {IDBDatabase} found */
function forgetConnection(found) {
  found.close();
  opening = null;
}

/**
 * One transaction on one store; what the work's request gives, once it is written.
 * @template T
 * @param {StoreName} name
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest<T> | null} work
 * @returns {Promise<T | null>}  null: nothing is there, or this browser remembers nothing
 */
export async function inStore(name, mode, work) {
  const found = await database();
  if (found === null) return null;
  try {
    return await new Promise((resolve, reject) => {
      const transaction = found.transaction(name, mode, { durability: "relaxed" });
      const request = work(transaction.objectStore(name));
      transaction.oncomplete = () => resolve(request?.result ?? null);
      transaction.onabort = () => reject(transaction.error);
    });
  } catch (error) {
    if (error instanceof DOMException || error === null) return null;
    throw error;
  }
}
