// Images of the corpus and of all forms, masked: an independent decoder reads input and output and finds them equal outside
// and constant inside.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { corpus, deid, missing, python, root, scratch } from "./judge.mjs";

const skip = missing();
const AREA = { x: 18, y: 18, w: 10, h: 10 };
/** What no safe way is known for, or what is damaged. */
const REFUSED = new Set([
  "pixels-not-maskable",
  "mask-outside-image",
  "damaged",
  "pixel-mismatch",
  "too-large",
  "truncated",
]);

test("outside the mask every sample is as it was, inside it is constant", { skip }, (t) => {
  const { run, compared, unread } = judged(t, join(corpus, "real"));
  t.diagnostic(JSON.stringify({ compared, unread }));
  const count = Object.values(compared).reduce((sum, n) => sum + n, 0);
  assert.ok(count > 175, `${count} compared`);
  const syntaxes = new Set(Object.keys(compared).map((each) => each.split(" ")[0]));
  assert.ok(syntaxes.size > 12, [...syntaxes].join(" "));
  // A masked frame leaves masked or not at all.
  for (const { n, verdict, reason, masks } of run.report.files) {
    if (verdict === "masked") assert.equal(masks.length, 1, `${n}`);
    else if (verdict === "refused" && REFUSED.has(reason)) assert.equal(masks.length, 0, `${n}`);
    assert.ok(verdict !== "pass" || masks.length === 0, `${n}`);
  }
});

test("the same of every transfer syntax, depth and photometric interpretation", { skip }, (t) => {
  const input = join(scratch(t), "in");
  mkdirSync(input);
  const built = python(join(root, "tests/judges/built.py"), [input]);
  assert.equal(built.status, 0, built.text);
  const { run, compared, readers, unread } = judged(t, input);
  t.diagnostic(JSON.stringify({ compared, readers }));
  assert.deepEqual(unread, {});
  assert.deepEqual(
    run.report.files.filter(({ verdict }) => verdict !== "masked").map(({ reason }) => reason),
    [],
  );
  const syntaxes = new Set(Object.keys(compared).map((each) => each.split(" ")[0]));
  assert.deepEqual([run.report.files.length, Object.keys(compared).length, syntaxes.size], [281, 189, 20]);
});

/** Masks a folder's images and judges them. */
function judged(t, input) {
  const dir = scratch(t);
  const policy = join(dir, "policy.json");
  const rule = { name: "all", when: [{ tag: "0028,0010", is: "present" }], masks: [AREA] };
  const title = { ja: "a", en: "a" };
  const pixels = { devices: [rule] };
  const text = { schema: "tokumei.policy/1", extends: "headers-only", id: "masks", version: "1", title, pixels };
  writeFileSync(policy, JSON.stringify(text));
  const run = deid(input, dir, { policy });
  const folder = join(dir, "judged");
  mkdirSync(folder);
  const script = join(root, "tests/judges/masks.py");
  const told = python(script, [input, run.out, run.mappingFile, run.reportFile, folder]);
  assert.equal(told.status, 0, told.text);
  const { wrong, ...rest } = JSON.parse(told.text.trim().split("\n").pop() ?? "{}");
  assert.deepEqual(wrong, []);
  return { run, ...rest };
}
