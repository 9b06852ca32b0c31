// Awkward moments of a run: before it has begun, after all is confirmed; and files by the thousand in one group.
import assert from "node:assert/strict";
import { test } from "node:test";
import { holdParts } from "../../www/session/parts.js";
import { digestTwins } from "../../www/session/twins.js";
import { inputs, PASS, poolOf, sessionOf, sinkOf, turns } from "./session.mjs";

const WIDE = { items: 5, bytes: 1000 };
const DESTINATION = "https://there";
const upload = (session, sink) => session.upload({ place: async () => sink, destination: DESTINATION });

test("what a destination named as stored and does not have is not sent, and can be sent again", async () => {
  const session = await sessionOf(poolOf(), inputs(6));
  const files = [];
  session.on("file", ({ n, reason }) => files.push([n, reason]));
  const ending = await upload(session, sinkOf({ window: WIDE, close: async () => [2, 5] }));
  assert.deepEqual(ending, { stopped: false, sent: 4, there: 0, failed: 2 });
  assert.deepEqual(files.slice(6), [
    [2, "rejected-by-destination"],
    [5, "rejected-by-destination"],
  ]);
  assert.deepEqual(session.failed(), [
    { n: 2, reason: "rejected-by-destination", bytes: 9 },
    { n: 5, reason: "rejected-by-destination", bytes: 9 },
  ]);
  assert.equal((await session.receipt(DESTINATION)).instances.length, 4);
  const again = sinkOf();
  assert.equal((await upload(session, again)).sent, 2);
  assert.deepEqual(again.seen.given, [2, 5]);
  assert.equal((await session.receipt(DESTINATION)).instances.length, 6);
});

test("paused before the run itself has begun, nothing is given; closed then, nothing ever is", async () => {
  for (const closes of [false, true]) {
    let letBegin = () => undefined;
    const guard = () => new Promise((done) => (letBegin = () => done(() => undefined)));
    const session = await sessionOf(poolOf(), inputs(3), { guard });
    const sink = sinkOf({ window: WIDE });
    const run = upload(session, sink);
    await turns();
    if (closes) await session.close();
    else session.pause();
    letBegin();
    await turns();
    assert.deepEqual(sink.seen.given, []);
    session.resume();
    assert.deepEqual((await run).sent, closes ? 0 : 3);
  }
});

test("many files of one UID, or of one concatenation, take no longer than many files", async () => {
  const entries = Array.from({ length: 60_000 }, () => ({ row: { sopInstance: "1.2", concatenation: "1.3" } }));
  const begun = performance.now();
  await digestTwins(entries, { digest: async () => ({ sha256: "a" }) });
  const held = await holdParts(
    entries,
    async () => PASS,
    () => undefined,
  );
  assert.ok(entries.every(({ row }) => row.digest === "a") && held.size === 0);
  assert.ok(performance.now() - begun < 5_000, `${Math.round(performance.now() - begun)} ms`);
});
