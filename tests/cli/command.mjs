// Runs the command line as a person does, in folders that go away.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export const root = resolve(import.meta.dirname, "../..");

/** @param {{after: (fn: () => void) => void}} t */
export function scratch(t) {
  const folder = mkdtempSync(join(tmpdir(), "tokumei-cli-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** @param {string[]} args @param {Record<string, string>} [env] */
export function tokumei(args, env = {}) {
  const run = spawnSync(process.execPath, [join(root, "cli/tokumei.mjs"), ...args], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
    env: { ...process.env, LANG: "C", LC_ALL: "", LC_MESSAGES: "", ...env },
  });
  return { status: run.status, out: run.stdout, err: run.stderr, text: `${run.stdout}${run.stderr}` };
}

/**
 * `deid` with report and mapping beside the output.
 * @param {string} dir
 * @param {string[]} inputs
 * @param {string[]} [more]
 */
export function deid(dir, inputs, more = []) {
  const [out, report, mapping] = [join(dir, "out"), join(dir, "report.json"), join(dir, "mapping.json")];
  const run = tokumei(["deid", ...inputs, "--out", out, "--report", report, "--mapping", mapping, ...more]);
  return { ...run, folder: out, report: json(report), mapping: json(mapping) };
}

/** @param {string} path @returns {any} */
export function json(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : null;
}

/** @param {string} dir */
export function newKey(dir, name = "key.json") {
  const path = join(dir, name);
  const { status } = tokumei(["key", "new", "--out", path]);
  if (status !== 0) throw new Error("no key was made");
  return path;
}

/** Paths and digests of all files below a folder. @param {string} folder @returns {Record<string, string>} */
export function digests(folder) {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) =>
    statSync(join(folder, path)).isFile(),
  );
  return Object.fromEntries(files.sort().map((path) => [path, sha256(readFileSync(join(folder, path)))]));
}

/** @param {Buffer} bytes */
export function sha256(bytes) {
  return createHash("sha256").update(bytes).digest("hex");
}

/** @param {string} path */
export function mode(path) {
  return statSync(path).mode & 0o777;
}
