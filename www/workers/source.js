/** A file for as long as a worker works on it. */

import { SourceFault } from "./fault.js";

/**
 * @typedef {import("./types.js").Input} Input
 * @typedef {import("./types.js").Environment} Environment
 * @typedef {import("./types.js").OpenedSource} OpenedSource
 */

/**
 * @typedef {{source: OpenedSource} | {fault: string}} Opened
 *
 * @param {Environment} environment
 * @param {Input} input
 * @param {boolean} whole
 * @returns {Opened | Promise<Opened>}
 */
function openSource(environment, input, whole) {
  try {
    const source = environment.open(input, whole);
    return source instanceof Promise ? source.then((each) => ({ source: each }), notOpened) : { source };
  } catch (error) {
    return notOpened(error);
  }
}

/** @param {unknown} error @returns {Opened} */
function notOpened(error) {
  if (error instanceof SourceFault) return { fault: error.code };
  throw error;
}

/**
 * Opens, works, closes; the source stays open until a promised result is there. With a member of a ZIP the result is promised.
 * @template T
 * @param {Environment} environment
 * @param {Input} input
 * @param {(source: OpenedSource) => T} work
 * @param {boolean} [whole]
 * @returns {T | {fault: string}}
 */
export function withSource(environment, input, work, whole = false) {
  const opened = openSource(environment, input, whole);
  if (opened instanceof Promise) return /** @type {T} */ (withMember(environment, input, work, opened));
  return "fault" in opened ? opened : using(opened, work);
}

/**
 * Where its beginning was not enough, all of a member is opened and the work done anew.
 * @template T
 * @param {Environment} environment
 * @param {Input} input
 * @param {(source: OpenedSource) => T} work
 * @param {Promise<Opened>} opening
 * @returns {Promise<Awaited<T> | {fault: string}>}
 */
async function withMember(environment, input, work, opening) {
  const opened = await opening;
  if ("fault" in opened) return opened;
  const result = await using(opened, work);
  return opened.source.short ? await withSource(environment, input, work, true) : result;
}

/**
 * @template T
 * @param {{source: OpenedSource}} opened
 * @param {(source: OpenedSource) => T} work
 * @returns {T}
 */
function using(opened, work) {
  let promised = false;
  try {
    const result = work(opened.source);
    if (result instanceof Promise) {
      promised = true;
      return /** @type {T} */ (result.finally(() => opened.source.close()));
    }
    return result;
  } finally {
    if (!promised) opened.source.close();
  }
}
