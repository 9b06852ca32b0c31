#!/usr/bin/env node
/**
 * The command `tokumei`. Exit codes: 0 all left or were excluded or skipped; 3 done, but something is held or refused, or differs
 * from its receipt; 1 the run failed; 2 usage.
 */

import { KeyFileError } from "../www/session/keyfile.js";
import { MaskFileError } from "../www/session/maskfile.js";
import { OptOutError } from "../www/session/optout.js";
import { SessionError } from "../www/session/session.js";
import { languageOf, readArguments, UsageError } from "./args.js";
import { deid, scan } from "./deid.js";
import { importRules } from "./devices/import.js";
import { loadEngine } from "./engine.js";
import { checkPolicy, newKey } from "./keys.js";
import { forgetAll } from "./leftovers.js";
import { explainer } from "./reasons.js";
import { verifyReceipts } from "./receipt.js";
import { RunError } from "./run-error.js";
import { Terminal } from "./terminal.js";
import { NoSuchInput } from "./walk.js";
import { say } from "./words.js";

/** @typedef {import("./words.js").Language} Language */

const SIGNALS = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);
const FAILED = 1;
const USAGE = 2;

/**
 * @param {string[]} argv
 * @returns {Promise<number>}
 */
async function main(argv) {
  const locale = process.env.LC_ALL || process.env.LC_MESSAGES || process.env.LANG || "";
  const lang = languageOf(argv, locale);
  const terminal = new Terminal(lang);
  try {
    return await run(readArguments(argv, locale), terminal);
  } catch (error) {
    return told(error, lang, terminal);
  }
}

/**
 * @param {import("./args.js").Arguments} args
 * @param {Terminal} terminal
 */
async function run(args, terminal) {
  switch (args.command) {
    case "help":
      terminal.out("usage");
      return 0;
    case "version":
      terminal.line(`tokumei ${loadEngine().core.version()}`);
      return 0;
    case "key new":
      return newKey(args, terminal);
    case "policy check":
      return checkPolicy(args, terminal);
    case "policy import":
      return importRules(args, terminal);
    case "deid":
      return stoppable((signal) => deid(args, terminal, signal));
    case "scan":
      return stoppable((signal) => scan(args, terminal, signal));
    case "verify-receipt":
      return verifyReceipts(args, terminal);
  }
}

/**
 * The first Ctrl+C stops in good order, with a report; the second one ends at once. Nothing that waited stays on the disk.
 * @param {(signal: AbortSignal) => Promise<number>} work
 */
async function stoppable(work) {
  const stop = new AbortController();
  const onSignal = (/** @type {NodeJS.Signals} */ signal) => {
    if (!stop.signal.aborted) return stop.abort();
    forgetAll();
    silence();
    process.kill(process.pid, signal);
  };
  const silence = () => {
    for (const signal of SIGNALS) process.removeListener(signal, onSignal);
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  try {
    return await work(stop.signal);
  } finally {
    silence();
  }
}

/**
 * Errors are told by their codes. The text of one that isn't ours may come from the data: it isn't shown.
 * @param {unknown} error
 * @param {Language} lang
 * @param {Terminal} terminal
 */
function told(error, lang, terminal) {
  if (error instanceof UsageError) {
    terminal.note(error.code, { what: error.what });
    return USAGE;
  }
  if (error instanceof NoSuchInput) {
    terminal.note("no-such-input", { what: error.n });
    return USAGE;
  }
  if (error instanceof OptOutError) {
    const line = error.line === null ? "" : ` ${say(lang, "line-broken", { what: error.line })}`;
    terminal.error(`${textOf(error.code, lang)}${line}`);
  } else if (error instanceof MaskFileError) {
    terminal.error(`${textOf(error.code, lang)} ${error.place}`);
  } else if (error instanceof RunError) {
    terminal.error([textOf(error.code, lang), error.detail].filter(Boolean).join(" "));
  } else if (error instanceof SessionError || error instanceof KeyFileError) {
    terminal.error(textOf(error.code, lang));
  } else {
    terminal.note("internal", { what: error instanceof Error ? placeOf(error) : "" });
  }
  return FAILED;
}

/**
 * @param {string} code
 * @param {Language} lang
 */
function textOf(code, lang) {
  const own = say(lang, code);
  if (own !== null) return own;
  const { text, advice } = explainer(lang, false)(code);
  return `${text} ${advice}`.trim();
}

/** Kind of an error and the line of our own code that it came from. @param {Error} error */
function placeOf(error) {
  const at = /\/(?:cli|www)\/([\w/.-]+:\d+)/u.exec(error.stack ?? "");
  return [error.name, at?.[1]].filter(Boolean).join(" ");
}

// However it ends: a terminal that is gone ends it by an error of its own.
process.once("exit", forgetAll);
process.exitCode = await main(process.argv.slice(2));
