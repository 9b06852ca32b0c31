// Text of every character set in the browser, whose decoders know the cells of the big ones.
import assert from "node:assert/strict";
import test from "node:test";
import { NAMES, named } from "../wasm/charsets.mjs";
import { visit } from "./kit.mjs";

test("every character set is read as it is natively", async () => {
  const open = await visit();
  try {
    const files = NAMES.map((name) => [...named(name)]);
    const read = await open.page.evaluate(async (files) => {
      const core = await import(new URL("pkg/core.js", document.baseURI).href);
      await core.default();
      const policy = core.shippedPolicies().find((/** @type {any} */ { id }) => id === "basic");
      const engine = new core.Core(policy, new Uint8Array(32), "");
      return files.map((bytes) => {
        const read = (/** @type {number} */ at, /** @type {Uint8Array} */ into) =>
          into.set(bytes.slice(at, at + into.length));
        return engine.scan({ size: bytes.length, read }, "a").screen.patientName;
      });
    }, files);
    assert.deepEqual(
      read,
      NAMES.map(([, , name]) => name),
    );
  } finally {
    await open.close();
  }
});
