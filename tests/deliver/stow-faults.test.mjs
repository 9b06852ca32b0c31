// Faults of the line and of the destination: every one waits, asks, halves, gives up or stops as it should.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ended, ledger, sinkTo, tick, writeAll } from "./stow-kit.mjs";
import { json, output, Store, stored } from "./stow-store.mjs";

const many = (count, more = {}) => Array.from({ length: count }, (_, n) => output(n, more));
const posts = (store) => store.requests.filter(({ method }) => method === "POST");
const all = (count, end) => Array(count).fill(end);

/** A store whose first requests to store meet these faults, one each. */
function storeWith(faults, how = {}) {
  const left = [...faults];
  return new Store({ ...how, fault: ({ method }) => (method === "POST" ? (left.shift() ?? null) : null) });
}

test("no answer: the line waits, the destination is asked, and only what it does not have goes again", async () => {
  for (const [fault, requests] of [
    ["drop", 2],
    ["drop-after", 1],
  ]) {
    const store = storeWith([fault]);
    const { sink, codes, waits } = sinkTo(store);
    assert.deepEqual(await writeAll(sink, many(3)), all(3, "sent"));
    assert.deepEqual([store.count, store.again, posts(store).length], [3, 0, requests], fault);
    assert.deepEqual([codes(), waits], [fault === "drop" ? ["provider-down", "back"] : ["provider-down"], [750]]);
  }
});

test("half of a request was stored before the line broke", async () => {
  const outputs = many(4);
  const store = new Store({
    fault: ({ method }, it) => {
      if (method !== "POST" || it.count > 0) return null;
      for (const { study, series, instance } of outputs.slice(0, 2))
        it.put(study, series, instance, Buffer.from("DICM"));
      return "drop";
    },
  });
  assert.deepEqual(await writeAll(sinkTo(store).sink, outputs), all(4, "sent"));
  assert.deepEqual([store.count, store.again], [4, 0]);
});

test("offline is told as such", async () => {
  const { sink, codes } = sinkTo(storeWith(["offline"]));
  assert.deepEqual(await writeAll(sink, many(1)), ["sent"]);
  assert.deepEqual(codes(), ["offline", "back"]);
});

test("Retry-After in seconds and as a date is kept to; else the wait doubles up to a minute", async () => {
  const now = () => Date.parse("2026-11-25T00:00:00Z");
  const busy = (after) => ({ status: 503, headers: { "retry-after": after } });
  const faults = [
    busy("7"),
    busy("Wed, 25 Nov 2026 00:00:42 GMT"),
    busy("864000"),
    busy("0"),
    ...all(6, { status: 504 }),
  ];
  const { sink, waits, notices } = sinkTo(storeWith(faults), { now });
  assert.deepEqual(await writeAll(sink, many(2)), all(2, "sent"));
  assert.deepEqual(waits, [7_000, 42_000, 900_000, 6_000, 12_000, 24_000, ...all(4, 45_000)]);
  assert.deepEqual(notices[0], { code: "provider-busy", seconds: 7 });
  assert.deepEqual(
    notices.map(({ code }) => code),
    [...all(4, "provider-busy"), ...all(6, "provider-down"), "back"],
  );
});

test("every status that may pass is waited out", async () => {
  const statuses = [408, 425, 429, 502, 503, 504, 507, 520];
  const store = storeWith(statuses.map((status) => ({ status, body: "<html>gateway</html>" })));
  const { sink, waits } = sinkTo(store);
  assert.deepEqual(await writeAll(sink, many(2)), all(2, "sent"));
  assert.deepEqual([waits.length, store.count, store.again], [statuses.length, 2, 0]);
});

test("503 though it was stored: asked first, not sent again", async () => {
  const store = storeWith([{ change: () => ({ status: 504, body: "" }) }]);
  assert.deepEqual(await writeAll(sinkTo(store).sink, many(2)), all(2, "sent"));
  assert.deepEqual([store.again, posts(store).length], [0, 1]);
});

test("413 halves down to what passes, and remembers it", async () => {
  const store = new Store({ most: 9_000 });
  const { sink, codes } = sinkTo(store, { limits: { requests: 1 } });
  assert.deepEqual(await writeAll(sink, many(100)), all(100, "sent"));
  const refused = posts(store).filter(({ bytes }) => bytes > 9_000).length;
  assert.deepEqual([store.count, store.again, codes()], [100, 0, []]);
  assert.ok(refused <= 4, `${refused} refused`);
});

test("413 for one alone: its size is told, it is refused, the rest goes on", async () => {
  const store = new Store({ most: 9_000 });
  const { sink, notices } = sinkTo(store);
  const outputs = [...many(10), output(10, { bytes: 20_000 }), output(11)];
  const ends = await writeAll(sink, outputs);
  assert.deepEqual(ends, [...all(10, "sent"), "too-large-for-destination", "sent"]);
  assert.deepEqual(notices, [{ code: "too-big", bytes: 20_000 }]);
});

test("a proxy that cuts large requests without an answer: halved; one alone that never passes is too large", async () => {
  const store = new Store({ fault: ({ body }) => (body?.length > 9_000 ? "drop" : null) });
  const { sink, codes } = sinkTo(store);
  const ends = await writeAll(sink, [...many(20), output(20, { bytes: 20_000 })]);
  assert.deepEqual(ends, [...all(20, "sent"), "too-large-for-destination"]);
  assert.deepEqual([store.count, store.again], [20, 0]);
  assert.ok(codes().includes("blocked") && codes().includes("too-big"));
});

test("401 or 403 in the middle stops the run; what is there stays, the rest goes with a new token", async () => {
  for (const status of [401, 403]) {
    const store = storeWith([null, { status }], {});
    const book = ledger();
    const { sink } = sinkTo(store, { ledger: book, limits: { items: 5, requests: 1 } });
    const outputs = many(20);
    const ends = await writeAll(sink, outputs);
    assert.deepEqual(ends, [...all(5, "sent"), ...all(15, "destination-auth")]);
    assert.equal(await ended(sink.write(output(99))), "destination-auth");
    const again = await writeAll(sinkTo(store, { ledger: book }).sink, outputs);
    assert.deepEqual(again, [...all(5, "there"), ...all(15, "sent")]);
    assert.deepEqual([store.count, store.again], [20, 0]);
  }
});

test("a token that was renewed meanwhile is tried before the run stops", async () => {
  let token = "old";
  const store = new Store({
    fault: ({ headers, method }) => {
      if (method !== "POST" || headers.authorization === "Bearer new") return null;
      token = "new";
      return { status: 401 };
    },
  });
  assert.deepEqual(await writeAll(sinkTo(store, { token: () => token }).sink, many(2)), all(2, "sent"));
  const none = new Store();
  const { sink } = sinkTo(none, { token: () => "bad\r\nvalue" });
  assert.deepEqual(await writeAll(sink, [output(9)]), ["destination-auth"]);
  assert.equal(none.requests.length, 0, "it would stand in an error of the browser's");
});

test("a redirect, and any status that fits nothing, is a matter of settings", async () => {
  const moved = new Store({ fault: ({ method }) => (method === "GET" ? { status: 302 } : null) });
  assert.deepEqual(await writeAll(sinkTo(moved).sink, many(2)), all(2, "destination-misconfigured"));
  assert.equal(posts(moved).length, 0);
  for (const status of [302, 308, 406, 410, 501]) {
    assert.deepEqual(
      await writeAll(sinkTo(storeWith([{ status }])).sink, many(2)),
      all(2, "destination-misconfigured"),
    );
  }
});

test("500 for a batch with one bad part: one by one, and it costs one", async () => {
  const bad = output(3).instance;
  const fault = ({ method, body }) => (method === "POST" && body.includes(` ${bad} `) ? json(500, {}) : null);
  const store = new Store({ fault });
  const ends = await writeAll(sinkTo(store).sink, many(6));
  assert.deepEqual(ends, [...all(3, "sent"), "rejected-by-destination", "sent", "sent"]);
  assert.deepEqual([store.count, store.again, posts(store).length], [5, 0, 10]);
});

test("requests that fail together are one outage", async () => {
  const { sink, waits, codes } = sinkTo(storeWith(["drop", "drop"]), { limits: { items: 2 } });
  assert.deepEqual(await writeAll(sink, many(4)), all(4, "sent"));
  assert.deepEqual([waits, codes()], [[750], ["provider-down", "back"]]);
});

test("what fails again and again does not stand before the rest, and is not too large if larger ones passed", async () => {
  const [stubborn, ...rest] = many(9);
  const order = [];
  let left = 8;
  const fault = ({ method, body }) => {
    if (method !== "POST") return null;
    const uid = / (2\.25\.1000\d+) \n/.exec(body.toString("latin1"))[1];
    if (uid === stubborn.instance && left-- > 0) return "drop";
    order.push(uid);
    return null;
  };
  const { sink } = sinkTo(new Store({ fault }), { limits: { items: 1, requests: 1 } });
  assert.deepEqual(await writeAll(sink, [stubborn, output(99, { bytes: 1_001 }), ...rest]), all(10, "sent"));
  assert.ok(order.indexOf(stubborn.instance) > 5, `it was number ${order.indexOf(stubborn.instance)}`);
});

test("500 for all for a while is waited out", async () => {
  const { sink, codes } = sinkTo(storeWith(all(8, { status: 500 })));
  assert.deepEqual(await writeAll(sink, many(3)), all(3, "sent"));
  assert.ok(codes().includes("provider-down"));
});

test("reasons: out of resources is waited out; already there is compared; others are refused", async () => {
  const outputs = many(4);
  const [busy, there, refused, twin] = outputs.map(({ instance }) => instance);
  let first = true;
  const store = new Store({
    fault: ({ method }) => {
      if (method !== "POST" || !first) return null;
      first = false;
      const { study, series } = outputs[0];
      // They came from elsewhere while this was on its way.
      for (const [uid, n, mark] of [
        [there, 1, ""],
        [twin, 3, "other"],
      ]) {
        const { blob } = output(n, { mark });
        store.late = blob.arrayBuffer().then((bytes) => store.put(study, series, uid, Buffer.from(bytes)));
      }
      const failed = [
        [busy, 0xa700],
        [there, 0x0111],
        [refused, 0xc122],
        [twin, 45070],
      ];
      return json(409, stored([], failed));
    },
  });
  const { sink, codes } = sinkTo(store);
  const ends = await writeAll(sink, outputs);
  assert.deepEqual(ends, ["sent", "there", "rejected-by-destination", "conflict-at-destination"]);
  assert.deepEqual(codes(), ["provider-busy", "back"]);
});

test("a warning that it was there already is compared, any other is stored", async () => {
  const outputs = many(3);
  const [there, twin, coerced] = outputs;
  const warned = (uid, code) => ({ "00081155": { Value: [uid] }, "00081196": { vr: "US", Value: [code] } });
  const items = [warned(there.instance, 45070), warned(twin.instance, 45070), warned(coerced.instance, 45056)];
  const said = json(200, { "00081199": { vr: "SQ", Value: items } });
  let listing = true;
  const store = new Store({
    fault: ({ method, path }) => {
      if (method === "POST") return { change: () => said };
      // It came from elsewhere while this was on its way.
      const early = listing && path.includes("/instances?");
      listing = listing && !early;
      return early ? json(200, []) : null;
    },
  });
  store.put(there.study, there.series, there.instance, Buffer.from(await there.blob.arrayBuffer()));
  store.put(twin.study, twin.series, twin.instance, Buffer.from("other"));
  assert.deepEqual(await writeAll(sinkTo(store).sink, outputs), ["there", "conflict-at-destination", "sent"]);
});

test("answers that name other UIDs, or these in the wrong sequence, are not believed", async () => {
  const outputs = many(3);
  const other = () => json(200, stored(["2.25.404", "2.25.405"]));
  const wrong = () => json(200, { "00081198": stored(outputs.map(({ instance }) => instance))["00081199"] });
  const lying = storeWith([{ change: other }]);
  assert.deepEqual(await writeAll(sinkTo(lying).sink, outputs), all(3, "sent"));
  assert.deepEqual([lying.again, posts(lying).length], [0, 1]);
  assert.deepEqual(
    await writeAll(sinkTo(storeWith([{ change: wrong }])).sink, outputs),
    all(3, "rejected-by-destination"),
  );
});

test("nothing can be known: no queries, and answers that say nothing", async () => {
  const html = { change: () => ({ status: 200, body: "<html>thank you</html>" }) };
  const store = new Store({ queries: false, fault: ({ method }) => (method === "POST" ? html : null) });
  assert.deepEqual(await writeAll(sinkTo(store).sink, many(2)), all(2, "destination-misconfigured"));
});

test("a bounded number of tries, for the command line", async () => {
  const { sink, waits } = sinkTo(new Store({ fault: () => "drop" }), { limits: { tries: 5 } });
  assert.deepEqual(await writeAll(sink, many(3)), all(3, "destination-unreachable"));
  assert.equal(waits.length, 4);
  const fault = ({ method }) => (method === "POST" ? { status: 503 } : null);
  const half = sinkTo(new Store({ fault }), { limits: { tries: 5 } });
  assert.deepEqual(await writeAll(half.sink, many(3)), all(3, "destination-unreachable"), "queries pass");
  await assert.rejects(sinkTo(new Store({ fault: () => "drop" })).sink.check(), { code: "destination-unreachable" });
  await assert.rejects(sinkTo(new Store({ fault: () => ({ status: 503 }) })).sink.check(), {
    code: "destination-unreachable",
  });
});

test("paused, nothing begins; resumed, all goes; stopped, all that is open is given back", async () => {
  const store = new Store();
  const { sink } = sinkTo(store);
  sink.pause();
  const writes = many(3).map((one) => ended(sink.write(one)));
  sink.flush();
  for (let i = 0; i < 20; i++) await tick();
  assert.equal(store.requests.length, 0);
  sink.resume();
  assert.deepEqual(await Promise.all(writes), all(3, "sent"));
  sink.pause();
  const held = many(5).map((one) => ended(sink.write({ ...one, instance: `${one.instance}9` })));
  await tick();
  await sink.abort();
  assert.deepEqual(await Promise.all(held), all(5, "stopped"));
  assert.equal(await ended(sink.write(output(9))), "stopped");
  assert.equal(sink.progress().open, 0);
});

test("stopped while it waits for the line or for an answer", async () => {
  const waiting = sinkTo(new Store({ fault: () => "drop" }), { sleep: (_, signal) => aborted(signal) });
  const hanging = sinkTo(new Store(), {
    transport: ({ signal }) => aborted(signal).then(() => Promise.reject(signal.reason)),
  });
  for (const { sink } of [waiting, hanging]) {
    const writes = many(3).map((one) => ended(sink.write(one)));
    sink.flush();
    for (let i = 0; i < 10; i++) await tick();
    await sink.abort();
    assert.deepEqual(await Promise.all(writes), all(3, "stopped"));
  }
});

test("a file that changed after it was read is refused, the rest of its batch goes", async () => {
  const changed = output(1);
  const gone = new DOMException("changed", "NotReadableError");
  changed.blob.stream = () => new ReadableStream({ start: (controller) => controller.error(gone) });
  const store = new Store();
  const carry = store.transport();
  let broken = true;
  const transport = (request) => {
    const now = request.method === "POST" && broken;
    broken = broken && !now;
    return now ? carry({ ...request, signal: AbortSignal.abort() }) : carry(request);
  };
  const { sink } = sinkTo(store, { transport });
  assert.deepEqual(await writeAll(sink, [output(0), changed, output(2)]), ["sent", "source-unreadable", "sent"]);
  assert.equal(store.count, 2);
});

test("a fault of the ledger or of the transport ends the run, and nothing hangs", async () => {
  const book = {
    ...ledger(),
    intend: () => Promise.reject(Object.assign(new Error("full"), { code: "engine-fault" })),
  };
  assert.deepEqual(await writeAll(sinkTo(new Store(), { ledger: book }).sink, many(2)), all(2, "engine-fault"));
  const transport = () => Promise.reject(Object.assign(new TypeError("own fault"), { code: "own" }));
  assert.deepEqual(await writeAll(sinkTo(new Store(), { transport }).sink, many(2)), all(2, "own"));
});

function aborted(signal) {
  return new Promise((done) => signal.addEventListener("abort", () => done()));
}
