// 315 values in 16 files, in every place that can hold one. With two keys: a shifted date can equal another planted date.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { generate, key, missing, python, root, scratch, shared } from "./judge.mjs";

const skip = missing();
/** What is refused. */
const mayStay = /_pdf\.dcm$/;

test("canaries: none left, 15 of 16 files come out", { skip }, (t) => {
  const dir = scratch(t);
  const folder = join(dir, "canary");
  generate(join(shared, "peerbench/make_canaries.py"), [folder]);
  const runs = ["a.json", "b.json"].map((name) => {
    const keyFile = key(dir, name);
    const json = join(dir, `result-${name}`);
    const r = python(join(shared, "peerbench/run_peers.py"), [
      "--env",
      dir,
      "--canary",
      folder,
      "--only",
      "tokumei",
      "--json",
      json,
      "--add",
      `tokumei=node ${join(root, "cli/tokumei.mjs")} deid {in} --out {out} --policy headers-only --key ${keyFile}`,
    ]);
    assert.equal(r.status, 0, r.text);
    return JSON.parse(readFileSync(json, "utf8")).tokumei.canary;
  });
  assert.equal(Object.keys(runs[0]).length, 16);
  for (const file of Object.keys(runs[0])) {
    const [a, b] = runs.map((r) => r[file]);
    if (a === null && mayStay.test(file)) continue;
    assert.notEqual(a, null, `${file} has no output`);
    assert.deepEqual(
      a.filter((place) => b.includes(place)),
      [],
      `${file} leaks with both keys`,
    );
  }
});
