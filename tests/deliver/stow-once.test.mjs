// What the destination has: nothing is sent twice, nothing is overwritten.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ended, ledger, sinkTo, tick, writeAll } from "./stow-kit.mjs";
import { json, makeBlob, output, Store } from "./stow-store.mjs";

const many = (count, more = {}) => Array.from({ length: count }, (_, n) => output(n, more));
const posts = (store) => store.requests.filter(({ method }) => method === "POST");
const put = (store, { study, series, instance, bytes }, mark = "") =>
  store.put(study, series, instance, makeBlob({ study, series, instance }, bytes, mark));
const all = (count, end) => Array(count).fill(end);

test("outputs go by study in batches, and are stored once with their bytes", async () => {
  const store = new Store();
  const outputs = many(120).map((one, n) => (n % 3 === 0 ? output(n, { study: "2.25.9" }) : one));
  const { sink } = sinkTo(store);
  assert.deepEqual(await writeAll(sink, outputs), all(120, "sent"));
  for (const { study, instance, blob } of outputs) {
    assert.deepEqual(store.find(study, instance).bytes, Buffer.from(await blob.arrayBuffer()));
  }
  assert.deepEqual([store.count, store.again, posts(store).length], [120, 0, 3]);
  assert.deepEqual(sink.progress(), { bytesSent: 120_000, bytesConfirmed: 120_000, confirmed: 120, there: 0, open: 0 });
});

test("batches end at 50 instances and at 32 MB; a larger one goes alone; two requests at once", async () => {
  let [open, most] = [0, 0];
  const store = new Store();
  const carry = store.transport();
  const transport = async (request) => {
    const posting = request.method === "POST" ? 1 : 0;
    open += posting;
    most = Math.max(most, open);
    await tick();
    try {
      return await carry(request);
    } finally {
      open -= posting;
    }
  };
  const { sink } = sinkTo(store, { transport, limits: { bytes: 32_000, items: 50 } });
  const sizes = [...all(60, 100), ...all(5, 10_000), 90_000, 100];
  await writeAll(
    sink,
    sizes.map((bytes, n) => output(n, { bytes })),
  );
  assert.deepEqual(most, 2);
  const sent = posts(store).map(({ bytes }) => bytes);
  assert.ok(
    sent.every((bytes) => bytes < 42_000 || (bytes > 90_000 && bytes < 90_200)),
    String(sent),
  );
  assert.ok(posts(store).every(({ parts }) => parts <= 50));
  assert.equal(store.count, 67);
});

test("what is listed is compared by its digest: by HEAD, else by fetching it", async () => {
  for (const digests of [true, false]) {
    const store = new Store({ digests });
    const outputs = many(4);
    put(store, outputs[0]);
    put(store, outputs[1], "other");
    store.put(outputs[2].study, "2.25.77", outputs[2].instance, Buffer.from("in another series"));
    const { sink } = sinkTo(store);
    const ends = await writeAll(sink, outputs);
    assert.deepEqual(ends, ["there", "conflict-at-destination", "conflict-at-destination", "sent"]);
    assert.deepEqual([store.again, posts(store).length], [0, 1]);
    assert.deepEqual(sink.progress(), { bytesSent: 2_000, bytesConfirmed: 2_000, confirmed: 1, there: 1, open: 0 });
    const heads = store.requests.filter(({ method }) => method === "HEAD");
    assert.ok(heads.every(({ headers }) => headers.accept === "application/dicom"));
  }
});

test("a destination that tells no digest is not asked for one again and again", async () => {
  const store = new Store({ digests: false });
  const outputs = many(60);
  for (const one of outputs) put(store, one);
  assert.deepEqual(new Set(await writeAll(sinkTo(store).sink, outputs)), new Set(["there"]));
  const asked = (wanted) => store.requests.filter(({ method, path }) => method === wanted && path.includes("/series/"));
  assert.equal(asked("GET").length, 60);
  assert.ok(asked("HEAD").length <= 4, `${asked("HEAD").length} requests`);
});

test("what cannot be compared is a conflict: gone, cut, forbidden, no digest that can be read", async () => {
  const answers = [
    { status: 404 },
    { status: 403 },
    { status: 200, headers: { "repr-digest": "sha-256=:short:" }, body: "x".repeat(5_000_000) },
    { status: 200, headers: { "content-type": "multipart/related; boundary=b" }, body: "--b\r\n" },
    { status: 406 },
    { status: 200, headers: { "repr-digest": `sha-512=:${"A".repeat(86)}==:` }, body: "<html>" },
  ];
  for (const answer of answers) {
    const store = new Store({ fault: ({ path }) => (/instances\/[\d.]+$/.test(path) ? answer : null) });
    put(store, output(1));
    assert.deepEqual(await writeAll(sinkTo(store).sink, [output(1)]), ["conflict-at-destination"]);
    assert.equal(posts(store).length, 0);
  }
});

test("the ledger says what was sent before: nothing is fetched, nothing is sent", async () => {
  const [store, book] = [new Store(), ledger()];
  assert.deepEqual(await writeAll(sinkTo(store, { ledger: book }).sink, many(3)), all(3, "sent"));
  assert.deepEqual([...book.states.values()], all(3, "confirmed"));
  store.requests.length = 0;
  assert.deepEqual(await writeAll(sinkTo(store, { ledger: book }).sink, many(3)), all(3, "there"));
  assert.deepEqual(
    store.requests.map(({ method, path }) => [method, path.replace(/\?.*/, "")]),
    all(2, ["GET", "/studies/2.25.1/instances"]),
  );
});

test("intended and listed: it arrived before the reload. Confirmed and not listed: it is sent again", async () => {
  const [store, book] = [new Store(), ledger()];
  const [first, second, third] = many(3);
  await book.intend([first]);
  await book.confirm(second);
  put(store, first);
  put(store, third, "other");
  const ends = await writeAll(sinkTo(store, { ledger: book }).sink, [first, second, third]);
  assert.deepEqual(ends, ["there", "sent", "conflict-at-destination"]);
  assert.deepEqual([store.again, book.states.size], [0, 2]);
});

test("intent is written after the destination said that it does not have it, before it is sent", async () => {
  const seen = [];
  const store = new Store({ fault: ({ method }) => void seen.push(method) });
  const book = ledger();
  const { intend } = book;
  book.intend = async (many) => {
    seen.push(`intend ${many.length}`);
    return intend(many);
  };
  await writeAll(sinkTo(store, { ledger: book }).sink, many(2));
  assert.deepEqual(seen, ["GET", "intend 2", "POST", "GET"]);
});

test("a destination without queries takes all; the ledger and this run are what is known", async () => {
  for (const status of [404, 405, 501]) {
    const store = new Store({ fault: ({ method }) => (method === "GET" ? { status } : null) });
    const book = ledger();
    await book.confirm(output(0));
    await book.intend([output(1)]);
    const { sink } = sinkTo(store, { ledger: book });
    const twice = [...many(3), output(2), output(2, { mark: "other" })];
    assert.deepEqual(await writeAll(sink, twice), ["there", "sent", "sent", "there", "conflict-at-destination"]);
    assert.deepEqual([store.count, store.again], [2, 0]);
    assert.ok(store.requests.filter(({ method }) => method === "GET").length <= 2);
  }
});

test("404 for a study that is not there is not 404 for queries", async () => {
  const missing = ({ method, path }, store) => method === "GET" && path.includes("2.25.1/") && store.count === 0;
  let lost = true;
  const store = new Store({
    fault(request, it) {
      if (missing(request, it)) return { status: 404 };
      if (request.method === "POST" && lost) {
        lost = false;
        return "drop-after";
      }
      return null;
    },
  });
  const book = ledger();
  await book.confirm(output(0));
  assert.deepEqual(await writeAll(sinkTo(store, { ledger: book }).sink, many(2)), ["sent", "sent"]);
  assert.deepEqual([store.again, posts(store).length], [0, 1]);
});

test("two outputs of one UID in one run: equal ones are one, another is a conflict", async () => {
  const store = new Store();
  const { sink } = sinkTo(store);
  const outputs = [output(1), output(1), output(1, { mark: "other" }), output(2)];
  assert.deepEqual(await writeAll(sink, outputs), ["sent", "there", "conflict-at-destination", "sent"]);
  assert.deepEqual([store.count, store.again], [2, 0]);
});

test("a listing is read page by page, whether the receiver knows pages or not", async () => {
  for (const paged of [true, false]) {
    const store = new Store({
      fault: ({ path }, it) => {
        if (paged || !path.includes("/instances?")) return null;
        const uids = [...(it.studies.get("2.25.1")?.keys() ?? [])];
        return json(
          200,
          uids.map((uid) => ({ "00080018": { Value: [uid] } })),
        );
      },
    });
    const outputs = many(2_600);
    for (const one of outputs.slice(0, 2_500)) put(store, one);
    const { sink } = sinkTo(store);
    const ends = await writeAll(sink, outputs);
    assert.deepEqual(ends, [...all(2_500, "there"), ...all(100, "sent")]);
    assert.equal(store.again, 0);
  }
});

test("a listing that is no list is asked for again, then the destination counts as one without queries", async () => {
  const broken = { status: 200, body: "<!doctype html>" };
  let times = 2;
  const soon = new Store({ fault: ({ method }) => (method === "GET" && times-- > 0 ? broken : null) });
  put(soon, output(0), "other");
  assert.deepEqual(await writeAll(sinkTo(soon).sink, many(1)), ["conflict-at-destination"]);
  const never = new Store({ fault: ({ method }) => (method === "GET" ? broken : null) });
  assert.deepEqual(await writeAll(sinkTo(never).sink, many(2)), ["sent", "sent"]);
  assert.equal(never.requests.length, 4);
});

test("more studies than listings are kept of: still nothing is sent twice", async () => {
  const store = new Store();
  const { sink } = sinkTo(store);
  const outputs = Array.from({ length: 200 }, (_, n) => output(n % 100, { study: `2.25.${n % 50}` }));
  const ends = await writeAll(sink, outputs);
  assert.deepEqual([...all(100, "sent"), ...all(100, "there")], ends);
  assert.deepEqual([store.count, store.again], [100, 0]);
});

test("without queries, what this run sent is known of every study", async () => {
  const store = new Store({ queries: false });
  const outputs = Array.from({ length: 40 }, (_, n) => output(n, { study: `2.25.${n}` }));
  const { sink } = sinkTo(store);
  assert.deepEqual(await writeAll(sink, outputs), all(40, "sent"));
  assert.deepEqual(await writeAll(sink, outputs), all(40, "there"));
  assert.deepEqual([store.count, store.again], [40, 0]);
});

test("bytes count as sent while they go, as confirmed when the answer names them", async () => {
  const store = new Store();
  const carry = store.transport();
  let seen = null;
  const transport = async (request) => {
    if (request.method !== "POST") return carry(request);
    request.onProgress(1_200);
    const going = sink.progress();
    request.onProgress(5_000_000);
    seen = [going, sink.progress()].map(({ bytesSent, bytesConfirmed, open }) => [bytesSent, bytesConfirmed, open]);
    return carry({ ...request, onProgress: () => {} });
  };
  const { sink } = sinkTo(store, { transport });
  await writeAll(sink, many(3));
  assert.deepEqual(seen, [
    [1_200, 0, 3],
    [3_000, 0, 3],
  ]);
  assert.deepEqual(sink.progress(), { bytesSent: 3_000, bytesConfirmed: 3_000, confirmed: 3, there: 0, open: 0 });
});

test("what waits goes when it is flushed, not before; a full window flushes itself", async () => {
  const store = new Store();
  const { sink } = sinkTo(store, { limits: { items: 4, requests: 1 } });
  const writes = many(3).map((one) => ended(sink.write(one)));
  for (let i = 0; i < 20; i++) await tick();
  assert.equal(posts(store).length, 0);
  sink.flush();
  assert.deepEqual(await Promise.all(writes), all(3, "sent"));
  assert.equal(posts(store).length, 1);
  const scattered = Array.from({ length: sink.window.items }, (_, n) => output(n, { study: `2.25.3${n}` }));
  assert.deepEqual(await Promise.all(scattered.map((one) => ended(sink.write(one)))), all(sink.window.items, "sent"));
});
