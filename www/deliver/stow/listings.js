/**
 * What a destination says by QIDO-RS (PS3.18 10.6) of the instances that it has. Receivers differ: some know no offset, some show no
 * more than so many, some answer no queries at all. What they leave open is told apart from what they say.
 */

import { DeliveryError } from "../sink.js";
import { readListing } from "./answer.js";
import { JSON_TYPE } from "./client.js";
import { meaningOf } from "./statuses.js";
import { TransportError } from "./transport.js";

/**
 * @typedef {import("./existing.js").Place} Place
 *
 * @typedef {object} Listing  of a study
 * @property {Set<string>} uids
 * @property {"none" | "open" | "unknown"} rest  `none`: it has no others. `open`: it may, and can be asked for each. `unknown`: it may,
 *   and does not answer
 */

const PAGE = 1_000;
/** Instances of one study that are taken from a listing. */
const MOST_LISTED = 250_000;
/** How often an answer is asked for again that is not one. */
const MOST_UNREAD = 3;
/** @type {NonNullable<ReturnType<typeof readListing>>} */
const NOTHING = Object.freeze({ items: 0, instances: [] });

export class Listings {
  /** Does the destination answer queries? null: not known yet. @type {boolean | null} */
  #offered = null;
  /** It has answered one for instances, so that another answer is a fault. */
  #answered = false;
  /** It can be asked for one instance. */
  #filters = true;
  #client;

  /** @param {import("./client.js").Client} client */
  constructor(client) {
    this.#client = client;
  }

  /** Does the destination say what it has? */
  get offered() {
    return this.#offered === true;
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
   * @param {string} study
   * @param {Iterable<string>} [wanted]  enough when all of these are found
   * @returns {Promise<Listing | null>}  null: it answers no queries
   */
  async ofStudy(study, wanted) {
    /** @type {Set<string>} */
    const uids = new Set();
    const missing = wanted && new Set(wanted);
    /** @type {Listing["rest"]} */
    let rest = "unknown";
    for (let offset = 0; uids.size < MOST_LISTED && this.#offered !== false; ) {
      const page = await this.#page(`/studies/${study}/instances?includefield=00080018&limit=${PAGE}&offset=${offset}`);
      const before = uids.size;
      for (const uid of page?.instances ?? []) {
        uids.add(uid);
        missing?.delete(uid);
      }
      offset += page?.items ?? 0;
      if (page?.items === 0) rest = "none";
      // It knows no offset, and gave the same again: of all, or of as many as it shows.
      else if (page && uids.size === before) rest = "open";
      else if (page && missing?.size !== 0) continue;
      break;
    }
    if (this.#offered === null) this.#learn(await this.#client.ask(nothing()));
    return this.#offered ? { uids, rest } : null;
  }

  /**
   * Asks for one instance that is not listed.
   * @param {Place} place
   * @returns {Promise<boolean | null>}  null: it does not answer
   */
  async holds({ study, instance }) {
    if (!this.#filters) return false;
    const page = await this.#page(
      `/studies/${study}/instances?SOPInstanceUID=${instance}&includefield=00080018&limit=1`,
    );
    if (page?.instances.includes(instance)) return true;
    // Others were not asked for: it knows no such filter, and the listing is all that it says.
    if (page && page.items > 0) this.#filters = false;
    return page ? false : null;
  }

  /** Whether it has this study, by a query for studies. @param {string} study */
  async hasStudy(study) {
    const { status, text } = await this.#client.ask({
      path: `/studies?StudyInstanceUID=${study}&limit=1`,
      accept: JSON_TYPE,
    });
    return status === 200 && !/^\s*\[\s*\]\s*$/u.test(text);
  }

  /** @param {string} path @returns {Promise<ReturnType<typeof readListing>>}  null: no answer to that */
  async #page(path) {
    for (let unread = 1; ; unread++) {
      const answer = await this.#client.ask({ path, accept: JSON_TYPE });
      const { status } = answer;
      // Not found: the study, or queries altogether.
      if (status === 404) return NOTHING;
      const listing = status === 204 ? NOTHING : status === 200 ? readListing(answer.text) : null;
      if (listing === null && status === 200 && unread < MOST_UNREAD) continue;
      if (listing !== null) this.#answered = true;
      if (listing !== null || status === 200) this.#offered = this.#answered;
      // A fault says nothing of what it offers.
      else if (status !== 500 && !(this.#answered && meaningOf(status) !== "auth")) this.#learn(answer);
      return listing;
    }
  }

  /** @param {import("./transport.js").Answer} answer  to a query */
  #learn({ status }) {
    if (meaningOf(status) === "auth") throw new DeliveryError("destination-auth");
    this.#offered = status === 200 || status === 204;
  }
}

/** A query that finds nothing: no study has this UID. */
function nothing() {
  const number = crypto.getRandomValues(new Uint32Array(3)).join("");
  return { path: `/studies?StudyInstanceUID=2.25.1${number}&limit=1`, accept: JSON_TYPE };
}
