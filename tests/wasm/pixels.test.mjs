// Previews across the boundary.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { root } from "../../tools/process.mjs";
import { initSync, preview } from "../../www/pkg/pixels.js";
import { ct, source } from "./dicom.mjs";

initSync({ module: readFileSync(join(root, "www/pkg/pixels.wasm")) });

test("a slice is drawn", () => {
  const picture = preview(source(ct({ side: 64 })), 0);
  assert.deepEqual(preview(source(ct({ side: 64 })), 0, new Float64Array(picture.window)), picture);
  assert.equal(picture.width, 64);
  assert.equal(picture.height, 64);
  assert.ok(picture.rgba instanceof Uint8ClampedArray);
  assert.equal(picture.rgba.length, 64 * 64 * 4);
  assert.equal(picture.rgba[3], 255);
  assert.ok(new Set(picture.rgba).size > 100, "a ramp has many shades");
});

test("what is not drawn says why", () => {
  assert.deepEqual(preview(source(ct({ side: 64 })), 1), { none: "no-such-frame" });
  assert.deepEqual(preview(source(new Uint8Array(10)), 0), { none: "not-readable" });
  assert.throws(() => preview(null, 0), { code: "source-unreadable" });
});
