// Times masks in a worker, in turn with what they are measured against.
const policy = trustedTypes.createPolicy("tokumei", { createScriptURL: (url) => url });

globalThis.pixels = async (file, area, rounds) => {
  const worker = new Worker(policy.createScriptURL(new URL("./pixels-worker.js", import.meta.url).href), {
    type: "module",
  });
  const ask = (message) =>
    new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => (data.failed ? reject(new Error(data.failed)) : resolve(data));
      worker.onerror = reject;
      worker.postMessage(message);
    });
  const times = { read: [], copy: [], mask: [] };
  let last;
  for (let i = 0; i <= rounds; i++) {
    for (const kind of Object.keys(times)) {
      last = await ask({ kind, file, area });
      // The first round loads the module.
      if (i > 0) times[kind].push(last.ms);
    }
  }
  worker.terminate();
  return { times, memory: last.memory };
};
