// Ten thousand instances through drops, 503, 413, wrong answers, killed workers, reloads and a lost network: every one arrives once.
import assert from "node:assert/strict";
import { test } from "node:test";
import { soak } from "./soak.mjs";
import { told, verify } from "./verify.mjs";

const COUNT = 10_000;

test(`${COUNT} instances arrive, each once, as report and receipt say`, async (t) => {
  const result = await soak({ count: COUNT, reloads: [0.2, 0.5] });
  t.diagnostic(told(result));
  verify(result, COUNT);
  assert.equal(result.reloads, 2);
  assert.equal(result.offline, 2);
  assert.ok(result.sentAgain > 0);
});
