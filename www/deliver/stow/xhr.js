/**
 * The page's way of storing: XMLHttpRequest, which tells how much of a body was sent. There is no time limit on the whole: a request
 * ends when nothing moves.
 */

import { MOST_ANSWER, MOST_STILL, MOST_STORING, TransportError } from "./transport.js";

/** @type {import("./transport.js").Transport} */
export function xhrTransport({ method, url, headers, body, signal, onProgress, most = MOST_ANSWER }) {
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
      else resolve({ ...facts, text: cut ? "" : response });
    };

    request.open(method, url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded }) => {
      moved();
      onProgress?.(loaded);
    };
    request.upload.onload = () => moved(MOST_STORING);
    request.onprogress = ({ loaded }) => {
      moved();
      if (loaded <= most) return;
      answer(true);
      request.abort();
    };
    request.onload = () => answer();
    request.onerror = () => fail("no-answer");
    signal.addEventListener("abort", give);
    moved();
    if (signal.aborted) give();
    else request.send(body);
  });
}

/** @param {string} from  empty where the browser does not tell @param {string} asked */
function redirected(from, asked) {
  return from !== "" && from !== new URL(asked, document.baseURI).href;
}
