// Documents under the policy's `documents`: refused, left out, or cleaned and then searched by the second opinion.
import assert from "node:assert/strict";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { deid, root, scratch } from "./command.mjs";

const corpus = join(process.env.TOKUMEI_SHARED ?? resolve(root, "../shared"), "corpus");
const FILES = { "a.dcm": "made/encapsulated_cda.dcm", "b.dcm": "real/orthanc-tests/sample-pdf.dcm" };
const skip =
  !Object.values(FILES).every((path) => existsSync(join(corpus, path))) && !process.env.CI && "the corpus is missing";

/** Both files under a policy with these rules. @param {{after: (fn: () => void) => void}} t @param {object} documents */
function run(t, documents) {
  const dir = scratch(t);
  const [input, policy] = [join(dir, "in"), join(dir, "policy.json")];
  mkdirSync(input);
  for (const [name, path] of Object.entries(FILES)) copyFileSync(join(corpus, path), join(input, name));
  const title = { ja: "文書", en: "Documents" };
  const head = { schema: "tokumei.policy/1", extends: "research", id: "documents", version: "1", title };
  writeFileSync(policy, JSON.stringify({ ...head, documents }));
  const ended = deid(dir, [input], ["--policy", policy]);
  const rows = ended.report.files.map(({ verdict, reason }) => `${verdict} ${reason}`);
  return { ...ended, rows };
}

test("documents are refused where the policy says nothing of them", { skip }, (t) => {
  const { rows, status } = run(t, {});
  assert.deepEqual(rows, ["refused document-embedded", "refused document-embedded"]);
  assert.equal(status, 3);
});

test("documents are left out, counted, and ask nothing of anybody", { skip }, (t) => {
  const { rows, status, report, folder } = run(t, { pdf: "drop", cda: "drop" });
  assert.deepEqual(rows, ["skipped document-dropped", "skipped document-dropped"]);
  assert.equal(status, 0);
  assert.equal(report.totals.byReason["document-dropped"], 2);
  assert.ok(!existsSync(folder) || readdirSync(folder).length === 0);
});

test("a cleaned document leaves without whom it named", { skip }, (t) => {
  const { rows, mapping, folder } = run(t, { cda: "clean" });
  assert.deepEqual(rows, ["pass clean", "refused document-embedded"]);
  const left = mapping.files.find(({ path }) => path.endsWith("a.dcm")).out;
  const text = readFileSync(join(folder, left)).toString("latin1");
  assert.match(text, /<ClinicalDocument xmlns="urn:hl7-org:v3"/);
  assert.match(text, /<name nullFlavor="MSK"\/>/);
  for (const gone of ["CANARY", "ZQCDA00001", "ZQFORM0040"]) assert.ok(!text.includes(gone), gone);
});
