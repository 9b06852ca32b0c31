/** Pictures of one size laid over each other, pixel by pixel. No drawing here. */

/** @typedef {"brightest" | "darkest" | "differing"} Kind */

/** @type {Kind[]} */
export const KINDS = ["brightest", "darkest", "differing"];

export class Layers {
  #most;
  #least;
  #sums;
  #counts;

  /** @param {number} pixels of each picture */
  constructor(pixels) {
    this.#most = new Uint8ClampedArray(pixels * 3);
    this.#least = new Uint8ClampedArray(pixels * 3).fill(255);
    this.#sums = new Uint32Array(pixels * 3);
    this.#counts = new Uint32Array(pixels);
  }

  /** One more picture. What is not wholly opaque in it was masked: it counts for nothing. @param {Uint8ClampedArray} rgba */
  add(rgba) {
    const [most, least, sums, counts] = [this.#most, this.#least, this.#sums, this.#counts];
    for (let pixel = 0, from = 0, to = 0; pixel < counts.length; pixel += 1, from += 4, to += 3) {
      if (rgba[from + 3] !== 255) continue;
      counts[pixel] = (counts[pixel] ?? 0) + 1;
      for (let colour = 0; colour < 3; colour += 1) {
        const value = rgba[from + colour] ?? 0;
        const at = to + colour;
        if (value > (most[at] ?? 0)) most[at] = value;
        if (value < (least[at] ?? 0)) least[at] = value;
        sums[at] = (sums[at] ?? 0) + value;
      }
    }
  }

  /**
   * The brightest or the darkest value that any picture has there, or how far the brightest stands out from their mean: what only
   * few of them show. Black where all are masked.
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
        const outstanding = most - (this.#sums[at] ?? 0) / count;
        const value = kind === "brightest" ? most : kind === "darkest" ? (this.#least[at] ?? 0) : outstanding;
        rgba[pixel * 4 + colour] = value;
      }
    }
    return rgba;
  }
}
