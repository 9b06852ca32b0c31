/**
 * What a worker does with one file: scan, transform, verify, deliver. The same code in the page and in Node; what differs (how a
 * file is opened, how pieces become an output, where it goes, how it is hashed) is the environment's.
 *
 * Core and verify are two modules with memories of their own: a fault in one can't hide from the other. Nothing is delivered
 * before verify has read it. Whatever the modules throw leaves this file untouched: the worker is then poisoned (serve.js).
 */

import { Core, initSync as initCore } from "../pkg/core.js";
import { initSync as initVerify, Verifier } from "../pkg/verify.js";
import { outputName } from "./names.js";
import { Watch } from "./samples.js";
import { withSource } from "./source.js";
import { leaving, refusal, since, stopped, withheld } from "./withheld.js";

/**
 * @typedef {import("./types.js").Input} Input
 * @typedef {import("./types.js").ScanRow} ScanRow
 * @typedef {import("./types.js").Decision} Decision
 * @typedef {import("./types.js").Outcome} Outcome
 * @typedef {import("./types.js").Result} Result
 * @typedef {import("./types.js").Change} Change
 * @typedef {import("./types.js").Environment} Environment
 * @typedef {import("./types.js").OpenedSource} OpenedSource
 * @typedef {import("./types.js").Settled} Settled
 * @typedef {import("./protocol.js").Job} Job
 *
 * @typedef {object} EngineOptions
 * @property {WebAssembly.Module} coreModule
 * @property {WebAssembly.Module} verifyModule
 * @property {Uint8Array} lists  word lists for the cleaning of text
 * @property {object} policy
 * @property {Uint8Array} key
 * @property {string} namespace
 * @property {Environment} environment
 * @property {boolean} [mapping]  results carry original values for the mapping
 *
 * @typedef {{expect: (jobs: Job[]) => void, run: (job: Job) => unknown, memory: () => number, timing: () => Record<string, number>}} Engine
 */

/** Lossless, of a recompressed JPEG, lossy. */
const LOSSLESS_JPEG_XL = "1.2.840.10008.1.2.4.110";
const JPEG_XL = new Set(["110", "111", "112"].map((end) => `1.2.840.10008.1.2.4.${end}`));
/** Holds JPEGs whose text only a decoder can cut: they are given back, if nothing is masked too. */
const RECOMPRESSED_JPEG = "1.2.840.10008.1.2.4.111";
/** Nobody has looked, nothing is masked. @type {Readonly<Settled>} */
const NOTHING_SETTLED = Object.freeze({ reason: "clean", text: false, masks: [], clear: false });
/** Verdicts under which an instance leaves. */
const LEAVES = new Set(["pass", "masked", "defaced"]);

/**
 * @param {EngineOptions} options
 * @returns {Engine}
 */
export function createEngine(options) {
  return new FileEngine(options);
}

/**
 * The engine that a pool asks its worker for.
 * @param {import("./protocol.js").OpenMessage} message
 * @param {Environment} environment
 * @returns {Engine}
 */
export function openEngine({ core, verify, lists, policy, key, namespace, mapping }, environment) {
  return createEngine({ coreModule: core, verifyModule: verify, lists, policy, key, namespace, mapping, environment });
}

class FileEngine {
  #core;
  #verifier;
  #environment;
  #mapping;
  #limits;
  /** @type {{buffer: ArrayBufferLike}[]} */
  #memories;
  /** @type {Record<string, number>} */
  #stages = { scan: 0, identities: 0, mask: 0, transform: 0, verify: 0 };

  /** @param {EngineOptions} options */
  constructor(options) {
    const core = initCore({ module: options.coreModule });
    const verify = initVerify({ module: options.verifyModule });
    this.#memories = [core.memory, verify.memory];
    this.#core = new Core(options.policy, options.key, options.namespace, options.lists);
    this.#verifier = new Verifier(options.policy, options.key, options.namespace);
    this.#environment = options.environment;
    this.#mapping = options.mapping ?? false;
    this.#limits = /** @type {{limits?: object}} */ (options.policy).limits ?? {};
  }

  /** Bytes of both modules' memories, which only grow. */
  memory() {
    return Math.max(...this.#memories.map((memory) => memory.buffer.byteLength));
  }

  /** Milliseconds by stage since the start. */
  timing() {
    return { ...this.#stages, ...this.#environment.timing?.() };
  }

  /**
   * The jobs of a batch before they are run, in order, after those that were expected before.
   * @param {Job[]} jobs
   */
  expect(jobs) {
    this.#environment.expect?.(jobs.flatMap(openingOf));
  }

  /**
   * @param {Job} job
   * @returns {unknown}
   */
  run(job) {
    switch (job.kind) {
      case "scan":
        return this.#scan(job.input);
      case "transform":
        return this.#transform(job);
      case "changes":
        return this.#changes(job.input, job.row);
      case "digest":
        return this.#digest(job.input);
      case "members":
        return this.#members(job.input);
      case "plan":
        return this.#core.plan(job.rows, job.optout ?? undefined);
      case "preview":
        return this.#preview(job.input, job.frame, job.levels);
      case "around":
        return this.#drawn(job.input, (pixels, data) => pixels.around(data, Uint32Array.from(job.frames)));
    }
  }

  /**
   * What the file is, and what verify takes of it for other files of its patient.
   * @param {Input} input
   * @returns {(ScanRow & {identities: string}) | {fault: string}}
   */
  #scan(input) {
    return withSource(this.#environment, input, (source) => {
      const row = this.#timed("scan", () => this.#core.scan(source.data, input.path));
      const isInstance = row.kind === "dicom" && source.fault === null;
      const identities = isInstance ? this.#timed("identities", () => this.#verifier.identities(source.data)) : "";
      return source.fault === null ? { ...row, identities } : { fault: source.fault };
    });
  }

  /**
   * @param {Extract<Job, {kind: "transform"}>} job
   * @returns {Promise<Result>}
   */
  async #transform({ input, row, dry = false, others, settled = null, crc32 = false }) {
    const begun = performance.now();
    if (others?.lines !== undefined) this.#verifier.learn(others.number, others.lines);
    const how = { dry, others: others?.number, settled, crc32 };
    const work = (/** @type {OpenedSource} */ source) => this.#transformOpened(source, row, how, begun);
    const result = await withSource(this.#environment, input, work, true);
    return "fault" in result ? refusal(result.fault, null, begun) : result;
  }

  /**
   * @param {OpenedSource} source
   * @param {ScanRow} row
   * @param {{dry: boolean, others: number | undefined, settled: Settled | null, crc32: boolean}} how
   * @param {number} begun
   * @returns {Promise<Result>}
   */
  async #transformOpened(source, row, { dry, others, settled, crc32 }, begun) {
    // What a rule would mask never leaves as it is because nobody has said so.
    if (settled === null && row.masks?.length) {
      return withheld({ verdict: "review", reason: "text-not-checked", tag: null }, row, since(begun));
    }
    const recompressed = row.transferSyntax === RECOMPRESSED_JPEG;
    const known = settled ?? (recompressed ? NOTHING_SETTLED : null);
    let masked = known && (await this.#mask(source, row, known));
    if (source.fault !== null) return refusal(source.fault, null, begun);
    if (masked && "stop" in masked) return stopped(masked.stop, row, begun);
    let outcome = this.#outcome(source, row, masked);
    if (outcome.toLookAt && source.fault === null) {
      masked = await this.#look(source, row, known ?? NOTHING_SETTLED);
      if ("stop" in masked)
        return source.fault === null ? stopped(masked.stop, row, begun) : refusal(source.fault, null, begun);
      outcome = this.#outcome(source, row, masked);
    }
    if (source.fault !== null) return refusal(source.fault, null, begun);
    if (!LEAVES.has(outcome.verdict)) return withheld(outcome, outcome, since(begun));

    const pieces = masked ? masked.resolve(outcome.pieces) : outcome.pieces;
    const composed = this.#environment.compose(pieces, source);
    const check = this.#timed("verify", () => this.#verifier.verify(source.data, composed.data, others));
    if (source.fault !== null) return refusal(source.fault, null, begun);
    if (check.ok !== true) {
      const { verdict = "refused", reason = "identity-in-output", tag = null } = check;
      return withheld({ verdict, reason, tag }, outcome, since(begun));
    }
    if (this.#environment.changed(source)) return refusal("source-changed", null, begun);

    const name = outputName(outcome);
    if (name === null) return refusal("damaged", null, begun, outcome);
    const delivery = await this.#deliver(composed, source, { name, crc32 }, outcome.samples, dry);
    if (source.fault !== null) return refusal(source.fault, null, begun);
    if ("code" in delivery) {
      const { code, verdict = "refused", tag = null } = delivery;
      return { ...refusal(code, tag, begun, outcome), verdict };
    }
    const sent = {
      ...delivery,
      ...(masked?.masks && { masks: masked.masks }),
      out: name,
      bytesOut: composed.size,
      readBy: check.readBy ?? null,
    };
    const result = leaving(outcome, sent, begun);
    if (this.#mapping) {
      result.mapping = {
        patientId: outcome.patientIdOriginal ?? "",
        dateShiftDays: outcome.dateShiftDays ?? null,
        uids: outcome.uids,
      };
    }
    return result;
  }

  /**
   * New Pixel Data, where anything is to be masked or given back.
   * @param {OpenedSource} source
   * @param {ScanRow} row
   * @param {Settled} settled
   */
  async #mask(source, row, settled) {
    const { maskedBy } = await import("./masking.js");
    const changes = settled.masks.length > 0 || settled.clear || row.transferSyntax === RECOMPRESSED_JPEG;
    const pixels = changes ? await this.#pixels(row.transferSyntax) : null;
    const facts = { limits: this.#limits, transferSyntax: row.transferSyntax };
    return this.#timed("mask", () => maskedBy(pixels, source, settled, facts));
  }

  /**
   * @param {OpenedSource} source
   * @param {ScanRow} row
   * @param {import("./masking.js").Masked | null} masked
   * @returns {Outcome}
   */
  #outcome(source, row, masked) {
    return this.#timed("transform", () => this.#core.transform(source.data, row, masked?.how ?? null));
  }

  /**
   * All frames decoded, where the core can't tell what else their code streams hold.
   * @param {OpenedSource} source
   * @param {ScanRow} row
   * @param {Settled} settled
   */
  async #look(source, row, settled) {
    const { lookedAt } = await import("./masking.js");
    const pixels = await this.#pixels(row.transferSyntax);
    const facts = { limits: this.#limits, transferSyntax: row.transferSyntax };
    return this.#timed("mask", () => lookedAt(pixels, source, settled, facts));
  }

  /**
   * The module of masks and previews, which no run needs that masks nothing. JPEG XL has one of its own.
   * @param {string | null} [transferSyntax]
   */
  async #pixels(transferSyntax = null) {
    const pixels = await this.#environment.pixels?.(JPEG_XL.has(transferSyntax ?? "") ? "jxl" : "pixels");
    if (pixels === undefined) throw new Error("pixels-unavailable");
    if (!this.#memories.includes(pixels.memory)) this.#memories.push(pixels.memory);
    return pixels;
  }

  /**
   * Hands over what verify has read, with a watch over the samples; nothing arrives that the watch speaks against.
   * @param {import("./types.js").Composed} composed
   * @param {OpenedSource} source
   * @param {import("./types.js").Leaving} how
   * @param {import("./samples.js").Samples | null} samples
   * @param {boolean} dry
   * @returns {Promise<import("./types.js").Delivery>}
   */
  async #deliver(composed, source, how, samples, dry) {
    const watch = new Watch(samples);
    try {
      if (!dry) return await this.#environment.deliver(composed, source, how, watch);
      await watch.read(composed.data);
      return watch.stop() ?? { sha256: "" };
    } finally {
      watch.close();
    }
  }

  /**
   * @param {Input} input
   * @param {ScanRow} row
   * @returns {{changes: Change[]} | {fault: string}}
   */
  #changes(input, row) {
    return withSource(this.#environment, input, (source) => {
      try {
        return { changes: this.#core.changes(source.data, row) };
      } catch (error) {
        // `{code}` is the core's word for a file that stops; anything else is a trap.
        const code = /** @type {{code?: unknown}} */ (error).code;
        if (error instanceof Error || typeof code !== "string") throw error;
        return { fault: source.fault ?? code };
      }
    });
  }

  /** @param {Input} input */
  #digest(input) {
    const work = async (/** @type {OpenedSource} */ source) => {
      const sha256 = await this.#environment.digest(source);
      return source.fault === null ? { sha256 } : { fault: source.fault };
    };
    return withSource(this.#environment, input, work, true);
  }

  /** @param {Input} input  a ZIP */
  #members(input) {
    return withSource(this.#environment, input, async ({ data }) => {
      // Not in every run: comes with the first ZIP.
      const { membersIn } = await import("./members.js");
      return membersIn(data, this.#limits);
    });
  }

  /**
   * @param {Input} input
   * @param {number} frame  from 0
   * @param {number[] | null} levels
   */
  #preview(input, frame, levels) {
    const window = levels ? new Float64Array(levels) : undefined;
    return this.#drawn(input, (pixels, data) => pixels.preview(data, frame, window));
  }

  /**
   * What a picture shows, by the module that knows its coding: which one that is stands in the file, which is not known here.
   * @template {object} T
   * @param {Input} input
   * @param {(pixels: import("./types.js").PixelsModule, data: OpenedSource["data"]) => T} look
   */
  #drawn(input, look) {
    return withSource(this.#environment, input, async ({ data }) => {
      if (!this.#environment.pixels) return { none: "preview-unsupported" };
      const seen = look(await this.#pixels(), data);
      const other = "none" in seen && seen.none === "coding-not-drawn";
      return other ? look(await this.#pixels(LOSSLESS_JPEG_XL), data) : seen;
    });
  }

  /**
   * @template T
   * @param {"scan" | "identities" | "mask" | "transform" | "verify"} stage
   * @param {() => T} work
   * @returns {T}
   */
  #timed(stage, work) {
    const begun = performance.now();
    try {
      return work();
    } finally {
      this.#stages[stage] = (this.#stages[stage] ?? 0) + performance.now() - begun;
    }
  }
}

/**
 * What most jobs of a run open.
 * @param {Job} job
 * @returns {{input: Input, whole: boolean}[]}
 */
function openingOf(job) {
  const opens = job.kind === "scan" || job.kind === "transform" || job.kind === "digest";
  return opens ? [{ input: job.input, whole: job.kind !== "scan" }] : [];
}
