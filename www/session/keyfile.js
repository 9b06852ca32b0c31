/**
 * Key files (`tokumei.key/1`): plain, or wrapped with a passphrase (PBKDF2-SHA256, AES-256-GCM; design.md 6).
 *
 * Whoever gets a key from here zeroes the array once the modules hold it.
 */

const SCHEMA = "tokumei.key/1";
const KEY_BYTES = 32;
const ITERATIONS = 600_000;
/** A file may ask for more rounds than ours, but not for hours of them. */
const MOST_ITERATIONS = 10_000_000;
const SALT_BYTES = 16;
const IV_BYTES = 12;

/**
 * @typedef {{key: Uint8Array, keyId: string, namespace: string | null}} LoadedKey
 * @typedef {{schema: string, key?: string, keyId: string, namespace?: string, wrap?: {kdf: string, iterations: number, salt: string},
 *   iv?: string, ct?: string}} KeyFile
 * @typedef {(key: Uint8Array) => string} KeyIdOf
 */

/**
 * `code`: `key-missing` (no key file), `key-passphrase-needed`, `key-passphrase-wrong`, `key-mismatch` (the key is not the one that
 * the file names).
 */
export class KeyFileError extends Error {
  /** @param {"key-missing" | "key-passphrase-needed" | "key-passphrase-wrong" | "key-mismatch"} code */
  constructor(code) {
    super(code);
    this.name = "KeyFileError";
    this.code = code;
  }
}

/** 32 random bytes. */
export function makeKey() {
  return crypto.getRandomValues(new Uint8Array(KEY_BYTES));
}

/**
 * @param {{key: Uint8Array, namespace?: string | null}} loaded
 * @param {KeyIdOf} keyIdOf
 * @param {string | null} [passphrase]  wraps the key
 * @returns {Promise<KeyFile>}
 */
export async function saveKey({ key, namespace }, keyIdOf, passphrase = null) {
  const keyId = keyIdOf(key);
  const bound = namespace ? { namespace } : {};
  if (passphrase === null) return { schema: SCHEMA, key: toBase64url(key), keyId, ...bound };
  const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES));
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const wrapping = await wrappingKey(passphrase, salt, ITERATIONS, "encrypt");
  const ct = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, wrapping, solid(key)));
  return {
    schema: SCHEMA,
    keyId,
    wrap: { kdf: "PBKDF2-SHA256", iterations: ITERATIONS, salt: toBase64url(salt) },
    iv: toBase64url(iv),
    ct: toBase64url(ct),
    ...bound,
  };
}

/**
 * @param {string} text
 * @param {KeyIdOf} keyIdOf
 * @param {string | null} [passphrase]
 * @returns {Promise<LoadedKey>}
 */
export async function loadKey(text, keyIdOf, passphrase = null) {
  const file = parse(text);
  const key = file.wrap === undefined ? fromBase64url(file.key ?? "") : await unwrap(file, passphrase);
  if (key === null || key.length !== KEY_BYTES) throw new KeyFileError("key-missing");
  if (keyIdOf(key) !== file.keyId) {
    key.fill(0);
    throw new KeyFileError("key-mismatch");
  }
  return { key, keyId: file.keyId, namespace: file.namespace ?? null };
}

/**
 * @param {KeyFile} file
 * @param {string | null} passphrase
 */
async function unwrap(file, passphrase) {
  if (passphrase === null) throw new KeyFileError("key-passphrase-needed");
  const { kdf, iterations, salt } = /** @type {{kdf: string, iterations: number, salt: string}} */ (file.wrap);
  const [saltBytes, iv, ct] = [fromBase64url(salt), fromBase64url(file.iv ?? ""), fromBase64url(file.ct ?? "")];
  const usable =
    kdf === "PBKDF2-SHA256" && Number.isInteger(iterations) && iterations > 0 && iterations <= MOST_ITERATIONS;
  if (!usable || saltBytes === null || iv === null || ct === null) throw new KeyFileError("key-missing");
  const wrapping = await wrappingKey(passphrase, saltBytes, iterations, "decrypt");
  try {
    const opened = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, wrapping, ct);
    return new Uint8Array(opened);
  } catch (error) {
    // Node throws a DOMException too; anything else is no matter of the passphrase.
    if (error instanceof DOMException) throw new KeyFileError("key-passphrase-wrong");
    throw error;
  }
}

/**
 * @param {string} passphrase
 * @param {Uint8Array<ArrayBuffer>} salt
 * @param {number} iterations
 * @param {"encrypt" | "decrypt"} usage
 */
async function wrappingKey(passphrase, salt, iterations, usage) {
  // The same passphrase typed on two machines may differ in how it composes its characters.
  const material = await crypto.subtle.importKey("raw", bytesOf(passphrase.normalize("NFC")), "PBKDF2", false, [
    "deriveKey",
  ]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
  return crypto.subtle.deriveKey(how, material, { name: "AES-GCM", length: 256 }, false, [usage]);
}

/**
 * @param {string} text
 * @returns {KeyFile}
 */
function parse(text) {
  let file;
  try {
    file = JSON.parse(text.replace(/^\ufeff/u, ""));
  } catch (error) {
    if (error instanceof SyntaxError) throw new KeyFileError("key-missing");
    throw error;
  }
  const wellFormed =
    typeof file === "object" &&
    file !== null &&
    file.schema === SCHEMA &&
    typeof file.keyId === "string" &&
    (file.namespace === undefined || typeof file.namespace === "string") &&
    (typeof file.key === "string" || (typeof file.wrap === "object" && file.wrap !== null));
  if (!wellFormed) throw new KeyFileError("key-missing");
  return file;
}

/** @param {string} text */
function bytesOf(text) {
  return new TextEncoder().encode(text);
}

/** @param {Uint8Array} bytes */
function solid(bytes) {
  return bytes.buffer instanceof ArrayBuffer ? /** @type {Uint8Array<ArrayBuffer>} */ (bytes) : new Uint8Array(bytes);
}

/** RFC 4648 5, without padding. @param {Uint8Array} bytes */
function toBase64url(bytes) {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

/**
 * @param {string} text
 * @returns {Uint8Array<ArrayBuffer> | null}  null: not base64url, or not the one spelling of these bytes
 */
function fromBase64url(text) {
  const bare = text.replace(/=+$/u, "");
  if (!/^[0-9A-Za-z_-]*$/u.test(bare) || bare.length % 4 === 1) return null;
  const bytes = Uint8Array.from(atob(bare.replaceAll("-", "+").replaceAll("_", "/")), (character) =>
    character.charCodeAt(0),
  );
  return toBase64url(bytes) === bare ? bytes : null;
}
