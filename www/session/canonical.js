/**
 * JSON Canonicalization Scheme (RFC 8785): what is signed. Numbers and strings are written as ECMAScript writes them, names stand in
 * the order of their UTF-16 code units. For shapes of our own only: nesting is not limited here.
 */

/**
 * @param {unknown} value  of JSON
 * @returns {string}
 * @throws {TypeError}  where JSON has no word for it, or a string is no Unicode text
 */
export function canonicalJson(value) {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const names = Object.keys(value).sort();
    const fields = /** @type {Record<string, unknown>} */ (value);
    return `{${names.map((name) => `${canonicalJson(name)}:${canonicalJson(fields[name])}`).join(",")}}`;
  }
  if (typeof value === "number" && !Number.isFinite(value)) throw new TypeError("no JSON number");
  if (typeof value === "string" && LONE_SURROGATE.test(value)) throw new TypeError("no Unicode text");
  const text = JSON.stringify(value);
  if (text === undefined) throw new TypeError("no JSON value");
  return text;
}

/** With the flag u, pairs are one character and only those without their other half are of this category. */
const LONE_SURROGATE = /\p{Surrogate}/u;
