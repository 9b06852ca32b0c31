// Node's transport against a real server.
import assert from "node:assert/strict";
import { test } from "node:test";
import { nodeTransport } from "../../cli/transport.js";
import { stowSink } from "../../www/deliver/stow/sink.js";
import { ledger, sinkTo, writeAll } from "./stow-kit.mjs";
import { serve } from "./stow-server.mjs";
import { output, Store } from "./stow-store.mjs";

function transportFor(t, patience) {
  const transport = nodeTransport(patience);
  t.after(() => transport.close());
  return transport;
}

const many = (count, bytes) => Array.from({ length: count }, (_, n) => output(n, { study: `2.25.${n % 3}`, bytes }));

test("all arrive, through cut lines, 503 and 413, and a second run finds them there", async (t) => {
  let turn = 0;
  const faults = ["cut-before", null, "cut-after", null, { status: 503, headers: { "retry-after": "1" } }, null, null];
  const store = new Store({
    fault: ({ method, headers }) => {
      if (Number(headers["content-length"]) > 300_000) return { status: 413 };
      return method === "POST" ? faults[turn++ % faults.length] : null;
    },
  });
  const origin = await serve(store, t);
  const url = `${origin}/dicom-web`;
  const outputs = many(150, 20_000);
  const transport = transportFor(t);
  const first = sinkTo(store, { url, transport });
  assert.deepEqual(new Set(await writeAll(first.sink, outputs)), new Set(["sent"]));
  assert.deepEqual([store.count, store.again], [150, 0]);
  for (const { study, instance, blob } of outputs) {
    assert.deepEqual(store.find(study, instance).bytes, Buffer.from(await blob.arrayBuffer()));
  }
  assert.deepEqual(first.sink.progress().bytesSent, 3_000_000);
  const book = ledger();
  assert.deepEqual(
    new Set(await writeAll(sinkTo(store, { url, transport, ledger: book }).sink, outputs)),
    new Set(["there"]),
  );
  assert.equal(book.states.size, 150);
  await first.sink.check();
});

test("the real time of waiting, once", async (t) => {
  let first = true;
  const store = new Store({
    fault: ({ method }) => {
      const now = first && method === "POST";
      first = first && !now;
      return now ? { status: 503, headers: { "retry-after": "1" } } : null;
    },
  });
  const url = `${await serve(store, t)}/dicom-web`;
  const sink = stowSink({ url, transport: transportFor(t) });
  const begun = performance.now();
  assert.deepEqual(await writeAll(sink, many(1, 500)), ["sent"]);
  assert.ok(performance.now() - begun >= 990);
});

const ask = (url, more = {}) => ({
  method: "GET",
  url,
  headers: {},
  body: null,
  signal: new AbortController().signal,
  ...more,
});

test("an answer that comes before the body is sent ends the sending", async (t) => {
  const store = new Store({ fault: () => ({ status: 401, headers: { "www-authenticate": "Basic" } }) });
  const url = `${await serve(store, t)}/dicom-web/studies`;
  const body = new Blob(Array.from({ length: 64 }, () => Buffer.alloc(1_000_000)));
  let sent = 0;
  const onProgress = (bytes) => {
    sent = bytes;
  };
  const answer = await transportFor(t)(ask(url, { method: "POST", body, onProgress }));
  assert.deepEqual([answer.status, answer.header("WWW-Authenticate")], [401, "Basic"]);
  assert.ok(sent < body.size, `${sent} bytes sent`);
});

test("no redirect is followed, and no credentials go elsewhere", async (t) => {
  const elsewhere = new Store();
  let reached = 0;
  const other = await serve(elsewhere, t, () => {
    reached += 1;
    return false;
  });
  const store = new Store({ fault: () => ({ status: 307, headers: { location: `${other}/dicom-web/studies` } }) });
  const url = `${await serve(store, t)}/dicom-web`;
  const { sink } = sinkTo(store, { url, transport: transportFor(t), token: () => "secret" });
  assert.deepEqual(await writeAll(sink, many(2, 500)), ["destination-misconfigured", "destination-misconfigured"]);
  assert.equal(reached, 0);
});

test("no answer: nothing listens, the line is cut, nothing moves, it is stopped; errors name no address", async (t) => {
  const hanging = await serve(new Store({ fault: () => "hang" }), t);
  const cutting = await serve(new Store({ fault: () => "cut-before" }), t);
  const transport = transportFor(t, { still: 80, storing: 80 });
  const stopped = AbortSignal.timeout(20);
  const wanted = [
    [ask("http://127.0.0.1:9/dicom-web"), "no-answer"],
    [ask(cutting), "no-answer"],
    [ask(hanging), "slow"],
    [ask(hanging, { method: "POST", body: new Blob(["DICM"]) }), "slow"],
    [ask(hanging, { signal: stopped }), "no-answer"],
  ];
  for (const [request, kind] of wanted) {
    await assert.rejects(transport(request), (error) => {
      assert.deepEqual([error.name, error.message, error.kind], ["TransportError", kind, kind]);
      return !JSON.stringify(error).includes("127.0.0.1");
    });
  }
});

test("an answer longer than wanted is cut", async (t) => {
  const store = new Store({ fault: () => ({ status: 200, body: "x".repeat(5_000) }) });
  const url = await serve(store, t);
  const transport = transportFor(t);
  const cut = await transport(ask(url, { most: 1_000, want: "blob" }));
  assert.deepEqual([cut.cut, cut.blob, cut.text], [true, null, ""]);
  assert.equal((await transport(ask(url))).text.length, 5_000);
  assert.equal((await transport(ask(url, { want: "blob" }))).blob.size, 5_000);
});
