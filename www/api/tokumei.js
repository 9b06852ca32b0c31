/**
 * `globalThis.tokumei`: everything that the page does, for the page itself and for automation. Documented in
 * docs/automation.md; what is there stays as it is within a major version.
 */
import { loadEngine, resolvePolicy } from "../session/engine.js";
import { readOptOut } from "../session/optout.js";
import { HeldKey } from "./key.js";

/** Version of this interface: raised when something in it changes its meaning. */
const API_VERSION = 1;

/**
 * @typedef {object} OpenOptions
 * @property {string | object} [policy] id of a shipped policy, or a policy document; the first shipped one by default
 * @property {HeldKey | Uint8Array | object} [key] 32 bytes, a key file's content, or a key of `makeKey`; made for the run if absent
 * @property {string} [namespace] hospital; by default that of the key file, else ""
 * @property {string[] | Blob | Uint8Array | null} [optOut] Patient IDs, or a list's file
 * @property {string | object | null} [masks] a file of masks, as text or read
 * @property {string} [destination] name or address of one in the server's settings
 */

class Tokumei {
  /** @type {import("../session/engine.js").Engine["core"] | null} */
  #core = null;
  apiVersion = API_VERSION;
  version = "";
  /** Resolves when everything is loaded; rejects when the browser or the server lacks something. */
  ready = this.#load();

  async #load() {
    const { core } = await loadEngine();
    this.#core = core;
    this.version = core.version();
    // No longer in the way of the modules; a fault is told to whoever opens a session.
    loadSessions().catch(() => undefined);
  }

  /** Policies that come with the product, those first that the page offers first; each as `readPolicy` gives it. */
  policies() {
    const core = this.#engine();
    return inOfferedOrder(core.shippedPolicies()).map(({ id }) => resolvePolicy(core, id));
  }

  /** Checks a policy document. @param {string} text @returns {{ policy: any, sha256: string }} */
  readPolicy(text) {
    return this.#engine().readPolicy(text);
  }

  /** Reads an opt-out list of one column. @param {Uint8Array} bytes @returns {string[]} */
  readOptOut(bytes) {
    return readOptOut(bytes);
  }

  makeKey() {
    return HeldKey.make();
  }

  /** @param {string} text @param {string | null} [passphrase] */
  loadKey(text, passphrase = null) {
    return HeldKey.load(text, passphrase);
  }

  /** @param {OpenOptions} [options] @returns {Promise<import("./session.js").TokumeiSession>} */
  async open({ policy = OFFERED[0], key, namespace, optOut = null, masks = null, destination } = {}) {
    await this.ready;
    const held = await heldKey(key);
    const uploader =
      destination === undefined ? null : await (await loadUpload()).Uploader.open(destination, held.copy());
    const [{ TokumeiSession }, { openPageSession }] = await loadSessions();
    const session = await openPageSession({
      policy: typeof policy === "string" ? policy : JSON.stringify(policy),
      key: held.copy(),
      keyKept: held.kept,
      namespace: namespace ?? held.namespace ?? "",
      optOut: await idsOf(optOut),
      masks: masks === null || typeof masks === "string" ? masks : JSON.stringify(masks),
    });
    return new TokumeiSession(session, held, uploader);
  }

  /** Where the server's settings let a session send: `[{name, url}]`. */
  async destinations() {
    return (await import("./destination.js")).destinations();
  }

  /** What this browser remembers of deliveries whose record is not finished: `{confirmed, day}`, or null. */
  async unfinished() {
    return (await import("../deliver/ledger.js")).unfinished();
  }

  /** What was delivered is no longer remembered here; a destination is asked what it has. */
  async forgetUnfinished() {
    await (await import("../deliver/ledger.js")).forgetAll();
  }

  /**
   * Asks a destination of the settings whether it would take anything from us; sends no image. Throws what speaks against it.
   * @param {string} destination @param {{ token?: import("./upload.js").Token }} [how]
   */
  async checkDestination(destination, { token = () => null } = {}) {
    await (await loadUpload()).check(destination, token);
  }

  /** Whether a receipt is as it was signed. @param {unknown} receipt */
  async verifyReceipt(receipt) {
    return (await import("../session/receipt.js")).verifyReceipt(receipt);
  }

  #engine() {
    if (!this.#core) throw new TokumeiError("not-ready");
    return this.#core;
  }
}

/** What stops a call as a whole; `code` is one of the reason table's. */
export class TokumeiError extends Error {
  /** @param {string} code */
  constructor(code) {
    super(code);
    this.name = "TokumeiError";
    this.code = code;
  }
}

/** What a session needs and the start does not. */
function loadSessions() {
  return Promise.all([import("./session.js"), import("../session/open.js")]);
}

/** What sending needs. */
function loadUpload() {
  return import("./upload.js");
}

/** While text and faces are not looked at by any stage, the policy that says so comes first. */
const OFFERED = ["headers-only", "research", "basic", "longitudinal-full"];

/** @param {any[]} policies */
function inOfferedOrder(policies) {
  const place = (/** @type {any} */ { id }) => (OFFERED.indexOf(id) + OFFERED.length + 1) % (OFFERED.length + 1);
  return [...policies].sort((a, b) => place(a) - place(b));
}

/** @param {OpenOptions["key"]} key @returns {Promise<HeldKey>} */
async function heldKey(key) {
  if (key === undefined) return HeldKey.make();
  if (key instanceof HeldKey) return key;
  if (key instanceof Uint8Array) return new HeldKey(Uint8Array.from(key), { kept: true });
  return HeldKey.load(typeof key === "string" ? key : JSON.stringify(key));
}

/** @param {OpenOptions["optOut"]} list */
async function idsOf(list) {
  if (list === null || list === undefined || Array.isArray(list)) return list ?? null;
  return readOptOut(list instanceof Blob ? new Uint8Array(await list.arrayBuffer()) : list);
}

export const tokumei = new Tokumei();
/** @type {any} */ (globalThis).tokumei = tokumei;
