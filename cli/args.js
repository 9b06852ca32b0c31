/** The command line's arguments, parsed strictly: what isn't known is a usage error, never ignored. */

import { parseArgs } from "node:util";
import { readFingerprint } from "./signing.js";
import { destinationOf } from "./stow.js";

/** A command that can't be run as written; `code` names the message. */
export class UsageError extends Error {
  /**
   * @param {string} code  of `words.js`
   * @param {string} [what]  an option or command as the person typed it: never a path
   */
  constructor(code, what = "") {
    super(code);
    this.name = "UsageError";
    this.code = code;
    this.what = what;
  }
}

/** @typedef {Record<string, {type: "string" | "boolean", short?: string}>} Options */

/** @type {Options} */
const COMMON = { lang: { type: "string" }, help: { type: "boolean", short: "h" } };
/** @type {Options} */
const RULES = {
  policy: { type: "string" },
  key: { type: "string" },
  "passphrase-file": { type: "string" },
  namespace: { type: "string" },
  optout: { type: "string" },
  masks: { type: "string" },
  jobs: { type: "string" },
};
/** @type {Options} */
const DEID = {
  ...COMMON,
  ...RULES,
  out: { type: "string" },
  zip: { type: "string" },
  stow: { type: "string" },
  "token-file": { type: "string" },
  tries: { type: "string" },
  spool: { type: "string" },
  report: { type: "string" },
  mapping: { type: "string" },
  receipt: { type: "string" },
  "signing-key": { type: "string" },
};
/** @type {Options} */
const KEY_NEW = {
  ...COMMON,
  out: { type: "string" },
  signing: { type: "boolean" },
  namespace: { type: "string" },
  "passphrase-file": { type: "string" },
};

/** @type {Options} */
const VERIFY = { ...COMMON, in: { type: "string" }, signer: { type: "string" }, jobs: { type: "string" } };

/** @type {Options} */
const IMPORT = { ...COMMON, policy: { type: "string" }, out: { type: "string" } };

/** Options by command. */
const COMMANDS = {
  deid: DEID,
  scan: { ...COMMON, ...RULES },
  "key new": KEY_NEW,
  "policy check": COMMON,
  "policy import": IMPORT,
  "verify-receipt": VERIFY,
};

/** Where a run may deliver to. */
const PLACES = ["out", "zip", "stow"];
/** Options that say something only beside another one. @type {Record<string, string[]>} */
const BESIDE = {
  "token-file": ["stow"],
  tries: ["stow"],
  spool: ["zip", "stow"],
  "signing-key": ["receipt"],
};
const MOST_TRIES = 1_000;

/**
 * @typedef {keyof typeof COMMANDS} Command
 * @typedef {{command: Command | "help" | "version", values: Record<string, string | undefined>, inputs: string[], jobs: number | null,
 *   lang: "ja" | "en"}} Arguments  values: a switch that is on is "on"
 */

/**
 * @param {string[]} argv  without node and script
 * @param {string} locale  of the environment
 * @returns {Arguments}
 */
export function readArguments(argv, locale) {
  const lang = languageOf(argv, locale);
  const [first = "", second = ""] = argv;
  if (["", "help", "-h", "--help"].includes(first))
    return { command: "help", values: {}, inputs: [], jobs: null, lang };
  if (["-V", "--version", "version"].includes(first))
    return { command: "version", values: {}, inputs: [], jobs: null, lang };
  const two = first === "key" || first === "policy";
  const name = two ? `${first} ${second}` : first;
  if (!Object.hasOwn(COMMANDS, name)) throw new UsageError("unknown-command", word(name));
  const command = /** @type {Command} */ (name);
  const { values, positionals } = parse(command, argv.slice(two ? 2 : 1));
  if (values.help) return { command: "help", values: {}, inputs: [], jobs: null, lang };
  const found = Object.fromEntries(Object.entries(values).map(([option, value]) => [option, textOf(value)]));
  check(command, found, positionals);
  return { command, values: found, inputs: positionals, jobs: jobsOf(found.jobs), lang };
}

/** @param {unknown} value @returns {string | undefined} */
function textOf(value) {
  return typeof value === "string" ? value : value === true ? "on" : undefined;
}

/**
 * The language stands before anything is understood: even a usage error is said in it.
 * @param {string[]} argv
 * @param {string} locale
 * @returns {"ja" | "en"}
 */
export function languageOf(argv, locale) {
  const at = argv.indexOf("--lang");
  const asked = at >= 0 ? argv[at + 1] : argv.find((each) => each.startsWith("--lang="))?.slice("--lang=".length);
  if (asked === "ja" || asked === "en") return asked;
  return locale.startsWith("ja") ? "ja" : "en";
}

/**
 * @param {Command} command
 * @param {string[]} args
 */
function parse(command, args) {
  /** @type {Options} */
  const options = COMMANDS[command];
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const option = args.find(
      (each) => each.startsWith("-") && !Object.hasOwn(options, each.replace(/^-+/u, "").split("=")[0] ?? ""),
    );
    throw new UsageError(option === undefined ? "option-value" : "unknown-option", word(option?.split("=")[0] ?? ""));
  }
}

/**
 * @param {Command} command
 * @param {Record<string, string | undefined>} values
 * @param {string[]} inputs
 */
function check(command, values, inputs) {
  if (values.lang !== undefined && values.lang !== "ja" && values.lang !== "en")
    throw new UsageError("option-value", "--lang");
  for (const [option, value] of Object.entries(values)) {
    if (value === "") throw new UsageError("option-value", `--${option}`);
    const others = BESIDE[option];
    if (others?.every((other) => values[other] === undefined)) throw new UsageError("option-beside", `--${option}`);
  }
  switch (command) {
    case "deid":
      if (inputs.length === 0) throw new UsageError("no-input");
      return checkPlace(values);
    case "scan":
      if (inputs.length === 0) throw new UsageError("no-input");
      return;
    case "key new":
      if (inputs.length > 0) throw new UsageError("too-many");
      if (values.out === undefined) throw new UsageError("no-out");
      if (values.signing && (values.namespace || values["passphrase-file"])) throw new UsageError("signing-alone");
      return;
    case "policy import":
      if (inputs.length === 0) throw new UsageError("no-rules");
      if (values.out === undefined) throw new UsageError("no-out");
      return;
    case "policy check":
      if (inputs.length !== 1) throw new UsageError("one-policy");
      return;
    case "verify-receipt":
      if (inputs.length === 0) throw new UsageError("no-receipt-named");
      if (values.in === undefined) throw new UsageError("no-in");
      if (values.signer !== undefined && readFingerprint(values.signer) === null)
        throw new UsageError("option-value", "--signer");
  }
}

/** @param {Record<string, string | undefined>} values  the address of a destination becomes the one that is used */
function checkPlace(values) {
  if (PLACES.filter((place) => values[place] !== undefined).length !== 1) throw new UsageError("one-place");
  if (values.tries !== undefined && !(/^\d{1,4}$/u.test(values.tries) && inRange(Number(values.tries), MOST_TRIES)))
    throw new UsageError("option-value", "--tries");
  if (values.stow === undefined) return;
  const url = destinationOf(values.stow);
  if (url === null) throw new UsageError("stow-address");
  values.stow = url;
}

/** @param {number} number @param {number} most */
function inRange(number, most) {
  return number >= 1 && number <= most;
}

/** @param {string | undefined} text */
function jobsOf(text) {
  if (text === undefined) return null;
  const jobs = /^\d{1,3}$/u.test(text) ? Number(text) : 0;
  if (!inRange(jobs, 64)) throw new UsageError("option-value", "--jobs");
  return jobs;
}

/** Only what looks like a command or option is repeated: a mistyped path stays out of the message. @param {string} text */
function word(text) {
  return /^-{0,2}[a-z]+(?:[ -][a-z]+)*$/u.test(text) ? text : "";
}
