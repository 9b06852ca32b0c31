/** Where a session may send: only what the server's settings name, since the page may talk to nobody else. */
import { DeliveryError } from "../deliver/sink.js";

/**
 * @typedef {{name: string | {ja: string, en: string}, url: string}} Destination
 */

/**
 * @param {string} wanted  a destination's name in any of its languages, or its address
 * @returns {Promise<string>}  address of its DICOMweb service, absolute, without a slash at its end
 */
export async function allowedDestination(wanted) {
  const found = (await destinations()).find(({ name, url }) => names(name).includes(wanted) || same(url, wanted));
  if (found === undefined) throw new DeliveryError("destination-not-allowed");
  return absolute(found.url);
}

/** Where the server's settings let us send, in their order. @returns {Promise<Destination[]>} */
export async function destinations() {
  const answer = await fetch(new URL("../settings.json", import.meta.url)).catch(() => null);
  // Without settings nothing may be sent.
  const { destinations = [] } = answer?.ok ? await answer.json() : {};
  return destinations;
}

/** @param {Destination["name"]} name */
function names(name) {
  return typeof name === "string" ? [name] : Object.values(name);
}

/** @param {string} url @param {string} wanted */
function same(url, wanted) {
  return url === wanted || (URL.canParse(wanted) && absolute(url) === absolute(wanted));
}

/** A path is one of our own origin. @param {string} url */
function absolute(url) {
  return new URL(url, new URL("../", import.meta.url)).href.replace(/\/+$/u, "");
}
