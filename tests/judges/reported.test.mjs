// Faults that were reported of other products. Each case runs by itself, at the setting its README names.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import test from "node:test";
import { corpus, deid, folders, missing, python, scratch } from "./judge.mjs";

const skip = missing();
const cases = join(corpus, "reported");

/** Cases that a later issue opens, with the reason. Each must still be held or refused, never wrong. */
const later = new Map();

function settings(expected) {
  const masked = Object.values(expected.files).some((f) => f.pixels && [f.verdict].flat().includes("masked"));
  return masked ? "research" : "headers-only";
}

for (const name of skip ? [] : folders(cases)) {
  test(`reported/${name}${later.has(name) ? ` (waits: ${later.get(name)})` : ""}`, (t) => {
    const dir = scratch(t);
    const folder = join(cases, name);
    const expected = JSON.parse(readFileSync(join(folder, "expected.json"), "utf8"));
    const run = deid(folder, dir, { policy: settings(expected) });
    assert.ok([0, 3].includes(run.status), run.text);
    const rows = new Map(run.report.files.map((r) => [r.n, r]));
    const result = {};
    for (const file of run.mapping.files) {
      const row = rows.get(file.n);
      if (!(file.path in expected.files)) continue;
      const verdict = row.verdict === "skipped" || row.verdict === "excluded" ? "refused" : row.verdict;
      result[file.path] = { verdict, output: file.out ? relative(dir, join(run.out, file.out)) : null };
    }
    const json = join(dir, "result.json");
    writeFileSync(json, JSON.stringify(result));
    const r = python(join(cases, "check_case.py"), [folder, json]);
    if (later.has(name)) {
      assert.ok(
        Object.values(result).every((v) => v.output === null || r.status === 0),
        r.text,
      );
      return;
    }
    assert.equal(r.status, 0, r.text);
  });
}
