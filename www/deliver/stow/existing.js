/**
 * What the destination has already, so that nothing is sent twice and nothing is overwritten. A study is listed by QIDO-RS
 * (PS3.18 10.6) before its first batch; a listed instance that this hospital did not deliver is compared by its digest.
 *
 * A destination without queries (404, 405, 501) is told only what the ledger and this run know.
 */

import { DeliveryError } from "../sink.js";
import { readListing } from "./answer.js";
import { JSON_TYPE } from "./client.js";
import { onlyPart } from "./multipart.js";
import { meaningOf } from "./statuses.js";
import { TransportError } from "./transport.js";

/**
 * @typedef {import("../sink.js").Output} Output
 * @typedef {{study: string, series: string, instance: string}} Place
 * @typedef {{listed: Promise<Set<string> | null>, own: Map<string, string>}} Study  own: delivered by this run, with its digest
 *
 * @typedef {object} Ledger  what was delivered before, see design.md 11. Does not reject
 * @property {(output: Output) => Promise<"confirmed" | "intended" | null>} has
 * @property {(outputs: Output[]) => Promise<void>} intend  before they are sent, when the destination did not have them
 * @property {(output: Output) => Promise<void>} confirm
 */

const PAGE = 1_000;
const MOST_PAGES = 10_000;
/** Studies whose listing is kept; an older one is asked for again. */
const MOST_STUDIES = 16;
/** Comparisons at once. */
const MOST_COMPARED = 4;
/** What multipart adds around one instance. */
const MOST_FRAMING = 64 * 1024;
/** Hashing needs the bytes in one piece. */
const MOST_HASHED = 256 * 1024 * 1024;
/** How often an answer is asked for again that is not one. */
const MOST_UNREAD = 3;
/** As it is stored, not converted. */
const INSTANCE = 'multipart/related; type="application/dicom"; transfer-syntax=*';

export class Existing {
  /** @type {Map<string, Study>} */
  #studies = new Map();
  /** Does the destination answer queries? null: not known yet. @type {boolean | null} */
  #offered = null;
  /** Does it tell digests? One that gave the bytes but no digest is not asked for another. */
  #tells = true;
  #comparing = 0;
  /** @type {(() => void)[]} */
  #waiting = [];
  #client;
  #ledger;

  /** @param {import("./client.js").Client} client @param {Ledger | null} ledger */
  constructor(client, ledger) {
    this.#client = client;
    this.#ledger = ledger;
  }

  /** Does the destination say what it has? */
  get offered() {
    return this.#offered === true;
  }

  /**
   * @param {Output} output
   * @param {Place} place
   * @returns {Promise<"send" | "there" | "conflict">}
   */
  async judge(output, place) {
    const { listed, own } = this.#study(place.study);
    const there = await listed;
    const digest = own.get(place.instance);
    if (digest !== undefined) return digest === output.sha256 ? "there" : "conflict";
    const known = (await this.#ledger?.has(output)) ?? null;
    if (there === null) return known === "confirmed" ? "there" : "send";
    if (!there.has(place.instance)) return "send";
    return known === null ? this.compare(output, place) : "there";
  }

  /** This run delivered it. @param {Output} output @param {Place} place */
  delivered(output, place) {
    this.#study(place.study).own.set(place.instance, output.sha256);
  }

  /**
   * Which of these the destination has now.
   * @param {string} study
   * @param {string[]} instances
   * @returns {Promise<Set<string> | null>}  null: it does not say
   */
  list(study, instances) {
    return this.#list(study, new Set(instances));
  }

  /**
   * A small authorised request, asked once.
   * @throws {DeliveryError}
   */
  async check() {
    const answer = await this.#client.once(nothing());
    const passing = answer instanceof TransportError || meaningOf(answer.status) === "wait" || answer.status === 500;
    if (passing) throw new DeliveryError("destination-unreachable");
    this.#learn(answer);
  }

  /**
   * Compares what is listed with what would be sent. What cannot be compared is not the same.
   * @param {Output} output
   * @param {Place} place
   * @returns {Promise<"there" | "conflict">}
   */
  async compare(output, place) {
    while (this.#comparing >= MOST_COMPARED) await new Promise((done) => this.#waiting.push(() => done(null)));
    this.#comparing += 1;
    try {
      return (await this.#digest(output, place)) === output.sha256 ? "there" : "conflict";
    } finally {
      this.#comparing -= 1;
      this.#waiting.shift()?.();
    }
  }

  /** @param {Output} output @param {Place} place @returns {Promise<string | null>} */
  async #digest({ bytes }, { study, series, instance }) {
    const path = `/studies/${study}/series/${series}/instances/${instance}`;
    const told = this.#tells ? await this.#told(path) : null;
    if (told !== null || bytes > MOST_HASHED) return told;
    const whole = await this.#client.ask({ path, accept: INSTANCE, want: "blob", most: bytes + MOST_FRAMING });
    if (whole.status !== 200 || !whole.blob) return null;
    this.#tells = false;
    const blob = await onlyPart(whole.blob, whole.header("Content-Type"));
    return blob?.size === bytes ? sha256(blob) : null;
  }

  /** @param {string} path @returns {Promise<string | null>}  the digest of an instance, without its bytes */
  async #told(path) {
    const { status, header } = await this.#client.ask({ method: "HEAD", path, accept: "application/dicom" });
    if (status === 401) throw new DeliveryError("destination-auth");
    return status === 200 ? reprDigest(header("Repr-Digest")) : null;
  }

  /** @param {string} study @returns {Study} */
  #study(study) {
    const kept = this.#studies.get(study);
    if (kept) return kept;
    const made = { listed: this.#list(study, null), own: new Map() };
    // Who waits for it is told; nobody may be waiting yet.
    made.listed.catch(() => undefined);
    this.#studies.set(study, made);
    const [oldest] = this.#studies.keys();
    // Without queries, what this run delivered is known only here.
    if (this.#offered && this.#studies.size > MOST_STUDIES && oldest !== undefined) this.#studies.delete(oldest);
    return made;
  }

  /**
   * @param {string} study
   * @param {Set<string> | null} wanted  enough when these are found
   * @returns {Promise<Set<string> | null>}
   */
  async #list(study, wanted) {
    /** @type {Set<string>} */
    const found = new Set();
    let offset = 0;
    for (let page = 0; page < MOST_PAGES && this.#offered !== false; page++) {
      const path = `/studies/${study}/instances?includefield=00080018&limit=${PAGE}&offset=${offset}`;
      const listing = await this.#page(path);
      if (listing === null) break;
      const before = found.size;
      for (const uid of listing.instances) found.add(uid);
      offset += listing.items;
      // Some receivers know no offset: they answer the same again.
      if (found.size === before || (wanted !== null && holdsAll(found, wanted))) break;
    }
    if (this.#offered === null) this.#learn(await this.#client.ask(nothing()));
    return this.#offered === true || found.size > 0 ? found : null;
  }

  /** @param {string} path @returns {Promise<ReturnType<typeof readListing>>}  null: nothing of that name */
  async #page(path) {
    for (let unread = 1; ; unread++) {
      const answer = await this.#client.ask({ path, accept: JSON_TYPE });
      const listing = answer.status === 200 ? readListing(answer.text) : null;
      // Not found: the study, or queries altogether.
      if (answer.status === 404) return null;
      if (answer.status === 200 && listing === null && unread < MOST_UNREAD) continue;
      if (answer.status === 200) this.#offered = listing !== null;
      else this.#learn(answer);
      return listing;
    }
  }

  /** @param {import("./transport.js").Answer} answer  to a query */
  #learn({ status }) {
    if (meaningOf(status) === "auth") throw new DeliveryError("destination-auth");
    this.#offered = status === 200 || status === 204;
  }
}

/** @param {Set<string>} set @param {Set<string>} wanted */
function holdsAll(set, wanted) {
  return Array.from(wanted).every((uid) => set.has(uid));
}

/** A query that finds nothing: no study has this UID. */
function nothing() {
  const number = crypto.getRandomValues(new Uint32Array(3)).join("");
  return { path: `/studies?StudyInstanceUID=2.25.1${number}&limit=1`, accept: JSON_TYPE };
}

/** @param {string | null} value  of Repr-Digest (RFC 9530) @returns {string | null}  hexadecimal */
function reprDigest(value) {
  const found = /(?:^|,)\s*sha-256=:([A-Za-z0-9+/]{43}=):/u.exec(value ?? "");
  return found?.[1] ? hex(Uint8Array.from(atob(found[1]), (letter) => letter.charCodeAt(0))) : null;
}

/** @param {Blob} blob */
async function sha256(blob) {
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer())));
}

/** @param {Uint8Array} bytes */
function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
