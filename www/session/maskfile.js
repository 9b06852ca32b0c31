/**
 * A file of masks (`tokumei.masks/1`): rectangles for one image, one series, or all images of a device and size. They are drawn as a
 * rule of the policy is. Such a file looks at no picture: it lets an image that waits for a look leave only where its author says
 * `complete`, for that very image or for a device and size, as the author of a rule can.
 *
 * Read strictly: what is not known, not a rectangle, or there twice is an error with its place; values are not repeated.
 */

/**
 * @typedef {import("../workers/types.js").ScanRow} ScanRow
 * @typedef {import("../workers/types.js").Mask} Mask
 * @typedef {{masks: Mask[], complete: boolean, met: boolean}} Drawing  `met`: an image was found that it is for
 */

const SCHEMA = "tokumei.masks/1";
/** As of a policy's rules: areas of an entry, pixels on a side, characters of a name. */
const MOST = Object.freeze({ entries: 100_000, areas: 64, side: 65_535, frames: 10_000, frame: 1_000_000, text: 256 });
const UID = /^[0-9.]{1,64}$/u;
const OF = /** @type {const} */ (["instance", "series", "device"]);
const DEVICE = /** @type {const} */ (["modality", "manufacturer", "model", "rows", "columns"]);

/** A file that can't be used; `place` says where, without any value of it. */
export class MaskFileError extends Error {
  /** @param {string} place @param {string} expected */
  constructor(place, expected) {
    super("masks-invalid");
    this.name = "MaskFileError";
    this.code = "masks-invalid";
    this.place = place === "" ? expected : `${place}: ${expected}`;
  }
}

/** The masks of a file, by what they are for. */
export class MaskFile {
  /** @type {Map<string, Drawing>} */
  #drawings = new Map();

  /** @param {string} text @throws {MaskFileError} */
  constructor(text) {
    const file = members(parsed(text), "", ["schema", "masks"], []);
    if (file.schema !== SCHEMA) throw new MaskFileError("schema", `expected ${SCHEMA}`);
    list(file.masks, "masks", 1, MOST.entries).forEach((each, i) => {
      this.#take(each, `masks[${i}]`);
    });
  }

  /** Entries that no image has met. */
  get unmet() {
    return [...this.#drawings.values()].filter(({ met }) => !met).length;
  }

  /**
   * The row with the masks that are for it.
   * @template {ScanRow} R
   * @param {R} row
   * @returns {R}
   */
  drawnOn(row) {
    if (row.kind !== "dicom") return row;
    const { modality, rows, columns, screen } = row;
    const device = keyOf("device", [modality, screen.device, rows, columns]);
    const keys = [keyOf("instance", [row.sopInstance]), keyOf("series", [row.series]), device];
    const found = keys.flatMap((key) => this.#drawings.get(key) ?? []);
    for (const drawing of found) drawing.met = true;
    if (found.length === 0) return row;
    const masks = [.../** @type {Mask[]} */ (row.masks ?? []), ...found.flatMap((drawing) => drawing.masks)];
    return { ...row, masks, masksComplete: row.masksComplete || found.some(({ complete }) => complete) };
  }

  /** @param {unknown} value @param {string} place */
  #take(value, place) {
    const entry = members(value, place, ["areas"], [...OF, "complete"]);
    const [of, ...more] = OF.filter((key) => entry[key] !== undefined);
    if (of === undefined || more.length > 0) throw new MaskFileError(place, `expected one of ${OF.join(", ")}`);
    const complete = entry.complete ?? false;
    if (typeof complete !== "boolean") throw new MaskFileError(`${place}.complete`, "expected true or false");
    if (complete && of === "series")
      throw new MaskFileError(`${place}.complete`, "not for a series: its images differ");
    const masks = list(entry.areas, `${place}.areas`, 1, MOST.areas).map((area, i) =>
      areaOf(area, `${place}.areas[${i}]`),
    );
    const key =
      of === "device" ? deviceOf(entry.device, `${place}.device`) : keyOf(of, [uid(entry[of], `${place}.${of}`)]);
    if (this.#drawings.has(key)) throw new MaskFileError(`${place}.${of}`, "is there twice");
    this.#drawings.set(key, { masks, complete, met: false });
  }
}

/**
 * A pool whose scans carry the masks of a file.
 * @param {import("../workers/calls.js").Pool} pool
 * @param {MaskFile} masks
 * @returns {import("../workers/calls.js").Pool}
 */
export function withMasks(pool, masks) {
  const scan = async (/** @type {import("../workers/types.js").Input} */ input) => {
    const found = await pool.scan(input);
    return "fault" in found ? found : masks.drawnOn(found);
  };
  return { ...pool, scan };
}

/** Letters of both cases are alike. @param {string} of @param {unknown[]} values */
function keyOf(of, values) {
  return JSON.stringify([of, ...values.map((value) => (typeof value === "string" ? value.toLowerCase() : value))]);
}

/** @param {unknown} value @param {string} place */
function deviceOf(value, place) {
  const device = members(value, place, DEVICE, []);
  const [modality, manufacturer, model] = /** @type {const} */ (["modality", "manufacturer", "model"]).map((key) =>
    text(device[key], `${place}.${key}`),
  );
  const [rows, columns] = /** @type {const} */ (["rows", "columns"]).map((key) =>
    whole(device[key], `${place}.${key}`, 1, MOST.side),
  );
  return keyOf("device", [modality, `${manufacturer} ${model}`, rows, columns]);
}

/** @param {unknown} value @param {string} place @returns {Mask} */
function areaOf(value, place) {
  const area = members(value, place, ["x", "y", "w", "h"], ["frames"]);
  const side = (/** @type {string} */ key, /** @type {number} */ least) =>
    whole(area[key], `${place}.${key}`, least, MOST.side);
  const frames = area.frames === undefined || area.frames === "all" ? "all" : framesOf(area.frames, `${place}.frames`);
  return { frames, x: side("x", 0), y: side("y", 0), w: side("w", 1), h: side("h", 1), by: "file" };
}

/** @param {unknown} value @param {string} place */
function framesOf(value, place) {
  const frames = list(value, place, 1, MOST.frames).map((frame, i) => whole(frame, `${place}[${i}]`, 0, MOST.frame));
  if (new Set(frames).size < frames.length) throw new MaskFileError(place, "expected each frame once");
  return frames;
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new MaskFileError("", "expected JSON");
  }
}

/**
 * @param {unknown} value
 * @param {string} place
 * @param {readonly string[]} needed
 * @param {readonly string[]} others
 * @returns {Record<string, unknown>}
 */
function members(value, place, needed, others) {
  const known = [...needed, ...others];
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new MaskFileError(place, "expected an object");
  if (Object.keys(value).some((key) => !known.includes(key)))
    throw new MaskFileError(place, `unknown key, expected ${known.join(", ")}`);
  const missing = needed.find((key) => !Object.hasOwn(value, key));
  if (missing !== undefined) throw new MaskFileError(place, `${missing} is missing`);
  return /** @type {Record<string, unknown>} */ (value);
}

/** @param {unknown} value @param {string} place @param {number} least @param {number} most @returns {unknown[]} */
function list(value, place, least, most) {
  if (Array.isArray(value) && value.length >= least && value.length <= most) return value;
  throw new MaskFileError(place, `expected a list of ${least} to ${most}`);
}

/** @param {unknown} value @param {string} place @param {number} least @param {number} most @returns {number} */
function whole(value, place, least, most) {
  const number = /** @type {number} */ (value);
  if (Number.isInteger(value) && number >= least && number <= most) return number;
  throw new MaskFileError(place, `expected a whole number from ${least} to ${most}`);
}

/** @param {unknown} value @param {string} place */
function text(value, place) {
  const trimmed = typeof value === "string" ? value.trim() : "";
  if (trimmed !== "" && trimmed.length <= MOST.text) return trimmed;
  throw new MaskFileError(place, `expected a text of 1 to ${MOST.text} characters`);
}

/** @param {unknown} value @param {string} place */
function uid(value, place) {
  if (typeof value === "string" && UID.test(value)) return value;
  throw new MaskFileError(place, "expected a UID");
}
