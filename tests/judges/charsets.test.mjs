// Names in descriptions in every character set of Japanese hospitals, legal or not: pydicom reads what is left.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { cleanPolicy, deid, generate, key, missing, python, root, scratch } from "./judge.mjs";

const skip = missing();
const script = join(root, "tests/judges/charsets.py");

test("names go, words stay, in every character set; workers and order change nothing", { skip }, (t) => {
  const dir = scratch(t);
  const input = join(dir, "in");
  generate(script, ["make", input]);
  const keyFile = key(dir);
  for (const [n, policy] of ["headers-only", cleanPolicy(dir)].entries()) {
    const runs = ["1", "3"].map((jobs) => {
      const folder = join(dir, `${n}-${jobs}`);
      mkdirSync(folder);
      return deid(input, folder, { policy, keyFile, extra: ["--jobs", jobs] });
    });
    assert.equal(runs[0].status, 0, runs[0].text);
    const wrong = python(script, ["check", input, runs[0].mappingFile]);
    assert.equal(wrong.status, 0, wrong.text);
    assert.deepEqual(JSON.parse(wrong.text.trim().split("\n").pop()), []);
    const [one, three] = runs.map((run) => digests(run.out));
    assert.deepEqual(three, one);
    assert.equal(one.length, readdirSync(input).length);
  }
});

/** @param {string} folder */
function digests(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const digest = (file) =>
    createHash("sha256")
      .update(readFileSync(join(file.parentPath, file.name)))
      .digest("hex");
  return files.map(digest).sort();
}
