// Made-up Japanese patients, stored and freshly generated, through the command line.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import {
  checkOutput,
  cleanPolicy,
  corpus,
  deid,
  generate,
  key,
  leakScan,
  missing,
  score,
  scratch,
  shared,
  unexplained,
} from "./judge.mjs";

const skip = missing();

function judge(input, dir, descriptors = "strict") {
  const answers = join(input, "ANSWER_KEY.json");
  const run = deid(input, dir, descriptors === "clean" ? { policy: cleanPolicy(dir) } : {});
  assert.ok([0, 3].includes(run.status), run.text);
  const leaks = leakScan(run.out, answers, descriptors);
  assert.equal(leaks.status, 0, leaks.text);
  const reported = leakScan(run.reportFile, answers, descriptors);
  assert.equal(reported.status, 0, reported.text);
  const check = checkOutput(input, run, dir, ["--key", answers]);
  assert.notEqual(check.report, null, check.text);
  assert.deepEqual(unexplained(check.errors, run, input), [], check.text);
  const points = score(input, run, answers, descriptors);
  assert.equal(points.status, 0, points.text);
  return run;
}

for (const descriptors of ["strict", "clean"]) {
  test(`corpus/synth, descriptors ${descriptors}: no leak, no error, every action right`, { skip }, (t) => {
    judge(join(corpus, "synth"), scratch(t), descriptors);
  });
}

test("a freshly generated set with another seed: no leak, no error, every action right", { skip }, (t) => {
  const dir = scratch(t);
  const input = join(dir, "in");
  const seed = String(1 + Math.floor(Math.random() * 1e6));
  t.diagnostic(`seed ${seed}`);
  generate(join(shared, "corpus_tools/make_studies.py"), [
    "--out",
    input,
    "--seed",
    seed,
    "--patients",
    "4",
    "--slices",
    "3",
  ]);
  judge(input, dir);
  judge(input, scratch(t), "clean");
});

test("policy research: nothing at risk leaves, and what leaves is clean", { skip }, (t) => {
  const dir = scratch(t);
  const input = join(corpus, "synth");
  const run = deid(input, dir, { policy: "research" });
  assert.equal(run.status, 3);
  const answers = join(input, "ANSWER_KEY.json");
  for (const row of run.report.files) {
    assert.ok(
      !(row.verdict === "pass" && ["US", "ES", "XC", "OT", "DX", "CR", "SM", "CT", "MR"].includes(row.modality)),
      `row ${row.n}`,
    );
  }
  if (existsSync(run.out)) {
    const leaks = leakScan(run.out, answers);
    assert.equal(leaks.status, 0, leaks.text);
  }
  assert.ok(run.report.files.some((r) => r.reason === "text-not-checked"));
  assert.ok(run.report.files.some((r) => r.reason === "face-not-checked"));
});

test("forms that no public set holds (corpus/made): as their answer key expects, no error", { skip }, (t) => {
  const dir = scratch(t);
  const input = join(corpus, "made");
  const run = deid(input, dir, { keyFile: key(dir) });
  assert.ok([0, 3].includes(run.status), run.text);
  const check = checkOutput(input, run, dir);
  assert.deepEqual(unexplained(check.errors, run, input), [], check.text);
});
