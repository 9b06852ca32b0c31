/**
 * What the destination has already, so that nothing is sent twice and nothing is overwritten. A study is listed by QIDO-RS
 * before its first batch; a listed instance that this hospital did not deliver is compared by its digest. In the end what was named
 * as stored is looked for once more.
 *
 * A destination without queries (404, 405, 501) is told only what the ledger and this run know.
 */

import { DeliveryError } from "../sink.js";
import { Listings } from "./listings.js";
import { onlyPart } from "./multipart.js";

/**
 * @typedef {import("../sink.js").Output} Output
 * @typedef {import("./listings.js").Listing} Listing
 * @typedef {{study: string, series: string, instance: string}} Place
 * @typedef {{n: number, bytes: number, sha256: string}} Delivered
 *
 * @typedef {object} Ledger  what was delivered before, see design.md 11. Does not reject
 * @property {(output: Output) => Promise<"confirmed" | "intended" | null>} has
 * @property {(outputs: Output[]) => Promise<void>} intend  before they are sent, when the destination did not have them
 * @property {(output: Output) => Promise<void>} confirm
 */

/** UIDs of listings that are kept; the study that was not asked for the longest is listed again. */
const MOST_KEPT = 500_000;
/** What a listing takes, however short, in UIDs. */
const LEAST_KEPT = 16;
/** Milliseconds before studies are listed that lack what was named as stored: a listing may lag behind. */
const LAGS = [0, 2_000, 6_000, 18_000];
/** Studies listed at once in the end. */
const MOST_LISTED = 4;
/** Comparisons at once. */
const MOST_COMPARED = 4;
/** What multipart adds around one instance. */
const MOST_FRAMING = 64 * 1024;
/** Hashing needs the bytes in one piece. */
const MOST_HASHED = 256 * 1024 * 1024;
/** As it is stored, not converted. */
const INSTANCE = 'multipart/related; type="application/dicom"; transfer-syntax=*';

export class Existing {
  /** The one asked for last is last. @type {Map<string, {listed: Promise<Listing | null>, size: number}>} */
  #kept = new Map();
  #size = 0;
  /** Delivered by this run, by study and instance. @type {Map<string, Map<string, Delivered>>} */
  #own = new Map();
  /** Does it tell digests? One that gave the bytes but no digest is not asked for another. */
  #tells = true;
  #comparing = 0;
  /** @type {(() => void)[]} */
  #waiting = [];
  #client;
  #ledger;
  #listings;

  /** @param {import("./client.js").Client} client @param {Ledger | null} ledger */
  constructor(client, ledger) {
    this.#client = client;
    this.#ledger = ledger;
    this.#listings = new Listings(client);
  }

  /** Does the destination say what it has? */
  get offered() {
    return this.#listings.offered;
  }

  /** @throws {DeliveryError} */
  check() {
    return this.#listings.check();
  }

  /**
   * @param {Output} output
   * @param {Place} place
   * @returns {Promise<"send" | "there" | "conflict">}
   */
  async judge(output, place) {
    const listing = await this.#listing(place.study);
    const own = this.#own.get(place.study)?.get(place.instance);
    if (own) return own.sha256 === output.sha256 ? "there" : "conflict";
    const has = listing && (listing.uids.has(place.instance) || (await this.#beyond(listing, place)));
    if (has === false) return "send";
    const known = (await this.#ledger?.has(output)) ?? null;
    if (listing === null) return known === "confirmed" ? "there" : "send";
    if (known === "confirmed" || (known === "intended" && has)) return "there";
    // What may be there and can't be compared is not overwritten.
    return has ? this.compare(output, place) : "conflict";
  }

  /** Whether an instance is there that is not listed; null: it does not say. @param {Listing} listing @param {Place} place */
  #beyond({ rest }, place) {
    if (rest === "open") return this.#listings.holds(place);
    return rest === "none" ? false : null;
  }

  /** This run delivered it. @param {Output} output @param {Place} place */
  delivered({ n, bytes, sha256 }, { study, instance }) {
    const own = this.#own.get(study) ?? new Map();
    this.#own.set(study, own.set(instance, { n, bytes, sha256 }));
  }

  /**
   * Which of these, of one study, the destination has now.
   * @param {Place[]} places
   * @returns {Promise<Set<string>>}
   */
  async arrived(places) {
    const uids = places.map(({ instance }) => instance);
    const listing = await this.#listings.ofStudy(places[0]?.study ?? "", uids);
    const there = new Set(uids.filter((uid) => listing?.uids.has(uid)));
    for (const place of listing?.rest === "open" ? places : []) {
      if (!there.has(place.instance) && (await this.#listings.holds(place))) there.add(place.instance);
    }
    return there;
  }

  /**
   * What it named as stored, but does not list; nothing where it does not say.
   * @param {(ms: number) => Promise<void>} wait
   * @returns {Promise<Delivered[]>}
   */
  async absent(wait) {
    let open = this.#own;
    for (const lag of LAGS) {
      if (open.size === 0) break;
      if (lag > 0) await wait(lag);
      /** @type {typeof open} */
      const absent = new Map();
      const left = open.entries();
      const lane = async () => {
        for (const [study, own] of left) {
          const gone = await this.#absentOf(study, own);
          if (gone.size > 0) absent.set(study, gone);
        }
      };
      await Promise.all(Array.from({ length: MOST_LISTED }, lane));
      open = absent;
    }
    return [...open.values()].flatMap((gone) => [...gone.values()]);
  }

  /** @param {string} study @param {Map<string, Delivered>} own */
  async #absentOf(study, own) {
    const listing = await this.#listings.ofStudy(study, own.keys());
    const gone = new Map(listing?.rest === "none" ? [...own].filter(([uid]) => !listing.uids.has(uid)) : []);
    // One that lists studies, but no instances, says nothing of these.
    const silent = gone.size > 0 && listing?.uids.size === 0 && (await this.#listings.hasStudy(study));
    return silent ? new Map() : gone;
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
    if (whole.status === 401) throw new DeliveryError("destination-auth");
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

  /** @param {string} study */
  #listing(study) {
    const kept = this.#kept.get(study) ?? { listed: this.#listings.ofStudy(study), size: 0 };
    this.#kept.delete(study);
    this.#kept.set(study, kept);
    if (kept.size > 0) return kept.listed;
    kept.size = LEAST_KEPT;
    this.#size += kept.size;
    // Who waits for it is told of a fault.
    kept.listed.then(
      (listing) => this.#grown(kept, listing?.uids.size ?? 0),
      () => undefined,
    );
    return kept.listed;
  }

  /** @param {{size: number}} kept @param {number} more */
  #grown(kept, more) {
    kept.size += more;
    this.#size += more;
    for (const [study, { size }] of this.#kept) {
      if (this.#size <= MOST_KEPT || this.#kept.size === 1) return;
      this.#kept.delete(study);
      this.#size -= size;
    }
  }
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
