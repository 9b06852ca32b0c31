/** `tokumei deid`: files in, de-identified files out, with report and mapping. `tokumei scan`: the same up to the plan. */

import { SessionError } from "../www/session/session.js";
import { placeCode } from "./output.js";
import { openPlace, outputPath } from "./place.js";
import { writePrivateJson } from "./private.js";
import { explainer } from "./reasons.js";
import { RunError } from "./run-error.js";
import { prepare } from "./setup.js";
import { fingerprintOf } from "./signing.js";
import { isSystemError } from "./source.js";
import { walkInputs } from "./walk.js";
import { say } from "./words.js";

/**
 * @typedef {import("./args.js").Arguments} Arguments
 * @typedef {import("./place.js").Place} Place
 * @typedef {import("./terminal.js").Terminal} Terminal
 * @typedef {import("../www/session/session.js").Session} Session
 */

const LEFT_OR_DONE = new Set(["pass", "masked", "defaced", "excluded", "skipped"]);
/** Notices of a destination that are words of ours. */
const NOTICES = new Set(["offline", "provider-down", "provider-busy", "back", "blocked", "too-big"]);

/**
 * @param {Arguments} args
 * @param {Terminal} terminal
 * @param {AbortSignal} signal
 * @returns {Promise<number>} exit code
 */
export async function deid(args, terminal, signal) {
  const out = outputPath(args);
  const inputs = [...walkInputs(args.inputs, out)];
  const place = openPlace(args, out);
  try {
    return await deliver(args, inputs, place, terminal, signal);
  } finally {
    place.close();
  }
}

/**
 * @param {Arguments} args
 * @param {import("../www/workers/types.js").Input[]} inputs
 * @param {Place} place
 * @param {Terminal} terminal
 * @param {AbortSignal} signal
 */
async function deliver(args, inputs, place, terminal, signal) {
  const mapping = args.values.mapping !== undefined;
  const { session, policy, masks, timing } = await prepare(args, { files: countOf(inputs), mapping, ...place.pool });
  try {
    if (mapping && session.mapping() === null) throw new RunError("mapping-forbidden");
    const fault = session.preflight();
    if (fault !== null) throw new RunError(fault);
    session.on("progress", (progress) => terminal.progress(progress));
    session.on("notice", teller(terminal));
    if (args.values.key === undefined) terminal.note("key-forgotten");
    if (!looks(policy)) terminal.note("pixels-not-checked", { what: policy.id });
    const failure = await runAll(session, inputs, place, signal);
    const report = await save(session, args, place, terminal);
    if (masks?.unmet) terminal.note("masks-unmet", { count: masks.unmet });
    summary(report, place, explainer(args.lang, looks(policy)), terminal);
    return end(args, place, { failure, stopped: signal.aborted, byVerdict: report.totals.byVerdict }, terminal);
  } finally {
    await session.close();
    const times = timing.text();
    if (times !== null) terminal.error(times);
  }
}

/**
 * @param {Arguments} args
 * @param {Place} place
 * @param {{failure: string | null, stopped: boolean, byVerdict: Record<string, number>}} run
 * @param {Terminal} terminal
 * @returns {number} exit code
 */
function end({ values, lang }, { kind, explain }, { failure, stopped, byVerdict }, terminal) {
  if (failure === null && !stopped) return exitCode(byVerdict);
  // Another key gives other identifiers: the destination would have everything twice.
  const again = say(lang, values.key === undefined ? "again-without-key" : "again") ?? "";
  const advice = kind === "stow" ? again : "";
  if (failure !== null) throw new RunError(explain(failure), advice);
  terminal.note("stopped");
  if (advice !== "") terminal.error(advice);
  return 1;
}

/**
 * @param {Arguments} args
 * @param {Terminal} terminal
 * @param {AbortSignal} signal
 * @returns {Promise<number>}
 */
export async function scan(args, terminal, signal) {
  const inputs = [...walkInputs(args.inputs, null)];
  const { session, policy, masks, timing } = await prepare(args, { files: countOf(inputs), mapping: false });
  try {
    session.on("progress", (progress) => terminal.progress(progress));
    await session.add(inputs, { signal });
    await session.plan();
    const { found, byVerdict, byReason } = session.outlook();
    terminal.out("found", found);
    terminal.counts({ byVerdict, byReason }, explainer(args.lang, looks(policy)));
    if (masks?.unmet) terminal.note("masks-unmet", { count: masks.unmet });
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
 * @param {Place} place
 * @param {AbortSignal} signal
 * @returns {Promise<string | null>}  what ended the run
 */
async function runAll(session, inputs, place, signal) {
  await session.add(inputs, { signal });
  try {
    await session.upload({ place: async (notice) => place.sink(notice), destination: place.named, signal });
    return null;
  } catch (error) {
    // What was done before stands in the report, so that is written first.
    if (error instanceof SessionError) return error.code;
    throw error;
  }
}

/** Says what happens while it runs; of images that are too large the first, since the end counts them. @param {Terminal} terminal */
function teller(terminal) {
  let large = false;
  return (/** @type {{code: string, seconds?: number, bytes?: number}} */ { code, seconds = 0, bytes = 0 }) => {
    if (!NOTICES.has(code) || (code === "too-big" && large)) return;
    large ||= code === "too-big";
    terminal.note(`notice-${code}`, { seconds, bytes });
  };
}

/**
 * @param {Session} session
 * @param {Arguments} args
 * @param {Place} place
 * @param {Terminal} terminal
 */
async function save(session, { values }, { named }, terminal) {
  const report = session.report();
  if (values.report !== undefined) saved(values.report, report);
  if (values.mapping !== undefined) saved(values.mapping, session.mapping());
  if (values.receipt === undefined) return report;
  const receipt = await session.receipt(named);
  if (receipt === null) terminal.note("no-receipt");
  else saved(values.receipt, receipt);
  if (receipt?.signature) terminal.out("receipt-made", { what: fingerprintOf(receipt.signature.publicKey) });
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
    if (isSystemError(error)) throw new RunError(placeCode(error));
    throw error;
  }
}

/**
 * @param {ReturnType<Session["report"]>} report
 * @param {Place} place
 * @param {ReturnType<typeof explainer>} explain
 * @param {Terminal} terminal
 */
function summary({ totals, files }, place, explain, terminal) {
  const left = files.filter(({ out }) => out !== null).length;
  const { patients, studies, series } = totals;
  terminal.out("left", { files: files.length, left, patients, studies, series });
  const counts = place.counts();
  if (counts !== null) terminal.out("delivered", counts);
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
