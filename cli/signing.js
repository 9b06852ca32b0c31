/**
 * Keys that sign receipts (Ed25519, RFC 8032): made by `tokumei key new --signing` as PKCS#8 (RFC 8410) in PEM, read from that or
 * from a JSON Web Key (RFC 8037). Never the project key.
 */

import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { RunError } from "./run-error.js";

/**
 * @typedef {import("node:crypto").KeyObject} KeyObject
 * @typedef {import("../www/session/receipt.js").Signer} Signer
 */

/** Who a receipt is signed by. @returns {KeyObject} */
export function makeSigningKey() {
  return generateKeyPairSync("ed25519").privateKey;
}

/** @param {KeyObject} key */
export function pemOf(key) {
  return key.export({ type: "pkcs8", format: "pem" }).toString();
}

/**
 * @param {string} path
 * @returns {KeyObject}
 * @throws {RunError}
 */
export function readSigningKey(path) {
  try {
    const text = readFileSync(path, "utf8");
    const key = text.trimStart().startsWith("{")
      ? createPrivateKey({ key: JSON.parse(text), format: "jwk" })
      : createPrivateKey(text);
    if (key.asymmetricKeyType === "ed25519") return key;
  } catch (error) {
    // What Node says of a key may repeat parts of it.
    if (!(error instanceof SyntaxError) && !hasCode(error)) throw error;
  }
  throw new RunError("signing-key-missing");
}

/**
 * @param {KeyObject} key  private
 * @returns {Signer}
 */
export function signerOf(key) {
  return {
    publicKey: publicKeyOf(key),
    sign: async (bytes) => new Uint8Array(sign(null, bytes, key)),
  };
}

/** Base64url of its 32 bytes, as receipts have it. @param {KeyObject} key  private */
export function publicKeyOf(key) {
  return /** @type {string} */ (createPublicKey(key).export({ format: "jwk" }).x);
}

/**
 * By which people compare keys: SHA-256 over the 32 bytes of the public key, hexadecimal.
 * @param {string} publicKey  base64url
 */
export function fingerprintOf(publicKey) {
  return createHash("sha256").update(Buffer.from(publicKey, "base64url")).digest("hex");
}

/**
 * @param {string} text  as a person types it: in capitals, with colons or blanks
 * @returns {string | null}  null: not a fingerprint
 */
export function readFingerprint(text) {
  const bare = text.replace(/[\s:]/gu, "").toLowerCase();
  return /^[0-9a-f]{64}$/u.test(bare) ? bare : null;
}

/** An error of the system, of Node's cryptography, or of OpenSSL. @param {unknown} error */
function hasCode(error) {
  return error instanceof Error && typeof Reflect.get(error, "code") === "string";
}
