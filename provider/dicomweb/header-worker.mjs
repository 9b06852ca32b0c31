// The thread of header.mjs: reads one header and ends.
import { parentPort, workerData } from "node:worker_threads";
import { facts } from "./facts.mjs";

/** @returns {import("./facts.mjs").Facts | null} */
function read() {
  try {
    return facts(
      Buffer.from(workerData.bytes.buffer, workerData.bytes.byteOffset, workerData.bytes.length),
      workerData.how,
    );
  } catch {
    // Whatever the reader threw: not readable so far.
    return null;
  }
}

parentPort?.postMessage(read());
