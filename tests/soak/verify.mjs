// What must be true of a soak, whatever went wrong on the way.
import assert from "node:assert/strict";

const KINDS = [
  ...["status", "drop-before", "drop-after", "slow", "empty", "html"],
  ...["nothing-stored", "stored-empty", "other-uids", "wrong-sequence"],
];
/** Bytes that the page's scripts may hold in the end: their own, and those of a row of the report. Of the instance itself nothing. */
const KEPT = 20_000_000;
const KEPT_ROW = 5_000;
/** And what the page may take on the way, with all that is not collected yet. */
const TAKEN = 450_000_000;
const TAKEN_ROW = 30_000;

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
  assert.equal(faults.again, 0, "came again");
  assert.ok(faults.kept < KEPT + count * KEPT_ROW, `${megabytes(faults.kept)} kept`);
  const taken = faults.memory?.most ?? 0;
  assert.ok(taken < TAKEN + count * TAKEN_ROW, `${megabytes(taken)} taken`);
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
export function told({ seconds, received, again, met, killed, reloads, offline, sentAgain, begunAgain, memory, kept }) {
  const faults = Object.entries(met).map(([kind, times]) => `${kind} ${times}`);
  return [
    `${received.length} instances in ${Math.round(seconds)} s`,
    `faults: ${faults.join(", ")}`,
    `killed workers ${killed}, reloads ${reloads}, offline ${offline}, sent again by hand ${sentAgain}, begun again by hand ${begunAgain}`,
    `came again ${again}, page at most ${megabytes(memory?.most ?? 0)}, ${megabytes(kept)} held in the end`,
  ].join("; ");
}

/** @param {number} bytes */
function megabytes(bytes) {
  return `${Math.round(bytes / 1e6)} MB`;
}
