/** The words of the reasons' table, shared with the page; where this command is not as far as they say, its own words. */

import { readFileSync } from "node:fs";
import { say } from "./words.js";

/** @typedef {Record<string, {verdict: string, ja: {what: string, do: string}, en: {what: string, do: string}}>} Reasons */

/** @type {Reasons | null} */
let table = null;

/**
 * @param {string} code
 * @param {import("./words.js").Language} lang
 * @returns {{verdict: string, text: string, advice: string}}
 */
export function explain(code, lang) {
  table ??= JSON.parse(readFileSync(new URL("../www/words/reasons.json", import.meta.url), "utf8"));
  const reason = /** @type {Reasons} */ (table)[code];
  return {
    verdict: reason?.verdict ?? "",
    text: say(lang, code) ?? reason?.[lang].what ?? code,
    advice: reason?.[lang].do ?? "",
  };
}
