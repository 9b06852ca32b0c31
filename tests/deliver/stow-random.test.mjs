// Two thousand instances to a store that drops, refuses, lies and is asked again after reloads, by seeded chance.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ended, ledger, sinkTo } from "./stow-kit.mjs";
import { json, makeBlob, output, Store, stored } from "./stow-store.mjs";

const COUNT = 2_000;
const LIMITS = { bytes: 40_000, items: 30 };

/** Mulberry32. */
function chance(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Answers that do not say what became of an instance: one that gets three alone, while others are stored, is given up by right. */
const UNSAID = new Set([
  ...["late gateway", "fault after storing", "stored, not told", "not stored, not told"],
  ...["page", "page, not stored", "others", "cut"],
]);
const MOST_UNSAID = 2;
const MOST_FAULTS = 4;

/** Faults of requests that store. An instance meets a few; a store that always lies can be told from none. */
function storeFault(random) {
  const [met, unsaid] = [new Map(), new Map()];
  const html = { status: 200, body: "<html>ok</html>" };
  const kinds = {
    drop: "drop",
    "drop-after": "drop-after",
    busy: { status: 503, headers: { "retry-after": "3" } },
    often: { status: 429 },
    "late gateway": { change: () => ({ status: 504, body: "" }) },
    "fault after storing": { change: () => json(500, stored([])) },
    "stored, not told": { change: () => json(200, stored([])) },
    "not stored, not told": json(200, stored([])),
    page: { change: () => html },
    "page, not stored": html,
    others: { change: () => json(200, stored(["2.25.404"])) },
    cut: { change: ({ status, body }) => ({ status, body: body.slice(0, body.length / 2) }) },
    "out of resources": ({ body }) =>
      json(
        409,
        stored(
          [],
          uidsOf(body).map((uid) => [uid, 0xa700]),
        ),
      ),
    half: (request, store) => {
      for (const one of partsOf(request.body).slice(0, 3)) store.put(...one);
      return "drop";
    },
  };
  const names = Object.keys(kinds);
  return (request, store) => {
    if (random() > 0.3) return null;
    const uids = uidsOf(request.body);
    if (uids.some((uid) => (met.get(uid) ?? 0) >= MOST_FAULTS)) return null;
    const name = names[Math.floor(random() * names.length)];
    if (UNSAID.has(name) && uids.some((uid) => (unsaid.get(uid) ?? 0) >= MOST_UNSAID)) return null;
    for (const counts of UNSAID.has(name) ? [met, unsaid] : [met]) {
      for (const uid of uids) counts.set(uid, (counts.get(uid) ?? 0) + 1);
    }
    const kind = kinds[name];
    return typeof kind === "function" ? kind(request, store) : kind;
  };
}

function partsOf(body) {
  const text = body.toString("latin1");
  return [...text.matchAll(/\r\n\r\n(DICM (\S+) (\S+) (\S+) .*?)\r\n--/gs)].map(
    ([, whole, study, series, instance]) => [study, series, instance, Buffer.from(whole, "latin1")],
  );
}

const uidsOf = (body) => partsOf(body).map(([, , instance]) => instance);

function queryFault(random) {
  return () => {
    const dice = random();
    if (dice < 0.05) return "drop";
    if (dice < 0.1) return { status: 503 };
    return dice < 0.11 ? { status: 500 } : null;
  };
}

/** Gives outputs like a run does: no more than the window open; stopped after so many. */
async function run(sink, outputs, stopAfter) {
  const [ends, open] = [new Map(), new Map()];
  let most = { items: 0, bytes: 0 };
  for (const one of outputs) {
    if (ends.size >= stopAfter) break;
    const bytes = () => [...open.keys()].reduce((sum, each) => sum + each.bytes, 0);
    while (open.size >= sink.window.items || (open.size > 0 && bytes() + one.bytes > sink.window.bytes)) {
      sink.flush();
      await Promise.race(open.values());
    }
    const write = ended(sink.write(one)).then((end) => {
      open.delete(one);
      ends.set(one, end);
    });
    open.set(one, write);
    most = { items: Math.max(most.items, open.size), bytes: Math.max(most.bytes, bytes()) };
  }
  if (ends.size >= stopAfter) await sink.abort();
  else await sink.close();
  await Promise.all(open.values());
  return { ends, most };
}

for (const [seed, digests] of [
  [1, true],
  [2, false],
  [3, true],
]) {
  test(`every instance arrives once, none twice, none is lost, none is overwritten: seed ${seed}`, async () => {
    const random = chance(seed);
    const [post, query] = [storeFault(random), queryFault(random)];
    const store = new Store({ most: 30_000, digests });
    store.how.fault = (request) => {
      if (request.body?.length > store.how.most) return null;
      return request.method === "POST" ? post(request, store) : query();
    };
    const outputs = Array.from({ length: COUNT }, (_, n) =>
      output(n, { study: `2.25.5${Math.floor(n / 170)}`, bytes: 200 + Math.floor(random() * 2_800) }),
    );
    outputs[701] = output(701, { study: "2.25.54", bytes: 50_000 });
    const foreign = outputs.filter((_, n) => n % 97 === 5);
    const known = outputs.filter((_, n) => n % 41 === 3 && n % 97 !== 5);
    for (const { study, series, instance } of foreign) {
      store.put(study, series, instance, makeBlob({ study, series, instance }, 100, "other"));
    }
    for (const { study, series, instance, blob } of known) {
      store.put(study, series, instance, Buffer.from(await blob.arrayBuffer()));
    }

    const book = ledger();
    const results = new Map();
    // Three reloads, each in the middle of things, then the rest; a run after that sends nothing.
    for (const stopAfter of [200, 500, 900, COUNT]) {
      const { sink } = sinkTo(store, { limits: LIMITS, random, ledger: seed === 2 ? null : book });
      const { ends, most } = await run(sink, outputs, stopAfter);
      for (const [one, end] of ends) results.set(one, end);
      assert.ok(most.items <= sink.window.items && most.bytes <= sink.window.bytes, JSON.stringify(most));
    }
    const posted = store.requests.length;
    const { ends } = await run(sinkTo(store, { limits: LIMITS, random, ledger: book }).sink, outputs, COUNT + 1);
    const later = store.requests.slice(posted).filter(({ method }) => method === "POST");
    const unsettled = outputs.filter((one) => !["sent", "there"].includes(results.get(one)) && !foreign.includes(one));
    assert.deepEqual(
      unsettled.map((one) => [one.n, results.get(one)]),
      [[701, "too-large-for-destination"]],
    );
    assert.ok(
      later.every(({ bytes }) => bytes > 30_000),
      "only what is too large is tried again",
    );

    assert.equal(ends.size, COUNT);
    for (const one of outputs) {
      const there = store.find(one.study, one.instance);
      if (foreign.includes(one)) {
        assert.deepEqual([results.get(one), there.bytes.length], ["conflict-at-destination", 100]);
      } else if (one === outputs[701]) {
        assert.deepEqual([results.get(one), there], ["too-large-for-destination", undefined]);
      } else {
        assert.ok(["sent", "there"].includes(results.get(one)), `${one.n} ${results.get(one)}`);
        assert.equal(ends.get(one), "there");
        assert.deepEqual(there.bytes, Buffer.from(await one.blob.arrayBuffer()));
      }
    }
    assert.deepEqual([store.count, store.again], [COUNT - 1, 0]);
  });
}
