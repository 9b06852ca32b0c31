// Rules of fixed areas of other products, as rules of a policy: what is taken over, and what not.
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { convertRules } from "../../cli/devices/convert.js";
import { parseRules } from "../../cli/devices/parse.js";
import { deviceRules } from "../../tools/device-rules.mjs";
import { json, root, scratch, tokumei } from "./command.mjs";

const shared = process.env.TOKUMEI_SHARED ?? resolve(root, "../shared");
const SCRIPT = `Dose Series
  { SeriesDescription.containsIgnoreCase("Dose Report") }
  (0,0,512,110)
// a comment
Echo
  { Modality.equals("US") * Manufacturer.containsIgnoreCase("GE") * !(Rows.equals("600") + [0028,0011].equals("800")) }
  (0,0,640,30) (600, 40, 40, 20)
Edge
  { Manufacturer.equals("X") * Rows.equals("600") * Columns.equals("800") }
  (-100,-20,100,20)
`;
const RECIPE = `FORMAT dicom
%filter graylist
LABEL A # a comment
  contains Modality US
  + equals Manufacturer GE
  + equals Rows 600 || equals Rows 601
  coordinates 0,10,512,60
LABEL B
  contains ManufacturerModelName SOMATOM Definition AS+
  missing BurnedInAnnotation
  ctpcoordinates 1,2,3,4
LABEL C
  contains Manfacturer Foo
  coordinates 0,0,1,1
LABEL D
  contains Manufacturer Fo.*
  coordinates 0,0,1,1
%filter whitelist
LABEL E
  contains Manufacturer Foo
%filter blacklist
LABEL F
  contains ImageType SAVE
LABEL G
  coordinates 0,0,1,1
`;

const converted = (text) => convertRules(parseRules(text) ?? []);
const why = ({ leftOut }) => Object.fromEntries(leftOut.map(({ name, why }) => [name, why]));

test("a pixel script of CTP", () => {
  const made = converted(SCRIPT);
  assert.deepEqual(why(made), {});
  assert.deepEqual(made.devices, [
    {
      name: "Dose Series",
      when: [{ tag: "0008,103E", is: "contains", value: "Dose Report" }],
      masks: [{ x: 0, y: 0, w: 512, h: 110 }],
      hold: true,
    },
    {
      name: "Echo",
      when: [
        { tag: "0008,0060", value: "US" },
        { tag: "0008,0070", is: "contains", value: "GE" },
        { tag: "0028,0010", value: "600", not: true },
        { tag: "0028,0011", value: "800", not: true },
      ],
      masks: [
        { x: 0, y: 0, w: 640, h: 30 },
        { x: 600, y: 40, w: 40, h: 20 },
      ],
    },
    {
      name: "Edge",
      when: [
        { tag: "0008,0070", value: "X" },
        { tag: "0028,0010", value: "600" },
        { tag: "0028,0011", value: "800" },
      ],
      masks: [{ x: 700, y: 580, w: 100, h: 20 }],
    },
  ]);
});

test("a recipe of pydicom/deid", () => {
  const made = converted(RECIPE);
  assert.deepEqual(why(made), { C: "unknown-attribute", D: "unknown-test", E: "calls-clean", G: "no-condition" });
  assert.deepEqual(
    made.devices.map(({ name, masks, hold }) => [name, masks[0], hold]),
    [
      ["A", { x: 0, y: 10, w: 512, h: 50 }, undefined],
      ["A", { x: 0, y: 10, w: 512, h: 50 }, undefined],
      ["B", { x: 1, y: 2, w: 3, h: 4 }, undefined],
      ["F", undefined, true],
    ],
  );
  assert.deepEqual(made.devices[1]?.when.at(-1), { tag: "0028,0010", value: "601" });
  assert.deepEqual(made.devices[2]?.when, [
    { tag: "0008,1090", is: "contains", value: "SOMATOM Definition AS+" },
    { tag: "0028,0301", is: "present", not: true },
  ]);
});

test("what is none of these forms is not taken for rules", (t) => {
  for (const text of ["", "hello", '{"a": 1}', "LABEL x\n  coordinates 1,2,3,4"]) assert.equal(parseRules(text), null);
  const dir = scratch(t);
  writeFileSync(join(dir, "rules"), "hello");
  const run = tokumei(["policy", "import", join(dir, "rules"), "--out", join(dir, "policy.json")]);
  assert.equal(run.status, 1);
  assert.match(run.err, /no rules that can be imported/u);
});

test("the rules that come with the product are those of the collection, corrected", (t) => {
  const collection = join(shared, "standards/burned_in_rules.json");
  if (!existsSync(collection)) return t.skip("no shared data");
  const { text, leftOut } = deviceRules(readFileSync(collection, "utf8"));
  assert.equal(text, readFileSync(join(root, "src/deid/data/devices.json"), "utf8"), "run tools/device-rules.mjs");
  const count = (/** @type {string} */ why) => leftOut.filter((each) => each.why === why).length;
  assert.deepEqual(
    [leftOut.length, count("calls-clean"), count("no-condition"), count("unknown-attribute")],
    [10, 5, 1, 4],
  );
  const rules = new Set(JSON.parse(text).map((/** @type {{name: string}} */ { name }) => name));
  assert.equal(rules.size, 166);
});

test("the collection of known rules becomes a policy that is valid and lets nothing leave by itself", (t) => {
  const rules = join(shared, "standards/burned_in_rules.json");
  if (!existsSync(rules)) return t.skip("no shared data");
  const dir = scratch(t);
  const out = join(dir, "policy.json");
  const run = tokumei(["policy", "import", rules, "--out", out]);
  assert.equal(run.status, 0, run.text);
  const { pixels } = json(out);
  assert.ok(pixels.devices.length > 150);
  assert.ok(pixels.devices.every((rule) => rule.complete === undefined));
  // "GE" is a word, and no part of another maker's name.
  const makers = pixels.devices.flatMap(({ when }) => when.filter(({ tag }) => tag === "0008,0070"));
  assert.ok(makers.some(({ is, value }) => is === "contains" && value === "GE"));
  assert.equal(tokumei(["policy", "check", out]).status, 0);
  const before = readFileSync(out, "utf8");
  assert.equal(tokumei(["policy", "import", rules, "--out", out]).status, 1);
  assert.equal(readFileSync(out, "utf8"), before);
});
