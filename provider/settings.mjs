// The server's settings, as the page reads them at `settings.json`. Unknown keys are errors.
import { readFileSync } from "node:fs";

const SCHEMA = "tokumei.settings/1";

/**
 * @typedef {{ name: string, url: string }} Destination where uploads may go
 * @typedef {{ schema: string, destinations: Destination[] }} Settings
 */

/** Settings of a file, or those of a server without destinations. @param {string | undefined} file @returns {Settings} */
export function readSettings(file) {
  if (!file) return { schema: SCHEMA, destinations: [] };
  return checkSettings(JSON.parse(readFileSync(file, "utf8")));
}

/** Fails on anything that is not settings. @param {unknown} value @returns {Settings} */
export function checkSettings(value) {
  const { schema, destinations } = fields(value, ["schema", "destinations"]);
  if (schema !== SCHEMA) throw new Error(`settings: schema must be ${SCHEMA}`);
  if (!Array.isArray(destinations)) throw new Error("settings: destinations must be a list");
  return { schema, destinations: destinations.map(destination) };
}

/** @param {unknown} value @returns {Destination} */
function destination(value) {
  const { name, url } = fields(value, ["name", "url"]);
  if (typeof name !== "string" || typeof url !== "string") throw new Error("settings: name and url must be text");
  const parsed = new URL(url);
  const loopback = ["127.0.0.1", "[::1]", "localhost"].includes(parsed.hostname);
  if (parsed.protocol !== "https:" && !(parsed.protocol === "http:" && loopback)) {
    throw new Error("settings: a destination needs https");
  }
  return { name, url };
}

/** The object's own keys, no others. @param {unknown} value @param {string[]} keys @returns {Record<string, unknown>} */
function fields(value, keys) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error("settings: not an object");
  const unknown = Object.keys(value).find((key) => !keys.includes(key));
  if (unknown !== undefined) throw new Error(`settings: unknown key ${unknown}; allowed: ${keys.join(", ")}`);
  return /** @type {Record<string, unknown>} */ (value);
}

/** Origins for `connect-src`. @param {Settings} settings */
export function origins({ destinations }) {
  return [...new Set(destinations.map(({ url }) => new URL(url).origin))];
}
