// Faults that tests switch on do what they say, and are not there unless asked for.
import assert from "node:assert/strict";
import test from "node:test";
import { instance, series } from "./dicom.mjs";
import { named, provide, STOW } from "./kit.mjs";

const JSON_TYPE = { "Content-Type": "application/json" };

/** @param {import("node:test").TestContext} t */
async function faulty(t) {
  const provider = await provide(t, { faults: true });
  const plan = (/** @type {unknown} */ value) =>
    provider.ask("/faults", { method: "POST", headers: JSON_TYPE, body: JSON.stringify(value) });
  let number = 0;
  return {
    ...provider,
    plan,
    /** Sends an instance of its own: the answer or the error's code, and whether it is stored. */
    async send() {
      number += 1;
      const uid = `1.2.3.9.${number}`;
      const answer = await provider.store([instance({ uid })]).catch((error) => error);
      return { answer, uid, stored: provider.server.provider?.archive.catalog.find(uid) !== null };
    },
  };
}

test("without being asked for there are none", async (t) => {
  const { ask } = await provide(t);
  assert.equal((await ask("/faults", { method: "POST", headers: JSON_TYPE, body: "{}" })).status, 405);
  assert.equal((await ask("/faults")).status, 404);
});

/** Which of the two a sender sees is chance. @param {any} answer */
const broken = (answer) => assert.match(String(answer.code), /^(ECONNRESET|EPIPE)$/);

/** Kind by kind: what the sender sees, and whether the instance is there afterwards. @type {[object, boolean, (answer: any, uid: string) => void][]} */
const KINDS = [
  [{ kind: "drop-before" }, false, broken],
  [{ kind: "drop-before", bytes: 500 }, false, broken],
  [{ kind: "drop-after" }, true, broken],
  [
    { kind: "status" },
    false,
    ({ status, headers }) => assert.deepEqual([status, headers["retry-after"]], [503, undefined]),
  ],
  [
    { kind: "status", status: 429, retryAfter: 7 },
    false,
    ({ status, headers }) => assert.deepEqual([status, headers["retry-after"]], [429, "7"]),
  ],
  [
    { kind: "status", status: 503, retryAfter: 60, date: true },
    false,
    ({ headers }) => {
      const seconds = (Date.parse(headers["retry-after"]) - Date.now()) / 1000;
      assert.ok(seconds > 55 && seconds < 65, headers["retry-after"]);
    },
  ],
  [{ kind: "empty" }, false, ({ status, text }) => assert.deepEqual([status, text], [200, ""])],
  [
    { kind: "html" },
    false,
    ({ status, headers }) => assert.deepEqual([status, headers["content-type"]], [200, "text/html; charset=utf-8"]),
  ],
  [{ kind: "nothing-stored" }, false, ({ status, json }) => assert.deepEqual([status, json], [200, {}])],
  [{ kind: "stored-empty" }, true, ({ status, text }) => assert.deepEqual([status, text], [200, ""])],
  [{ kind: "other-uids" }, true, ({ json }) => assert.equal(named(json, "stored")[0]?.uid, "2.25.1")],
  [
    { kind: "wrong-sequence" },
    true,
    ({ json }, uid) => assert.deepEqual([named(json, "stored"), named(json, "failed")[0]?.uid], [[], uid]),
  ],
];

test("each kind, by script, once, and then no more", async (t) => {
  const { plan, send, ask } = await faulty(t);
  const { status, json } = await plan({ script: KINDS.map(([fault]) => fault) });
  assert.deepEqual([status, json], [200, { left: KINDS.length, met: {} }]);
  for (const [fault, there, check] of KINDS) {
    const { answer, uid, stored } = await send();
    check(answer, uid);
    assert.equal(stored, there, JSON.stringify(fault));
  }
  const { answer } = await send();
  assert.equal(answer.status, 200);
  const state = (await ask("/faults")).json;
  assert.equal(state.left, 0);
  assert.equal(state.met.status, 3);
});

test("null in a script lets one request through", async (t) => {
  const { plan, send } = await faulty(t);
  await plan({ script: [null, { kind: "empty" }, null, { kind: "status", status: 500 }] });
  const seen = [];
  for (let index = 0; index < 5; index++) {
    const { answer, stored } = await send();
    seen.push([answer.status, stored]);
  }
  assert.deepEqual(seen, [
    [200, true],
    [200, false],
    [200, true],
    [500, false],
    [200, true],
  ]);
});

test("slow takes its time, over the body and before the answer", async (t) => {
  const { plan, send } = await faulty(t);
  await plan({
    script: [
      { kind: "slow", bytesPerSecond: 5_000 },
      { kind: "slow", delayMs: 200 },
    ],
  });
  for (let index = 0; index < 2; index++) {
    const began = performance.now();
    const { answer, stored } = await send();
    assert.equal(answer.status, 200);
    assert.ok(stored);
    assert.ok(performance.now() - began >= 190, `${performance.now() - began} ms`);
  }
});

test("queries and retrievals have faults of their own", async (t) => {
  const { plan, ask, store } = await faulty(t);
  await store([instance()]);
  await plan({
    script: [
      { kind: "status", on: "retrieve", status: 500 },
      { kind: "empty", on: "query" },
      { kind: "drop-before", on: "query" },
    ],
  });
  assert.equal((await store([instance({ uid: "1.2.3.9.2" })])).status, 200);
  assert.equal((await ask("/dicom-web/studies")).text, "");
  broken(await ask("/dicom-web/studies").catch((error) => error));
  assert.equal((await ask("/dicom-web/studies")).json.length, 1);
  const path = "/dicom-web/studies/1.2.3/series/1.2.3.9/instances/1.2.3.9.1";
  assert.equal((await ask(path)).status, 500);
  assert.equal((await ask(path)).status, 200);
});

test("by chance: the same seed meets the same faults", async (t) => {
  const { plan, send } = await faulty(t);
  const random = [
    { kind: "status", status: 503, p: 0.3 },
    { kind: "drop-after", p: 0.3 },
  ];
  const runs = [];
  for (const seed of [1, 1, 2]) {
    await plan({ random, seed });
    const seen = [];
    for (let index = 0; index < 40; index++) {
      const { answer } = await send();
      seen.push(answer.code ? "broken" : answer.status);
    }
    runs.push(seen);
  }
  assert.deepEqual(runs[0], runs[1]);
  assert.notDeepEqual(runs[0], runs[2]);
  for (const kind of [200, 503, "broken"]) assert.ok(runs[0]?.filter((seen) => seen === kind).length > 5, String(kind));
});

test("413 above a size, 401 without the token", async (t) => {
  const { plan, ask, store } = await faulty(t);
  await plan({ maxBytes: 4_000, token: "secret" });
  const bearer = { Authorization: "Bearer secret" };
  const denied = await store([instance()]);
  assert.equal(denied.status, 401);
  assert.equal(denied.headers["www-authenticate"], "Bearer");
  assert.equal((await ask("/dicom-web/studies")).status, 401);
  assert.equal((await ask("/dicom-web/studies", { headers: bearer })).status, 200);
  const { multipart } = await import("./kit.mjs");
  const send = (/** @type {number} */ count) => {
    const body = multipart(series(count));
    return ask("/dicom-web/studies", {
      method: "POST",
      headers: { ...STOW, ...bearer, "Content-Length": body.length },
      body,
    });
  };
  assert.equal((await send(10)).status, 413);
  assert.equal((await send(2)).status, 200);
});

test("a plan that is none is refused, and the one before stays", async (t) => {
  const { plan, send } = await faulty(t);
  await plan({ script: [{ kind: "status", status: 418 }] });
  for (const bad of [
    [],
    { scripts: [] },
    { script: [{ kind: "magic" }] },
    { script: [{ kind: "slow", speed: 1 }] },
    { seed: "x" },
    { random: {} },
  ]) {
    const { status, json } = await plan(bad);
    assert.equal(status, 400, JSON.stringify(bad));
    assert.match(json.error, /^faults: /);
  }
  assert.equal((await send()).answer.status, 418);
});
