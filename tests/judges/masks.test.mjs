// Every image of the corpus, masked: an independent decoder reads input and output and finds them equal outside and constant inside.
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
  const dir = scratch(t);
  const policy = join(dir, "policy.json");
  const rule = { name: "all", when: [{ tag: "0028,0010", is: "present" }], masks: [AREA] };
  writeFileSync(
    policy,
    JSON.stringify({
      schema: "tokumei.policy/1",
      extends: "headers-only",
      id: "masks",
      version: "1",
      title: { ja: "a", en: "a" },
      pixels: { devices: [rule] },
    }),
  );
  const input = join(corpus, "real");
  const run = deid(input, dir, { policy });
  const folder = join(dir, "judged");
  mkdirSync(folder);
  const script = join(root, "tests/judges/masks.py");
  const judged = python(script, [input, run.out, run.mappingFile, run.reportFile, folder]);
  assert.equal(judged.status, 0, judged.text);
  const { compared, unread, wrong } = JSON.parse(judged.text.trim().split("\n").pop() ?? "{}");
  t.diagnostic(JSON.stringify({ compared, unread }));
  assert.deepEqual(wrong, []);
  const count = Object.values(compared).reduce((sum, n) => sum + n, 0);
  assert.ok(count > 160, `${count} compared`);
  const syntaxes = new Set(Object.keys(compared).map((each) => each.split(" ")[0]));
  assert.ok(syntaxes.size > 8, [...syntaxes].join(" "));
  // A masked frame leaves masked or not at all.
  for (const { n, verdict, reason, masks } of run.report.files) {
    if (verdict === "masked") assert.equal(masks.length, 1, `${n}`);
    else if (verdict === "refused" && REFUSED.has(reason)) assert.equal(masks.length, 0, `${n}`);
    assert.ok(verdict !== "pass" || masks.length === 0, `${n}`);
  }
});
