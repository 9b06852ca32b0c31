// Command line against rivals: 1,000 CT slices, all on one core, CPU seconds of whole processes, in turn in each round.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cache, ct, peers, root, shared } from "./data.mjs";

const only = process.env.BENCH_PEERS ?? "dcmanon,gdcmanon,tokumei";
const runs = process.env.BENCH_RUNS ?? "3";

/** Median of numbers. */
export function median(values) {
  const s = [...values].sort((a, b) => a - b);
  return s[Math.floor(s.length / 2)];
}

/** Runs the comparison; gives CPU seconds by product and our shares by stage. */
export function benchCli() {
  const folder = ct();
  const dir = mkdtempSync(join(tmpdir(), "tokumei-bench-"));
  try {
    const key = join(dir, "key.json");
    const tokumei = join(root, "cli/tokumei.mjs");
    execFileSync("node", [tokumei, "key", "new", "--out", key], { stdio: "ignore" });
    const json = join(dir, "result.json");
    const r = spawnSync(
      "python3",
      [
        join(shared, "peerbench/run_peers.py"),
        "--env",
        peers(),
        "--speed",
        folder,
        "--only",
        only,
        "--runs",
        runs,
        "--json",
        json,
        "--tmp",
        cache,
        "--add",
        `tokumei=node ${tokumei} deid {in} --out {out} --policy headers-only --key ${key}`,
      ],
      { stdio: ["ignore", "inherit", "inherit"] },
    );
    if (r.status !== 0) throw new Error("the comparison did not run");
    const result = JSON.parse(readFileSync(json, "utf8"));
    const cpu = Object.fromEntries(
      Object.entries(result).map(([name, v]) => [name, median(v.speed.rounds.map((x) => x.cpu))]),
    );
    const timing = spawnSync(
      "node",
      [tokumei, "deid", folder, "--out", join(dir, "out"), "--policy", "headers-only", "--key", key],
      {
        env: { ...process.env, TOKUMEI_TIMING: "1" },
        encoding: "utf8",
      },
    );
    return { cpu, shares: timing.stderr.trim() };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
