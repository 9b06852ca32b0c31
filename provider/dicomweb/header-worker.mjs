// The thread of header.mjs: reads one header and ends.
import { parentPort, workerData } from "node:worker_threads";
import { facts } from "./facts.mjs";

/** @returns {import("./facts.mjs").Facts | null} */
function read() {
  try {
    return facts(workerData.bytes, workerData.how);
  } catch {
    // Whatever the reader threw: not readable so far.
    return null;
  }
}

parentPort?.postMessage(read());
