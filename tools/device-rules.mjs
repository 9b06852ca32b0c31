/**
 * `node tools/device-rules.mjs COLLECTION`: writes src/deid/data/devices.json, the rules of fixed areas that come with the product,
 * from the collection of RSNA CTP's and pydicom/deid's rules (`burned_in_rules.json`). What that collection names as mistakes of its
 * sources is corrected here or by the conversion; no rule says that nothing stands elsewhere.
 */

import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { convertRules } from "../cli/devices/convert.js";
import { parseRules } from "../cli/devices/parse.js";

/** Keywords that the sources misspell, and one that any software rewrites. @type {Record<string, [attr: string, tag: string]>} */
const KEYWORDS = {
  Manfacturer: ["Manufacturer", "0008,0070"],
  Manufacture: ["Manufacturer", "0008,0070"],
  ImplementationVersionName: ["Manufacturer", "0008,0070"],
};
/** Values that no instance has, by keyword and value. @type {Record<string, string>} */
const VALUES = {
  "Modality MRI": "CR|DX",
  "Modality Other": "OT",
  "Modality PET/CT": "PT|CT",
  "ManufacturerModelName CXD1": "CXDI",
};
/** Rules without an area of whole models, scans too; and rules that choose the images of a study, whatever is written in them. */
const SAY_NOTHING = new Set(["deid-006", "deid-010", "deid-cxr-003", "deid-cxr-004"]);
/** Of CTP the last row and column of an area are inside. */
const INCLUSIVE = /^ctp/u;

/**
 * @param {any} expression
 * @param {string} id
 * @returns {any}
 */
function corrected(expression, id) {
  if (expression.all) return { all: expression.all.flatMap((/** @type {any} */ each) => correctedPart(each, id)) };
  if (expression.any) {
    // CTP asks that these be empty where an image is clean; its copy turned that round.
    const meant = expression.any.filter((/** @type {any} */ each) => id !== "deid-118" || each.op !== "empty");
    return { any: meant.map((/** @type {any} */ each) => corrected(each, id)) };
  }
  if (expression.not) return { not: corrected(expression.not, id) };
  const [one] = correctedPart(expression, id);
  return one;
}

/** A part of a conjunction, which may become several. @param {any} part @param {string} id @returns {any[]} */
function correctedPart(part, id) {
  if (part.all || part.any || part.not) return [corrected(part, id)];
  const [attr, tag] = KEYWORDS[part.attr] ?? [part.attr, part.tag];
  const value = VALUES[`${attr} ${part.value}`] ?? part.value;
  const test = { ...part, attr, tag, value };
  // A model that is asked for as a maker, a bar within an equal value, words joined by a plus, a number with changed digits.
  if (id === "deid-042" && attr === "Manufacturer")
    return [{ ...test, attr: "ManufacturerModelName", tag: "0008,1090" }];
  if (id === "deid-042" && attr === "Rows")
    return [{ any: value.split("|").map((/** @type {string} */ rows) => ({ ...test, value: rows })) }];
  if (id === "deid-110" && value.includes("+"))
    return value.split("+").map((/** @type {string} */ word) => ({ ...test, value: word }));
  if (id === "deid-033" && attr === "Rows") return [{ ...test, value: "768" }];
  return [test];
}

/** @param {any} rule */
function correctedRule({ id, when, rects, ...rest }) {
  const more = INCLUSIVE.test(id) ? 1 : 0;
  const areas = rects.map((/** @type {any} */ rect) =>
    "w" in rect ? { ...rect, w: rect.w + more, h: rect.h + more } : rect,
  );
  return { ...rest, id, when: corrected(when, id), rects: areas };
}

/**
 * The rules that come with the product, as text: one a line.
 * @param {string} collection  the JSON text
 */
export function deviceRules(collection) {
  const document = JSON.parse(collection);
  const rules = document.rules.filter((/** @type {any} */ rule) => !SAY_NOTHING.has(rule.id));
  const text = JSON.stringify({ ...document, rules: rules.map(correctedRule) });
  const { devices, leftOut } = convertRules(parseRules(text) ?? []);
  return { text: `[\n${devices.map((rule) => JSON.stringify(rule)).join(",\n")}\n]\n`, leftOut };
}

if (process.argv[1] === import.meta.filename) {
  const [path = ""] = process.argv.slice(2);
  const { text, leftOut } = deviceRules(readFileSync(path, "utf8"));
  writeFileSync(resolve(import.meta.dirname, "../src/deid/data/devices.json"), text);
  for (const { name, why } of leftOut) process.stdout.write(`left out (${why}): ${name}\n`);
}
