// What a long report costs: its whole way through the core against reading it, both in one module and one process.
import { element, file, join } from "../tests/wasm/dicom.mjs";
import { median } from "./cli.mjs";

const ITEMS = 5000;
const ROUNDS = 9;
const DOSE_SR = "1.2.840.10008.5.1.4.1.1.88.67";
const KEY = new Uint8Array(32).fill(7);

const THINGS = ["nodule", "lesion", "mass", "cyst", "opacity", "effusion", "fracture", "stenosis", "edema", "aneurysm"];
const PLACES = ["left lung", "right lung", "liver", "spleen", "left kidney", "pancreas", "brain", "pelvis", "aorta"];
const CHANGES = ["no change", "smaller than before", "contrast enhanced", "follow up recommended", "well defined"];
const WORDINGS = ["chest CT", "no change since 2023", "Yamada Taro, 63 years", "contrast enhanced MR of the liver"];

/** @param {readonly string[]} words @param {number} n */
const pick = (words, n) => words[Math.floor(n) % words.length] ?? "";

/** A sentence that no other item has. @param {number} n */
function different(n) {
  const [thing, place] = [pick(THINGS, n), pick(PLACES, n / THINGS.length)];
  return `${thing} of the ${place}, ${pick(CHANGES, n / 90)}, series ${n}`;
}

/** A sequence of items. @param {string} tag @param {Uint8Array[][]} items */
function sequence(tag, items) {
  const held = items.map((elements) => {
    const value = join(elements);
    const head = new Uint8Array(8);
    const view = new DataView(head.buffer);
    view.setUint32(0, 0xe000fffe, true);
    view.setUint32(4, value.length, true);
    return join([head, value]);
  });
  return element(tag, "SQ", join(held));
}

/** @param {string} value @param {string} scheme @param {string} meaning */
function code(value, scheme, meaning) {
  return [element("0008,0100", "SH", value), element("0008,0102", "SH", scheme), element("0008,0104", "LO", meaning)];
}

/** @param {string} type @param {string} concept @param {Uint8Array} value */
function item(type, concept, value) {
  const name = sequence("0040,A043", [code(concept, "DCM", "Concept")]);
  return [element("0040,A010", "CS", "CONTAINS"), element("0040,A040", "CS", type), name, value];
}

/** An item of each value type in turn. @param {number} n @param {(n: number) => string} text */
function mixed(n, text) {
  const measured = () => {
    const unit = sequence("0040,08EA", [code("mm", "UCUM", "mm")]);
    return sequence("0040,A300", [[unit, element("0040,A30A", "DS", "12.5")]]);
  };
  const lung = () => sequence("0040,A168", [code("T-28000", "SRT", "Lung")]);
  switch (n % 6) {
    case 0:
      return item("NUM", "121401", measured());
    case 1:
      return item("CODE", "121071", lung());
    case 2:
      return item("UIDREF", "112040", element("0040,A124", "UI", `1.2.3.${n}`));
    case 3:
      return item("PNAME", "121008", element("0040,A123", "PN", "Suzuki^Ichiro"));
    default:
      return item("TEXT", "121071", element("0040,A160", "UT", text(n)));
  }
}

/** @param {(n: number) => Uint8Array[]} of */
function report(of) {
  return file([
    element("0008,0016", "UI", DOSE_SR),
    element("0008,0018", "UI", "1.2.3.4"),
    element("0008,0060", "CS", "SR"),
    element("0010,0010", "PN", "Yamada^Taro"),
    element("0010,0020", "LO", "12345678"),
    element("0020,000D", "UI", "1.2.3.1"),
    element("0020,000E", "UI", "1.2.3.2"),
    sequence(
      "0040,A730",
      Array.from({ length: ITEMS }, (_, n) => of(n)),
    ),
  ]);
}

/** Medians in milliseconds of the process's CPU, by what was done, and ratios to reading. @param {any} core @param {Uint8Array} lists @param {Uint8Array} bytes */
function measure(core, lists, bytes) {
  const shipped = core.shippedPolicies().find((/** @type {{ id: string }} */ { id }) => id === "headers-only");
  const source = {
    size: bytes.length,
    /** @param {number} offset @param {Uint8Array} into */
    read: (offset, into) => into.set(bytes.subarray(offset, offset + into.length)),
  };
  /** @type {Record<string, number[]>} */
  const times = { reading: [], remove: [], strict: [], clean: [] };
  const timed = (/** @type {string} */ name, /** @type {() => any} */ work) => {
    const started = process.cpuUsage();
    const done = work();
    const { user, system } = process.cpuUsage(started);
    times[name]?.push((user + system) / 1000);
    return done;
  };
  for (let round = 0; round < ROUNDS; round++)
    for (const descriptors of ["remove", "strict", "clean"]) {
      // A fresh one each time, which remembers no text.
      const one = new core.Core({ ...shipped, descriptors }, KEY, "", lists);
      const row = timed("reading", () => one.scan(source, "a.dcm"));
      timed(descriptors, () => one.transform(source, row));
      one.free();
    }
  const middle = Object.fromEntries(Object.entries(times).map(([name, all]) => [name, median(all)]));
  const ratio = (/** @type {string} */ name) => (middle[name] ?? 0) / (middle.reading ?? 1);
  return { milliseconds: middle, ratios: { remove: ratio("remove"), strict: ratio("strict"), clean: ratio("clean") } };
}

/** A report of 5,000 items, by how its texts repeat: the way of all through the core, against reading it. */
export async function benchReport() {
  const { core, lists } = await import("../tests/wasm/core.mjs");
  const wording = (/** @type {number} */ n) => pick(WORDINGS, n / 6);
  const text = (/** @type {number} */ n) => item("TEXT", "121071", element("0040,A160", "UT", different(n)));
  return {
    "5,000 items, wordings that repeat (goal ≤ 10)": measure(
      core,
      lists,
      report((n) => mixed(n, wording)),
    ),
    "5,000 items, 1,666 different sentences (goal ≤ 10)": measure(
      core,
      lists,
      report((n) => mixed(n, different)),
    ),
    "5,000 different sentences (goal ≤ 10)": measure(core, lists, report(text)),
  };
}
