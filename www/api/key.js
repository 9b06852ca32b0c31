/**
 * A project key while the page holds it. The bytes are private to this object, wiped by `wipe`, and never in the store, in an
 * error or in a log.
 */
import { keyId } from "../pkg/core.js";
import { loadKey, makeKey, saveKey } from "../session/keyfile.js";

export class HeldKey {
  #bytes;

  /**
   * @param {Uint8Array} bytes taken over, not copied
   * @param {{ namespace?: string | null, kept: boolean }} about `kept`: there is a file of it
   */
  constructor(bytes, { namespace = null, kept }) {
    this.#bytes = bytes;
    this.id = keyId(bytes);
    this.namespace = namespace;
    this.kept = kept;
  }

  /** A new random key, for this run until somebody saves it. */
  static make() {
    return new HeldKey(makeKey(), { kept: false });
  }

  /**
   * @param {string} text of a key file
   * @param {string | null} [passphrase]
   * @throws {import("../session/keyfile.js").KeyFileError}
   */
  static async load(text, passphrase = null) {
    const { key, namespace } = await loadKey(text, keyId, passphrase);
    return new HeldKey(key, { namespace, kept: true });
  }

  /** What a key file holds. @param {string | null} [passphrase] wraps it */
  toFile(passphrase = null) {
    return saveKey({ key: this.#bytes, namespace: this.namespace }, keyId, passphrase);
  }

  /** A copy for a pool. */
  copy() {
    return Uint8Array.from(this.#bytes);
  }

  wipe() {
    this.#bytes.fill(0);
  }
}
