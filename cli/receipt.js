/**
 * `tokumei verify-receipt`, for the provider: are the receipts as they were signed, and is what they list in a folder, with equal
 * bytes, once, and nothing else? Files are known by the SOP Instance UID in their header; what is no instance counts for nothing,
 * since a provider's own files may lie there.
 */

import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { makeKey } from "../www/session/keyfile.js";
import { compareBytes } from "../www/session/order.js";
import { verifyReceipt } from "../www/session/receipt.js";
import { loadEngine } from "./engine.js";
import { createPool } from "./pool.js";
import { RunError } from "./run-error.js";
import { readPolicy } from "./setup.js";
import { fingerprintOf, readFingerprint } from "./signing.js";
import { isSystemError } from "./source.js";
import { NoSuchInput, walkInputs } from "./walk.js";

/**
 * @typedef {import("./args.js").Arguments} Arguments
 * @typedef {import("./terminal.js").Terminal} Terminal
 * @typedef {import("../www/session/receipt.js").Receipt} Receipt
 * @typedef {import("../www/workers/types.js").Input} Input
 * @typedef {import("../www/workers/calls.js").Pool} Pool
 */

const MOST_WORKERS = 4;
/** Files that are looked at together, for each worker. */
const TOGETHER = 20;
/** Header rules of a shipped policy: a scan needs one, and keeps nothing of it. */
const POLICY = "headers-only";
const UID = /^[0-9.]{1,64}$/u;
/** Receipts that can't be looked at, rather than bad ones. */
const NO_RECEIPT = new Set(["receipt-malformed", "receipt-unsupported"]);

/**
 * @param {Arguments} args
 * @param {Terminal} terminal
 * @returns {Promise<number>} exit code
 */
export async function verifyReceipts({ values, inputs, jobs }, terminal) {
  const receipts = inputs.map(readReceipt);
  let good = true;
  for (const receipt of receipts) good = (await signed(receipt, values.signer, terminal)) && good;
  const comparison = new Comparison(receipts);
  const files = filesIn(/** @type {string} */ (values.in));
  const pool = openPool(jobs ?? Math.min(availableParallelism(), MOST_WORKERS));
  try {
    await lookAtAll(files, comparison, pool, terminal);
  } finally {
    await pool.close();
  }
  return comparison.tell(terminal) && good ? 0 : 3;
}

/**
 * @param {Receipt} receipt
 * @param {string | undefined} signer  fingerprint
 * @param {Terminal} terminal
 */
async function signed(receipt, signer, terminal) {
  const { ok, reason } = await verifyReceipt(receipt);
  if (reason !== null && NO_RECEIPT.has(reason)) throw new RunError(reason);
  if (!ok || receipt.signature === null) {
    terminal.note(reason ?? "receipt-changed");
    return false;
  }
  const fingerprint = fingerprintOf(receipt.signature.publicKey);
  terminal.out("receipt-good", { what: fingerprint });
  if (signer === undefined) terminal.note("signer-open");
  const known = signer === undefined || readFingerprint(signer) === fingerprint;
  if (!known) terminal.note("signer-other");
  return known;
}

/** What the receipts list, and what of it was found. */
class Comparison {
  /** By UID the digests that it may have, and how often each was found. @type {Map<string, Map<string, number>>} */
  #listed = new Map();
  /** @type {Set<string>} */
  #altered = new Set();
  /** @type {string[]} */
  #additional = [];
  #unreadable = 0;

  /** @param {Receipt[]} receipts */
  constructor(receipts) {
    for (const { instance, sha256 } of receipts.flatMap(({ instances }) => instances)) {
      this.#listed.set(instance, (this.#listed.get(instance) ?? new Map()).set(sha256, 0));
    }
  }

  /** Whether the digest of a file with this UID is wanted. @param {string} uid */
  lists(uid) {
    return this.#listed.has(uid);
  }

  /** @param {string} uid  listed @param {string} sha256 */
  found(uid, sha256) {
    const digests = this.#listed.get(uid);
    const times = digests?.get(sha256);
    if (times === undefined) this.#altered.add(uid);
    else digests?.set(sha256, times + 1);
  }

  /** @param {string} uid  not listed */
  additional(uid) {
    this.#additional.push(uid);
  }

  unreadable() {
    this.#unreadable += 1;
  }

  /** @param {Terminal} terminal @returns {boolean}  whether all is equal */
  tell(terminal) {
    const all = [...this.#listed].flatMap(([uid, digests]) => [...digests.values()].map((times) => ({ uid, times })));
    const uids = (/** @type {(one: {uid: string, times: number}) => boolean} */ which) =>
      all.filter(which).map(({ uid }) => uid);
    const kinds = {
      missing: uids(({ uid, times }) => times === 0 && !this.#altered.has(uid)),
      altered: [...this.#altered],
      additional: this.#additional,
      repeated: uids(({ times }) => times > 1),
    };
    terminal.out("equal", { count: all.filter(({ times }) => times > 0).length, total: all.length });
    for (const [kind, names] of Object.entries(kinds)) list(kind, names, terminal);
    if (this.#unreadable > 0) terminal.out("unreadable", { count: this.#unreadable });
    return this.#unreadable === 0 && Object.values(kinds).every((names) => names.length === 0);
  }
}

/** @param {string} kind @param {string[]} uids @param {Terminal} terminal */
function list(kind, uids, terminal) {
  if (uids.length === 0) return;
  terminal.out(kind, { count: uids.length });
  for (const uid of uids.sort(compareBytes)) terminal.line(`  ${UID.test(uid) ? uid : "?"}`);
}

/**
 * @param {Input[]} files
 * @param {Comparison} comparison
 * @param {Pool} pool
 * @param {Terminal} terminal
 */
async function lookAtAll(files, comparison, pool, terminal) {
  let done = 0;
  // Taken by turns: each lane goes on with the next file that nobody has.
  const left = files.values();
  const lane = async () => {
    for (const file of left) {
      await lookAt(file, comparison, pool);
      done += 1;
      if (done % TOGETHER === 0) terminal.progress({ stage: "compare", done, total: files.length });
    }
  };
  await Promise.all(Array.from({ length: pool.size * TOGETHER }, lane));
}

/**
 * @param {Input} file
 * @param {Comparison} comparison
 * @param {Pool} pool
 */
async function lookAt(file, comparison, pool) {
  if (file.fault !== undefined) return comparison.unreadable();
  const row = await pool.scan(file);
  if ("fault" in row) return comparison.unreadable();
  const uid = row.sopInstance;
  if (uid === null) return;
  if (!comparison.lists(uid)) return comparison.additional(uid);
  const digest = await pool.digest(file);
  if ("fault" in digest) comparison.unreadable();
  else comparison.found(uid, digest.sha256);
}

/** @param {number} size */
function openPool(size) {
  const engine = loadEngine();
  const { policy } = readPolicy(engine, POLICY);
  const modules = { core: engine.coreModule, verify: engine.verifyModule, lists: engine.lists };
  return createPool({ ...modules, policy, key: makeKey(), namespace: "", size });
}

/** @param {string} folder */
function filesIn(folder) {
  try {
    return [...walkInputs([folder], null)];
  } catch (error) {
    if (error instanceof NoSuchInput) throw new RunError("in-missing");
    throw error;
  }
}

/** @param {string} path @returns {Receipt} */
function readReceipt(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8").replace(/^\ufeff/u, ""));
  } catch (error) {
    if (error instanceof SyntaxError) throw new RunError("receipt-malformed");
    if (isSystemError(error)) throw new RunError("receipt-missing");
    throw error;
  }
}
