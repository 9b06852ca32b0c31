/** The command line's arguments, parsed strictly: what isn't known is a usage error, never ignored. */

import { parseArgs } from "node:util";

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
  jobs: { type: "string" },
};
/** @type {Options} */
const DEID = { ...COMMON, ...RULES, out: { type: "string" }, report: { type: "string" }, mapping: { type: "string" } };
/** @type {Options} */
const KEY_NEW = {
  ...COMMON,
  out: { type: "string" },
  namespace: { type: "string" },
  "passphrase-file": { type: "string" },
};

/** Options by command. `later` ones are known, but belong to what isn't built yet. */
const COMMANDS = {
  deid: { options: DEID, later: ["zip", "stow"] },
  scan: { options: { ...COMMON, ...RULES }, later: [] },
  "key new": { options: KEY_NEW, later: [] },
  "policy check": { options: COMMON, later: [] },
};

/**
 * @typedef {keyof typeof COMMANDS} Command
 * @typedef {{command: Command | "help" | "version", values: Record<string, string | undefined>, inputs: string[], jobs: number | null,
 *   lang: "ja" | "en"}} Arguments
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
  const found = /** @type {Record<string, string | undefined>} */ (values);
  check(command, found, positionals);
  return { command, values: found, inputs: positionals, jobs: jobsOf(found.jobs), lang };
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
  const { options, later } = COMMANDS[command];
  for (const option of later) {
    if (args.some((each) => each === `--${option}` || each.startsWith(`--${option}=`)))
      throw new UsageError("later-option", `--${option}`);
  }
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
  if (command === "deid" || command === "scan") {
    if (inputs.length === 0) throw new UsageError("no-input");
  } else if (command === "policy check") {
    if (inputs.length !== 1) throw new UsageError("one-policy");
  } else if (inputs.length > 0) {
    throw new UsageError("too-many");
  }
  if ((command === "deid" || command === "key new") && !values.out) throw new UsageError("no-out");
}

/** @param {string | undefined} text */
function jobsOf(text) {
  if (text === undefined) return null;
  const jobs = /^\d{1,3}$/u.test(text) ? Number(text) : 0;
  if (jobs < 1 || jobs > 64) throw new UsageError("option-value", "--jobs");
  return jobs;
}

/** Only what looks like a command or option is repeated: a mistyped path stays out of the message. @param {string} text */
function word(text) {
  return /^-{0,2}[a-z]+(?:[ -][a-z]+)*$/u.test(text) ? text : "";
}
