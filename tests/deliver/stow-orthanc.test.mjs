// Every answer that was measured of Debian's Orthanc 1.10.1 with its DICOMweb plugin 1.7, replayed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ended, sinkTo, writeAll } from "./stow-kit.mjs";
import { json, makeBlob, output, Store, stored } from "./stow-store.mjs";

const EMPTY = json(200, stored([]));
const isPost = ({ method }) => method === "POST";
const posts = (store) => store.requests.filter(isPost);
/** A store that answers requests to store by `answer`. */
const answering = (answer) =>
  new Store({ fault: (request, store) => (isPost(request) ? answer(request, store) : null) });
const three = () => [output(1), output(2), output(3)];

test("200, stored: also without a Patient ID, also 16 large ones in one request", async () => {
  const store = new Store();
  const { sink } = sinkTo(store);
  const large = Array.from({ length: 16 }, (_, n) => output(n, { bytes: 1_900_000 }));
  assert.deepEqual(new Set(await writeAll(sink, large)), new Set(["sent"]));
  assert.equal(posts(store).length, 1);
});

test("the same instance again: it is there, and is not sent", async () => {
  const store = new Store();
  await writeAll(sinkTo(store).sink, three());
  assert.deepEqual(await writeAll(sinkTo(store).sink, three()), ["there", "there", "there"]);
  assert.equal(posts(store).length, 1);
});

test("the same SOP Instance UID with other pixels, or of another patient: a conflict, and is not sent", async () => {
  const store = new Store();
  const [one] = three();
  store.put(one.study, one.series, one.instance, makeBlob(one, 1_000, "other"));
  assert.deepEqual(await writeAll(sinkTo(store).sink, three()), ["conflict-at-destination", "sent", "sent"]);
  assert.equal(store.again, 0);
});

test("400 for two good ones and one that is not DICOM: two are stored, the third alone is refused", async () => {
  const store = answering((request) => ({
    change: () => {
      const sent = three().filter(({ instance }) => request.body.includes(`${instance} `));
      const good = sent.filter(({ n }) => n !== 3).map(({ instance }) => instance);
      return json(good.length < sent.length ? 400 : 200, stored(good));
    },
  }));
  store.put = ((put) => (study, series, instance, bytes) => {
    if (!instance.endsWith("3")) put.call(store, study, series, instance, bytes);
  })(store.put);
  const { sink } = sinkTo(store);
  assert.deepEqual(await writeAll(sink, three()), ["sent", "sent", "rejected-by-destination"]);
  assert.equal(posts(store).length, 2);
  assert.equal(store.again, 0);
});

test("400 with empty sequences: only a bad part, a truncated instance, no SOP Instance UID", async () => {
  const store = answering(() => json(400, stored([])));
  assert.deepEqual(await writeAll(sinkTo(store).sink, [output(1)]), ["rejected-by-destination"]);
  assert.equal(posts(store).length, 1);
});

test("409, reason 272: the study in the path does not match", async () => {
  const [one] = three();
  const store = answering(() => json(409, stored([], [[one.instance, 272]])));
  const { sink } = sinkTo(store);
  const write = sink.write(one);
  sink.flush();
  await assert.rejects(write, { code: "rejected-by-destination", failureReason: 272 });
});

test("200 with nothing stored is not taken for stored", async () => {
  const store = answering(() => EMPTY);
  assert.deepEqual(await writeAll(sinkTo(store).sink, three()), Array(3).fill("rejected-by-destination"));
  assert.equal(store.count, 0);
  assert.ok(posts(store).length <= 19, `${posts(store).length} requests`);
});

test("200 with nothing stored for a batch, then stored: sent one by one", async () => {
  let first = true;
  const store = answering(() => {
    const answer = first ? EMPTY : null;
    first = false;
    return answer;
  });
  assert.deepEqual(await writeAll(sinkTo(store).sink, three()), ["sent", "sent", "sent"]);
  assert.deepEqual([posts(store).length, store.again], [4, 0]);
});

test("415, 404, 405: not a place to store to", async () => {
  for (const status of [415, 404, 405]) {
    const store = answering(() => ({ status, headers: { allow: "GET,POST" }, body: "<html>" }));
    assert.deepEqual(await writeAll(sinkTo(store).sink, three()), Array(3).fill("destination-misconfigured"));
    assert.equal(posts(store).length, 1);
  }
});

test("XML instead of JSON, though stored: the destination is asked", async () => {
  const store = answering(() => ({ change: () => ({ status: 200, body: "<NativeDicomModel/>" }) }));
  assert.deepEqual(await writeAll(sinkTo(store).sink, three()), ["sent", "sent", "sent"]);
  assert.deepEqual([posts(store).length, store.again], [1, 0]);
});

test("a preflight that answers 404 looks like a broken line: told as blocked, and the run waits", async () => {
  let closed = 4;
  const store = new Store({ fault: () => (closed-- > 0 ? "drop" : null) });
  const { sink, codes, waits } = sinkTo(store);
  assert.deepEqual(await writeAll(sink, three()), ["sent", "sent", "sent"]);
  assert.deepEqual(codes(), ["blocked", "blocked", "blocked", "blocked", "back"]);
  assert.deepEqual(waits, [750, 1_500, 3_000, 6_000]);
});

test("no credentials: 401 comes to a small request, before anything large is sent; with a token all goes", async () => {
  const store = new Store({
    fault: ({ headers }) => (headers.authorization === "Bearer secret" ? null : { status: 401 }),
  });
  assert.deepEqual(await writeAll(sinkTo(store).sink, three()), Array(3).fill("destination-auth"));
  assert.equal(posts(store).length, 0);
  await assert.rejects(sinkTo(store).sink.check(), { code: "destination-auth" });
  const { sink } = sinkTo(store, { token: () => "secret" });
  await sink.check();
  assert.deepEqual(await writeAll(sink, three()), ["sent", "sent", "sent"]);
});

test("all requests ask for JSON, and store in one form", async () => {
  const store = new Store();
  const { sink } = sinkTo(store);
  await writeAll(sink, three());
  const [post] = posts(store);
  assert.match(post.headers["content-type"], /^multipart\/related; type="application\/dicom"; boundary=[a-z2-7]{32}$/);
  assert.equal(post.headers.accept, "application/dicom+json");
  assert.equal(post.path, "/studies");
  assert.equal(await ended(sink.write({ ...output(4), study: null })), "engine-fault");
});
