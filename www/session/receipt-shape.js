/** The shape of a receipt, as docs/schema/receipt.schema.json has it: nothing else is looked at. */

const SHA256 = /^[0-9a-f]{64}$/u;
const UID = /^[0-9](?:[0-9.]{0,62}[0-9])?$/u;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/u;

/** @type {Record<string, (value: unknown) => boolean>} */
const RECEIPT = {
  schema: (value) => value === "tokumei.receipt/1",
  tool: isText,
  policy: (value) => has(value, { id: isText, version: isText, sha256: like(SHA256) }),
  keyId: like(/^[0-9a-f]{16}$/u),
  destination: isText,
  started: like(TIME),
  ended: like(TIME),
  instances: (value) => Array.isArray(value) && value.every((each) => has(each, INSTANCE)),
  signature: (value) => value === null || has(value, SIGNATURE),
};

/** @type {Record<string, (value: unknown) => boolean>} */
const INSTANCE = {
  study: like(UID),
  series: like(UID),
  instance: like(UID),
  sha256: like(SHA256),
  bytes: (value) => Number.isSafeInteger(value) && Number(value) >= 0,
  at: like(TIME),
  how: (value) => value === "sent" || value === "there",
};

/** @type {Record<string, (value: unknown) => boolean>} */
const SIGNATURE = {
  alg: (value) => value === "Ed25519",
  publicKey: like(/^[A-Za-z0-9_-]{43}$/u),
  value: like(/^[A-Za-z0-9_-]{86}$/u),
};

/**
 * @param {unknown} value
 * @returns {value is import("./receipt.js").Receipt}
 */
export function isReceipt(value) {
  return has(value, RECEIPT);
}

/**
 * An object of just these fields, each as it should be.
 * @param {unknown} value
 * @param {Record<string, (value: unknown) => boolean>} fields
 */
function has(value, fields) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const names = Object.keys(fields);
  const known = /** @type {Record<string, unknown>} */ (value);
  return (
    Object.keys(value).length === names.length &&
    names.every((name) => Object.hasOwn(value, name) && fields[name]?.(known[name]) === true)
  );
}

/** A string that the canonical form can hold. @param {unknown} value */
function isText(value) {
  return typeof value === "string" && !/\p{Surrogate}/u.test(value);
}

/** @param {RegExp} pattern */
function like(pattern) {
  return (/** @type {unknown} */ value) => typeof value === "string" && pattern.test(value);
}
