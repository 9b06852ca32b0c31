// The Rust toolchain: new enough, with the WebAssembly target. rustup brings what is missing.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fail, output, root, run, say, which } from "./process.mjs";

const TARGET = "wasm32-unknown-unknown";
const NO_RUST = "Rust is missing. Install it from https://rustup.rs, open a new terminal, and start again.";

/** Version of Rust that the workspace asks for, e.g. "1.95". */
function wanted() {
  const text = readFileSync(join(root, "Cargo.toml"), "utf8");
  return /^rust-version = "(\d+\.\d+)"$/m.exec(text)?.[1] ?? fail("Cargo.toml names no rust-version.");
}

/** @param {string | undefined} have @param {string} want */
function atLeast(have, want) {
  const [a = 0, b = 0] = (have ?? "0.0").split(".").map(Number);
  const [c = 0, d = 0] = want.split(".").map(Number);
  return a > c || (a === c && b >= d);
}

/** Sees to the toolchain. Every cargo that this process starts afterwards uses it. */
export function toolchain() {
  if (!which("cargo")) fail(NO_RUST);
  const want = wanted();
  const have = output("rustc", ["--version"])?.split(" ")[1];
  if (!atLeast(have, want)) {
    say(`· Rust ${want} (found ${have ?? "none"})`);
    const parts = ["--profile", "minimal", "--component", "clippy", "--component", "rustfmt"];
    if (!run("rustup", ["toolchain", "install", want, ...parts])) fail(`Rust ${want} is needed: rustup update`);
    process.env.RUSTUP_TOOLCHAIN = want;
  }
  const targets = output("rustc", ["--print", "target-libdir", "--target", TARGET]);
  if (targets && existsSync(targets)) return;
  say(`· Rust target ${TARGET}`);
  if (!run("rustup", ["target", "add", TARGET])) fail(`The target is needed: rustup target add ${TARGET}`);
}
