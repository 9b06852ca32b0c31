/** Sending to one destination: its ledger, its sink, its receipt. Loaded when a session with a destination is opened. */
import { ledgerKey, openLedger } from "../deliver/ledger.js";
import { pageSleep, pageTransport } from "../deliver/stow/page.js";
import { stowSink } from "../deliver/stow/sink.js";
import { allowedDestination } from "./destination.js";

/**
 * @typedef {(notice: {code: string, seconds?: number, bytes?: number}) => void} Tell
 * @typedef {() => string | null} Token  a bearer token; asked for each request, kept nowhere
 */

/** What the sink needs of a browser. */
const PAGE = { transport: pageTransport, sleep: pageSleep };

export class Uploader {
  #url;
  #ledger;

  /** @param {string} url @param {import("../deliver/ledger.js").Ledger} ledger */
  constructor(url, ledger) {
    this.#url = url;
    this.#ledger = ledger;
  }

  /**
   * @param {string} wanted  name or address
   * @param {Uint8Array<ArrayBuffer>} key  32 bytes; zeroed by this call
   */
  static async open(wanted, key) {
    try {
      const url = await allowedDestination(wanted);
      return new Uploader(url, openLedger(await ledgerKey(key), url));
    } finally {
      key.fill(0);
    }
  }

  get url() {
    return this.#url;
  }

  /** @param {Token} token @param {Tell} notice */
  sink(token, notice) {
    return stowSink({ ...PAGE, url: this.#url, token, ledger: this.#ledger, notice });
  }

  /** The record is finished: what was delivered is no longer remembered here. */
  finish() {
    return this.#ledger.forget();
  }
}

/**
 * Asks a destination whether it would take anything; nothing is sent.
 * @param {string} wanted @param {Token} token
 * @throws {DeliveryError}
 */
export async function check(wanted, token) {
  const sink = stowSink({
    url: await allowedDestination(wanted),
    transport: pageTransport,
    token,
    limits: { tries: 1 },
  });
  try {
    await sink.check();
  } finally {
    await sink.abort();
  }
}
