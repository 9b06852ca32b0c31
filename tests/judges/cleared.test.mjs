// Overlays in the samples of code streams, approved by a person: what is coded without a loss leaves without them, and decoders
// that are not ours find every sample as it was but for these bits; what is coded with one is refused.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { walkInputs } from "../../cli/walk.js";
import { SINK, sessionOn } from "../cli/opened.mjs";
import { missing, python, root, scratch } from "./judge.mjs";

const script = join(root, "tests/judges/cleared.py");

test("an approval clears overlays in code streams", { skip: missing() }, async (t) => {
  const dir = scratch(t);
  const [input, out] = [join(dir, "in"), join(dir, "out")];
  mkdirSync(input);
  const made = python(script, ["make", input]);
  assert.equal(made.status, 0, made.text);
  const session = sessionOn(t, out);
  await session.add(walkInputs([input], out));
  await session.plan();
  await session.run({ sink: SINK });
  const held = session.report().files;
  assert.equal(held.length, 30);
  for (const { n, verdict, reason } of held) {
    assert.deepEqual([verdict, reason], ["review", "overlay-in-pixels"], `${n}`);
    for (const frame of [0, 1]) {
      assert.equal((await session.preview(n, frame)).width, 97, `${n}`);
      session.drawn(n, frame);
    }
  }
  const numbers = held.map(({ n }) => n);
  for (const { n, ok, reason } of session.decide(numbers, { kind: "pass" }))
    assert.deepEqual([ok, reason], [true, "decided-masked"], `${n}`);
  await session.run({ sink: SINK });
  const paths = new Map(session.mapping().files.map(({ n, path }) => [n, path]));
  const pairs = session.report().files.flatMap(({ n, verdict, reason, out: name }) => {
    const lossy = paths.get(n)?.endsWith("lossy");
    const expected = lossy ? ["refused", "pixels-not-maskable"] : ["masked", "decided-masked"];
    assert.deepEqual([verdict, reason], expected, `${paths.get(n)}`);
    return lossy ? [] : [[paths.get(n), name]];
  });
  const list = join(dir, "pairs.json");
  writeFileSync(list, JSON.stringify(pairs));
  const told = python(script, ["judge", input, out, list]);
  assert.equal(told.status, 0, told.text);
  const { compared, wrong } = JSON.parse(told.text.trim().split("\n").pop() ?? "{}");
  t.diagnostic(JSON.stringify(compared));
  assert.deepEqual(wrong, []);
  assert.deepEqual([Object.keys(compared).length, pairs.length], [10, 26]);
});
