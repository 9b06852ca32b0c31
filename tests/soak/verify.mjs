// What must be true of a soak, whatever went wrong on the way.
import assert from "node:assert/strict";

/** A request of the page has at most so many instances. */
const BATCH = 50;
const KINDS = [
  ...["status", "drop-before", "drop-after", "slow", "empty", "html"],
  ...["nothing-stored", "stored-empty", "other-uids", "wrong-sequence"],
];
/** Bytes that the page may take, for itself and for each instance that it has a row of. */
const PAGE = 400_000_000;
const ROW = 5_000;

/** @typedef {Awaited<ReturnType<typeof import("./soak.mjs").soak>>} Result */

/** @param {Result} result @param {number} count of instances */
export function verify({ rows, byReason, reported, receipted, received, onDisk, ...faults }, count) {
  assert.equal(rows, count);
  assert.deepEqual(byReason, { clean: count });
  assert.equal(new Set(reported).size, count, "in the report");
  same(received, reported, "received");
  same(onDisk, reported, "on disk");
  same(receipted, reported, "in the receipt");
  for (const kind of KINDS) assert.ok((faults.met[kind] ?? 0) > 0, `no ${kind}`);
  assert.ok(faults.killed > 0, "no worker was killed");
  // A browser itself repeats a request whose connection was cut off before an answer; what was stored is not stored again.
  const cut = (faults.met["drop-after"] ?? 0) * BATCH;
  assert.ok(faults.again <= cut, `${faults.again} came again`);
  if (faults.memory !== null) {
    const most = PAGE + count * ROW;
    assert.ok(faults.memory.most < most, `${Math.round(faults.memory.most / 1e6)} MB`);
  }
}

/** In one line for each fault, without listing all that is right. @param {string[]} found @param {string[]} wanted @param {string} where */
function same(found, wanted, where) {
  const [has, wants] = [new Set(found), new Set(wanted)];
  assert.equal(found.length, wanted.length, `${where}: how many`);
  assert.deepEqual(
    wanted.filter((each) => !has.has(each)),
    [],
    `${where}: missing`,
  );
  assert.deepEqual(
    found.filter((each) => !wants.has(each)),
    [],
    `${where}: others`,
  );
}

/** Figures in one line. @param {Result} result @returns {string} */
export function told({ seconds, received, again, met, killed, reloads, offline, sentAgain, memory }) {
  const faults = Object.entries(met).map(([kind, times]) => `${kind} ${times}`);
  const most = memory === null ? "?" : Math.round(memory.most / 1e6);
  return [
    `${received.length} instances in ${Math.round(seconds)} s`,
    `faults: ${faults.join(", ")}`,
    `killed workers ${killed}, reloads ${reloads}, offline ${offline}, sent again by hand ${sentAgain}`,
    `came again ${again}, page at most ${most} MB`,
  ].join("; ");
}
