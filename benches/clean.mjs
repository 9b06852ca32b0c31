// What cleaning of text costs: the default policy with it and without it, on the same 1,000 slices, in turn on one core.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { median } from "./cli.mjs";
import { ct, root } from "./data.mjs";

const ROUNDS = 5;
const tokumei = join(root, "cli/tokumei.mjs");

/** Medians of the CPU seconds of whole processes, by the way that descriptions are treated, and their ratios. */
export function benchClean() {
  const folder = ct();
  const dir = mkdtempSync(join(tmpdir(), "tokumei-bench-"));
  try {
    const key = join(dir, "key.json");
    execFileSync("node", [tokumei, "key", "new", "--out", key], { stdio: "ignore" });
    /** @type {Record<string, number[]>} */
    const seconds = { remove: [], strict: [], clean: [] };
    for (let round = 0; round < ROUNDS; round++)
      for (const [descriptors, all] of Object.entries(seconds)) all.push(run(dir, folder, key, descriptors));
    const cpu = Object.fromEntries(Object.entries(seconds).map(([descriptors, all]) => [descriptors, median(all)]));
    return {
      "CPU seconds, 1,000 CT slices": cpu,
      "ratio of strict to remove (goal ≤ 1.3)": cpu.strict / cpu.remove,
      "ratio of clean to remove (goal ≤ 1.3)": cpu.clean / cpu.remove,
    };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** @param {string} dir @param {string} folder @param {string} key @param {string} descriptors */
function run(dir, folder, key, descriptors) {
  const policy = join(dir, `${descriptors}.json`);
  const title = { ja: descriptors, en: descriptors };
  const head = { schema: "tokumei.policy/1", extends: "headers-only", id: descriptors, version: "1", title };
  writeFileSync(policy, JSON.stringify({ ...head, descriptors }));
  const out = join(dir, "out");
  const command = ["deid", folder, "--out", out, "--policy", policy, "--key", key];
  const env = { ...process.env, TOKUMEI_TIMING: "1" };
  const ended = spawnSync("taskset", ["-c", "0", "node", tokumei, ...command], { env, encoding: "utf8" });
  rmSync(out, { recursive: true, force: true });
  const [, milliseconds] = ended.stderr.match(/cpu (\d+) ms/) ?? [];
  if (milliseconds === undefined) throw new Error(`the run ended with ${ended.status}`);
  return Number(milliseconds) / 1000;
}
