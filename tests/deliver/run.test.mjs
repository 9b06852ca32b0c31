// Runs to a destination: window, back-pressure, stop, pause, failures that can be sent again, one run at a time.
import assert from "node:assert/strict";
import { test } from "node:test";
import { SessionError } from "../../www/session/session.js";
import { code, input, inputs, never, output, poolOf, sessionOf, sinkOf, turns } from "./session.mjs";

const WIDE = { items: 5, bytes: 1000 };
const DESTINATION = "https://there";
const upload = (session, sink, more = {}) =>
  session.upload({ place: async () => sink, destination: DESTINATION, ...more });
const reasons = (session) => session.report().totals.byReason;

test("outputs are given in order of n, as many at once as the window allows, and settle as their writes end", async () => {
  const pool = poolOf();
  const session = await sessionOf(pool, inputs(40));
  const done = [];
  session.on("file", ({ n }) => done.push(n));
  // Every odd one ends late.
  const sink = sinkOf({ window: WIDE, answer: async ({ n }) => (n % 2 ? turns(30).then(() => undefined) : "there") });
  assert.deepEqual(await upload(session, sink), { stopped: false, sent: 20, there: 20, failed: 0 });
  assert.deepEqual(
    sink.seen.given,
    Array.from({ length: 40 }, (_, i) => i + 1),
  );
  assert.equal(sink.seen.most, 5);
  assert.notDeepEqual(done, sink.seen.given);
  assert.deepEqual(
    [...done].sort((a, b) => a - b),
    sink.seen.given,
  );
  assert.deepEqual([sink.seen.closed, sink.seen.aborted], [1, 0]);
});

test("an output says what a sink must know of it", async () => {
  const given = [];
  const session = await sessionOf(poolOf(), [input("a7")]);
  await upload(session, sinkOf({ answer: (one) => void given.push(one) }));
  const { blob, ...facts } = given[0];
  assert.equal(blob.size, 9);
  assert.deepEqual(facts, {
    n: 1,
    name: "PSEUDO/2.25.1/2.25.2/a7.dcm",
    sha256: output("a7").sha256,
    crc32: 1,
    bytes: 9,
    patient: "PSEUDO",
    study: "2.25.1",
    series: "2.25.2",
    instance: "2.25.37",
    sopClass: "1.2.840.10008.5.1.4.1.1.2",
    transferSyntax: "1.2.840.10008.1.2.1",
  });
});

test("an output of pieces is its own bytes and ranges of its file: as parts, as a Blob, also once it has waited", async () => {
  const pieces = [new TextEncoder().encode("new "), [4, 3], new TextEncoder().encode("!")];
  const pool = poolOf({ transform: async ({ path }) => output(path, { blob: null, pieces, bytesOut: 8 }) });
  const file = new Blob(["old file"]);
  const given = [];
  const sink = () => sinkOf({ answer: (one) => void given.push(one) });
  const session = await sessionOf(pool, [input("a7", { file })]);
  await upload(session, sink());
  const kept = await sessionOf(pool, [input("a7", { file })]);
  await kept.run({ sink: null });
  await upload(kept, sink());
  const [{ parts, ...now }, late] = given;
  assert.equal(await new Blob(parts).text(), "new fil!");
  assert.equal(late.parts, undefined);
  for (const { blob, bytes } of [now, late]) assert.deepEqual([await blob.text(), bytes], ["new fil!", 8]);
});

test("a CRC-32 is made where the sink has to have it, or no place is named yet", async () => {
  const asked = [];
  const pool = poolOf({
    transform: async ({ path }, _dry, { crc32 }) => {
      asked.push(crc32 ?? false);
      return output(path);
    },
  });
  await upload(await sessionOf(pool, [input("a1")]), sinkOf());
  await upload(await sessionOf(pool, [input("a2")]), { ...sinkOf(), crc32: true });
  await (await sessionOf(pool, [input("a3")])).run({ sink: null });
  assert.deepEqual(asked, [false, true, true]);
});

test("a window of bytes holds, but one output always goes, however large", async () => {
  const pool = poolOf({ transform: async ({ path }) => output(path, { blob: new Blob(["x".repeat(400)]) }) });
  const session = await sessionOf(pool, inputs(9));
  let most = 0;
  const sink = sinkOf({
    window: { items: 50, bytes: 1000 },
    answer: async () => {
      most = Math.max(most, sink.seen.bytes);
      await turns(2);
    },
  });
  await upload(session, sink);
  assert.equal(most, 800);
  const large = await sessionOf(pool, inputs(3));
  assert.equal((await upload(large, sinkOf({ window: { items: 50, bytes: 10 } }))).sent, 3);
});

test("the sink is told to send what waits when its window is full and when nothing more comes", async () => {
  const session = await sessionOf(poolOf(), inputs(12));
  const waiting = [];
  const sink = sinkOf({
    window: WIDE,
    // Like a batch: nothing ends before the sink is told to send.
    answer: () => new Promise((done) => waiting.push(done)),
    flush() {
      for (const done of waiting.splice(0)) done(undefined);
    },
  });
  assert.equal((await upload(session, sink)).sent, 12);
});

test("a sink that never answers stops the workers: number and bytes prepared stay bounded", async () => {
  const pool = poolOf();
  const session = await sessionOf(pool, inputs(5000));
  const stop = new AbortController();
  const sink = sinkOf({ window: WIDE, answer: never });
  const run = upload(session, sink, { signal: stop.signal });
  await turns(400);
  const bound = pool.size * 40 + WIDE.items + 1;
  assert.ok(pool.seen.transformed.length <= bound, `${pool.seen.transformed.length} of ${bound}`);
  assert.equal(sink.seen.given.length, WIDE.items);
  stop.abort();
  assert.deepEqual(await run, { stopped: true, sent: 0, there: 0, failed: 0 });
});

test("bytes of their own that outputs hold stay bounded, by what is known of them", async () => {
  const MB = 1024 * 1024;
  const own = 30 * MB;
  // All of their own, as members that were inflated; and by reference, as plain files.
  for (const [held, most] of [
    [own, 128 / 30 + 2 + 1],
    [1000, 85],
  ]) {
    const pool = poolOf({ transform: async ({ path }) => output(path, { own: held }) });
    const session = await sessionOf(pool, inputs(300, { size: own }));
    const stop = new AbortController();
    const run = upload(session, sinkOf({ window: { items: 4, bytes: 1e9 }, answer: never }), { signal: stop.signal });
    await turns(400);
    assert.ok(pool.seen.transformed.length <= most, `${pool.seen.transformed.length} of ${most}`);
    assert.ok(pool.seen.transformed.length >= 4);
    stop.abort();
    await run;
  }
});

test("a stop keeps what arrived, gives up what is open, and another upload sends the rest", async () => {
  const session = await sessionOf(poolOf(), inputs(20));
  const stop = new AbortController();
  let arrived = 0;
  const sink = sinkOf({
    window: WIDE,
    answer: ({ n }) => {
      if (n > 7) return never();
      arrived += 1;
      if (arrived === 7) setImmediate(() => stop.abort());
    },
  });
  assert.deepEqual(await upload(session, sink, { signal: stop.signal }), {
    stopped: true,
    sent: 7,
    there: 0,
    failed: 0,
  });
  assert.deepEqual([sink.seen.aborted, sink.seen.closed], [1, 0]);
  assert.deepEqual(reasons(session), { clean: 7, stopped: 13 });
  const rest = sinkOf({ window: WIDE });
  assert.equal((await upload(session, rest)).sent, 13);
  assert.deepEqual(
    rest.seen.given,
    Array.from({ length: 13 }, (_, i) => i + 8),
  );
  assert.deepEqual(reasons(session), { clean: 20 });
});

test("a code of scope run ends the run; what is confirmed stays, the rest goes into a ZIP", async () => {
  const session = await sessionOf(poolOf(), inputs(20));
  const sink = sinkOf({ window: WIDE, answer: ({ n }) => (n === 9 ? code("destination-unreachable") : undefined) });
  await assert.rejects(upload(session, sink), new SessionError("destination-unreachable"));
  const { clean } = reasons(session);
  assert.ok(clean >= 8 && clean < 20);
  assert.deepEqual(session.failed(), []);
  const zip = sinkOf({ whole: true });
  await session.run({ sink: zip });
  assert.equal(zip.seen.given.length, 20 - clean);
  assert.deepEqual(reasons(session), { clean: 20 });
  assert.equal((await session.receipt(DESTINATION)).instances.length, clean);
});

test("a ZIP that fails after an upload takes back what is in it, not what is confirmed", async () => {
  const session = await sessionOf(poolOf(), inputs(6));
  await assert.rejects(
    upload(session, sinkOf({ answer: ({ n }) => (n === 3 ? code("destination-auth") : undefined) })),
    new SessionError("destination-auth"),
  );
  const full = sinkOf({ whole: true, answer: ({ n }) => (n === 5 ? code("disk-full") : undefined) });
  await assert.rejects(session.run({ sink: full }), new SessionError("disk-full"));
  assert.deepEqual(reasons(session), { clean: 2, stopped: 4 });
  const other = sinkOf({ whole: true });
  await session.run({ sink: other });
  assert.deepEqual(other.seen.given, [3, 4, 5, 6]);
});

test("what the destination did not take is listed, and goes again alone or elsewhere", async () => {
  const session = await sessionOf(poolOf(), inputs(6));
  const bad = { 2: "rejected-by-destination", 3: "conflict-at-destination", 5: "too-large-for-destination" };
  const sink = sinkOf({ window: WIDE, answer: ({ n }) => (bad[n] ? code(bad[n]) : undefined) });
  assert.deepEqual(await upload(session, sink), { stopped: false, sent: 3, there: 0, failed: 3 });
  assert.deepEqual(
    session.failed(),
    Object.entries(bad).map(([n, reason]) => ({ n: Number(n), reason, bytes: 9 })),
  );
  assert.deepEqual(reasons(session), { clean: 3, ...Object.fromEntries(Object.values(bad).map((each) => [each, 1])) });
  const one = sinkOf({ window: WIDE });
  assert.equal((await upload(session, one, { only: [2] })).sent, 1);
  assert.deepEqual(one.seen.given, [2]);
  const rest = sinkOf();
  await session.run({ sink: rest });
  assert.deepEqual(rest.seen.given, [3, 5]);
  assert.deepEqual(session.failed(), []);
  assert.equal(session.remaining(), 0);
});

test("after a pause nothing more is transformed or given, and the sink begins nothing; it goes on where it was", async () => {
  const pool = poolOf();
  const session = await sessionOf(pool, inputs(300));
  let paused = false;
  const sink = sinkOf({
    window: WIDE,
    answer: ({ n }) => {
      if (n === 30) {
        session.pause();
        paused = true;
      }
    },
  });
  const run = upload(session, sink);
  while (!paused) await turns(1);
  // Each worker finishes the one that it is at.
  await turns(2);
  const transformed = pool.seen.transformed.length;
  await turns(200);
  assert.deepEqual([pool.seen.transformed.length, sink.seen.given.length], [transformed, 30]);
  assert.ok(transformed < 80 && pool.seen.dropped > 0);
  session.resume();
  assert.equal((await run).sent, 300);
  assert.deepEqual(
    sink.seen.given,
    Array.from({ length: 300 }, (_, i) => i + 1),
  );
  assert.equal(new Set(pool.seen.transformed).size, 300);
  assert.deepEqual([sink.seen.paused, sink.seen.resumed], [1, 1]);
});

test("room that a paused sink makes is not used before the run goes on", async () => {
  const session = await sessionOf(poolOf(), inputs(6));
  const ends = [];
  const sink = sinkOf({ answer: () => new Promise((done) => ends.push(done)) });
  const run = upload(session, sink);
  await turns(20);
  session.pause();
  ends.shift()(undefined);
  await turns(20);
  assert.deepEqual(sink.seen.given, [1]);
  session.resume();
  while (sink.seen.names.length < 6) {
    ends.shift()?.(undefined);
    await turns(1);
  }
  assert.equal((await run).sent, 6);
});

test("a stop gives up open writes at once, while a worker is still at its file, and hears what ended with that", async () => {
  let begun = false;
  const transform = async ({ path }) => {
    if (!path.endsWith("5")) return output(path);
    begun = true;
    await turns(60);
    return output(path);
  };
  const session = await sessionOf(poolOf({ size: 1, transform }), inputs(6));
  const stop = new AbortController();
  const ends = [];
  const sink = sinkOf({ window: WIDE, answer: () => new Promise((done) => ends.push(done)) });
  sink.abort = async () => {
    sink.seen.aborted += 1;
    // The answer to two of them was on its way.
    turns(1).then(() => {
      for (const done of ends.slice(0, 2)) done(undefined);
    });
    await turns(1);
  };
  const run = upload(session, sink, { signal: stop.signal });
  while (!begun) await turns(1);
  stop.abort();
  assert.equal(sink.seen.aborted, 1);
  assert.deepEqual(await run, { stopped: true, sent: 2, there: 0, failed: 0 });
  assert.deepEqual(reasons(session), { clean: 2, stopped: 4 });
});

test("what a sink says just after it gave up is still heard", async () => {
  const session = await sessionOf(poolOf(), inputs(3));
  const stop = new AbortController();
  const ends = [];
  const sink = sinkOf({ window: WIDE, answer: () => new Promise((done) => ends.push(done)) });
  sink.abort = async () => {
    const [first] = ends;
    let late = Promise.resolve();
    for (let i = 0; i < 30; i += 1) late = late.then(() => undefined);
    void late.then(() => first(undefined));
  };
  const run = upload(session, sink, { signal: stop.signal });
  while (ends.length < 3) await turns(1);
  stop.abort();
  assert.equal((await run).sent, 1);
  assert.deepEqual(reasons(session), { clean: 1, stopped: 2 });
});

test("a paused run can be stopped, and closed", async () => {
  for (const end of [(stop) => stop.abort(), (_stop, session) => session.close()]) {
    const session = await sessionOf(poolOf(), inputs(50));
    const stop = new AbortController();
    const sink = sinkOf({ window: WIDE, answer: ({ n }) => void (n === 5 && session.pause()) });
    const run = upload(session, sink, { signal: stop.signal });
    await turns(60);
    await end(stop, session);
    assert.equal((await run).stopped, true);
  }
});

test("the destination is asked before anything is prepared for it", async () => {
  const pool = poolOf();
  const session = await sessionOf(pool, inputs(3));
  const refusing = sinkOf({ check: async () => Promise.reject(code("destination-auth")) });
  await assert.rejects(upload(session, refusing), new SessionError("destination-auth"));
  assert.deepEqual([pool.seen.transformed, refusing.seen.given], [[], []]);
  const stop = new AbortController();
  const silent = upload(session, sinkOf({ check: never }), { signal: stop.signal });
  await turns(3);
  stop.abort();
  assert.equal((await silent).stopped, true);
});

test("one run at a time, here and wherever else the guard looks", async () => {
  let free = true;
  const guard = async () => {
    if (!free) return null;
    free = false;
    return () => {
      free = true;
    };
  };
  const first = await sessionOf(poolOf(), inputs(3), { guard });
  const second = await sessionOf(poolOf(), inputs(3), { guard });
  const stop = new AbortController();
  const run = upload(first, sinkOf({ window: WIDE, answer: never }), { signal: stop.signal });
  await turns(20);
  await assert.rejects(upload(first, sinkOf()), new SessionError("second-run"));
  await assert.rejects(upload(second, sinkOf()), new SessionError("second-run"));
  stop.abort();
  await run;
  assert.equal((await upload(second, sinkOf())).sent, 3);
  assert.equal(free, true);
});

test("outputs of a run without a place go to any place later, and stay until one has them", async () => {
  const pool = poolOf();
  const session = await sessionOf(pool, inputs(6));
  await session.run({});
  assert.equal(pool.seen.transformed.length, 6);
  assert.equal(session.remaining(), 6);
  const halting = sinkOf({ window: WIDE, answer: ({ n }) => (n > 2 ? code("destination-unreachable") : undefined) });
  await assert.rejects(upload(session, halting), new SessionError("destination-unreachable"));
  assert.deepEqual(reasons(session), { clean: 2, stopped: 4 });
  const full = sinkOf({ whole: true, answer: ({ n }) => (n === 6 ? code("disk-full") : undefined) });
  await assert.rejects(session.run({ sink: full }), new SessionError("disk-full"));
  const zip = sinkOf({ whole: true });
  await session.run({ sink: zip });
  assert.deepEqual(zip.seen.given, [3, 4, 5, 6]);
  assert.equal(pool.seen.transformed.length, 6);
});

test("a stop while parts of a concatenation are tried leaves them as they were", async () => {
  const row = (path) => ({ kind: "dicom", sopInstance: path, study: "1", series: "1", concatenation: "c", screen: {} });
  const session = await sessionOf(poolOf({ row, size: 1 }), inputs(4));
  const stop = new AbortController();
  const sink = sinkOf();
  const run = session.run({ sink, signal: stop.signal });
  await turns(1);
  stop.abort();
  assert.equal((await run).stopped, true);
  assert.deepEqual([reasons(session), sink.seen.given], [{ stopped: 4 }, []]);
  await session.run({ sink: sinkOf() });
  assert.deepEqual(reasons(session), { clean: 4 });
});

test("a part that was taken back by a pause is tried before its concatenation leaves", async () => {
  const row = (path) => ({
    kind: "dicom",
    sopInstance: `1.${path}`,
    study: "1",
    series: "1",
    patient: "7",
    concatenation: "c",
    screen: {},
  });
  const pool = poolOf({
    row,
    transform: async ({ path }) =>
      path === "p2" ? { ...output(path), verdict: "refused", reason: "damaged" } : output(path),
  });
  const session = await sessionOf(pool, [input("p1"), input("p2")]);
  const sink = sinkOf();
  const run = session.run({ sink });
  await turns(1);
  session.pause();
  await turns(5);
  session.resume();
  await run;
  assert.deepEqual(reasons(session), { "part-held": 1, damaged: 1 });
  assert.deepEqual(sink.seen.given, []);
});

test("an error that has no code ends the run as it is, and nothing is settled by it", async () => {
  const session = await sessionOf(poolOf(), inputs(3));
  const sink = sinkOf({ answer: ({ n }) => (n === 2 ? new TypeError("no") : undefined) });
  await assert.rejects(upload(session, sink), TypeError);
  assert.deepEqual(reasons(session), { clean: 1, stopped: 2 });
});

test("progress tells files, bytes sent and confirmed, also while one file takes long", async () => {
  const session = await sessionOf(poolOf(), inputs(2));
  const told = [];
  session.on("progress", (detail) => detail.stage === "run" && told.push(detail));
  const notices = [];
  session.on("notice", (detail) => notices.push(detail));
  let sent = 0;
  const sink = sinkOf({
    progress() {
      sent += 1;
      return { bytesSent: sent, bytesConfirmed: 0 };
    },
    answer: () => new Promise((done) => setTimeout(done, 800)),
  });
  await session.upload({
    destination: DESTINATION,
    place: async (notice) => {
      notice({ code: "provider-busy", seconds: 3 });
      return sink;
    },
  });
  assert.ok(told.filter(({ done }) => done === 0).length >= 2);
  const last = told.at(-1);
  assert.deepEqual([last.done, last.total, last.processed, last.confirmed], [2, 2, 2, 0]);
  assert.ok(last.sent > 0);
  assert.deepEqual(notices, [{ code: "provider-busy", seconds: 3 }]);
});
