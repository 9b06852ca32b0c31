/** One output on its way to the destination, settled once. */

/**
 * @typedef {import("../sink.js").Output} Output
 * @typedef {import("./existing.js").Place} Place
 *
 * @typedef {object} Entry
 * @property {Output} output
 * @property {Place} place
 * @property {number} order  in which it was given
 * @property {(how: void | "there") => void} done  settles
 * @property {(error: Error) => void} fail  settles
 * @property {Promise<void>} settled
 * @property {boolean} unknown  sent before, and whether it arrived is not known
 * @property {boolean} intended  the ledger knows that it is on its way
 * @property {number} tries  answers that did not say what became of it, when it was sent alone; weighed
 * @property {number} silent  requests with it that had no answer
 * @property {number} since  instances that were stored when the last of those answers came
 */

/**
 * @param {Output} output
 * @param {Place} place
 * @param {number} order
 * @param {{resolve: (how: void | "there") => void, reject: (error: Error) => void, ended: (entry: Entry) => boolean}} tell
 *   `ended`: false if it was settled already
 * @returns {Entry}
 */
export function newEntry(output, place, order, { resolve, reject, ended }) {
  let settle = () => {};
  /** @type {Promise<void>} */
  const settled = new Promise((done) => {
    settle = done;
  });
  const end = (/** @type {() => void} */ say) => {
    if (!ended(entry)) return;
    say();
    settle();
  };
  /** @type {Entry} */
  const entry = {
    output,
    place,
    order,
    settled,
    done: (how) => end(() => resolve(how)),
    fail: (error) => end(() => reject(error)),
    unknown: false,
    intended: false,
    tries: 0,
    silent: 0,
    since: 0,
  };
  return entry;
}
