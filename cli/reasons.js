/** The words of the reasons, shared with the page. */

import { readFileSync } from "node:fs";
import { reasonWords } from "../www/words/reason.js";

const read = (/** @type {string} */ name) =>
  JSON.parse(readFileSync(new URL(`../www/words/${name}.json`, import.meta.url), "utf8"));

/**
 * @param {import("./words.js").Language} language
 * @param {boolean} looked  the policy has text and faces in the pictures checked
 * @returns {(code: string) => {verdict: string, text: string, advice: string}}
 */
export function explainer(language, looked) {
  /** @type {import("../www/words/reason.js").Reasons} */
  const reasons = read("reasons");
  const from = { words: read(language), reasons, language, looked };
  return (code) => {
    const { what, do: advice } = reasonWords(from, code);
    return { verdict: reasons[code]?.verdict ?? "", text: what, advice };
  };
}
