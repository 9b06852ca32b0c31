// What the destination has: nothing is sent twice, nothing is overwritten.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ledger, sinkTo, writeAll } from "./kit.mjs";
import { json, output, Store } from "./store.mjs";

const many = (count, more = {}) => Array.from({ length: count }, (_, n) => output(n, more));
const posts = (store) => store.requests.filter(({ method }) => method === "POST");

test("outputs go by study in batches, and are stored once with their bytes", async () => {
  const store = new Store();
  const outputs = many(120).map((one, n) => (n % 3 === 0 ? output(n, { study: "2.25.9" }) : one));
  const { sink } = sinkTo(store);
  assert.deepEqual(new Set(await writeAll(sink, outputs)), new Set(["sent"]));
  assert.equal(store.count, 120);
  assert.equal(store.again, 0);
  for (const { study, instance, blob } of outputs) {
    assert.deepEqual(store.find(study, instance).bytes, Buffer.from(await blob.arrayBuffer()));
  }
  assert.equal(posts(store).length, 3);
  assert.deepEqual(sink.progress(), { bytesSent: 120_000, bytesConfirmed: 120_000, confirmed: 120, there: 0, open: 0 });
});
