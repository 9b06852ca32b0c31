/** What the person at the terminal sees: progress in one line where there is a terminal, results at the end. */

import { say } from "./words.js";

/** @typedef {import("./words.js").Language} Language */

/** Words of stages; others are said as `running`. @type {Record<string, string>} */
const STAGES = { scan: "scanning", compare: "comparing" };

export class Terminal {
  #lang;
  #shown = false;

  /** @param {Language} lang */
  constructor(lang) {
    this.#lang = lang;
  }

  /**
   * @param {string} code
   * @param {Record<string, string | number>} [values]
   */
  out(code, values) {
    this.#clear();
    process.stdout.write(`${say(this.#lang, code, values) ?? code}\n`);
  }

  /** @param {string} text  already without any value of the data */
  line(text) {
    this.#clear();
    process.stdout.write(`${text}\n`);
  }

  /**
   * @param {string} text
   */
  error(text) {
    this.#clear();
    process.stderr.write(`${text}\n`);
  }

  /**
   * @param {string} code
   * @param {Record<string, string | number>} [values]
   */
  note(code, values) {
    this.error(say(this.#lang, code, values) ?? code);
  }

  /** @param {{stage: string, done: number, total: number, confirmed?: number}} progress  `confirmed`: bytes that arrived */
  progress({ stage, done, total, confirmed }) {
    if (!process.stderr.isTTY) return;
    const code = confirmed === undefined ? (STAGES[stage] ?? "running") : "sending";
    const megabytes = ((confirmed ?? 0) / 1_000_000).toFixed(0);
    process.stderr.write(`\r\u001b[K${say(this.#lang, code, { done, total, megabytes })}`);
    this.#shown = true;
  }

  /**
   * Counts by verdict, and below each its reasons, with what can be done where something can.
   * @param {{byVerdict: Record<string, number>, byReason: Record<string, number>}} totals
   * @param {(reason: string) => {verdict: string, text: string, advice: string}} explain
   */
  counts({ byVerdict, byReason }, explain) {
    const nothing = explain("clean").advice;
    for (const verdict of ["pass", "masked", "defaced", "review", "refused", "excluded", "skipped"]) {
      const count = byVerdict[verdict];
      if (count === undefined) continue;
      this.line(`${say(this.#lang, verdict)} ${count}`);
      for (const [reason, files] of Object.entries(byReason).sort()) {
        const { verdict: of, text, advice } = explain(reason);
        if (of !== verdict || reason === "clean") continue;
        this.line(`  ${files} ${reason}: ${text}`);
        if (advice !== nothing) this.line(`    ${advice}`);
      }
    }
  }

  #clear() {
    if (!this.#shown) return;
    process.stderr.write("\r\u001b[K");
    this.#shown = false;
  }
}
