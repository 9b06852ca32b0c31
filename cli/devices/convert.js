/**
 * Rules of other products as rules of a policy. What they are known to do wrong is not taken over: makers are found by whole words,
 * a `+` is a letter of a model's name, and none of them says that nothing stands elsewhere or that an image is clean. Rules without
 * an area hold what they find for a person; so do those that name no maker and no model, whose areas fit some of it only.
 */

/**
 * @typedef {import("./parse.js").Expression} Expression
 * @typedef {import("./parse.js").ForeignRule} ForeignRule
 * @typedef {{tag: string, is?: string, value?: string, not?: boolean}} Condition
 * @typedef {{name: string, when: Condition[], masks: import("./parse.js").Rect[], regions?: boolean, hold?: boolean}} DeviceRule
 * @typedef {{name: string, why: "calls-clean" | "no-condition" | "unknown-attribute" | "unknown-test" | "too-many" | "from-edge"}} LeftOut
 */

/** Attributes that such rules name. @type {Record<string, string>} */
const TAGS = {
  BodyPartExamined: "0018,0015",
  BurnedInAnnotation: "0028,0301",
  Columns: "0028,0011",
  CommentsOnRadiationDose: "0040,0310",
  DateOfSecondaryCapture: "0018,1012",
  ImageType: "0008,0008",
  Manufacturer: "0008,0070",
  ManufacturerModelName: "0008,1090",
  Modality: "0008,0060",
  ProtocolName: "0018,1030",
  Rows: "0028,0010",
  SecondaryCaptureDeviceManufacturer: "0018,1016",
  SecondaryCaptureDeviceManufacturerModelName: "0018,1018",
  SecondaryCaptureDeviceSoftwareVersions: "0018,1019",
  SequenceOfUltrasoundRegions: "0018,6011",
  SeriesDescription: "0008,103E",
  SOPClassUID: "0008,0016",
  SoftwareVersions: "0018,1020",
  StationName: "0008,1010",
  StudyDescription: "0008,1030",
};
const DEVICE = new Set(["0008,0070", "0008,1090"]);
const ROWS = "0028,0010";
const COLUMNS = "0028,0011";
const CODE_MEANING = "0008,0104";
/** Signs that make a regular expression more than words; `|` and `+` are dealt with. */
const PATTERN = /[.*?^$()[\]{}\\]/u;
/** Rules that one becomes, and conditions in each. */
const MOST = 64;

class CannotSay extends Error {
  /** @param {LeftOut["why"]} why */
  constructor(why) {
    super(why);
    this.why = why;
  }
}

/**
 * @param {ForeignRule[]} rules
 * @returns {{devices: DeviceRule[], leftOut: LeftOut[]}}
 */
export function convertRules(rules) {
  /** @type {DeviceRule[]} */
  const devices = [];
  /** @type {LeftOut[]} */
  const leftOut = [];
  for (const rule of rules) {
    try {
      devices.push(...converted(rule));
    } catch (error) {
      if (!(error instanceof CannotSay)) throw error;
      leftOut.push({ name: rule.name, why: error.why });
    }
  }
  return { devices, leftOut };
}

/** @param {ForeignRule} rule @returns {DeviceRule[]} */
function converted({ name, when, rects, regions, clean }) {
  if (clean) throw new CannotSay("calls-clean");
  const cases = alternatives(when, false);
  if (cases.length > MOST || cases.some((conditions) => conditions.length > MOST)) throw new CannotSay("too-many");
  const named = (/** @type {Condition[]} */ conditions) => conditions.some(({ tag, not }) => DEVICE.has(tag) && !not);
  // What holds for every image says nothing of any.
  if (cases.some((conditions) => conditions.length === 0)) throw new CannotSay("no-condition");
  const hold = !regions && (rects.length === 0 || !cases.every(named));
  return cases.map((conditions) => ({
    name: name.slice(0, 100),
    when: conditions,
    masks: rects.map((rect) => fromCorner(rect, conditions)),
    ...(regions && { regions }),
    ...(hold && { hold }),
  }));
}

/** Negative numbers count from the right and bottom edges. @param {import("./parse.js").Rect} rect @param {Condition[]} when */
function fromCorner({ x, y, w, h }, when) {
  const side = (/** @type {string} */ tag) =>
    Number(when.find((each) => each.tag === tag && !each.is && !each.not)?.value);
  const from = (/** @type {number} */ at, /** @type {string} */ tag) => (at < 0 ? side(tag) + at : at);
  const rect = { x: from(x, COLUMNS), y: from(y, ROWS), w, h };
  if (!Object.values(rect).every((n) => Number.isInteger(n) && n >= 0) || w < 1 || h < 1)
    throw new CannotSay("from-edge");
  return rect;
}

/**
 * An expression as lists of conditions, of which one has to hold whole.
 * @param {Expression} expression
 * @param {boolean} not
 * @returns {Condition[][]}
 */
function alternatives(expression, not) {
  if ("not" in expression) return alternatives(expression.not, !not);
  const parts = "all" in expression ? expression.all : "any" in expression ? expression.any : null;
  if (parts === null) return testOf(/** @type {import("./parse.js").Test} */ (expression), not);
  const each = parts.map((part) => alternatives(part, not));
  if ("any" in expression !== not) return each.flat();
  return each.reduce(
    (all, some) => {
      if (all.length * some.length > MOST) throw new CannotSay("too-many");
      return all.flatMap((left) => some.map((right) => [...left, ...right]));
    },
    /** @type {Condition[][]} */ ([[]]),
  );
}

/** @param {import("./parse.js").Test} test @param {boolean} not @returns {Condition[][]} */
function testOf({ attr, op, value }, not) {
  if (op === "always") return [[]];
  const tag = /^[0-9A-Fa-f]{4},[0-9A-Fa-f]{4}$/u.test(attr) ? attr.toUpperCase() : TAGS[attr];
  // File meta, overlays and what stands in sequences alone are no part of what a rule can ask for.
  if (tag === undefined || tag.startsWith("0002") || tag.startsWith("60") || tag === CODE_MEANING)
    throw new CannotSay("unknown-attribute");
  const [negated, kind] = kindOf(op);
  const says = (/** @type {Condition} */ { not: denied = false, ...rest }) =>
    denied !== (not !== negated) ? { ...rest, not: true } : rest;
  const conditions = conditionsOf(tag, kind, value).map(says);
  // None of several words, or one of them.
  const none = conditions.length > 1 && conditions.every((condition) => "not" in condition);
  return none ? [conditions] : conditions.map((condition) => [condition]);
}

/** @param {string} op @returns {[boolean, "equals" | "contains" | "pattern" | "missing" | "empty" | "present"]} */
function kindOf(op) {
  switch (op) {
    case "eq":
    case "eq_i":
    case "equals":
    case "equalsIgnoreCase":
    case "recipe-equals":
      return [false, "equals"];
    case "neq_i":
      return [true, "equals"];
    case "contains":
    case "contains_i":
    case "containsIgnoreCase":
      return [false, "contains"];
    case "regex_i":
    case "recipe-contains":
      return [false, "pattern"];
    case "not_regex_i":
      return [true, "pattern"];
    case "missing":
    case "recipe-missing":
      return [false, "missing"];
    case "empty":
    case "recipe-empty":
      return [false, "empty"];
    case "present":
    case "recipe-present":
      return [false, "present"];
    default:
      throw new CannotSay("unknown-test");
  }
}

/** @param {string} tag @param {string} kind @param {string} value @returns {Condition[]} */
function conditionsOf(tag, kind, value) {
  if (kind === "missing") return [{ tag, is: "present", not: true }];
  if (kind === "present") return [{ tag, is: "present" }];
  if (kind === "empty") return [{ tag, is: "filled", not: true }];
  const words = kind === "pattern" ? value.split("|") : [value];
  if (words.some((word) => word.trim() === "" || (kind === "pattern" && PATTERN.test(word))))
    throw new CannotSay("unknown-test");
  // A matrix is a number, never a part of one.
  const is = kind === "equals" || tag === ROWS || tag === COLUMNS ? {} : { is: "contains" };
  return words.map((word) => ({ tag, ...is, value: word.trim() }));
}
