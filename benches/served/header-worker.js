// The header path of one file, and what it is measured against: the first MiB of the file and an empty round trip.
import { createEngine } from "../workers/engine.js";
import { pageEnvironment } from "../workers/page.js";

let engine;

self.onmessage = async ({ data }) => {
  if (data.open) {
    engine = createEngine({ ...data.open, environment: pageEnvironment() });
    return postMessage("ready");
  }
  if (data.kind === "nothing") return postMessage("nothing");
  if (data.kind === "read")
    return postMessage(new FileReaderSync().readAsArrayBuffer(data.file.slice(0, 1 << 20)).byteLength);
  const input = { path: "big", size: data.file.size, lastModified: data.file.lastModified, file: data.file };
  const row = await engine.run({ kind: "scan", input });
  const result = await engine.run({ kind: "transform", input, row, dry: true });
  postMessage({ verdict: result.verdict, reason: result.reason, memory: engine.memory() });
};
