/**
 * What a worker has been told of other files: their lines travel once, then their number alone. Both sides forget the oldest when
 * more than so many are told, so that they always agree on what is known (a worker does its jobs in the order that it gets them).
 */

/** As verify has it (`REMEMBERED` in src/verify/src/others.rs). */
const REMEMBERED = 16;

/** @typedef {import("./protocol.js").Job} Job */

export class Told {
  /** @type {number[]} */
  #numbers = [];

  /**
   * A job with what this worker lacks, and no more.
   * @param {Job} job
   * @returns {Job}
   */
  portion(job) {
    if (job.kind !== "transform" || !job.others) return job;
    const { number } = job.others;
    if (this.#numbers.includes(number)) return { ...job, others: { number } };
    this.#numbers.push(number);
    if (this.#numbers.length > REMEMBERED) this.#numbers.shift();
    return job;
  }
}
