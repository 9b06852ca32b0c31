/**
 * The page's transport: XMLHttpRequest, which tells how much of a body was sent. There is no time limit on the whole: a request
 * ends when nothing moves.
 */

import { MOST_ANSWER, TransportError } from "./transport.js";

/** Milliseconds without a byte sent or received. */
const MOST_STILL = 60_000;
/** Milliseconds from the last byte sent to the first byte of the answer: the receiver stores meanwhile. */
const MOST_STORING = 10 * 60_000;

/** @type {import("./transport.js").Transport} */
export function xhrTransport({ method, url, headers, body, signal, onProgress, want = "text", most = MOST_ANSWER }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", give);
    };
    const fail = (/** @type {import("./transport.js").Silence} */ kind) => {
      end();
      reject(new TransportError(navigator.onLine ? kind : "offline"));
    };
    const give = () => {
      request.abort();
      fail("no-answer");
    };
    const moved = (patience = MOST_STILL) => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        request.abort();
        fail("slow");
      }, patience);
    };
    const answer = (cut = false) => {
      const { status, response } = request;
      const facts = { status, header: (/** @type {string} */ name) => request.getResponseHeader(name), cut };
      end();
      if (redirected(request.responseURL, url)) reject(new TransportError("redirected"));
      else if (cut) resolve({ ...facts, text: "", blob: null });
      else if (want === "blob") resolve({ ...facts, text: "", blob: response });
      else resolve({ ...facts, text: response });
    };

    request.open(method, url);
    request.responseType = want;
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    if (body) {
      request.upload.onprogress = ({ loaded }) => {
        moved();
        onProgress?.(loaded);
      };
      request.upload.onload = () => moved(MOST_STORING);
    }
    request.onprogress = ({ loaded }) => {
      moved();
      if (loaded <= most) return;
      answer(true);
      request.abort();
    };
    request.onload = () => answer();
    request.onerror = () => fail("no-answer");
    signal.addEventListener("abort", give);
    moved(body ? MOST_STILL : MOST_STORING);
    if (signal.aborted) give();
    else request.send(body);
  });
}

/** @param {string} from  empty where the browser does not tell @param {string} asked */
function redirected(from, asked) {
  return from !== "" && from !== new URL(asked, document.baseURI).href;
}

/**
 * Waiting that ends early when the browser is online again.
 * @param {number} ms
 * @param {AbortSignal} signal
 * @returns {Promise<void>}
 */
export function pageSleep(ms, signal) {
  return new Promise((done) => {
    const end = () => {
      clearTimeout(timer);
      removeEventListener("online", end);
      signal.removeEventListener("abort", end);
      done();
    };
    const timer = setTimeout(end, ms);
    addEventListener("online", end);
    signal.addEventListener("abort", end);
    if (signal.aborted) end();
  });
}
