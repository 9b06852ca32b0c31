/**
 * A session: files come in, are scanned, planned, transformed and delivered; every one of them ends in the report exactly once.
 *
 * Knows neither page nor Node: it is given a pool and, for a run, a sink. What it holds of patients stays in memory.
 */

import { isReady, leaves, newEntry, plannedOf, stateOf } from "./entry.js";
import { groupHeld } from "./held.js";
import { buildMapping } from "./mapping.js";
import { compareInputs } from "./order.js";
import { forbids } from "./preflight.js";
import { Progress } from "./progress.js";
import { buildReport } from "./report.js";
import { deliverAll } from "./run.js";
import { buildTree, outlookOf } from "./tree.js";

/**
 * @typedef {import("../workers/types.js").Input} Input
 * @typedef {import("../workers/types.js").ScanRow} ScanRow
 * @typedef {import("./entry.js").Entry} Entry
 * @typedef {import("./run.js").Sink} Sink
 *
 * @typedef {import("./preflight.js").Policy} Policy
 *
 * @typedef {object} SessionOptions
 * @property {import("../workers/calls.js").Pool} pool
 * @property {Policy} policy
 * @property {string} policySha256
 * @property {string} keyId
 * @property {boolean} keyKept  false: the key was made for this run and is forgotten with it
 * @property {string[] | null} optOut  IDs as written; null: no list
 * @property {string} tool  name and version
 * @property {() => Date} [now]
 *
 * @typedef {{stage: "scan" | "run", done: number, total: number, bytes: number}} ProgressEvent
 */

/** What stops a whole run: a code of the reasons' table with scope `run`. */
export class SessionError extends Error {
  /** @param {string} code */
  constructor(code) {
    super(code);
    this.name = "SessionError";
    this.code = code;
  }
}

/**
 * @param {SessionOptions} options
 */
export function openSession(options) {
  return new Session(options);
}

export class Session {
  /** @type {Entry[]} */
  #entries = [];
  #options;
  #now;
  #given = 0;
  /** @type {Map<string, Set<(event: any) => void>>} */
  #listeners = new Map();
  #keyKept;
  #planned = false;
  #running = false;
  /** @type {Date | null} */
  #started = null;
  /** @type {Date | null} */
  #ended = null;

  /** @param {SessionOptions} options */
  constructor(options) {
    this.#options = options;
    this.#now = options.now ?? (() => new Date());
    this.#keyKept = options.keyKept;
  }

  /** @returns {string} 16 hexadecimal digits */
  get keyId() {
    return this.#options.keyId;
  }

  /** The person has saved the key that was made for this run. */
  keepKey() {
    this.#keyKept = true;
  }

  /**
   * @param {"progress" | "notice" | "held" | "file"} event
   * @param {(detail: any) => void} listener
   * @returns {() => void}  takes the listener back
   */
  on(event, listener) {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  /**
   * Takes files in and scans them. What a stop leaves unread stands in the report as `stopped`.
   * @param {Iterable<Input> | AsyncIterable<Input>} inputs
   * @param {{signal?: AbortSignal}} [how]
   * @returns {Promise<number>}  files taken in
   */
  async add(inputs, { signal } = {}) {
    this.#planned = false;
    const { pool } = this.#options;
    const progress = new Progress((detail) => this.#emit("progress", { stage: "scan", ...detail }));
    const stop = () => pool.drop();
    signal?.addEventListener("abort", stop);
    /** @type {Set<Promise<void>>} */
    const open = new Set();
    let taken = 0;
    try {
      for await (const input of inputs) {
        const entry = newEntry(input);
        this.#entries.push(entry);
        taken += 1;
        progress.expect(1);
        if (entry.fault !== null || signal?.aborted) {
          entry.fault ??= "stopped";
          progress.step(0);
          continue;
        }
        const scanned = this.#scan(entry).then(() => progress.step(input.size));
        open.add(scanned);
        void scanned.finally(() => open.delete(scanned));
        if (open.size >= pool.size * SCANS_AHEAD) await Promise.race(open);
      }
      await Promise.all(open);
    } finally {
      signal?.removeEventListener("abort", stop);
      progress.end();
    }
    return taken;
  }

  /** @param {Entry} entry */
  async #scan(entry) {
    const found = await this.#options.pool.scan(entry.input);
    const fault = "fault" in found ? found.fault : found.reason === UNREADABLE ? UNREADABLE : null;
    if (fault !== null) entry.fault = await this.#changed(entry, fault);
    else entry.row = /** @type {ScanRow} */ (found);
  }

  /**
   * A browser says the same of a changed file and of an unreadable one; the disk knows.
   * @param {Entry} entry
   * @param {string} fault
   */
  async #changed({ input }, fault) {
    if (fault !== UNREADABLE || input.refresh === undefined) return fault;
    const now = await input.refresh();
    const same = now === null || (now.size === input.size && now.lastModified === input.lastModified);
    return same ? fault : "source-changed";
  }

  /**
   * Numbers the files and decides what will happen to each. Nothing leaves, nothing is changed.
   * @returns {Promise<{totals: Record<string, number>}>}  number of files by expected verdict
   */
  async plan() {
    this.#number();
    const rows = this.#entries.filter((entry) => entry.row !== null && entry.fault === null);
    await this.#digestTwins(rows);
    const known = rows.filter((entry) => entry.fault === null);
    const decisions = await this.#options.pool.plan(
      known.map((entry) => /** @type {ScanRow} */ (entry.row)),
      this.#options.optOut,
    );
    if ("fault" in decisions) throw new SessionError(decisions.fault);
    known.forEach((entry, index) => {
      if (entry.byPerson) return;
      entry.decision = decisions[index] ?? { verdict: "refused", reason: "engine-fault", tag: null };
    });
    this.#planned = true;
    const { byVerdict } = this.outlook();
    if (byVerdict.review) this.#emit("held", { items: this.held() });
    return { totals: byVerdict };
  }

  /** Files added since the last plan go on counting, in the order of their paths. */
  #number() {
    const unnumbered = this.#entries
      .filter((entry) => entry.n === null)
      .sort((a, b) => compareInputs(a.input, b.input));
    for (const entry of unnumbered) {
      this.#given += 1;
      entry.n = this.#given;
    }
    this.#entries.sort((a, b) => /** @type {number} */ (a.n) - /** @type {number} */ (b.n));
  }

  /**
   * Equal SOP Instance UIDs are the same image only if all their bytes are equal (design.md 7, Sameness).
   * @param {Entry[]} entries
   */
  async #digestTwins(entries) {
    /** @type {Map<string, Entry[]>} */
    const groups = new Map();
    for (const entry of entries) {
      const uid = entry.row?.sopInstance;
      if (uid) groups.set(uid, [...(groups.get(uid) ?? []), entry]);
    }
    const twins = [...groups.values()].filter((group) => group.length > 1).flat();
    await Promise.all(
      twins.map(async (entry) => {
        const row = /** @type {ScanRow} */ (entry.row);
        if (row.digest) return;
        const digest = await this.#options.pool.digest(entry.input);
        if ("fault" in digest) entry.fault = await this.#changed(entry, digest.fault);
        else row.digest = digest.sha256;
      }),
    );
  }

  /**
   * Transforms, verifies and delivers what is planned to leave. May be called again after a stop: what has left is not sent twice.
   * @param {{sink: Sink, signal?: AbortSignal}} how
   * @returns {Promise<{stopped: boolean}>}
   * @throws {SessionError}  what stops a run; the report holds what was done before
   */
  async run({ sink, signal }) {
    const fault = this.preflight();
    if (fault !== null) throw new SessionError(fault);
    if (this.#running) throw new SessionError("second-run");
    if (!this.#planned) await this.plan();
    this.#running = true;
    this.#started ??= this.#now();
    const progress = new Progress((detail) => this.#emit("progress", { stage: "run", ...detail }));
    try {
      const ready = this.#entries.filter(isReady);
      progress.expect(ready.length);
      const ending = await deliverAll(ready, this.#options.pool, sink, signal ?? null, {
        done: (entry) => {
          progress.step(entry.input.size);
          this.#emit("file", { n: entry.n, ...pick(stateOf(entry)) });
        },
        explain: (entry, code) => this.#changed(entry, code),
      });
      if (ending.failure !== null) throw new SessionError(ending.failure);
      if (ending.stopped) this.#emit("notice", { code: "stopped" });
      return { stopped: ending.stopped };
    } finally {
      this.#running = false;
      this.#ended = this.#now();
      progress.end();
    }
  }

  /**
   * What forbids to run at all.
   * @returns {string | null}
   */
  preflight() {
    const { policy, keyId, optOut } = this.#options;
    return forbids(policy, { keyId, keyKept: this.#keyKept, optOut });
  }

  /** What waits for a person, grouped by reason, device and size of image. */
  held() {
    return groupHeld(this.#entries);
  }

  /**
   * A person's decision on what is held. Only a refusal is possible until pictures can be looked at: a `pass` counts only if the
   * image was drawn.
   * @param {number[]} items
   * @param {{kind: "pass" | "masked" | "defaced" | "refused"}} decision
   * @returns {{n: number, ok: boolean, reason: string}[]}
   */
  decide(items, { kind }) {
    const wanted = new Map(this.#entries.map((entry) => [entry.n, entry]));
    return items.map((n) => {
      const entry = wanted.get(n);
      if (entry === undefined) return { n, ok: false, reason: "unknown-item" };
      const state = plannedOf(entry);
      if (kind !== "refused" || state.verdict !== "review") return { n, ok: false, reason: state.reason };
      entry.decision = { verdict: "refused", reason: "decided-refuse", tag: null };
      entry.result = null;
      entry.byPerson = true;
      return { n, ok: true, reason: "decided-refuse" };
    });
  }

  /** The run so far. */
  report() {
    this.#number();
    const { policy, policySha256, keyId, tool } = this.#options;
    return buildReport(this.#entries, {
      tool,
      policy: { id: policy.id, version: policy.version, sha256: policySha256 },
      keyId,
      keyKept: this.#keyKept,
      started: this.#started?.toISOString() ?? null,
      ended: this.#ended?.toISOString() ?? null,
    });
  }

  /** Originals and pseudonyms; null where the policy forbids it. */
  mapping() {
    if (this.#options.policy.mapping === "never") return null;
    this.#number();
    return buildMapping(this.#entries);
  }

  /**
   * Attributes before and after, with the rule, of one file: for the screen alone.
   * @param {number} n
   */
  async changes(n) {
    const entry = this.#instance(n);
    if (entry === null) return [];
    const found = await this.#options.pool.changes(entry.input, entry.row);
    if ("fault" in found) throw new SessionError(found.fault);
    return found.changes;
  }

  /**
   * A picture of one frame, for the screen alone.
   * @param {number} n
   * @param {number} [frame]  from 0
   */
  async preview(n, frame = 0) {
    const entry = this.#instance(n);
    if (entry === null) return { none: "not-dicom" };
    const picture = await this.#options.pool.preview(entry.input, frame);
    return "fault" in picture ? { none: picture.fault } : picture;
  }

  /** Patients, studies and series with counts, for the screen alone. */
  tree() {
    return buildTree(this.#entries);
  }

  /** Numbers of what was found and of what is expected of it, without any identity. */
  outlook() {
    return outlookOf(this.#entries);
  }

  /** Numbered entries stand in the order of their numbers, from 1. @param {number} n */
  #at(n) {
    const entry = this.#entries[n - 1];
    return entry?.n === n ? entry : this.#entries.find((each) => each.n === n);
  }

  /** One file as it stands, for the screen alone. @param {number} n */
  file(n) {
    const entry = this.#at(n);
    if (entry === undefined) return null;
    return {
      n,
      path: entry.input.path,
      bytes: entry.input.size,
      seriesNumber: entry.row?.seriesNumber ?? null,
      instanceNumber: entry.row?.instanceNumber ?? null,
      patientStatus: entry.row?.patientStatus ?? null,
      screen: entry.row?.screen ?? {},
      left: leaves(stateOf(entry).verdict),
      ...pick(plannedOf(entry)),
    };
  }

  /**
   * @param {number} n
   * @returns {{input: Input, row: ScanRow} | null}  null: not a readable instance
   */
  #instance(n) {
    const entry = this.#at(n);
    if (entry === undefined || entry.row === null || entry.row.kind !== "dicom") return null;
    return { input: entry.input, row: entry.row };
  }

  /** Ends the workers and forgets the files. */
  async close() {
    await this.#options.pool.close();
    this.#entries = [];
    this.#listeners.clear();
  }

  /**
   * @param {string} event
   * @param {object} detail
   */
  #emit(event, detail) {
    for (const listener of this.#listeners.get(event) ?? []) listener(detail);
  }
}

/** Said of a file that a read failed on. */
const UNREADABLE = "source-unreadable";

/** Scans handed to the pool ahead of its workers, for each of them. */
const SCANS_AHEAD = 60;

/** @param {import("./entry.js").State} state */
function pick({ verdict, reason, tag }) {
  return { verdict, reason, tag };
}
