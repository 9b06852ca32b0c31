/** What `deid` and `scan` have in common: policy, key, opt-out list, pool and session from the arguments. */

import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { loadKey, makeKey } from "../www/session/keyfile.js";
import { MaskFile, withMasks } from "../www/session/maskfile.js";
import { readOptOut } from "../www/session/optout.js";
import { openSession } from "../www/session/session.js";
import { loadEngine } from "./engine.js";
import { createPool } from "./pool.js";
import { RunError } from "./run-error.js";
import { makeSigningKey, readSigningKey, signerOf } from "./signing.js";
import { isSystemError } from "./source.js";
import { Timing } from "./timing.js";

/** @typedef {import("./engine.js").Engine} Engine */

const DEFAULT_POLICY = "headers-only";
/** Below so many files a second worker costs more than it gives. */
const FILES_PER_WORKER = 40;
const MOST_WORKERS = 4;

/**
 * @typedef {object} Prepared
 * @property {import("../www/session/session.js").Session} session
 * @property {{id: string, pixels?: {text?: string, face?: string}}} policy
 * @property {MaskFile | null} masks  of `--masks`
 * @property {Timing} timing
 */

/**
 * @param {import("./args.js").Arguments} args
 * @param {{files: number, mapping: boolean, out?: string, spool?: import("./spool.js").Spool}} run
 * @returns {Promise<Prepared>}
 */
export async function prepare({ values, jobs }, { files, mapping, ...place }) {
  const engine = loadEngine();
  const { policy, sha256 } = readPolicy(engine, values.policy ?? DEFAULT_POLICY);
  const optOut = values.optout === undefined ? null : readOptOut(readFile(values.optout, "optout-list-missing"));
  const masks = values.masks === undefined ? null : new MaskFile(readText(values.masks, "masks-missing"));
  const signer = values.receipt === undefined ? null : signerFrom(values["signing-key"]);
  const loaded = values.key === undefined ? null : await readKey(engine, values.key, values["passphrase-file"]);
  const key = loaded?.key ?? makeKey();
  const keyId = engine.core.keyId(key);
  const timing = new Timing();
  const size = jobs ?? Math.max(1, Math.min(availableParallelism(), MOST_WORKERS, Math.ceil(files / FILES_PER_WORKER)));
  const pool = createPool({
    core: engine.coreModule,
    verify: engine.verifyModule,
    lists: engine.lists,
    policy,
    key,
    namespace: values.namespace ?? loaded?.namespace ?? "",
    mapping,
    size,
    ...place,
    onTiming: (stages, worker) => timing.note(stages, worker),
  });
  key.fill(0);
  const session = openSession({
    pool: masks === null ? pool : withMasks(pool, masks),
    policy,
    policySha256: sha256,
    keyId,
    keyKept: loaded !== null,
    optOut,
    tool: `tokumei ${engine.core.version()}`,
    signer: async () => signer,
  });
  return { session, policy, masks, timing };
}

/** Without a file a key is made for the run. @param {string | undefined} path */
function signerFrom(path) {
  return signerOf(path === undefined ? makeSigningKey() : readSigningKey(path));
}

/**
 * @param {string} path
 * @param {string} missing  code of what is said where it can't be read
 */
export function readText(path, missing) {
  return readFile(path, missing).toString("utf8");
}

/**
 * @param {Engine} engine
 * @param {string | object} policy  name of a shipped one, path of a file, or a document
 */
export function readPolicy({ core }, policy) {
  const shipped = typeof policy === "string" ? core.shippedPolicy(policy) : undefined;
  if (shipped !== undefined) return shipped;
  const text = typeof policy === "string" ? readText(policy, "policy-missing") : JSON.stringify(policy);
  try {
    return core.readPolicy(text);
  } catch (error) {
    const { code, line, column, message } =
      /** @type {{code?: string, line?: number, column?: number, message?: string}} */ (error);
    if (code !== "policy-invalid") throw error;
    throw new RunError(code, `${line}:${column} ${message}`);
  }
}

/**
 * @param {Engine} engine
 * @param {string} path
 * @param {string | undefined} passphraseFile
 */
async function readKey({ core }, path, passphraseFile) {
  const passphrase = passphraseFile === undefined ? null : readPassphrase(passphraseFile);
  const bytes = readFile(path, "key-missing");
  try {
    return await loadKey(bytes.toString("utf8"), core.keyId, passphrase);
  } finally {
    bytes.fill(0);
  }
}

/**
 * The first line of a file.
 * @param {string} path
 */
export function readPassphrase(path) {
  const line = readFile(path, "key-passphrase-needed").toString("utf8").split(/\r?\n/u)[0] ?? "";
  if (line === "") throw new RunError("key-passphrase-needed");
  return line;
}

/**
 * @param {string} path
 * @param {string} code  of what is missing then
 */
function readFile(path, code) {
  try {
    return readFileSync(path);
  } catch (error) {
    if (isSystemError(error)) throw new RunError(code);
    throw error;
  }
}
