/**
 * A session: files come in, are scanned, planned, transformed and delivered; every one of them ends in the report exactly once.
 *
 * Knows neither page nor Node: it is given a pool and, for a run, a sink. What it holds of patients stays in memory.
 */

import { decide, drawn, each, replan, undecide } from "./decisions.js";
import { Delivery } from "./delivery.js";
import { failedOf, isReady, screenOf } from "./entry.js";
import { SessionError } from "./error.js";
import { groupHeld } from "./held.js";
import { takeIn } from "./intake.js";
import { buildMapping } from "./mapping.js";
import { compareInputs } from "./order.js";
import { Identities } from "./others.js";
import { forbids } from "./preflight.js";
import { Progress } from "./progress.js";
import { buildReceipt, instancesOf, signReceipt } from "./receipt.js";
import { Devices } from "./remembered.js";
import { buildReport } from "./report.js";
import { buildTree, outlookOf } from "./tree.js";
import { digestTwins } from "./twins.js";

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
 * @property {import("./delivery.js").Guard} [guard]  lets one run at a time go on, wherever the others are
 * @property {() => Promise<import("./receipt.js").Signer | null>} [signer]  of receipts; without it they stay unsigned
 */

export { SessionError };

/** @param {SessionOptions} options */
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
  #identities = new Identities();
  #delivery;

  /** @param {SessionOptions} options */
  constructor(options) {
    this.#options = options;
    this.#now = options.now ?? (() => new Date());
    this.#keyKept = options.keyKept;
    /** Rectangles that a person wants for all images of a device and size. */
    this.devices = new Devices({ at: this.#at, policy: options.policy });
    this.#delivery = new Delivery({
      pool: options.pool,
      now: this.#now,
      emit: (event, detail) => this.#emit(event, detail),
      guard: options.guard ?? null,
    });
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
    try {
      const keep = (/** @type {Entry} */ entry) => void this.#entries.push(entry);
      return await takeIn(inputs, { pool, progress, signal, identities: this.#identities, keep });
    } finally {
      signal?.removeEventListener("abort", stop);
      progress.end();
    }
  }

  /**
   * Numbers the files and decides what will happen to each. Nothing leaves, nothing is changed.
   * @returns {Promise<{totals: Record<string, number>}>}  number of files by expected verdict
   */
  async plan() {
    this.#number();
    const rows = this.#entries.filter((entry) => entry.row !== null && entry.fault === null);
    await digestTwins(rows, this.#options.pool);
    const known = rows.filter((entry) => entry.fault === null);
    const decisions = await this.#options.pool.plan(
      known.map((entry) => /** @type {ScanRow} */ (entry.row)),
      this.#options.optOut,
    );
    if ("fault" in decisions) throw new SessionError(decisions.fault);
    known.forEach((entry, index) => {
      const decision = decisions[index] ?? { verdict: "refused", reason: "engine-fault", tag: null };
      if (entry.byPerson) replan(entry, decision);
      else entry.decision = decision;
    });
    this.#identities.relate(known);
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
   * Transforms, verifies and delivers what is planned to leave. May be called again after a stop or a failure: what has left is not
   * sent twice, what a place did not take is offered again.
   * @param {{sink?: Sink | null, signal?: AbortSignal}} how  without a sink outputs wait until a place is named
   * @returns {Promise<{stopped: boolean}>}
   * @throws {SessionError}  what stops a run; the report holds what was done before
   */
  async run({ sink = null, signal }) {
    const how = { signal: signal ?? null, destination: null };
    const { stopped } = await this.#deliver(this.#entries, async () => sink, how);
    return { stopped };
  }

  /**
   * The same to a destination that confirms what it has. Called again it sends just what has not arrived.
   * @param {{place: (notice: (detail: {code: string, seconds?: number, bytes?: number}) => void) => Promise<Sink>,
   *   destination: string, signal?: AbortSignal, only?: number[]}} how  `destination`: as receipts name it; `only`: numbers of files,
   *   of `failed()` for example
   * @returns {Promise<{stopped: boolean, sent: number, there: number, failed: number}>}
   * @throws {SessionError}
   */
  async upload({ place, destination, signal, only }) {
    const wanted = only && new Set(only);
    const open = () => place((detail) => this.#emit("notice", detail));
    const how = { signal: signal ?? null, destination };
    if (!this.#planned) await this.plan();
    return this.#deliver(
      wanted ? this.#entries.filter(({ n }) => n !== null && wanted.has(n)) : this.#entries,
      open,
      how,
    );
  }

  /**
   * @param {Entry[]} entries
   * @param {() => Promise<Sink | null>} open
   * @param {{signal: AbortSignal | null, destination: string | null}} how
   */
  async #deliver(entries, open, how) {
    const fault = this.preflight();
    if (fault !== null) throw new SessionError(fault);
    if (this.#delivery.isBusy) throw new SessionError("second-run");
    if (!this.#planned) await this.plan();
    const { failure, ...ending } = await this.#delivery.deliver(entries, await open(), { ...how, all: this.#entries });
    if (failure !== null) throw new SessionError(failure);
    return ending;
  }

  /** Finishes what is under way; then nothing more is transformed or sent until `resume`. */
  pause() {
    this.#delivery.pause();
  }

  /** Goes on after a pause; where the sink waits before it tries again, it tries now. */
  resume() {
    this.#delivery.resume();
  }

  /** What a destination or a place did not take, and why; `upload` or `run` again offers it again. */
  failed() {
    return failedOf(this.#entries);
  }

  /** Files that are to leave and have not arrived. */
  remaining() {
    return this.#entries.filter(isReady).length;
  }

  /** Images that a destination has confirmed. */
  confirmed() {
    return this.#entries.filter(({ sent }) => sent !== null).length;
  }

  /**
   * What this destination has confirmed so far, signed; null where that is nothing.
   * @param {string} destination
   */
  async receipt(destination) {
    const { started, ended } = this.#delivery;
    const instances = instancesOf(this.#entries, destination);
    if (instances.length === 0) return null;
    const receipt = buildReceipt(instances, {
      ...this.#facts(),
      destination,
      started: isoOf(started) ?? "",
      ended: (ended ?? this.#now()).toISOString(),
    });
    return signReceipt(receipt, (await this.#options.signer?.()) ?? null);
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
   * A person's decision on what is held. An approval counts only for an image whose every frame was drawn.
   * @param {number[]} items
   * @param {import("./decisions.js").PersonsDecision} decision
   * @returns {import("./decisions.js").Answer[]}
   */
  decide(items, decision) {
    const about = { together: items.length, at: this.#now().toISOString() };
    return each(items, this.#at, (entry) => decide(entry, decision, about));
  }

  /**
   * Takes decisions back, as long as nothing has left.
   * @param {number[]} items
   * @returns {import("./decisions.js").Answer[]}
   */
  undecide(items) {
    return each(items, this.#at, undecide);
  }

  /** A frame was on the screen. @param {number} n @param {number} frame  from 0 */
  drawn(n, frame) {
    drawn(this.#at(n), frame);
  }

  /** Masks that rules draw, bars of a screen capture, and what is remembered of its device: proposals. @param {number} n */
  async boxes(n) {
    return (await import("./around.js")).proposed(this.#instance(n), this.devices.of(n), this.#options.pool);
  }

  /** Everything outside the image of a frame: a proposal. @param {number} n @param {number | null} [frame]  from 0; null: of all */
  async outside(n, frame = null) {
    return (await import("./around.js")).outside(this.#instance(n), frame, this.#options.pool);
  }

  /** The run so far. */
  report() {
    this.#number();
    const { started, ended } = this.#delivery;
    return buildReport(this.#entries, {
      ...this.#facts(),
      keyKept: this.#keyKept,
      started: isoOf(started),
      ended: isoOf(ended),
    });
  }

  #facts() {
    const { policy, policySha256, keyId, tool } = this.#options;
    return { tool, policy: { id: policy.id, version: policy.version, sha256: policySha256 }, keyId };
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
   * @param {number[] | null} [levels]  center and width of a window for grey values; empty: the whole range; null: the file's
   */
  async preview(n, frame = 0, levels = null) {
    const entry = this.#instance(n);
    if (entry === null) return { none: "not-dicom" };
    const picture = await this.#options.pool.preview(entry.input, frame, levels);
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
  #at = (n) => {
    const entry = this.#entries[n - 1];
    return entry?.n === n ? entry : this.#entries.find((each) => each.n === n);
  };

  /** One file as it stands, for the screen alone. @param {number} n */
  file(n) {
    const entry = this.#at(n);
    return entry === undefined ? null : screenOf(n, entry);
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
    this.#delivery.close();
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

/** @param {Date | null} date */
function isoOf(date) {
  return date?.toISOString() ?? null;
}
