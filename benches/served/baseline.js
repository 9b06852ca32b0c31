// The same page with no processing at all: as many workers read and hash every file, and the same ZIP writer takes them.
import { zipWriter } from "./writer.js";

globalThis.baseline = async (files, handle, workers) => {
  const begun = performance.now();
  const zip = zipWriter(await handle.createWritable());
  const queue = [...files];
  const pool = Array.from({ length: workers }, () => new Worker(trusted("./hash-worker.js"), { type: "module" }));
  await Promise.all(
    pool.map(async (worker) => {
      for (let file = queue.pop(); file; file = queue.pop()) {
        await zip.write({ name: file.webkitRelativePath || file.name, blob: file, ...(await ask(worker, file)) });
      }
      worker.terminate();
    }),
  );
  await zip.close();
  return performance.now() - begun;
};

const policy = trustedTypes.createPolicy("tokumei", { createScriptURL: (url) => url });

function trusted(path) {
  return policy.createScriptURL(new URL(path, import.meta.url).href);
}

function ask(worker, file) {
  return new Promise((resolve) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.postMessage(file);
  });
}
