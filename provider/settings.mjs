// The server's settings, and what the page reads of them at `settings.json`. Unknown keys are errors.
import { readFileSync } from "node:fs";

const SCHEMA = "tokumei.settings/1";

/** Path of the embedded provider. */
export const EMBEDDED = "dicom-web";

/** What a server without a settings file offers: its own provider. */
const OWN = {
  name: { ja: "この PC の受け取り口（お試し用）", en: "Receiver on this PC (for trying out)" },
  url: EMBEDDED,
};

/**
 * @typedef {string | { ja: string, en: string }} Name
 * @typedef {object} Destination where uploads may go
 * @property {Name} name
 * @property {string} [url] base of a DICOMweb service: https, http on this machine, or a path of this server
 * @property {string} [forward] base of a DICOMweb service that this server forwards to, in place of `url`
 * @property {string} [authorization] header that this server adds when it forwards; never shown
 * @typedef {{ schema: string, destinations: Destination[] }} Settings
 */

/** Settings of a file, or those of a server that has none. @param {string | undefined} file @returns {Settings} */
export function readSettings(file) {
  if (!file) return { schema: SCHEMA, destinations: [OWN] };
  return checkSettings(JSON.parse(readFileSync(file, "utf8")));
}

/** Fails on anything that is not settings. @param {unknown} value @returns {Settings} */
export function checkSettings(value) {
  const { schema, destinations } = fields(value, ["schema", "destinations"]);
  if (schema !== SCHEMA) throw new Error(`settings: schema must be ${SCHEMA}`);
  if (!Array.isArray(destinations)) throw new Error("settings: destinations must be a list");
  return { schema, destinations: destinations.map(destination) };
}

/** What the page may know: names and addresses. A forwarded destination has a path of this server. @param {Settings} settings */
export function publicSettings({ schema, destinations }) {
  return {
    schema,
    destinations: destinations.map(({ name, url }, index) => ({ name, url: url ?? `to/${index + 1}` })),
  };
}

/** Whether a destination is the embedded provider. @param {Settings} settings */
export function embedded({ destinations }) {
  return destinations.some(({ url }) => url === EMBEDDED);
}

/** Origins for `connect-src`; paths of this server need none. @param {Settings} settings */
export function origins({ destinations }) {
  const absolute = destinations.flatMap(({ url }) => (url === undefined || isPath(url) ? [] : [new URL(url).origin]));
  return [...new Set(absolute)];
}

/** @param {unknown} value @returns {Destination} */
function destination(value) {
  const found = fields(value, ["name", "url", "forward", "authorization"]);
  const name = checkName(found.name);
  const { url, forward, authorization } = found;
  if (forward === undefined) {
    if (authorization !== undefined) throw new Error("settings: authorization is for what is forwarded");
    if (typeof url !== "string") throw new Error("settings: a destination needs url or forward");
    if (!isPath(url)) secure(url);
    return { name, url };
  }
  if (url !== undefined) throw new Error("settings: url and forward exclude each other");
  if (typeof forward !== "string") throw new Error("settings: forward must be text");
  if (authorization !== undefined && (typeof authorization !== "string" || !/^[\x20-\x7e]+$/.test(authorization))) {
    throw new Error("settings: authorization must be the value of a header");
  }
  const { search, hash } = secure(forward);
  if (search || hash) throw new Error("settings: forward must be a base address");
  return authorization === undefined ? { name, forward } : { name, forward, authorization };
}

/** @param {unknown} name @returns {Name} */
function checkName(name) {
  if (typeof name === "string") return name;
  const { ja, en } = fields(name, ["ja", "en"]);
  if (typeof ja !== "string" || typeof en !== "string") throw new Error("settings: name must be text, or ja and en");
  return { ja, en };
}

/** A path below the page, such as `dicom-web`. @param {string} url */
function isPath(url) {
  return /^[\w-]+(\/[\w-]+)*$/.test(url);
}

/** Fails on what would cross a network in the clear. @param {string} url */
function secure(url) {
  const parsed = new URL(url);
  const loopback = ["127.0.0.1", "[::1]", "localhost"].includes(parsed.hostname);
  if (parsed.protocol !== "https:" && !(parsed.protocol === "http:" && loopback)) {
    throw new Error("settings: a destination needs https");
  }
  if (parsed.username || parsed.password) throw new Error("settings: no credentials in an address");
  return parsed;
}

/** The object's own keys, no others. @param {unknown} value @param {string[]} keys @returns {Record<string, unknown>} */
function fields(value, keys) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error("settings: not an object");
  const unknown = Object.keys(value).find((key) => !keys.includes(key));
  if (unknown !== undefined) throw new Error(`settings: unknown key ${unknown}; allowed: ${keys.join(", ")}`);
  return /** @type {Record<string, unknown>} */ (value);
}
