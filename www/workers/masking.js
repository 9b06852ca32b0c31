/**
 * Masks in a worker: new Pixel Data by the module of pixels, which the core puts in the place of the old. Own bytes of it never
 * enter the core: it is told of them as ranges beyond every source, and they are put into its pieces afterwards.
 */

/**
 * @typedef {import("./types.js").Settled} Settled
 * @typedef {import("./types.js").NewPixels} NewPixels
 * @typedef {import("./types.js").Pieces} Pieces
 * @typedef {import("./types.js").OpenedSource} OpenedSource
 *
 * @typedef {{how: {reason: string, text: boolean, looked?: boolean, pixels: Omit<NewPixels, "areas"> | null}, masks?: import("./types.js").Drawn[],
 *   resolve: (pieces: Pieces) => Pieces}} Masked  `masks`: what was asked for, and what became constant
 */

/** A deflated data set is written anew as a whole: the core needs the bytes themselves. */
const DEFLATED = "1.2.840.10008.1.2.1.99";

/** Where ranges of own bytes begin, as the module of pixels says. */
const OWN = 2 ** 52;

/**
 * @param {{mask: (source: OpenedSource["data"], request: object, limits: object) => NewPixels | {stop: string}} | null} pixels
 *   null: nothing is to be changed
 * @param {OpenedSource} source
 * @param {Settled} settled
 * @param {{limits: object, transferSyntax: string | null}} facts
 * @returns {Masked | {stop: string}}
 */
export function maskedBy(pixels, source, { reason, text, masks, clear }, { limits, transferSyntax }) {
  if (pixels === null) return { how: { reason, text, pixels: null }, resolve: (pieces) => pieces };
  const made = pixels.mask(source.data, { masks, clear }, limits);
  if ("stop" in made) return made;
  const own = new OwnBytes(made.own, OWN);
  const inside = transferSyntax === DEFLATED;
  const { areas, ...rest } = made;
  const given = { ...rest, own: [], value: inside ? own.resolve(made.value) : made.value };
  return {
    how: { reason, text, pixels: given },
    masks: masks.map((mask, i) => ({ ...mask, masked: areas[i] ?? null })),
    resolve: (pieces) => own.resolve(pieces),
  };
}

/**
 * What only a decoder finds, looked for: it holds the instance, or goes, or is not there.
 * @param {import("./types.js").PixelsModule} pixels
 * @param {OpenedSource} source
 * @param {Settled} settled
 * @param {{limits: object, transferSyntax: string | null}} facts
 * @returns {Masked | {stop: string}}
 */
export function lookedAt(pixels, source, settled, facts) {
  const found = pixels.look(source.data, facts.limits);
  if ("stop" in found) return found;
  if (found.behind) return maskedBy(pixels, source, settled, facts);
  const { reason, text } = settled;
  return { how: { reason, text, looked: true, pixels: null }, resolve: (pieces) => pieces };
}

/** Bytes one after the other, counted from an offset on. */
class OwnBytes {
  #parts;
  /** Where each begins. @type {number[]} */
  #starts = [];

  /** @param {Uint8Array[]} parts @param {number} start */
  constructor(parts, start) {
    this.#parts = parts;
    let at = start;
    for (const part of parts) {
      this.#starts.push(at);
      at += part.length;
    }
  }

  /** @param {Pieces} pieces @returns {Pieces}  ranges of these bytes as the bytes that they are */
  resolve(pieces) {
    const first = this.#starts[0];
    if (first === undefined) return pieces;
    return pieces.flatMap((piece) =>
      piece instanceof Uint8Array || piece[0] < first ? [piece] : this.#range(piece[0], piece[0] + piece[1]),
    );
  }

  /** @param {number} from @param {number} to */
  #range(from, to) {
    const bytes = [];
    for (let i = this.#at(from); i < this.#parts.length; i += 1) {
      const start = /** @type {number} */ (this.#starts[i]);
      if (start >= to) break;
      const part = /** @type {Uint8Array} */ (this.#parts[i]);
      bytes.push(part.subarray(Math.max(from - start, 0), Math.min(to - start, part.length)));
    }
    return bytes;
  }

  /** The part that holds an offset. @param {number} offset */
  #at(offset) {
    let [low, high] = [0, this.#starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (/** @type {number} */ (this.#starts[middle]) <= offset) low = middle;
      else high = middle;
    }
    return low;
  }
}
