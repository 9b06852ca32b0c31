/**
 * Words of a reason, the same on the page and at the terminal: those of the reasons' table, but where they would claim more than
 * was done (pictures that nobody looked at). Those stand among the words of each language.
 */

/**
 * @typedef {{what: string, do: string}} ReasonWords
 * @typedef {Record<string, {verdict: string, ja: ReasonWords, en: ReasonWords}>} Reasons
 */

/**
 * @param {{words: Record<string, unknown>, reasons: Reasons, language: "ja" | "en", looked: boolean}} from
 *   `looked`: the policy has text and faces in the pictures checked
 * @param {string} code
 * @returns {ReasonWords}  an unknown code shows as itself
 */
export function reasonWords({ words, reasons, language, looked }, code) {
  const name = code === "clean" && !looked ? "clean-unchecked" : code;
  const what = words[`reason.${name}.what`];
  if (typeof what === "string") return { what, do: String(words[`reason.${name}.do`] ?? "") };
  return reasons[code]?.[language] ?? { what: code, do: "" };
}
