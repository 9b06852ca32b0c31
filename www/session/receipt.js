/**
 * The receipt of a delivery (`tokumei.receipt/1`): what the destination has confirmed, by output identifiers and digests, signed with
 * Ed25519 (RFC 8032) over RFC 8785 canonical JSON. Its key pair is its own, never the project key. No input, size of an input or path.
 */

import { canonicalJson } from "./canonical.js";
import { isReceipt } from "./receipt-shape.js";

/**
 * @typedef {import("./entry.js").Entry} Entry
 *
 * @typedef {object} Instance
 * @property {string} study  output UIDs
 * @property {string} series
 * @property {string} instance
 * @property {string} sha256
 * @property {number} bytes  as sent
 * @property {string} at  when the destination confirmed it, UTC
 * @property {"sent" | "there"} how  `there`: it had it already, with equal bytes
 *
 * @typedef {{tool: string, policy: {id: string, version: string, sha256: string}, keyId: string, destination: string,
 *   started: string, ended: string}} Facts
 * @typedef {{alg: "Ed25519", publicKey: string, value: string}} Signature  base64url of 32 and of 64 bytes
 * @typedef {{schema: "tokumei.receipt/1"} & Facts & {instances: Instance[]}} Unsigned
 * @typedef {Unsigned & {signature: Signature | null}} Receipt  without signature where this browser can't make one
 *
 * @typedef {Parameters<typeof crypto.subtle.sign>[1]} Key
 * @typedef {{privateKey: Key, publicKey: Key}} SigningKeys
 * @typedef {{publicKey: string, sign: (bytes: Uint8Array<ArrayBuffer>) => Promise<Uint8Array>}} Signer
 */

const ED25519 = "Ed25519";

/**
 * Entries that a destination has confirmed.
 * @param {Entry[]} entries
 * @param {string} destination
 * @returns {Instance[]}
 */
export function instancesOf(entries, destination) {
  return entries.flatMap(({ sent, result }) => {
    if (
      sent?.destination !== destination ||
      !result?.study ||
      !result.series ||
      !result.instance ||
      result.sha256 === null
    )
      return [];
    const { study, series, instance, sha256, bytesOut } = result;
    return [{ study, series, instance, sha256, bytes: bytesOut ?? 0, at: sent.at, how: sent.how }];
  });
}

/**
 * @param {Instance[]} instances
 * @param {Facts} facts
 * @returns {Unsigned}
 */
export function buildReceipt(instances, { tool, policy, keyId, destination, started, ended }) {
  return { schema: "tokumei.receipt/1", tool, policy, keyId, destination, started, ended, instances };
}

/**
 * @param {Unsigned} receipt
 * @param {Signer | null} signer
 * @returns {Promise<Receipt>}
 */
export async function signReceipt(receipt, signer) {
  if (signer === null) return { ...receipt, signature: null };
  const value = toBase64url(await signer.sign(bytesOf(receipt)));
  return { ...receipt, signature: { alg: ED25519, publicKey: signer.publicKey, value } };
}

/**
 * Whether a receipt is as it was signed. That its key is the hospital's is told by comparing `publicKey` with the record.
 * @param {unknown} receipt
 * @returns {Promise<{ok: boolean, reason: string | null}>}  `receipt-malformed`, `receipt-unsigned`, `receipt-changed` (or signed with
 *   another key than it names), `receipt-unsupported` (this browser knows no Ed25519)
 */
export async function verifyReceipt(receipt) {
  if (!isReceipt(receipt)) return { ok: false, reason: "receipt-malformed" };
  const { signature, ...signed } = receipt;
  if (signature === null) return { ok: false, reason: "receipt-unsigned" };
  const [key, value] = [fromBase64url(signature.publicKey), fromBase64url(signature.value)];
  if (key.length !== 32 || value.length !== 64) return { ok: false, reason: "receipt-malformed" };
  try {
    const publicKey = await crypto.subtle.importKey("raw", key, ED25519, false, ["verify"]);
    const ok = await crypto.subtle.verify(ED25519, publicKey, value, bytesOf(signed));
    return { ok, reason: ok ? null : "receipt-changed" };
  } catch (error) {
    if (isUnsupported(error)) return { ok: false, reason: "receipt-unsupported" };
    // 32 bytes that are no point of the curve.
    if (error instanceof DOMException) return { ok: false, reason: "receipt-changed" };
    throw error;
  }
}

/**
 * A key pair that can't be taken out of the browser; null where it has no Ed25519.
 * @param {boolean} [extractable]
 * @returns {Promise<SigningKeys | null>}
 */
export async function makeSigningKeys(extractable = false) {
  try {
    return /** @type {SigningKeys} */ (await crypto.subtle.generateKey(ED25519, extractable, ["sign", "verify"]));
  } catch (error) {
    if (isUnsupported(error)) return null;
    throw error;
  }
}

/**
 * @param {SigningKeys} pair
 * @returns {Promise<Signer>}
 */
export async function signerOf({ privateKey, publicKey }) {
  const raw = new Uint8Array(await crypto.subtle.exportKey("raw", publicKey));
  return {
    publicKey: toBase64url(raw),
    sign: async (bytes) => new Uint8Array(await crypto.subtle.sign(ED25519, privateKey, bytes)),
  };
}

/** @param {unknown} error */
function isUnsupported(error) {
  return error instanceof DOMException && error.name === "NotSupportedError";
}

/** @param {object} receipt  without its signature */
function bytesOf(receipt) {
  return new TextEncoder().encode(canonicalJson(receipt));
}

/** RFC 4648 5, without padding. @param {Uint8Array} bytes */
function toBase64url(bytes) {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

/** @param {string} text  of that alphabet */
function fromBase64url(text) {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));
}
