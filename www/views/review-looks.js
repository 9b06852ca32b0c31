/** How long each picture was on the screen, and how large: what a report says of a decision. */

export class Looks {
  /** @type {Map<number, number>} */
  #ms = new Map();
  /** The largest scale of each frame. @type {Map<number, Map<number, number>>} */
  #scales = new Map();
  /** On the screen now. @type {number[]} */
  #now = [];
  #since = 0;
  #hidden = false;

  /** These are on the screen from now on, others no more. @param {number[]} items */
  show(items) {
    this.#count();
    this.#now = items;
  }

  /** Nobody sees the screen, or somebody does again. @param {boolean} hidden */
  hide(hidden) {
    this.#count();
    this.#hidden = hidden;
  }

  #count() {
    const now = performance.now();
    if (!this.#hidden) for (const n of this.#now) this.#ms.set(n, (this.#ms.get(n) ?? 0) + now - this.#since);
    this.#since = now;
  }

  /** Frames that were seen. @param {number} n */
  frames(n) {
    return this.#scales.get(n);
  }

  /**
   * A frame was painted.
   * @param {number} n
   * @param {number} frame from 0
   * @param {number} scale pixels of the screen for one of the picture
   */
  see(n, frame, scale) {
    const scales = this.#scales.get(n) ?? new Map();
    this.#scales.set(n, scales.set(frame, Math.max(scale, scales.get(frame) ?? 0)));
  }

  /** @param {number[]} items @returns {import("../session/look.js").Looks} */
  of(items) {
    this.#count();
    return Object.fromEntries(
      items.map((n) => {
        const scales = [...(this.#scales.get(n)?.values() ?? [])];
        return [n, { seconds: (this.#ms.get(n) ?? 0) / 1000, scale: scales.length > 0 ? Math.min(...scales) : NaN }];
      }),
    );
  }
}
