/**
 * The page's way of asking: fetch, which can be told to keep nothing. An answer out of the browser's store would say what the
 * destination had and not what it has, and an instance that was fetched to be compared has no place on this disk.
 */

import { MOST_ANSWER, MOST_STILL, MOST_STORING, TransportError } from "./transport.js";

/** @typedef {import("./transport.js").Silence} Silence */

/** @type {import("./transport.js").Transport} */
export async function fetchTransport({ method, url, headers, signal, want = "text", most = MOST_ANSWER }) {
  const still = new AbortController();
  /** @type {Silence} */
  let silence = "no-answer";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const moved = (patience = MOST_STILL) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      silence = "slow";
      still.abort();
    }, patience);
  };
  try {
    moved(MOST_STORING);
    const answer = await fetch(url, {
      method,
      headers,
      cache: "no-store",
      redirect: "manual",
      signal: AbortSignal.any([signal, still.signal]),
    });
    if (answer.type === "opaqueredirect") throw new TransportError("redirected");
    const body = await read(answer, most, moved);
    const facts = { status: answer.status, header: (/** @type {string} */ name) => answer.headers.get(name) };
    if (body === null) return { ...facts, text: "", blob: null, cut: true };
    return want === "blob" ? { ...facts, text: "", blob: body } : { ...facts, text: await body.text() };
  } catch (error) {
    // The browser says of a broken line no more than a TypeError.
    if (!(error instanceof TypeError || error instanceof DOMException)) throw error;
    throw new TransportError(navigator.onLine ? silence : "offline");
  } finally {
    clearTimeout(timer);
  }
}

/**
 * @param {Response} answer
 * @param {number} most
 * @param {() => void} moved
 * @returns {Promise<Blob | null>}  null: it is longer
 */
async function read(answer, most, moved) {
  /** @type {BlobPart[]} */
  const chunks = [];
  let bytes = 0;
  const reader = answer.body?.getReader();
  for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) {
    moved();
    bytes += next.value.length;
    if (bytes > most) {
      await reader?.cancel();
      return null;
    }
    chunks.push(next.value);
  }
  return new Blob(chunks);
}
