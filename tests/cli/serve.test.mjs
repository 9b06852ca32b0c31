// The loop of a worker: what it says of an engine that throws.
import assert from "node:assert/strict";
import { test } from "node:test";
import { serve } from "../../www/workers/serve.js";

const OPEN = {
  type: "open",
  key: new Uint8Array(32),
  lists: new Uint8Array(0),
  policy: {},
  namespace: "",
  limits: { memory: Infinity, files: Infinity },
};
/** @type {any} */
const SCAN = { kind: "scan", input: { path: "a", size: 1, lastModified: 0 } };

/**
 * What is said of two jobs, of which the first one throws.
 * @param {unknown} error
 * @param {{ reachable?: () => Promise<boolean> }} how
 */
async function said(error, how) {
  /** @type {any[]} */
  const messages = [];
  const engine = {
    expect: () => undefined,
    run: () => Promise.reject(error),
    memory: () => 0,
    timing: () => ({}),
  };
  const hear = serve({ send: (message) => messages.push(message), ...how }, () => /** @type {any} */ (engine));
  hear(OPEN);
  await new Promise((done) => setTimeout(done));
  hear({
    type: "batch",
    tickets: [
      { id: 1, job: SCAN },
      { id: 2, job: SCAN },
    ],
  });
  await new Promise((done) => setTimeout(done, 20));
  return messages.slice(1);
}

const reachable = async () => true;
const unreachable = async () => false;

test("code that cannot be fetched for want of a network is no fault of a file", async () => {
  const missing = new TypeError("Failed to fetch dynamically imported module");
  assert.deepEqual(await said(missing, { reachable: unreachable }), [{ type: "unreachable" }]);
});

test("anything else that an engine throws is a fault, whether there is a network or not", async () => {
  const trap = new WebAssembly.RuntimeError("unreachable");
  const fault = [{ type: "fault", id: 1 }];
  assert.deepEqual(await said(trap, { reachable: unreachable }), fault);
  assert.deepEqual(await said(trap, { reachable }), fault);
  assert.deepEqual(await said(new TypeError("not a function"), { reachable }), fault);
  assert.deepEqual(await said(new TypeError("not a function"), {}), fault);
});
