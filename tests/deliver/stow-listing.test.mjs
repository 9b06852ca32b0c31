// Receivers whose queries say less than they should, or whose answers say more than is true.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ledger, sinkTo, writeAll } from "./stow-kit.mjs";
import { json, makeBlob, output, Store } from "./stow-store.mjs";

const many = (count, more = {}) => Array.from({ length: count }, (_, n) => output(n, more));
const posts = (store) => store.requests.filter(({ method }) => method === "POST");
const gets = (store) => store.requests.filter(({ method }) => method === "GET");
const put = (store, { study, series, instance, bytes }, mark = "") =>
  store.put(study, series, instance, makeBlob({ study, series, instance }, bytes, mark));
const all = (count, end) => Array(count).fill(end);
const asked = ({ path }) => new URL(path, "http://store").searchParams;
const list = (uids) =>
  json(
    200,
    uids.map((uid) => ({ "00080018": { vr: "UI", Value: [uid] } })),
  );

test("a receiver that knows no offset and shows but a part is asked for each of the others", async () => {
  const shows = (request, it) => {
    if (!request.path.includes("/instances?")) return null;
    const one = asked(request).get("SOPInstanceUID");
    const uids = [...(it.studies.get("2.25.1")?.keys() ?? [])];
    return list(one ? uids.filter((uid) => uid === one) : uids.slice(0, 3));
  };
  const store = new Store({ fault: shows });
  const outputs = many(10);
  for (const one of outputs.slice(0, 5)) put(store, one);
  put(store, outputs[5], "other");
  const ends = [...all(5, "there"), "conflict-at-destination", ...all(4, "sent")];
  assert.deepEqual(await writeAll(sinkTo(store).sink, outputs), ends);
  assert.deepEqual([store.count, store.again], [10, 0]);
  // After a request without an answer too.
  const cuts = ["drop-after"];
  const late = new Store({
    fault: (request, it) => (request.method === "POST" ? cuts.pop() : shows(request, it)),
  });
  assert.deepEqual(await writeAll(sinkTo(late).sink, outputs), all(10, "sent"));
  assert.deepEqual([late.count, late.again], [10, 0]);
});

test("a study that can't be listed is not sent to blindly, and costs no other", async () => {
  for (const status of [400, 500, 501]) {
    const store = new Store({
      fault: ({ path }) => (path.startsWith("/studies/2.25.66/instances") ? { status } : null),
    });
    const bad = many(3, { study: "2.25.66" });
    for (const one of bad) put(store, one, "other");
    const { sink } = sinkTo(store);
    await sink.check();
    assert.deepEqual(await writeAll(sink, many(2)), all(2, "sent"));
    assert.deepEqual(await writeAll(sink, bad), all(3, "conflict-at-destination"), `${status}`);
    assert.deepEqual(await writeAll(sink, many(3, { study: "2.25.7" })), all(3, "sent"));
    assert.deepEqual([posts(store).length, store.again], [2, 0]);
  }
});

test("a listing without an end is left", async () => {
  let uid = 0;
  const endless = ({ path }) =>
    path.includes("offset=") ? list(Array.from({ length: 20_000 }, () => `2.25.9${uid++}`)) : null;
  const store = new Store({ fault: endless });
  assert.deepEqual(await writeAll(sinkTo(store).sink, [output(1)]), ["conflict-at-destination"]);
  assert.ok(gets(store).length <= 14);
  assert.equal(posts(store).length, 0);
});

test("named as stored, but not there: looked for in the end, told by number, sent again", async () => {
  const loses = new Set(["2.25.10002", "2.25.10004"]);
  const lossy = ({ method }) =>
    method === "POST" && {
      change: (answer, it) => {
        for (const uid of loses) it.studies.get("2.25.1")?.delete(uid);
        return answer;
      },
    };
  const store = new Store({ fault: lossy });
  const book = ledger();
  const { sink, waits } = sinkTo(store, { ledger: book });
  const writes = Promise.all(many(6).map((one) => sink.write(one)));
  assert.deepEqual((await sink.close()).toSorted(), [2, 4]);
  await writes;
  assert.equal(waits.length, 3);
  assert.equal(sink.progress().confirmed, 4);
  loses.clear();
  const ends = await writeAll(sinkTo(store, { ledger: book }).sink, many(6));
  assert.deepEqual(ends, ["there", "there", "sent", "there", "sent", "there"]);
});

test("a listing that lags behind is waited for; what lists no instances at all says nothing", async () => {
  let lag = 3;
  const slow = new Store({
    fault: ({ method, path }, it) =>
      method === "GET" && path.includes("/instances") && it.count > 0 && --lag > 0 ? list([]) : null,
  });
  const { sink, waits } = sinkTo(slow);
  const write = sink.write(output(1));
  assert.deepEqual(await sink.close(), []);
  await write;
  assert.deepEqual(waits, [2_000, 6_000]);

  const mute = new Store({
    fault: ({ path }, it) => {
      if (path.includes("/instances")) return { status: 204 };
      return path.startsWith("/studies?") && it.count > 0 ? json(200, [{ "0020000D": {} }]) : null;
    },
  });
  const other = sinkTo(mute);
  const written = other.sink.write(output(1));
  assert.deepEqual(await other.sink.close(), []);
  await written;
});

test("what can't be asked in the end stays confirmed; a stop ends the asking", async () => {
  for (const status of [401, 500, 404]) {
    const store = new Store({ fault: ({ method }, it) => (method === "GET" && it.count > 0 ? { status } : null) });
    const { sink } = sinkTo(store, { limits: { tries: 9 } });
    const write = sink.write(output(1));
    assert.deepEqual(await sink.close(), status === 404 ? [1] : []);
    await write;
  }
  const store = new Store({ fault: ({ method }, it) => (method === "GET" && it.count > 0 ? "drop" : null) });
  let tired = 0;
  const sleep = async () => {
    if (++tired === 5) void sink.abort();
  };
  const { sink } = sinkTo(store, { sleep });
  const write = sink.write(output(1));
  assert.deepEqual(await sink.close(), []);
  await write;
});

test("signed out while instances are fetched to be compared ends the run: nothing is called a conflict", async () => {
  let fetched = 0;
  const store = new Store({
    digests: false,
    fault: ({ method, path }) =>
      method === "GET" && /instances\/[\d.]+$/.test(path) && ++fetched > 1 ? { status: 401 } : null,
  });
  const outputs = many(3);
  for (const one of outputs) put(store, one);
  const { sink } = sinkTo(store);
  assert.deepEqual(await writeAll(sink, [outputs[0]]), ["there"]);
  assert.deepEqual(await writeAll(sink, [outputs[1]]), ["destination-auth"]);
});

test("answers that begin with a byte order mark are read", async () => {
  const marked = { change: (answer) => ({ ...answer, body: `\ufeff${answer.body ?? ""}` }) };
  const store = new Store({
    fault: ({ path }) => (path.includes("/instances") || path === "/studies" ? marked : null),
  });
  put(store, output(0));
  assert.deepEqual(await writeAll(sinkTo(store).sink, many(3)), ["there", "sent", "sent"]);
});

test("many studies by turns are not listed again and again", async () => {
  const store = new Store();
  const outputs = Array.from({ length: 600 }, (_, n) => output(n, { study: `2.25.${n % 60}` }));
  for (const one of outputs) put(store, one);
  assert.deepEqual(await writeAll(sinkTo(store).sink, outputs), all(600, "there"));
  assert.ok(gets(store).length <= 3 * 60, `${gets(store).length} queries`);
});

test("a failure without a name is that of the one instance that was sent", async () => {
  const other = (reason) => ({ "0008119A": { vr: "SQ", Value: [{ "00081197": { vr: "US", Value: [reason] } }] } });
  const answers = [json(409, other(0xa700)), json(409, other(0xa700)), json(200, other(0xc001))];
  const store = new Store({ fault: ({ method }) => (method === "POST" ? answers.shift() : null) });
  const { sink, codes } = sinkTo(store);
  assert.deepEqual(await writeAll(sink, [output(1)]), ["rejected-by-destination"]);
  assert.deepEqual([codes(), answers.length], [["provider-busy", "provider-busy", "back"], 0]);
});
