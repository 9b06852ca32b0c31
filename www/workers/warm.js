/**
 * A worker that tries the modules on an invented instance, again and again, while nobody waits for anything: browsers compile
 * quickly first and well only what is used often, and code that is compiled is shared by all workers of the page. What comes out
 * goes nowhere.
 */

import { Core, initSync as initCore } from "../pkg/core.js";
import { initSync as initVerify, Verifier } from "../pkg/verify.js";
import { exampleInstance } from "./example.js";

/** By then what every instance needs is compiled well. */
const ROUNDS = 400;
/** On a slow machine it is given up before. */
const LONGEST_MS = 4_000;
/** Between two of them others get their turn. */
const AT_ONCE = 10;

const scope = /** @type {DedicatedWorkerGlobalScope} */ (/** @type {unknown} */ (globalThis));

/** @typedef {{core: WebAssembly.Module, verify: WebAssembly.Module, lists: Uint8Array, policy: object}} Warming */

// Nothing depends on it: a fault ends it like its last round.
scope.addEventListener(
  "message",
  (event) =>
    void warm(event.data)
      .catch(() => undefined)
      .then(() => scope.close()),
);

/** @param {Warming} message */
async function warm({ core: coreModule, verify: verifyModule, lists, policy }) {
  initCore({ module: coreModule });
  initVerify({ module: verifyModule });
  const key = crypto.getRandomValues(new Uint8Array(32));
  const core = new Core(policy, key, "", lists);
  const verifier = new Verifier(policy, key, "");
  const begun = performance.now();
  for (let n = 0; n < ROUNDS && performance.now() - begun < LONGEST_MS; n += 1) {
    tried(core, verifier, n);
    if (n % AT_ONCE === 0) await new Promise((resolve) => setTimeout(resolve));
  }
}

/**
 * The way of an instance, but for where it would go.
 * @param {Core} core
 * @param {Verifier} verifier
 * @param {number} n
 */
function tried(core, verifier, n) {
  const bytes = exampleInstance(n);
  const source = readable([bytes], bytes);
  const row = core.scan(source, "example");
  verifier.identities(source);
  const { pieces, samples } = core.transform(source, row, null);
  samples?.free();
  verifier.verify(source, readable(pieces, bytes), null);
}

/**
 * What the modules read of pieces of an instance.
 * @param {import("./types.js").Pieces} pieces
 * @param {Uint8Array} bytes
 */
function readable(pieces, bytes) {
  const parts = pieces.map((piece) =>
    piece instanceof Uint8Array ? piece : bytes.subarray(piece[0], piece[0] + piece[1]),
  );
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return {
    size: whole.length,
    /** @param {number} offset @param {Uint8Array} into */
    read: (offset, into) => into.set(whole.subarray(offset, offset + into.length)),
  };
}
