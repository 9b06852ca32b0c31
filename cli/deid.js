/** `tokumei deid`: files in, de-identified files out, with report and mapping. `tokumei scan`: the same up to the plan. */

import { mkdirSync, realpathSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { SessionError } from "../www/session/session.js";
import { UsageError } from "./args.js";
import { writePrivateJson } from "./private.js";
import { explainer } from "./reasons.js";
import { prepare, RunError } from "./setup.js";
import { isSystemError } from "./source.js";
import { walkInputs } from "./walk.js";

/**
 * @typedef {import("./args.js").Arguments} Arguments
 * @typedef {import("./terminal.js").Terminal} Terminal
 * @typedef {import("../www/session/session.js").Session} Session
 */

const LEFT_OR_DONE = new Set(["pass", "masked", "defaced", "excluded", "skipped"]);

/** The workers of this sink write by themselves; nothing comes through here. */
const WORKERS_WRITE = Object.freeze({
  write: async () => undefined,
  close: async () => undefined,
  abort: async () => undefined,
});

/**
 * @param {Arguments} args
 * @param {Terminal} terminal
 * @param {AbortSignal} signal
 * @returns {Promise<number>} exit code
 */
export async function deid(args, terminal, signal) {
  const out = makeOutput(/** @type {string} */ (args.values.out));
  const inputs = [...walkInputs(args.inputs, refuseSame(args.inputs, out))];
  const wantsMapping = args.values.mapping !== undefined;
  const { session, policy, timing } = await prepare(args, { files: countOf(inputs), out, mapping: wantsMapping });
  try {
    if (wantsMapping && session.mapping() === null) throw new RunError("mapping-forbidden");
    const fault = session.preflight();
    if (fault !== null) throw new RunError(fault);
    session.on("progress", (progress) => terminal.progress(progress));
    if (args.values.key === undefined) terminal.note("key-forgotten");
    if (!looks(policy)) terminal.note("pixels-not-checked", { what: policy.id });
    const failure = await runAll(session, inputs, signal);
    const report = save(session, args);
    summary(report, explainer(args.lang, looks(policy)), terminal);
    if (failure !== null) throw new RunError(failure);
    if (signal.aborted) {
      terminal.note("stopped");
      return 1;
    }
    return exitCode(report.totals.byVerdict);
  } finally {
    await session.close();
    const times = timing.text();
    if (times !== null) terminal.error(times);
  }
}

/**
 * @param {Arguments} args
 * @param {Terminal} terminal
 * @param {AbortSignal} signal
 * @returns {Promise<number>}
 */
export async function scan(args, terminal, signal) {
  const inputs = [...walkInputs(args.inputs, null)];
  const { session, policy, timing } = await prepare(args, { files: countOf(inputs), out: null, mapping: false });
  try {
    session.on("progress", (progress) => terminal.progress(progress));
    await session.add(inputs, { signal });
    await session.plan();
    const { found, byVerdict, byReason } = session.outlook();
    terminal.out("found", found);
    terminal.counts({ byVerdict, byReason }, explainer(args.lang, looks(policy)));
    return signal.aborted ? 1 : exitCode(byVerdict);
  } finally {
    await session.close();
    const times = timing.text();
    if (times !== null) terminal.error(times);
  }
}

/** Bytes of a ZIP for each file in it, about. */
const ZIP_SHARE = 256 * 1024;

/**
 * About how many files there are, so that there are workers enough. What a ZIP is, is seen when it is read; here its name will do.
 * @param {import("../www/workers/types.js").Input[]} inputs
 */
function countOf(inputs) {
  const share = (/** @type {import("../www/workers/types.js").Input} */ { path, size }) =>
    /\.zip$/iu.test(path) ? Math.ceil(size / ZIP_SHARE) : 1;
  return inputs.reduce((sum, input) => sum + share(input), 0);
}

/**
 * @param {Session} session
 * @param {import("../www/workers/types.js").Input[]} inputs
 * @param {AbortSignal} signal
 * @returns {Promise<string | null>}  what ended the run
 */
async function runAll(session, inputs, signal) {
  await session.add(inputs, { signal });
  try {
    await session.plan();
    await session.run({ sink: WORKERS_WRITE, signal });
    return null;
  } catch (error) {
    // What was done before stands in the report, so that is written first.
    if (error instanceof SessionError) return error.code;
    throw error;
  }
}

/**
 * @param {Session} session
 * @param {Arguments} args
 */
function save(session, { values }) {
  const report = session.report();
  if (values.report !== undefined) saved(values.report, report);
  if (values.mapping !== undefined) saved(values.mapping, session.mapping());
  return report;
}

/**
 * @param {string} path
 * @param {unknown} value
 */
function saved(path, value) {
  try {
    writePrivateJson(path, value);
  } catch (error) {
    if (isSystemError(error)) throw new RunError(error.code === "ENOSPC" ? "disk-full" : "write-denied");
    throw error;
  }
}

/**
 * @param {ReturnType<Session["report"]>} report
 * @param {ReturnType<typeof explainer>} explain
 * @param {Terminal} terminal
 */
function summary({ totals, files }, explain, terminal) {
  const left = files.filter(({ out }) => out !== null).length;
  const { patients, studies, series } = totals;
  terminal.out("left", { files: files.length, left, patients, studies, series });
  terminal.counts(totals, explain);
}

/** @param {{pixels?: {text?: string, face?: string}}} policy */
function looks({ pixels }) {
  return pixels?.text === "check" && pixels.face === "check";
}

/** @param {Record<string, number>} byVerdict */
function exitCode(byVerdict) {
  return Object.keys(byVerdict).every((verdict) => LEFT_OR_DONE.has(verdict)) ? 0 : 3;
}

/** @param {string} folder */
function makeOutput(folder) {
  try {
    mkdirSync(resolve(folder), { recursive: true });
    return realpathSync(folder);
  } catch (error) {
    if (isSystemError(error)) throw new RunError("write-denied");
    throw error;
  }
}

/**
 * @param {string[]} inputs
 * @param {string} out
 */
function refuseSame(inputs, out) {
  const folder = statSync(out);
  for (const input of inputs) {
    const stat = statSync(input, { throwIfNoEntry: false });
    if (stat?.isDirectory() && stat.ino === folder.ino && stat.dev === folder.dev) throw new UsageError("out-is-input");
  }
  return out;
}
