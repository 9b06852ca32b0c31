/** The seven verdicts: their order, their sums, their marks. */
import { html } from "../vendor/lit.js";
import { formatNumber, t } from "../words/words.js";
import { icon } from "./icons.js";

/** @typedef {"pass" | "masked" | "defaced" | "review" | "refused" | "excluded" | "skipped"} Verdict */
/** @typedef {Partial<Record<Verdict, number>>} Counts */

export const VERDICTS = /** @type {const} */ ([
  "pass",
  "masked",
  "defaced",
  "review",
  "refused",
  "excluded",
  "skipped",
]);
export const LEAVES = /** @type {const} */ (["pass", "masked", "defaced"]);
export const STAYS = /** @type {const} */ (["refused", "excluded", "skipped"]);

/** Sum of some verdicts. @param {Counts} counts @param {readonly Verdict[]} which */
export function sum(counts, which) {
  return which.reduce((total, verdict) => total + (counts[verdict] ?? 0), 0);
}

/** Does anything here need a person or stay behind? @param {Counts} counts */
export function needsAttention(counts) {
  return sum(counts, ["review", ...STAYS]) > 0;
}

/** Icon and word, with a count where one is given. @param {Verdict} verdict @param {number} [n] */
export function mark(verdict, n) {
  const word = t(`verdict.${verdict}`);
  return html`<span class="v ${verdict}">${icon(verdict)}${n === undefined ? word : `${word} ${formatNumber(n)}`}</span>`;
}

/** All marks of a group whose count is not zero. @param {Counts} counts @param {readonly Verdict[]} [which] */
export function marks(counts, which = VERDICTS) {
  return html`<span class="marks">${which.filter((verdict) => counts[verdict]).map((verdict) => mark(verdict, counts[verdict]))}</span>`;
}
