// The invented instance that the page tries the modules on while nobody waits.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { exampleInstance } from "../../www/workers/example.js";
import { deid, scratch } from "./command.mjs";

test("the example goes the way of an image: it is read, changed, verified and leaves", (t) => {
  for (const n of [0, 7, 399]) {
    const dir = scratch(t);
    const folder = join(dir, "in");
    mkdirSync(folder);
    writeFileSync(join(folder, "IM"), exampleInstance(n));
    const { status, report } = deid(dir, [folder], ["--policy", "headers-only"]);
    assert.equal(status, 0);
    const [{ verdict, actions }] = report.files;
    assert.equal(verdict, "pass");
    for (const letter of ["X", "Z", "U", "C"]) assert.ok(actions[letter] > 0, letter);
  }
});
