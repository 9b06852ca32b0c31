// The core module as Node has it. Each import of a test file gets a memory of its own.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../tools/process.mjs";
import * as core from "../../www/pkg/core.js";

/** The module's bytes. */
export const wasm = readFileSync(join(root, "www/pkg/core.wasm"));

/** The word lists by which text is cleaned. */
export const lists = new Uint8Array(readFileSync(join(root, "www/pkg/lists.bin")));

const exports = core.initSync({ module: wasm });

/** Bytes of memory that the module holds; it never gives any back. */
export const memory = () => exports.memory.buffer.byteLength;

export { core };
