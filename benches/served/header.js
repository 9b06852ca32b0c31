// Times the header path of a large file in a worker, in turn with what it is measured against.
import * as core from "../pkg/core.js";

const policy = trustedTypes.createPolicy("tokumei", { createScriptURL: (url) => url });

/** A worker with an engine, and a way to ask it. */
async function engine() {
  const [coreModule, verifyModule] = await Promise.all(
    ["core", "verify"].map((name) =>
      WebAssembly.compileStreaming(fetch(new URL(`../pkg/${name}.wasm`, import.meta.url))),
    ),
  );
  core.initSync({ module: coreModule });
  const lists = new Uint8Array(await (await fetch(new URL("../pkg/lists.bin", import.meta.url))).arrayBuffer());
  const worker = new Worker(policy.createScriptURL(new URL("./header-worker.js", import.meta.url).href), {
    type: "module",
  });
  const ask = (message) =>
    new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = reject;
      worker.postMessage(message);
    });
  const headersOnly = core.shippedPolicies().find(({ id }) => id === "headers-only");
  const key = new Uint8Array(32);
  await ask({ open: { coreModule, verifyModule, lists, policy: headersOnly, key, namespace: "" } });
  return { worker, ask };
}

/** Milliseconds in the core and in verify for all files. */
globalThis.processing = async (files) => {
  const { worker, ask } = await engine();
  for (const file of files) await ask({ kind: "header", file });
  const { scan, transform, verify } = await ask({ kind: "timing" });
  worker.terminate();
  return scan + transform + verify;
};

globalThis.header = async (file, rounds) => {
  const { worker, ask } = await engine();
  const times = { read: [], nothing: [], header: [] };
  let last;
  for (let i = 0; i < rounds; i++) {
    for (const kind of Object.keys(times)) {
      const begun = performance.now();
      last = await ask({ kind, file });
      times[kind].push(performance.now() - begun);
    }
  }
  worker.terminate();
  return { times, last };
};
