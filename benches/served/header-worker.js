// The header path of one file, and what it is measured against: the first MiB of the file and an empty round trip.
import { createEngine } from "../workers/engine.js";
import { pageEnvironment } from "../workers/page.js";

let engine;

self.onmessage = async ({ data }) => {
  if (data.open) {
    // Hashing, with the look at the samples that goes with it, is a stage of its own and not part of this figure.
    const environment = { ...pageEnvironment(), deliver: () => ({ sha256: "" }) };
    engine = createEngine({ ...data.open, environment });
    return postMessage("ready");
  }
  if (data.kind === "timing") return postMessage(engine.timing());
  if (data.kind === "nothing") return postMessage("nothing");
  if (data.kind === "read")
    return postMessage(new FileReaderSync().readAsArrayBuffer(data.file.slice(0, 1 << 20)).byteLength);
  const input = { path: "big", size: data.file.size, lastModified: data.file.lastModified, file: data.file };
  const row = await engine.run({ kind: "scan", input });
  const result = await engine.run({ kind: "transform", input, row });
  postMessage({ verdict: result.verdict, reason: result.reason, memory: engine.memory() });
};
