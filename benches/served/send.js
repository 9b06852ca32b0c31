// The same page, sending the same bytes unprocessed in the same batches: the client with its ledger, and no core.
import { ledgerKey, openLedger } from "../deliver/ledger.js";
import { pageSleep, pageTransport } from "../deliver/stow/page.js";
import { stowSink } from "../deliver/stow/sink.js";
import { give } from "./give.js";

/**
 * Facts of the outputs by the path below their folder, as the report tells them. `hashers`: workers that read and hash each file
 * first, as whoever wants a receipt must.
 */
globalThis.send = async (files, facts, hashers = 0) => {
  const url = new URL("../dicom-web", import.meta.url).href;
  const begun = performance.now();
  const ledger = openLedger(await ledgerKey(new Uint8Array(32)), url);
  const sink = stowSink({ url, transport: pageTransport, sleep: pageSleep, ledger });
  await sink.check();
  const outputs = [...files].map((blob) => {
    const name = blob.webkitRelativePath.split("/").slice(1).join("/");
    return { blob, name, bytes: blob.size, ...facts[name] };
  });
  outputs.sort((a, b) => a.n - b.n);
  const hashed = hashing(outputs, hashers);
  await give(sink, outputs, hashed);
  const ms = performance.now() - begun;
  await ledger.forget();
  return { ms, done: sink.progress().confirmed };
};

const policy = trustedTypes.createPolicy("tokumei", { createScriptURL: (url) => url });

/** Reads and hashes outputs in workers, a promise for each. */
function hashing(outputs, workers) {
  if (workers === 0) return [];
  const answers = outputs.map(() => Promise.withResolvers());
  let next = 0;
  for (let w = 0; w < workers; w++) {
    const url = policy.createScriptURL(new URL("./hash-worker.js", import.meta.url).href);
    const worker = new Worker(url, { type: "module" });
    let at = -1;
    const go = () => {
      answers[at]?.resolve();
      at = next++;
      if (at < outputs.length) worker.postMessage(outputs[at].blob);
      else worker.terminate();
    };
    worker.onmessage = go;
    go();
  }
  return answers.map(({ promise }) => promise);
}
