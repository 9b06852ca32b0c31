// Generated data and rival programs of the benchmarks, made once under .cache/bench.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
export const shared = process.env.TOKUMEI_SHARED ?? resolve(root, "../shared");
export const cache = join(root, ".cache/bench");
const python = join(root, ".cache/venv/bin/python");

/** Makes a folder once: an interrupted run leaves nothing behind that looks finished. */
function once(name, make) {
  const folder = join(cache, name);
  if (existsSync(folder)) return folder;
  const part = `${folder}.part`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(cache, { recursive: true });
  make(part);
  renameSync(part, folder);
  return folder;
}

function studies(part, args) {
  execFileSync(python, [join(shared, "corpus_tools/make_studies.py"), "--out", part, ...args], {
    stdio: ["ignore", "ignore", "inherit"],
  });
}

/** 1,000 CT slices of 512×512×16 bit. */
export function ct(slices = 1000) {
  return once(`ct${slices}`, (part) =>
    studies(part, ["--only", "ct", "--patients", "1", "--slices", String(slices), "--matrix", "512", "--one-ts"]),
  );
}

/** Slices whose text is in UTF-8: the browser's rival refuses files in Japanese character sets. */
export function ctUtf8(slices) {
  const from = ct(slices);
  return once(`ct${slices}-utf8`, (part) =>
    execFileSync(python, [join(root, "benches/utf8.py"), from, part], { stdio: ["ignore", "ignore", "inherit"] }),
  );
}

/** One multi-frame file of 524,288,000 bytes of pixels. */
export function big() {
  return once("big", (part) => studies(part, ["--only", "big", "--patients", "1"]));
}

/** The rival of the page, from the package registry. Gives the folder that holds its `node_modules`. */
export function browserPeer() {
  return once("browser-peer", (part) => {
    cpSync(join(root, "benches/peer"), part, { recursive: true });
    execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: part, stdio: "ignore" });
  });
}

/** The rival programs, each in an environment of its own. Environments hold their own path, so they are made in place. */
export function peers() {
  const folder = join(cache, "peers");
  const made = join(folder, "made");
  if (existsSync(made)) return folder;
  rmSync(folder, { recursive: true, force: true });
  execFileSync("python3", [join(shared, "peerbench/run_peers.py"), "--setup", folder], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  writeFileSync(made, "");
  return folder;
}
