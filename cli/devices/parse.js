/**
 * Rules of fixed areas in the forms of other products, read into one shape: pixel scripts of RSNA CTP, recipes of pydicom/deid, and
 * our own collection of both as JSON. Nothing is judged here.
 */

/**
 * @typedef {{attr: string, op: string, value: string}} Test  `attr`: keyword or `gggg,eeee`; `op`: as the source has it
 * @typedef {Test | {all: Expression[]} | {any: Expression[]} | {not: Expression}} Expression
 * @typedef {{x: number, y: number, w: number, h: number}} Rect
 * @typedef {{name: string, when: Expression, rects: Rect[], regions: boolean, clean: boolean}} ForeignRule  `clean`: what fulfils it is called clean
 */

/**
 * @param {string} text
 * @returns {ForeignRule[] | null}  null: none of the known forms
 */
export function parseRules(text) {
  if (text.trimStart().startsWith("{") && text.includes("burned-in rules")) return parseCollection(JSON.parse(text));
  if (/^\s*FORMAT\s+dicom/imu.test(text)) return parseRecipe(text);
  return /\{[^}]*\}\s*\(/u.test(text) ? parseScript(text) : null;
}

/** @param {any} document  `tokumei burned-in rules` @returns {ForeignRule[]} */
function parseCollection({ rules }) {
  return rules.map((/** @type {any} */ { id, label, section, when, rects }) => ({
    name: label ? `${id} ${label}` : id,
    when: expressionOf(when),
    rects: rects.filter((/** @type {any} */ rect) => !("region" in rect)),
    regions: rects.some((/** @type {any} */ rect) => rect.mode === "keep"),
    clean: section === "whitelist",
  }));
}

/** @param {any} when @returns {Expression} */
function expressionOf(when) {
  if (when.all) return { all: when.all.map(expressionOf) };
  if (when.any) return { any: when.any.map(expressionOf) };
  if (when.not) return { not: expressionOf(when.not) };
  return { attr: when.tag || when.attr || "", op: when.op ?? "always", value: when.value ?? "" };
}

/**
 * CTP: a name, `{ expression }`, rectangles `(x, y, width, height)`.
 * @param {string} text
 * @returns {ForeignRule[]}
 */
function parseScript(text) {
  const plain = text.replace(/\/\/.*$/gmu, "").replace(/\/\*[\s\S]*?\*\//gu, "");
  const blocks = plain.matchAll(/([^{}()]*)\{([^}]*)\}((?:\s*\(\s*-?\d+\s*,\s*-?\d+\s*,\s*\d+\s*,\s*\d+\s*\))*)/gu);
  return [...blocks].map(([, name = "", condition = "", rects = ""], index) => ({
    name: name.trim().split("\n").pop()?.trim() || `CTP ${index + 1}`,
    when: new ScriptReader(condition).read(),
    rects: [...rects.matchAll(/\(([^)]*)\)/gu)].map(([, numbers = ""]) => rectOf(numbers, false)),
    regions: false,
    clean: false,
  }));
}

/** `*` binds more than `+`; `!` negates; `[0028,0010]` and keywords name attributes. */
class ScriptReader {
  #tokens;
  #at = 0;

  /** @param {string} text */
  constructor(text) {
    this.#tokens = text.match(/"[^"]*"|\[[^\]]*\]|[A-Za-z0-9]+|[()!*+.]/gu) ?? [];
  }

  /** @returns {Expression} */
  read() {
    const any = [this.#product()];
    while (this.#take("+")) any.push(this.#product());
    return any.length === 1 ? /** @type {Expression} */ (any[0]) : { any };
  }

  /** @returns {Expression} */
  #product() {
    const all = [this.#factor()];
    while (this.#take("*")) all.push(this.#factor());
    return all.length === 1 ? /** @type {Expression} */ (all[0]) : { all };
  }

  /** @returns {Expression} */
  #factor() {
    // Brackets and negations are few in these files; deeper ones are none that a person wrote.
    if (this.#take("!")) return { not: this.#factor() };
    if (this.#take("(")) {
      const inner = this.read();
      this.#take(")");
      return inner;
    }
    const attr = (this.#next() ?? "").replace(/^\[|\]$/gu, "");
    this.#take(".");
    const op = this.#next() ?? "";
    this.#take("(");
    const value = (this.#next() ?? "").replace(/^"|"$/gu, "");
    this.#take(")");
    return { attr, op, value };
  }

  #next() {
    const token = this.#tokens[this.#at];
    this.#at += 1;
    return token;
  }

  /** @param {string} token */
  #take(token) {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at += 1;
    return true;
  }
}

/**
 * pydicom/deid: `%filter` and the list that follows, `LABEL`, lines of conditions (the first of a group, then `+` and, `||` or), `coordinates x1,y1,x2,y2` or
 * `ctpcoordinates x,y,w,h`.
 * @param {string} text
 * @returns {ForeignRule[]}
 */
function parseRecipe(text) {
  /** @type {(ForeignRule & {all: Expression[]})[]} */
  const rules = [];
  let clean = false;
  for (const line of text.split(/\r?\n/u).map((each) => each.replace(/#.*$/u, "").trim())) {
    const label = /^LABEL\s+(.*)$/u.exec(line);
    if (label)
      rules.push({ name: label[1]?.trim() || "deid", when: { all: [] }, all: [], rects: [], regions: false, clean });
    if (line.startsWith("%")) clean = /^%filter\s+whitelist/iu.test(line);
    const rule = rules.at(-1);
    if (rule === undefined || label || line === "" || line.startsWith("%")) continue;
    const place = /^(ctp)?(?:keep)?coordinates\s+(.*)$/iu.exec(line);
    if (place) {
      const where = place[2] ?? "";
      if (/^all$/iu.test(where)) continue;
      if (/SequenceOfUltrasoundRegions/u.test(where)) rule.regions = true;
      else rule.rects.push(rectOf(where, place[1] === undefined));
    } else addCondition(rule.all, line);
  }
  return rules.map(({ all, ...rule }) => ({ ...rule, when: { all } }));
}

/** @param {Expression[]} all @param {string} line */
function addCondition(all, line) {
  const isOr = line.startsWith("||");
  const [head = "", ...more] = line.replace(/^(\|\||\+)\s*/u, "").split(/\s+(\|\||\+)\s+(?=[a-z]+\s)/u);
  /** @type {Expression} */
  let expression = testsOf(head);
  for (let i = 0; i + 1 < more.length; i += 2) {
    const next = testsOf(more[i + 1] ?? "");
    expression = more[i] === "||" ? { any: [expression, next] } : { all: [expression, next] };
  }
  const last = isOr ? all.pop() : undefined;
  all.push(last ? { any: [last, expression] } : expression);
}

/** `contains Keyword|Keyword value` @param {string} text @returns {Expression} */
function testsOf(text) {
  const [, op = "", attrs = "", value = ""] = /^(\S+)\s+(\S+)\s*(.*)$/u.exec(text) ?? [];
  const negated = op.startsWith("not");
  const name = negated ? op.slice(3) : op;
  const tests = attrs.split("|").map((attr) => ({ attr, op: `recipe-${name}`, value: value.trim() }));
  const any = tests.length === 1 ? /** @type {Test} */ (tests[0]) : { any: tests };
  return negated ? { not: any } : any;
}

/** @param {string} numbers @param {boolean} corners  the last two are a corner, not a size @returns {Rect} */
function rectOf(numbers, corners) {
  const [x = 0, y = 0, third = 0, fourth = 0] = numbers.split(",").map((each) => Number.parseInt(each, 10));
  return corners ? { x, y, w: third - x, h: fourth - y } : { x, y, w: third, h: fourth };
}
