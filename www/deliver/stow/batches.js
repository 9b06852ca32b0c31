/** What waits to be sent, cut into batches: one study each, by bytes and count, a single larger instance alone. */

/**
 * @typedef {import("./entry.js").Entry} Entry
 * @typedef {{entries: Entry[], bytes: number, coming: number}} Waiting  coming: its instances that are not judged yet
 */

export class Batches {
  /** @type {Map<string, Waiting>} */
  #studies = new Map();
  /** Batches that go once more, as they are. @type {Entry[][]} */
  #again = [];
  /** Whose turn it is, so that what fails again and again does not stand before the rest. */
  #turn = false;
  #most;

  /** @param {{items: number, bytes: number}} most */
  constructor(most) {
    this.#most = { ...most };
  }

  /** An instance of this study is being judged. @param {string} study */
  expect(study) {
    const waiting = this.#studies.get(study) ?? { entries: [], bytes: 0, coming: 0 };
    waiting.coming += 1;
    this.#studies.set(study, waiting);
  }

  /** It was judged. @param {string} study @param {Entry | null} entry  null: it need not be sent */
  judged(study, entry) {
    const waiting = this.#studies.get(study);
    if (!waiting) return;
    waiting.coming -= 1;
    if (entry) {
      waiting.entries.push(entry);
      waiting.bytes += entry.output.bytes;
    }
    this.#forget(study, waiting);
  }

  /** @param {Entry[]} batch */
  again(batch) {
    if (batch.length > 0) this.#again.push(batch);
  }

  /** @param {Entry[]} batch */
  againInHalves(batch) {
    const half = Math.ceil(batch.length / 2);
    this.again(batch.slice(0, half));
    this.again(batch.slice(half));
  }

  /** So many bytes were too many for one request. @param {number} bytes */
  shrink(bytes) {
    this.#most.bytes = Math.min(this.#most.bytes, Math.ceil(bytes / 2));
  }

  /**
   * @param {number} flushed  entries up to this one do not wait for company
   * @returns {Entry[] | null}
   */
  take(flushed) {
    this.#turn = !this.#turn;
    const again = () => this.#takeAgain();
    const fresh = () => this.#takeFresh(flushed);
    return this.#turn ? (again() ?? fresh()) : (fresh() ?? again());
  }

  #takeAgain() {
    const batch = this.#again.shift();
    if (!batch) return null;
    const count = this.#fitting(batch);
    if (count < batch.length) this.#again.unshift(batch.slice(count));
    return batch.slice(0, count);
  }

  /** @param {number} flushed */
  #takeFresh(flushed) {
    for (const [study, waiting] of this.#studies) {
      const [first] = waiting.entries;
      const full = waiting.entries.length >= this.#most.items || waiting.bytes >= this.#most.bytes;
      const due = first && waiting.coming === 0 && first.order <= flushed;
      if (!first || !(full || due)) continue;
      const batch = waiting.entries.splice(0, this.#fitting(waiting.entries));
      waiting.bytes -= bytesOf(batch);
      this.#forget(study, waiting);
      return batch;
    }
    return null;
  }

  /** How many of these go into one request; one at least. @param {Entry[]} entries */
  #fitting(entries) {
    let bytes = 0;
    for (const [index, { output }] of entries.entries()) {
      bytes += output.bytes;
      if (index > 0 && (bytes > this.#most.bytes || index >= this.#most.items)) return index;
    }
    return entries.length;
  }

  /** @param {string} study @param {Waiting} waiting */
  #forget(study, { entries, coming }) {
    if (entries.length === 0 && coming === 0) this.#studies.delete(study);
  }
}

/** @param {Entry[]} batch */
export function bytesOf(batch) {
  return batch.reduce((sum, { output }) => sum + output.bytes, 0);
}
