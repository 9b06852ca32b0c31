/** `tokumei key new` and `tokumei policy check`: what needs no images. */

import { makeKey, saveKey } from "../www/session/keyfile.js";
import { loadEngine } from "./engine.js";
import { writeNewPrivate, writeNewPrivateJson } from "./private.js";
import { RunError } from "./run-error.js";
import { readPassphrase, readPolicy } from "./setup.js";
import { fingerprintOf, makeSigningKey, pemOf, publicKeyOf } from "./signing.js";
import { isSystemError } from "./source.js";

/**
 * @typedef {import("./args.js").Arguments} Arguments
 * @typedef {import("./terminal.js").Terminal} Terminal
 */

/**
 * @param {Arguments} args
 * @param {Terminal} terminal
 */
export async function newKey({ values }, terminal) {
  if (values.signing !== undefined) return newSigningKey(/** @type {string} */ (values.out), terminal);
  const { core } = loadEngine();
  const passphrase = values["passphrase-file"] === undefined ? null : readPassphrase(values["passphrase-file"]);
  const key = makeKey();
  const file = await saveKey({ key, namespace: values.namespace ?? null }, core.keyId, passphrase);
  key.fill(0);
  written(() => writeNewPrivateJson(/** @type {string} */ (values.out), file));
  terminal.out("key-made", { what: file.keyId });
  return 0;
}

/** @param {string} path @param {Terminal} terminal */
function newSigningKey(path, terminal) {
  const key = makeSigningKey();
  written(() => writeNewPrivate(path, pemOf(key)));
  terminal.out("signing-key-made", { what: fingerprintOf(publicKeyOf(key)) });
  return 0;
}

/** @param {() => void} write */
function written(write) {
  try {
    write();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new RunError(error.code === "EEXIST" ? "key-exists" : "write-denied");
  }
}

/**
 * @param {Arguments} args
 * @param {Terminal} terminal
 */
export function checkPolicy({ inputs: [name = ""] }, terminal) {
  const { sha256 } = readPolicy(loadEngine(), name);
  terminal.out("policy-good", { what: sha256 });
  return 0;
}
