/** Words of the provider's page: one JSON file a language, flat keys, `{name}` stands for an argument. */

/** @typedef {"ja" | "en"} Language */

/** @type {Record<string, Record<string, string>>} */
const words = {};
/** @type {Language} */
let language = "ja";

/** Loads both languages, so that a change of language needs no network. */
export async function loadWords() {
  for (const name of ["ja", "en"]) {
    const answer = await fetch(new URL(`words/${name}.json`, import.meta.url));
    if (!answer.ok) throw new Error("words-missing");
    words[name] = await answer.json();
  }
  const wanted = navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => tag in words);
  setLanguage(wanted === "en" ? "en" : "ja");
}

/** @param {Language} next */
export function setLanguage(next) {
  language = next;
  document.documentElement.lang = next;
  document.title = `${t("title")} – tokumei`;
}

export const otherLanguage = () => (language === "ja" ? "en" : "ja");

/** @param {string} key @param {Record<string, string | number>} [args] */
export function t(key, args = {}) {
  const text = words[language]?.[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => {
    const value = args[name];
    return value === undefined ? whole : typeof value === "number" ? number(value) : value;
  });
}

/** A word that not every key has. @param {string} key @param {string} other */
export function tOr(key, other) {
  return words[language]?.[key] ?? other;
}

/** @param {number} value */
export function number(value) {
  return new Intl.NumberFormat(language).format(value);
}

/** GB and MB with one decimal, kB whole; 1 kB = 1,000 bytes. @param {number} bytes */
export function size(bytes) {
  const [scale, unit, digits] = bytes >= 1e9 ? [1e9, "GB", 1] : bytes >= 1e6 ? [1e6, "MB", 1] : [1e3, "kB", 0];
  const format = new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return `${format.format(bytes / scale)} ${unit}`;
}

/** Clock time of an instant, with the day when it is not today. @param {string} instant ISO 8601 */
export function moment(instant) {
  const date = new Date(instant);
  const today = date.toDateString() === new Date().toDateString();
  return new Intl.DateTimeFormat(language === "ja" ? "ja-JP" : "en-GB", {
    ...(today ? {} : /** @type {const} */ ({ month: "short", day: "numeric" })),
    hour: "numeric",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  }).format(date);
}

/** A DICOM DA value as a date for reading. @param {unknown} value */
export function studyDate(value) {
  const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})$/.exec(String(value ?? "")) ?? [];
  if (!year) return "–";
  if (language === "ja") return `${year}/${month}/${day}`;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  const parts = /** @type {const} */ ({ day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
  return new Intl.DateTimeFormat("en-GB", parts).format(date);
}
