// The steps of `npm test`, in order. A step is a program; how many cases it ran is read from what it prints.
import { join } from "node:path";
import { root } from "../tools/process.mjs";

/**
 * @typedef {object} Step
 * @property {string} name what to type to run it alone: `npm test -- NAME`
 * @property {"check" | "test"} group `npm run check` runs only the checks
 * @property {string} program
 * @property {string[]} args
 * @property {string} [tests] a folder of node tests, whose files are added to the arguments
 */

const cargo = (/** @type {string[]} */ ...args) => ({ program: "cargo", args });
const npx = (/** @type {string} */ name, /** @type {string[]} */ ...args) => ({
  program: process.execPath,
  args: [join(root, "node_modules", name), ...args],
});
const tsc = (/** @type {string} */ config) => npx("typescript/bin/tsc", "-p", `tsconfig.${config}.json`);
const node = (/** @type {string} */ folder) => ({
  program: process.execPath,
  args: ["--test", "--test-reporter=tap"],
  tests: folder,
});

const WASM = ["--target", "wasm32-unknown-unknown"];
const WASM_CRATES = ["source", "core-wasm", "verify-wasm", "pixels-wasm", "openjp2"].flatMap((name) => [
  "-p",
  `tokumei-${name}`,
]);
/** The codec that only a module of its own has. */
const JXL = ["--locked", "-p", "tokumei-codecs", "--features", "jxl"];
const DENY = ["--", "-D", "warnings"];

/** @type {Step[]} */
export const STEPS = [
  { name: "rustfmt", group: "check", ...cargo("fmt", "--all", "--check") },
  { name: "clippy", group: "check", ...cargo("clippy", "--workspace", "--all-targets", "--locked", ...DENY) },
  { name: "clippy-wasm", group: "check", ...cargo("clippy", "--locked", ...WASM, ...WASM_CRATES, ...DENY) },
  { name: "clippy-jxl", group: "check", ...cargo("clippy", "--all-targets", ...JXL, ...DENY) },
  { name: "generated", group: "check", ...cargo("run", "-q", "--locked", "-p", "xtask", "--", "check-generated") },
  { name: "biome", group: "check", ...npx("@biomejs/biome/bin/biome", "ci", "--colors=off") },
  { name: "types-page", group: "check", ...tsc("page") },
  { name: "types-worker", group: "check", ...tsc("worker") },
  { name: "types-node", group: "check", ...tsc("node") },
  { name: "rust", group: "test", ...cargo("test", "--workspace", "--locked") },
  { name: "rust-jxl", group: "test", ...cargo("test", ...JXL, "--lib", "--test", "jxl", "--test", "fuzz") },
  { name: "wasm", group: "test", ...node("tests/wasm") },
  { name: "setup", group: "test", ...node("tests/setup") },
  { name: "cli", group: "test", ...node("tests/cli") },
  { name: "intake", group: "test", ...node("tests/intake") },
  { name: "deliver", group: "test", ...node("tests/deliver") },
  { name: "provider", group: "test", ...node("tests/provider") },
  { name: "judges", group: "test", ...node("tests/judges") },
  { name: "orthanc", group: "test", ...node("tests/orthanc") },
  { name: "browser", group: "test", ...node("tests/browser") },
  { name: "soak", group: "test", ...node("tests/soak") },
];
