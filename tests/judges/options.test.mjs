// Each option of Table E.1-1 by itself, on top of the Basic Profile: it does what its column says and nothing else, outputs
// are no less valid than inputs, and their codes claim it and nothing else.
import assert from "node:assert/strict";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { checkOutput, corpus, deid, folders, key, missing, root, scratch, unexplained } from "./judge.mjs";

const skip = missing();
/** Patients of corpus/synth: a few are enough, since corpus/made has the forms. */
const PATIENTS = 2;

/** What a policy needs besides the option for it to do anything. @type {Record<string, object>} */
const NEEDS = {
  rtn_safe_private: { private: { safe: true } },
  clean_descriptors: { descriptors: "strict" },
  clean_graphics: { descriptors: "strict" },
};

const columns = /** @type {string} */ (
  readFileSync(join(root, "src/deid/data/table_e1_1.tsv"), "utf8").split("\n", 1)[0]
)
  .trim()
  .split("\t")
  .slice(9);

/** Code Values of CID 7050 by column. */
const codes = new Map(
  readFileSync(join(root, "src/deid/data/deid_method_codes.tsv"), "utf8")
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.split("\t"))
    .map(([code, , , column]) => [column, code]),
);

/** @param {string} dir @param {string} column */
function policyOf(dir, column) {
  const file = join(dir, "policy.json");
  const id = column.replaceAll("_", "-");
  writeFileSync(
    file,
    JSON.stringify({
      schema: "tokumei.policy/1",
      extends: "basic",
      id,
      version: "1",
      title: { ja: id, en: id },
      options: [column],
      pixels: { text: "not-checked", face: "not-checked" },
      ...NEEDS[column],
    }),
  );
  return file;
}

/** Code Value (0008,0100) of six characters: explicit little endian, implicit, explicit big endian. */
const CODE_VALUES = [
  [8, 0, 0, 1, 0x53, 0x48, 6, 0],
  [8, 0, 0, 1, 6, 0, 0, 0],
  [0, 8, 1, 0, 0x53, 0x48, 0, 6],
].map((bytes) => Buffer.from(bytes));

/** Codes of CID 7050 in a file; none in a deflated data set. @param {string} file */
function stated(file) {
  const bytes = readFileSync(file);
  const found = new Set();
  for (const head of CODE_VALUES) {
    for (let at = bytes.indexOf(head); at >= 0; at = bytes.indexOf(head, at + 1)) {
      const code = bytes.toString("latin1", at + head.length, at + head.length + 6);
      if (/^1131\d\d$/.test(code)) found.add(code);
    }
  }
  return found;
}

/** Each output states the profile and the option, and nothing that its input did not state. */
function statesOnly(run, input, column) {
  let read = 0;
  for (const { path, out } of run.mapping.files.filter((file) => file.out)) {
    const [before, after] = [stated(join(input, path)), stated(join(run.out, out))];
    if (after.size === 0) continue;
    read += 1;
    const own = ["113100", codes.get(column)];
    for (const code of own) assert.ok(after.has(code), `${out} lacks ${code}`);
    for (const code of after) assert.ok(own.includes(code) || before.has(code), `${out} states ${code}`);
  }
  assert.ok(read > 25, `${read} outputs`);
}

test("there is an option for each column", { skip }, () => {
  assert.equal(columns.length, 10);
  for (const column of columns) assert.match(codes.get(column) ?? "", /^1131\d\d$/, column);
});

test("each option by itself does what its column says", { skip }, async (t) => {
  const dir = scratch(t);
  const input = join(dir, "in");
  cpSync(join(corpus, "made"), join(input, "made"), { recursive: true });
  for (const patient of folders(join(corpus, "synth")).slice(0, PATIENTS)) {
    cpSync(join(corpus, "synth", patient), join(input, patient), { recursive: true });
  }
  const keyFile = key(dir);
  for (const column of columns) {
    await t.test(column, (t) => {
      const own = scratch(t);
      const run = deid(input, own, { policy: policyOf(own, column), keyFile });
      assert.equal(run.status, 3, run.text);
      statesOnly(run, input, column);
      const check = checkOutput(input, run, own, ["--options", column]);
      assert.deepEqual(unexplained(check.errors, run, input, [column]), [], check.text);
    });
  }
});
