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

/** The cases whose text is burned in, with the areas that a rule of a policy makes black. */
const drawn = skip
  ? []
  : folders(cases).flatMap((name) => {
      const expected = JSON.parse(readFileSync(join(cases, name, "expected.json"), "utf8"));
      const [file, { pixels } = {}] = Object.entries(expected.files).find(([, f]) => f.pixels?.masked?.length) ?? [];
      return pixels ? [{ name, file, masks: pixels.masked.map(([x, y, w, h]) => ({ x, y, w, h })) }] : [];
    });

test("there are cases of burned-in text", { skip }, () => assert.ok(drawn.length >= 4));

for (const { name, file, masks } of drawn) {
  test(`reported/${name}: masked by rule`, (t) => {
    const dir = scratch(t);
    const policy = join(dir, "policy.json");
    const rule = { name, when: [{ tag: "0028,0010", is: "present" }], masks };
    const title = { ja: "a", en: "a" };
    const of = { schema: "tokumei.policy/1", extends: "headers-only", id: "drawn", version: "1", title };
    writeFileSync(policy, JSON.stringify({ ...of, pixels: { devices: [rule] } }));
    const run = deid(join(cases, name), dir, { policy });
    const { n, out } = run.mapping.files.find(({ path }) => path === file);
    const row = run.report.files.find((each) => each.n === n);
    assert.deepEqual([row.verdict, row.masks.length], ["masked", masks.length], run.text);
    const json = join(dir, "result.json");
    writeFileSync(json, JSON.stringify({ [file]: { verdict: "masked", output: relative(dir, join(run.out, out)) } }));
    const r = python(join(cases, "check_case.py"), [join(cases, name), json]);
    assert.equal(r.status, 0, r.text);
  });
}
