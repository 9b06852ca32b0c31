/** The destination of `--stow`: its address, its token, its patience, and what is said on the way. */

import { readFileSync } from "node:fs";
import { DeliveryError } from "../www/deliver/sink.js";
import { sleep } from "../www/deliver/stow/retry.js";
import { stowSink } from "../www/deliver/stow/sink.js";
import { RunError } from "./run-error.js";
import { isSystemError } from "./source.js";
import { nodeTransport } from "./transport.js";

/** @typedef {{code: string, seconds?: number, bytes?: number}} Notice */

/** Failures of the line in a row before a run is given up: about four minutes of waiting. */
export const TRIES = 10;
const FIRST_WAIT = 1_000;
const MOST_WAIT = 60_000;
const LOOPBACK = new Set(["127.0.0.1", "[::1]", "localhost"]);

/**
 * @param {string} text  as it was typed
 * @returns {string | null}  the DICOMweb base without a slash at its end; null: not an address that may be sent to
 */
export function destinationOf(text) {
  if (!URL.canParse(text)) return null;
  const { protocol, hostname, username, password, search, hash, href } = new URL(text);
  const safe = protocol === "https:" || (protocol === "http:" && LOOPBACK.has(hostname));
  if (!safe || username || password || search || hash || /[?#]$/u.test(href)) return null;
  return href.replace(/\/+$/u, "");
}

/** One destination, for one run. */
export class Destination {
  #transport = nodeTransport();
  #stop = new AbortController();
  #url;
  #token;
  #tries;
  /** @type {ReturnType<typeof stowSink> | null} */
  #sink = null;

  /**
   * @param {{url: string, tokenFile: string | undefined, tries: number}} how
   * @throws {RunError}
   */
  constructor({ url, tokenFile, tries }) {
    this.#url = url;
    this.#tries = tries;
    this.#token = tokenFile === undefined ? () => null : tokenOf(tokenFile);
  }

  /**
   * @param {(notice: Notice) => void} notice
   * @returns {import("../www/deliver/sink.js").Sink}
   */
  sink(notice) {
    const [url, token, tries] = [this.#url, this.#token, this.#tries];
    const sink = stowSink({ url, transport: this.#transport, token, notice, limits: { tries } });
    this.#sink = sink;
    return {
      ...sink,
      check: () => this.#check(sink, notice),
      abort: () => {
        this.#stop.abort();
        return sink.abort();
      },
    };
  }

  /** Outputs that were sent, and that were there already. */
  get counts() {
    const { confirmed = 0, there = 0 } = this.#sink?.progress() ?? {};
    return { sent: confirmed, there };
  }

  close() {
    this.#stop.abort();
    this.#transport.close();
  }

  /**
   * Asks as often as a request would be sent: nobody may be there to begin the run again.
   * @param {ReturnType<typeof stowSink>} sink
   * @param {(notice: Notice) => void} notice
   */
  async #check(sink, notice) {
    for (let tried = 1; ; tried += 1) {
      try {
        await sink.check();
        if (tried > 1) notice({ code: "back" });
        return;
      } catch (error) {
        const passing = error instanceof DeliveryError && error.code === "destination-unreachable";
        if (!passing || tried >= this.#tries || this.#stop.signal.aborted) throw error;
        const ms = Math.min(FIRST_WAIT * 2 ** (tried - 1), MOST_WAIT);
        notice({ code: "provider-down", seconds: Math.ceil(ms / 1_000) });
        await sleep(ms, this.#stop.signal);
      }
    }
  }
}

/**
 * A bearer token, read anew for each request, so that a run outlives a token that is renewed. What can't be read for a moment is as
 * it was.
 * @param {string} path
 * @returns {() => string}
 */
function tokenOf(path) {
  let token = readToken(path);
  if (token === null) throw new RunError("token-missing");
  return () => {
    token = readToken(path) ?? token;
    return /** @type {string} */ (token);
  };
}

/**
 * @param {string} path
 * @returns {string | null}  null: not a token (RFC 6750 2.1, any visible characters)
 */
function readToken(path) {
  try {
    const line = readFileSync(path, "utf8").split(/\r?\n/u)[0]?.trim() ?? "";
    return /^[\x21-\x7e]+$/u.test(line) ? line : null;
  } catch (error) {
    if (isSystemError(error)) return null;
    throw error;
  }
}
