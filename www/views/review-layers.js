/** Pictures of one size laid over each other, pixel by pixel. No drawing here. */

/** @typedef {"brightest" | "darkest" | "differing"} Kind */

/** @type {Kind[]} */
export const KINDS = ["brightest", "darkest", "differing"];

/** Pictures of which the usual value is told: up to so many exactly, of more as many spread over all. Odd. */
const KEPT = 9;
const SORTED = new Uint8Array(KEPT);

export class Layers {
  #most;
  #least;
  #counts;
  /** Pictures that are kept, one of every so many. @type {Uint8ClampedArray[]} */
  #kept = [];
  #every = 1;
  #added = 0;

  /** @param {number} pixels of each picture */
  constructor(pixels) {
    this.#most = new Uint8ClampedArray(pixels * 3);
    this.#least = new Uint8ClampedArray(pixels * 3).fill(255);
    this.#counts = new Uint32Array(pixels);
  }

  /** One more picture. What is not wholly opaque in it was masked: it counts for nothing. @param {Uint8ClampedArray} rgba */
  add(rgba) {
    const [most, least, counts] = [this.#most, this.#least, this.#counts];
    this.#keep(rgba);
    for (let pixel = 0, from = 0, to = 0; pixel < counts.length; pixel += 1, from += 4, to += 3) {
      if (rgba[from + 3] !== 255) continue;
      counts[pixel] = (counts[pixel] ?? 0) + 1;
      for (let colour = 0; colour < 3; colour += 1) {
        const value = rgba[from + colour] ?? 0;
        const at = to + colour;
        if (value > (most[at] ?? 0)) most[at] = value;
        if (value < (least[at] ?? 0)) least[at] = value;
      }
    }
  }

  /** @param {Uint8ClampedArray} rgba */
  #keep(rgba) {
    if (this.#added++ % this.#every !== 0) return;
    if (this.#kept.length === KEPT) {
      this.#kept = this.#kept.filter((_, i) => i % 2 === 0);
      this.#every *= 2;
      // The one after the last that is kept is the one that is left out now.
      if ((this.#added - 1) % this.#every !== 0) return;
    }
    this.#kept.push(rgba);
  }

  /** The median of the pictures that are kept and not masked there, the lower of two; 0 where all are. @param {number} pixel @param {number} colour */
  #usual(pixel, colour) {
    let count = 0;
    for (const rgba of this.#kept) {
      if (rgba[pixel * 4 + 3] !== 255) continue;
      const value = rgba[pixel * 4 + colour] ?? 0;
      let at = count;
      for (; at > 0 && (SORTED[at - 1] ?? 0) > value; at -= 1) SORTED[at] = SORTED[at - 1] ?? 0;
      SORTED[at] = value;
      count += 1;
    }
    return count === 0 ? 0 : (SORTED[(count - 1) >> 1] ?? 0);
  }

  /**
   * The brightest or the darkest value that any picture has there, or how far the brightest stands out from their median: what
   * only few of them show. Black where all are masked.
   * @param {Kind} kind
   * @returns {Uint8ClampedArray<ArrayBuffer>} red, green, blue, opacity
   */
  picture(kind) {
    const rgba = new Uint8ClampedArray(this.#counts.length * 4);
    for (const [pixel, count] of this.#counts.entries()) {
      rgba[pixel * 4 + 3] = 255;
      if (count === 0) continue;
      for (let colour = 0; colour < 3; colour += 1) {
        const at = pixel * 3 + colour;
        const most = this.#most[at] ?? 0;
        if (kind === "brightest") rgba[pixel * 4 + colour] = most;
        else if (kind === "darkest") rgba[pixel * 4 + colour] = this.#least[at] ?? 0;
        else rgba[pixel * 4 + colour] = most - this.#usual(pixel, colour);
      }
    }
    return rgba;
  }
}
