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
 * Works that wait for a transaction, by store and mode: while one is under way, the next are gathered for another, since each takes
 * several turns between processes whatever is done in it.
 * @type {Map<string, Waiting[]>}
 */
const waiting = new Map();

/**
 * @typedef {object} Waiting
 * @property {(store: IDBObjectStore) => IDBRequest | null} work
 * @property {(value: any) => void} resolve
 * @property {(error: unknown) => void} reject
 */

/**
 * One transaction on one store, others of that kind may be in it; what the work's request gives, once it is written.
 * @template T
 * @param {StoreName} name
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest<T> | null} work
 * @returns {Promise<T | null>}  null: nothing is there, or this browser remembers nothing
 */
export function inStore(name, mode, work) {
  return new Promise((resolve, reject) => {
    const kind = `${name} ${mode}`;
    const gathered = waiting.get(kind);
    if (gathered) {
      gathered.push({ work, resolve, reject });
      return;
    }
    waiting.set(kind, []);
    void begin(name, mode, [{ work, resolve, reject }]);
  });
}

/** @param {StoreName} name @param {IDBTransactionMode} mode @param {Waiting[]} first */
async function begin(name, mode, first) {
  const kind = `${name} ${mode}`;
  for (let works = first; works.length > 0; works = waiting.get(kind) ?? []) {
    waiting.set(kind, []);
    try {
      const values = await together(name, mode, works);
      works.forEach(({ resolve }, i) => {
        resolve(values?.[i] ?? null);
      });
    } catch (error) {
      for (const { reject } of works) reject(error);
    }
  }
  waiting.delete(kind);
}

/**
 * @param {StoreName} name
 * @param {IDBTransactionMode} mode
 * @param {Waiting[]} works
 * @returns {Promise<any[] | null>}
 */
async function together(name, mode, works) {
  const found = await database();
  if (found === null) return null;
  try {
    return await new Promise((resolve, reject) => {
      const transaction = found.transaction(name, mode, { durability: "relaxed" });
      const requests = works.map(({ work }) => work(transaction.objectStore(name)));
      transaction.oncomplete = () => resolve(requests.map((request) => request?.result ?? null));
      transaction.onabort = () => reject(transaction.error);
    });
  } catch (error) {
    if (error instanceof DOMException || error === null) return null;
    throw error;
  }
}
