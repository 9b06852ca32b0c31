/**
 * Words of the page. One JSON file a language, flat keys; `{name}` stands for an argument, numbers are grouped by
 * `Intl`; `{name:one|other}` is followed by the word that goes with the number, and a value of the form
 * `{"one": …, "other": …}` is chosen as a whole by the plural rule of its argument `n`.
 */

import { reasonWords } from "./reason.js";

/** @typedef {"ja" | "en"} Language */
/** @typedef {Record<string, string | Record<string, string>>} Words */

export const LANGUAGES = /** @type {const} */ (["ja", "en"]);

/** @type {Record<string, Words>} */
const words = {};
/** @type {import("./reason.js").Reasons} */
let reasons = {};
/** @type {Language} */
let language = "ja";

/** Loads both languages and the reasons, so that a change of language needs no network. */
export async function loadWords() {
  const read = async (/** @type {string} */ name) => {
    const answer = await fetch(new URL(name, import.meta.url));
    if (!answer.ok) throw new Error("words-missing");
    return answer.json();
  };
  const [ja, en, all] = await Promise.all([read("ja.json"), read("en.json"), read("reasons.json")]);
  words.ja = ja;
  words.en = en;
  reasons = all;
}

/** @param {Language} next */
export function setLanguage(next) {
  language = next;
  document.documentElement.lang = next;
}

export const currentLanguage = () => language;

/** The language that the person's browser asks for first; Japanese where it asks for neither. */
export function preferredLanguage() {
  const wanted = navigator.languages.map((tag) => tag.slice(0, 2));
  return wanted.find((tag) => tag === "ja" || tag === "en") === "en" ? "en" : "ja";
}

/**
 * @param {string} key
 * @param {Record<string, string | number>} [args]
 * @returns {string}
 */
export function t(key, args = {}) {
  const entry = words[language]?.[key];
  if (entry === undefined) return key;
  const text = typeof entry === "string" ? entry : choosePlural(entry, args.n);
  return text.replace(/\{(\w+)(?::([^|}]*)\|([^}]*))?\}/g, (whole, name, one, other) => {
    const value = args[name];
    if (value === undefined) return whole;
    const shown = typeof value === "number" ? formatNumber(value) : value;
    return one === undefined ? shown : `${shown} ${choosePlural({ one, other }, value)}`;
  });
}

/** A word that not every key has. @param {string} key @param {string} other */
export function tOr(key, other) {
  return words[language]?.[key] === undefined ? other : t(key);
}

/**
 * @param {Record<string, string>} forms
 * @param {string | number | undefined} n
 */
function choosePlural(forms, n) {
  const form = new Intl.PluralRules(language).select(Number(n ?? 0));
  return forms[form] ?? forms.other ?? "";
}

/** What happened and what a person can do. @param {string} code @param {boolean} looked text and faces are checked */
export function reasonText(code, looked) {
  return reasonWords({ words: words[language] ?? {}, reasons, language, looked }, code);
}

/** The verdict that a reason belongs to; a code without a row of its own is none that leaves. @param {string} code */
export function reasonVerdict(code) {
  return /** @type {import("../views/verdicts.js").Verdict} */ (reasons[code]?.verdict ?? "refused");
}

/** @param {number} value */
export function formatNumber(value) {
  return new Intl.NumberFormat(language).format(value);
}

/** GB with one decimal, MB and kB whole; 1 kB = 1,000 bytes everywhere in the product. */
export function formatSize(/** @type {number} */ bytes) {
  const [scale, unit, digits] = bytes >= 1e9 ? [1e9, "GB", 1] : bytes >= 1e6 ? [1e6, "MB", 0] : [1e3, "kB", 0];
  const number = new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return `${number.format(bytes > 0 ? Math.max(1, bytes / scale) : 0)} ${unit}`;
}

/** Clock time, 24 hours, as the PC's zone has it. */
export function formatTime(/** @type {Date} */ date) {
  return new Intl.DateTimeFormat(language, { hour: "numeric", minute: "2-digit", hourCycle: "h23" }).format(date);
}

/** Day and clock time of an instant. */
export function formatMoment(/** @type {Date} */ date) {
  const day = new Intl.DateTimeFormat(language === "en" ? "en-GB" : "ja-JP", {
    year: "numeric",
    month: language === "en" ? "short" : "2-digit",
    day: "2-digit",
  }).format(date);
  return `${day} ${formatTime(date)}`;
}

/** A day as it is written on a calendar. */
export function formatDay(/** @type {Date} */ date) {
  return new Intl.DateTimeFormat(language === "en" ? "en-GB" : "ja-JP", { dateStyle: "long" }).format(date);
}

/** A DICOM DA value (YYYYMMDD) as a date for reading; anything else stays as it is written. */
export function formatStudyDate(/** @type {string | null | undefined} */ value) {
  const match = /^(\d{4})(\d{2})(\d{2})$/.exec(value ?? "");
  if (!match) return value ?? "";
  if (language === "ja") return `${match[1]}/${match[2]}/${match[3]}`;
  const date = new Date(Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3])));
  return new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" }).format(
    date,
  );
}

/** Whole minutes, never below one. */
export function formatMinutes(/** @type {number} */ seconds) {
  return t("time.minutes", { n: Math.max(1, Math.ceil(seconds / 60)) });
}
