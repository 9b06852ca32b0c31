// Private numbers that a policy can keep by vendor: other dictionaries know each of them, with the same VR.
import assert from "node:assert/strict";
import { join } from "node:path";
import test from "node:test";
import { missing, python, root } from "./judge.mjs";

test("pydicom or dcmtk knows every element of the vendors' sets", { skip: missing() }, () => {
  const r = python(join(root, "tests/judges/private.py"), [join(root, "src/deid/data/vendor_private.tsv")]);
  assert.equal(r.status, 0, r.text);
  assert.deepEqual(JSON.parse(r.text.trim().split("\n").pop() ?? ""), []);
});
