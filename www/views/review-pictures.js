/**
 * Pictures of a review: asked for when they are first wanted, the latest wish first, and let go of when they take too much
 * memory. A picture is drawn once into a canvas of its own size; small ones for the sheet are made of it.
 */

/**
 * @typedef {[number, number] | [] | null} Levels center and width of a window for grey values; empty: all values; null: the file's
 * @typedef {{ canvas: HTMLCanvasElement, bytes: number, window: [number, number] | null, inverted: boolean, grid: [number, number] | null } | { none: string }} Picture
 *   `grid`: columns and rows that rectangles grow to; `window`: through which grey values were drawn; `none`: why it can't be shown
 * @typedef {{ width: number, height: number, grid: [number, number] | null }} Facts
 * @typedef {{ n: number, frame: number, levels: Levels, key: string, small: boolean }} Wish
 * @typedef {(n: number, frame: number, levels: Levels) => Promise<import("../workers/types.js").Preview>} Draw
 */

/** Bytes of full pictures that are kept. */
const MOST_BYTES = 96 * 1024 * 1024;
/** Small pictures that are kept. */
const MOST_SMALL = 600;
const SMALL_WIDTH = 144;
const SMALL_HEIGHT = 108;
/** Asked for at once: the workers may have other things to do. */
const AT_ONCE = 3;

export class Pictures {
  /** @type {Map<string, Picture>} */
  #full = new Map();
  /** @type {Map<number, HTMLCanvasElement | "none">} */
  #small = new Map();
  /** Size of each picture that was drawn, and what rectangles grow to. @type {Map<number, Facts>} */
  #facts = new Map();
  /** @type {Wish[]} */
  #wishes = [];
  /** @type {Set<string>} */
  #asked = new Set();
  #bytes = 0;
  #open = true;
  #draw;
  #changed;

  /** @param {Draw} draw @param {() => void} changed called when a picture has come */
  constructor(draw, changed) {
    this.#draw = draw;
    this.#changed = changed;
  }

  /** The picture of a frame, or null while it is on its way. @param {number} n @param {number} frame @param {Levels} [levels] @returns {Picture | null} */
  full(n, frame, levels = null) {
    const key = levels ? `${n}/${frame}/${levels.join()}` : `${n}/${frame}`;
    const there = this.#full.get(key);
    if (!there) {
      this.#wish({ n, frame, levels, key, small: false });
      return null;
    }
    // The ones looked at last are let go of last.
    this.#full.delete(key);
    this.#full.set(key, there);
    return there;
  }

  /** A small picture of the first frame; null: on its way. @param {number} n */
  small(n) {
    const there = this.#small.get(n);
    if (there === undefined) this.#wish({ n, frame: 0, levels: null, key: `${n}/0`, small: true });
    return there ?? null;
  }

  /** What is known of a picture that was drawn. @param {number} n */
  factsOf(n) {
    return this.#facts.get(n) ?? null;
  }

  /** Nobody waits any more for pictures of the sheet, or for large ones. @param {boolean} small */
  forgetWishes(small) {
    this.#wishes = this.#wishes.filter((wish) => wish.small !== small);
  }

  close() {
    this.#open = false;
    this.#wishes = [];
    this.#full.clear();
    this.#small.clear();
  }

  /** @param {Wish} wish */
  #wish(wish) {
    if (!this.#open || this.#asked.has(wish.key)) return;
    const at = this.#wishes.findIndex(({ key }) => key === wish.key);
    if (at >= 0 && (wish.small || this.#wishes[at]?.small === false)) return;
    if (at >= 0) this.#wishes.splice(at, 1);
    // What is looked at comes before the sheet; of the sheet what stands first.
    if (wish.small) this.#wishes.push(wish);
    else this.#wishes.unshift(wish);
    queueMicrotask(() => this.#next());
  }

  #next() {
    while (this.#asked.size < AT_ONCE) {
      const wish = this.#wishes.shift();
      if (!wish) return;
      this.#asked.add(wish.key);
      void this.#ask(wish);
    }
  }

  /** @param {Wish} wish */
  async #ask({ n, frame, levels, key, small }) {
    const preview = await this.#draw(n, frame, levels);
    this.#asked.delete(key);
    if (!this.#open) return;
    const picture = "none" in preview ? preview : painted(preview);
    if (!("none" in preview)) {
      const { width, height, grid } = preview;
      this.#facts.set(n, { width, height, grid });
    }
    if (!small) this.#keep(key, picture);
    if (frame === 0 && !this.#small.has(n)) this.#keepSmall(n, picture);
    this.#changed();
    this.#next();
  }

  /** @param {string} key @param {Picture} picture */
  #keep(key, picture) {
    this.#full.set(key, picture);
    this.#bytes += "none" in picture ? 0 : picture.bytes;
    for (const [old, { bytes = 0 }] of /** @type {Map<string, { bytes?: number }>} */ (this.#full)) {
      if (this.#bytes <= MOST_BYTES || this.#full.size <= 2) return;
      this.#full.delete(old);
      this.#bytes -= bytes;
    }
  }

  /** @param {number} n @param {Picture} picture */
  #keepSmall(n, picture) {
    this.#small.set(n, "none" in picture ? "none" : shrunk(picture.canvas));
    for (const old of this.#small.keys()) {
      if (this.#small.size <= MOST_SMALL) return;
      this.#small.delete(old);
    }
  }
}

/**
 * Another window of grey values: by shares of its width lighter, by powers of two wider.
 * @param {Levels} levels
 * @param {Picture | null} picture drawn through them
 * @param {number} lighter
 * @param {number} wider
 * @returns {[number, number] | null} null: there are no grey values
 */
export function adjusted(levels, picture, lighter, wider) {
  const shown = picture && !("none" in picture) ? picture : null;
  const [center, width] = levels?.length === 2 ? levels : (shown?.window ?? []);
  if (center === undefined || width === undefined) return null;
  const up = shown?.inverted ? lighter : -lighter;
  return [center + up * width, Math.max(1, width * 2 ** wider)];
}

/** @param {Exclude<import("../workers/types.js").Preview, { none: string }>} preview @returns {Picture} */
function painted({ width, height, rgba, window, inverted, grid }) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  canvas.getContext("2d")?.putImageData(new ImageData(new Uint8ClampedArray(rgba), width, height), 0, 0);
  return { canvas, bytes: rgba.length, window, inverted, grid };
}

/** @param {HTMLCanvasElement} full */
function shrunk(full) {
  const scale = Math.min(SMALL_WIDTH / full.width, SMALL_HEIGHT / full.height);
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(full.width * scale));
  canvas.height = Math.max(1, Math.round(full.height * scale));
  const context = canvas.getContext("2d");
  if (context) {
    context.imageSmoothingQuality = "high";
    context.drawImage(full, 0, 0, canvas.width, canvas.height);
  }
  return canvas;
}
