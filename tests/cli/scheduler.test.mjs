// The queue behind every pool, with workers that are told when to answer, trap, stand still or die.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createScheduler, patienceBy } from "../../www/workers/scheduler.js";

/** @type {any} */
const SCAN = { kind: "scan", input: { path: "a", size: 1, lastModified: 0 } };

/** A clock that stands until it is moved. */
function fakeClock() {
  let now = 0;
  const timers = new Set();
  return {
    now: () => now,
    after(ms, fn) {
      const timer = { at: now + ms, fn };
      timers.add(timer);
      return timer;
    },
    cancel: (timer) => timers.delete(timer),
    async move(ms) {
      const end = now + ms;
      for (;;) {
        const next = [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        timers.delete(next);
        now = next.at;
        next.fn();
        await settle();
      }
      now = end;
    },
  };
}

/** Workers that answer when the test says so. */
function byHand() {
  const seen = { ids: [], answered: 0 };
  const events = [];
  const spawn = (_slot, heard) => {
    events.push(heard);
    setImmediate(() => heard.message({ type: "ready" }));
    return { send: (tickets) => seen.ids.push(...tickets.map(({ id }) => id)), end: () => undefined };
  };
  return { seen, events, spawn };
}

const settle = () => new Promise((done) => setImmediate(done));

/**
 * Workers that do `act(ticket, life)` with each ticket: "ok", "trap", "hang", "die", "retire".
 * @param {(job: any, life: number) => string} act
 */
function workers(act) {
  const seen = { lives: 0, ended: 0, batches: [] };
  const spawn = (_slot, events) => {
    seen.lives += 1;
    const life = seen.lives;
    let over = false;
    setImmediate(() => events.message({ type: "ready" }));
    return {
      send(tickets) {
        seen.batches.push({ life, ids: tickets.map(({ id }) => id) });
        setImmediate(() => {
          for (const { id, job } of tickets) {
            if (over) return;
            const what = act(job, life);
            if (what === "hang") return;
            over = what !== "ok";
            if (what === "trap") events.message({ type: "fault", id });
            else if (what === "die") events.gone();
            else
              events.message({ type: "results", results: [{ id, value: job.input.path }], retire: what === "retire" });
          }
        });
      },
      end() {
        over = true;
        seen.ended += 1;
      },
    };
  };
  return { seen, spawn };
}

const jobs = (count) => Array.from({ length: count }, (_, i) => ({ ...SCAN, input: { ...SCAN.input, path: `f${i}` } }));

/** Every job's ending, with a check that each settles once. */
async function endings(scheduler, list) {
  let settled = 0;
  const all = await Promise.all(
    list.map(async (job) => {
      const ending = await scheduler.submit(job);
      settled += 1;
      return ending;
    }),
  );
  assert.equal(settled, list.length);
  return all;
}

test("all jobs end with their own value, in batches of at most 20", async () => {
  const { seen, spawn } = workers(() => "ok");
  const scheduler = createScheduler({ size: 2, spawn });
  const all = await endings(scheduler, jobs(205));
  assert.deepEqual(
    all.map((ending) => ending.value),
    jobs(205).map((job) => job.input.path),
  );
  assert.ok(seen.batches.every(({ ids }) => ids.length <= 20));
  assert.equal(seen.lives, 2);
  await scheduler.close();
  assert.equal(seen.ended, 2);
});

test("a worker has its next batch before it has done the last one, but none behind a job that is to be alone", async () => {
  const { seen, events, spawn } = byHand();
  const scheduler = createScheduler({ size: 1, spawn });
  const all = endings(scheduler, jobs(100));
  await settle();
  await settle();
  const answered = (count) => {
    const results = seen.ids.slice(seen.answered, seen.answered + count).map((id) => ({ id, value: null }));
    seen.answered += count;
    events[0].message({ type: "results", results, retire: false });
  };
  assert.equal(seen.ids.length, 20);
  answered(1);
  assert.equal(seen.ids.length, 40, "the second batch comes while the first is at work");
  answered(18);
  assert.equal(seen.ids.length, 40, "no third one");
  answered(1);
  assert.equal(seen.ids.length, 60);
  seen.ids.length = 0;
  events[0].message({ type: "fault", id: 21 });
  await settle();
  await settle();
  assert.deepEqual(seen.ids, [21]);
  await scheduler.close();
  await all;
});

test("of large files few are handed at once", async () => {
  const { seen, spawn } = byHand();
  const scheduler = createScheduler({ size: 1, spawn });
  const large = jobs(100).map((job) => ({ ...job, input: { ...job.input, size: 12 << 20 } }));
  const all = endings(scheduler, large);
  await settle();
  await settle();
  assert.equal(seen.ids.length, 2);
  await scheduler.close();
  await all;
});

for (const how of ["trap", "die"]) {
  test(`a file that makes its worker ${how} costs itself alone, after one more try on a fresh worker`, async () => {
    const tries = [];
    const { seen, spawn } = workers((job, life) => {
      if (job.input.path !== "f7") return "ok";
      tries.push(life);
      return how;
    });
    const scheduler = createScheduler({ size: 1, spawn });
    const all = await endings(scheduler, jobs(60));
    const lost = all.filter((ending) => !ending.ok);
    assert.deepEqual(lost, [{ ok: false, code: "engine-fault" }]);
    assert.deepEqual(all[7], lost[0]);
    // A worker that dies does not say at which file.
    assert.equal(tries.length, how === "die" ? 3 : 2);
    assert.equal(new Set(tries).size, tries.length);
    const last = seen.batches.find(({ life }) => life === tries.at(-1));
    assert.equal(last.ids.length, 1, "the last try is alone, first thing on a fresh worker");
    await scheduler.close();
  });
}

test("a fault that does not come again costs nothing", async () => {
  let failed = false;
  const { spawn } = workers((job) => {
    if (job.input.path !== "f3" || failed) return "ok";
    failed = true;
    return "trap";
  });
  const scheduler = createScheduler({ size: 2, spawn });
  assert.ok((await endings(scheduler, jobs(30))).every((ending) => ending.ok));
  await scheduler.close();
});

test("a file without an end is refused as timeout, the rest of its batch is done elsewhere", async () => {
  const clock = fakeClock();
  const { spawn } = workers((job) => (job.input.path === "f2" ? "hang" : "ok"));
  const scheduler = createScheduler({ size: 1, spawn, clock, patience: () => 5_000 });
  const waiting = endings(scheduler, jobs(10));
  for (let i = 0; i < 20; i += 1) await settle();
  await clock.move(4_900);
  await clock.move(2_000);
  for (let i = 0; i < 20; i += 1) await settle();
  const all = await waiting;
  assert.deepEqual(all[2], { ok: false, code: "timeout" });
  assert.equal(all.filter((ending) => ending.ok).length, 9);
  await scheduler.close();
});

test("answers that wait for company are not lost with their worker, nor is another file blamed", async () => {
  let at = 0;
  const hung = new Set();
  const spawn = (_slot, events) => {
    setImmediate(() => events.message({ type: "ready" }));
    return {
      current: () => at,
      // Does three jobs, answers none, and dies at the fourth: f3 is to blame, f0 to f2 are done again.
      send(tickets) {
        setImmediate(() => {
          const bad = tickets.find(({ job }) => job.input.path === "f3");
          if (bad) {
            at = bad.id;
            hung.add(tickets.length);
            events.gone();
            return;
          }
          events.message({
            type: "results",
            results: tickets.map(({ id, job }) => ({ id, value: job.input.path })),
            retire: false,
          });
        });
      },
      end: () => undefined,
    };
  };
  const scheduler = createScheduler({ size: 1, spawn });
  const all = await endings(scheduler, jobs(20));
  assert.deepEqual(
    all.map(({ ok }) => ok),
    jobs(20).map(({ input }) => input.path !== "f3"),
  );
  assert.ok(hung.has(1), "tried again alone");
});

for (const how of ["die", "hang"]) {
  test(`answers that were held back when the worker ${how}s are given again, and only the file at fault is refused`, async () => {
    const clock = fakeClock();
    const tries = [];
    const spawn = (_slot, events) => {
      let over = false;
      setImmediate(() => events.message({ type: "ready" }));
      return {
        // Up to nine answers are held back, and nobody sees which file is at work.
        send(tickets) {
          setImmediate(() => {
            const results = [];
            for (const { id, job } of over ? [] : tickets) {
              const { path } = job.input;
              tries.push([path, tickets.length]);
              if (path === "f27") {
                over = true;
                if (how === "die") events.gone();
                return;
              }
              results.push({ id, value: path });
              if (results.length === 10) events.message({ type: "results", results: results.splice(0), retire: false });
            }
            if (results.length > 0) events.message({ type: "results", results, retire: false });
          });
        },
        end() {
          over = true;
        },
      };
    };
    const scheduler = createScheduler({ size: 1, spawn, clock, patience: () => 1_000 });
    const all = endings(scheduler, jobs(60));
    for (let turn = 0; turn < 300; turn += 1) {
      await clock.move(100);
      await settle();
    }
    const code = how === "die" ? "engine-fault" : "timeout";
    assert.deepEqual(
      (await all).map((ending) => ending.value ?? ending.code),
      jobs(60).map(({ input }) => (input.path === "f27" ? code : input.path)),
    );
    assert.deepEqual(
      tries.filter(([path]) => path === "f27").map(([, company]) => company > 1),
      how === "die" ? [true, false, false] : [true, false],
      "once in company, then alone, and what ends a worker once more on a fresh one",
    );
    await scheduler.close();
  });
}

test("files that may have ended a worker are tried one after the other on one worker, not each on its own", async () => {
  let died = false;
  const { seen, spawn } = workers((job) => {
    if (job.input.path !== "f5" || died) return "ok";
    died = true;
    return "die";
  });
  const scheduler = createScheduler({ size: 1, spawn });
  assert.ok((await endings(scheduler, jobs(40))).every((ending) => ending.ok));
  assert.equal(seen.lives, 2);
  assert.ok(seen.batches.filter(({ ids }) => ids.length === 1).length >= 10, "alone");
  await scheduler.close();
});

/** Workers whose code is behind a network. */
function behindNetwork() {
  const net = { there: true, asked: 0, starts: 0 };
  const { seen, spawn } = workers((job, life) => (life === 1 && job.input.path === "f3" ? "die" : "ok"));
  const reachable = async () => {
    net.asked += 1;
    return net.there;
  };
  return {
    net,
    seen,
    reachable,
    spawn(slot, events) {
      net.starts += 1;
      if (net.there) return spawn(slot, events);
      setImmediate(() => events.gone());
      return { send: () => undefined, end: () => undefined };
    },
  };
}

test("without a network to fetch a worker's code nothing is refused: it is tried now and then until it is there", async () => {
  const clock = fakeClock();
  const { net, reachable, spawn } = behindNetwork();
  const scheduler = createScheduler({ size: 1, spawn, clock, reachable });
  const ended = [];
  for (const job of jobs(30)) void scheduler.submit(job).then((ending) => ended.push(ending));
  await settle();
  net.there = false;
  for (let turn = 0; turn < 600; turn += 1) {
    await clock.move(1_000);
    await settle();
  }
  assert.ok(ended.length < 30);
  assert.ok(net.starts > 10 && net.starts < 80, `${net.starts} starts in ten minutes`);
  net.there = true;
  for (let turn = 0; turn < 100; turn += 1) {
    await clock.move(1_000);
    await settle();
  }
  assert.equal(ended.filter(({ ok }) => ok).length, 30);
  await scheduler.close();
});

test("a worker that lacks code for a file gives its jobs back, and none is to blame", async () => {
  const clock = fakeClock();
  let lacks = 3;
  const spawn = (_slot, events) => {
    setImmediate(() => events.message({ type: "ready" }));
    return {
      send(tickets) {
        setImmediate(() => {
          if (lacks === 0) {
            const results = tickets.map(({ id, job }) => ({ id, value: job.input.path }));
            events.message({ type: "results", results, retire: false });
            return;
          }
          lacks -= 1;
          events.message({ type: "unreachable" });
        });
      },
      end: () => undefined,
    };
  };
  const scheduler = createScheduler({ size: 1, spawn, clock });
  const all = endings(scheduler, jobs(10));
  for (let turn = 0; turn < 100; turn += 1) {
    await clock.move(1_000);
    await settle();
  }
  assert.ok((await all).every(({ ok }) => ok));
  await scheduler.close();
});

test("what waits for a network can be taken back, and its pool be closed", async () => {
  const clock = fakeClock();
  const { net, reachable, spawn } = behindNetwork();
  net.there = false;
  const scheduler = createScheduler({ size: 2, spawn, clock, reachable });
  const all = endings(scheduler, jobs(10));
  await settle();
  await clock.move(5_000);
  scheduler.drop();
  assert.ok((await all).every(({ code }) => code === "stopped"));
  await scheduler.close();
  const { starts } = net;
  await clock.move(60_000);
  assert.equal(net.starts, starts);
});

test("a worker that asks to retire is replaced and its batch goes on", async () => {
  let done = 0;
  const { seen, spawn } = workers(() => {
    done += 1;
    return done % 7 === 0 ? "retire" : "ok";
  });
  const scheduler = createScheduler({ size: 1, spawn });
  assert.ok((await endings(scheduler, jobs(30))).every((ending) => ending.ok));
  assert.ok(seen.lives >= 4);
  await scheduler.close();
});

test("workers that cannot start end every job instead of waiting for ever", async () => {
  const spawn = (_slot, events) => {
    setImmediate(() => events.message({ type: "unopened" }));
    return { send: () => undefined, end: () => undefined };
  };
  const scheduler = createScheduler({ size: 2, spawn });
  const all = await endings(scheduler, jobs(5));
  assert.ok(all.every((ending) => ending.code === "engine-fault"));
});

test("what no worker has begun can be taken back", async () => {
  const { spawn } = workers(() => "ok");
  const scheduler = createScheduler({ size: 1, spawn });
  const waiting = endings(scheduler, jobs(100));
  scheduler.drop();
  assert.ok((await waiting).every((ending) => ending.code === "stopped"));
  await scheduler.close();
  assert.deepEqual(await scheduler.submit(SCAN), { ok: false, code: "stopped" });
});

test("what other files say goes to each worker once, and again to one that has forgotten it", async () => {
  const got = [];
  const others = (number) => ({ number, lines: `lines of ${number}` });
  const job = (number) => ({ ...SCAN, kind: "transform", row: {}, others: number ? others(number) : null });
  const { spawn } = workers((told) => {
    got.push(told.others);
    return got.length === 4 ? "trap" : "ok";
  });
  const scheduler = createScheduler({ size: 1, spawn });
  await endings(scheduler, [1, 0, 1, 1, 2, 1].map(job));
  const full = got.map((each) => each && "lines" in each);
  // The fourth job traps; it and the rest go to new workers, which know nothing.
  assert.deepEqual(full.slice(0, 4), [true, null, false, false]);
  assert.equal(got.filter((each) => each?.number === 1 && each.lines).length >= 2, true);
  got.length = 0;
  await endings(scheduler, [...Array.from({ length: 20 }, (_, i) => i + 10), 10, 29].map(job));
  assert.equal(got.at(-2).lines, "lines of 10");
  assert.deepEqual(got.at(-1), { number: 29 });
  await scheduler.close();
});

test("patience grows by megapixel, and a lying header cannot claim more than its bytes explain", () => {
  const patience = patienceBy({ seconds: 60, secondsPerMegapixel: 1 });
  /** @returns {any} */
  const job = (row, size) => ({ kind: "transform", input: { path: "a", size, lastModified: 0 }, row });
  assert.equal(patience(job({ rows: 1000, columns: 1000, frames: 10 }, 20_000_000)), 70_000);
  assert.equal(patience(job({ rows: 65_535, columns: 65_535, frames: 1_000_000 }, 400)), 61_000);
  assert.equal(patience({ kind: "scan", input: { path: "a", size: 500, lastModified: 0 } }), 61_000);
});
