// Public files: everything in one run for the report, and each folder by itself for pixels and the validity of the IOD.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import test from "node:test";
import { checkOutput, corpus, deid, folders, key, missing, scratch, unexplained } from "./judge.mjs";

const skip = missing();

function files(dir) {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile())
    .map((e) => relative(dir, join(e.parentPath, e.name)));
}

test("all of the corpus in one run: every file in the report exactly once", { skip }, (t) => {
  const dir = scratch(t);
  const run = deid(corpus, dir);
  assert.equal(run.status, 3, run.text);
  const paths = run.mapping.files.map((f) => f.path);
  // What a ZIP holds comes on top, each member below its ZIP.
  const inZip = new Set(run.report.files.filter((r) => r.in !== null).map((r) => r.n));
  const own = run.mapping.files.filter((f) => !inZip.has(f.n)).map((f) => f.path);
  assert.deepEqual(own.sort(), files(corpus).sort());
  assert.ok(inZip.size > 0 && run.mapping.files.every((f) => f.path.includes("!/") === inZip.has(f.n)));
  assert.equal(new Set(run.report.files.map((r) => r.n)).size, run.report.files.length);
  assert.equal(run.report.files.length, paths.length);
  for (const r of run.report.files) assert.ok(r.verdict && r.reason, `row ${r.n}`);
});

for (const name of skip ? [] : folders(join(corpus, "real"))) {
  test(`corpus/real/${name}: no error`, (t) => {
    const dir = scratch(t);
    const input = join(corpus, "real", name);
    const run = deid(input, dir, { keyFile: key(dir) });
    assert.ok([0, 3].includes(run.status), run.text);
    if (run.report.files.every((r) => !r.out)) return;
    const check = checkOutput(input, run, dir);
    assert.deepEqual(unexplained(check.errors, run, input), [], check.text);
  });
}
