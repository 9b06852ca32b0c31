/** Where the time went (`TOKUMEI_TIMING=1`): milliseconds by stage over all workers, and the processor's time of the whole command. */

const ORDER = ["read", "scan", "identities", "transform", "verify", "hash", "write"];

export class Timing {
  /** @type {Map<number, Record<string, number>>} */
  #workers = new Map();

  /**
   * @param {Record<string, number>} stages  of one worker since its start
   * @param {number} worker
   */
  note(stages, worker) {
    this.#workers.set(worker, stages);
  }

  /** @returns {string | null}  null: not asked for */
  text() {
    if (process.env.TOKUMEI_TIMING !== "1") return null;
    /** @type {Record<string, number>} */
    const sums = {};
    for (const stages of this.#workers.values()) {
      for (const [stage, ms] of Object.entries(stages)) sums[stage] = (sums[stage] ?? 0) + ms;
    }
    const total = Object.values(sums).reduce((sum, ms) => sum + ms, 0) || 1;
    const shares = ORDER.filter((stage) => stage in sums).map((stage) => {
      const ms = sums[stage] ?? 0;
      return `${stage} ${ms.toFixed(0)} ms ${((100 * ms) / total).toFixed(0)} %`;
    });
    const { user, system } = process.cpuUsage();
    return `timing: ${shares.join(" · ")} · cpu ${((user + system) / 1000).toFixed(0)} ms (user ${(user / 1000).toFixed(0)})`;
  }
}
