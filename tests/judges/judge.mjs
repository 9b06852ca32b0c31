// What every judge test needs: the shared folder, a Python with pydicom, and one run of the command line.
// Judges are independent programs beside the project; they are run as they are.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
export const shared = process.env.TOKUMEI_SHARED ?? resolve(root, "../shared");
export const corpus = join(shared, "corpus");

/** The options of the policies `research` and `headers-only`, as columns of Table E.1-1. */
export const options =
  "rtn_patient_chars,rtn_long_modified_dates,rtn_safe_private,clean_descriptors,clean_structured_content,clean_graphics";

const FIXED = "key.json";
/** The bytes 0 to 31. */
const KEY = {
  schema: "tokumei.key/1",
  key: "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
  keyId: "cc959cae2a56c250",
};

const venv = join(root, ".cache/venv/bin/python");

/** Reason to skip, or false. With CI set, a missing judge is a failure and never a skip. */
export function missing() {
  const lacks = !existsSync(corpus) ? "the shared folder" : !existsSync(venv) ? "the Python environment" : null;
  if (lacks && process.env.CI) throw new Error(`judges cannot run: ${lacks} is missing`);
  return lacks ? `${lacks} is missing` : false;
}

/** A folder that goes away when the test ends. */
export function scratch(t) {
  const dir = mkdtempSync(join(tmpdir(), "tokumei-judge-"));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** Runs a Python judge; gives status and text. */
export function python(script, args, cwd = root) {
  const r = spawnSync(venv, [script, ...args], { cwd, encoding: "utf8", maxBuffer: 1 << 28 });
  return { status: r.status, text: `${r.stdout}${r.stderr}` };
}

/** Makes data with a generator of the shared folder; throws when it cannot. */
export function generate(script, args, cwd = root) {
  execFileSync(venv, [script, ...args], { cwd, stdio: "pipe", maxBuffer: 1 << 28 });
}

/**
 * A key file in `dir`: the same key always, unless it has another name. With a key by chance a shifted date is, once in a while, another
 * date that was planted.
 */
export function key(dir, name = FIXED) {
  const file = join(dir, name);
  if (name === FIXED) writeFileSync(file, JSON.stringify(KEY));
  else execFileSync("node", [join(root, "cli/tokumei.mjs"), "key", "new", "--out", file], { stdio: "pipe" });
  return file;
}

/** One run of `tokumei deid`. Gives exit status, report, mapping and the places of what was written. */
export function deid(input, dir, { policy = "headers-only", keyFile = key(dir), extra = [] } = {}) {
  const out = join(dir, "out");
  const report = join(dir, "report.json");
  const mapping = join(dir, "mapping.json");
  const r = spawnSync(
    "node",
    [
      join(root, "cli/tokumei.mjs"),
      "deid",
      input,
      "--out",
      out,
      "--policy",
      policy,
      "--key",
      keyFile,
      "--report",
      report,
      "--mapping",
      mapping,
      ...extra,
    ],
    { encoding: "utf8", maxBuffer: 1 << 28 },
  );
  return {
    status: r.status,
    text: `${r.stdout}${r.stderr}`,
    out,
    reportFile: report,
    mappingFile: mapping,
    report: JSON.parse(readFileSync(report, "utf8")),
    mapping: JSON.parse(readFileSync(mapping, "utf8")),
  };
}

/** Runs check_output.py; gives its JSON report with the findings of severity error. */
export function checkOutput(input, run, dir, extra = []) {
  const file = join(dir, "check.json");
  const r = python(join(shared, "corpus_tools/check_output.py"), [
    input,
    run.out,
    "--options",
    options,
    "--mapping",
    run.mappingFile,
    "--verdicts",
    run.reportFile,
    "--pixels",
    "not-checked",
    "--report",
    file,
    ...extra,
  ]);
  const report = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : null;
  return {
    status: r.status,
    text: r.text,
    errors: report?.findings.filter((f) => f.severity === "error") ?? [],
    report,
  };
}

/** Graphic Layer and Content Label: staff can type them though they are CS, so their form alone keeps none (PS3.15 E.3.5 note 3). */
const LABELS = new Set(["00700002", "00700080"]);

/**
 * Errors of check_output.py that are not the judge's own limits. A judge cannot blame an output for what it cannot read in the
 * input either: a file that its reader fails on, a transfer syntax that its reader does not know, a VR that is none. And where
 * it does not recognise an input as DICOM it pairs that input's output with another file: our mapping knows better.
 * Its look at all UIDs and dates together knows but the options that are named for them, and not that others keep some too
 * (each attribute by itself is judged by its row all the same).
 */
export function unexplained(errors, run, input, columns = options.split(",")) {
  const inputOf = new Map(run.mapping.files.filter((f) => f.out).map((f) => [f.out, f.path]));
  const kept = keptBy(columns);
  return errors.filter((error) => {
    if (error.check === "uid" && error.what === "UID unchanged") return !kept.tags.has(error.path.slice(-8));
    if (error.check === "kept" && LABELS.has(error.path.slice(-8))) return false;
    if (error.check === "date" && error.what.endsWith("dates of one patient unchanged")) return !kept.dates;
    if (error.check === "missing") return !error.what.startsWith("an output though") || hasOutput(run, error.file);
    const path = inputOf.get(error.file);
    if (path === undefined) return true;
    if (error.what.endsWith("ValueError: UID is not a transfer syntax.")) return false;
    const { pydicom, dcmdump, lawful } = readers(join(input, path));
    if (error.check === "read" && error.what.startsWith("pydicom:")) return pydicom;
    if (error.check === "read" && error.what.startsWith("dcmdump")) return dcmdump;
    if (error.check === "iod") return !faults(join(input, path)).has(attributeOf(error.what));
    return error.check !== "kept" || lawful;
  });
}

/** What these options keep by Table E.1-1: its tags, and whether dates are among them. @param {string[]} columns */
function keptBy(columns) {
  const [head = [], ...rows] = readFileSync(join(shared, "standards/table_e1_1.tsv"), "utf8")
    .split("\n")
    .map((line) => line.split("\t"));
  const at = columns.map((column) => head.indexOf(column));
  const kept = rows.filter((row) => at.some((column) => row[column] === "K"));
  const vr = head.indexOf("vr");
  return {
    tags: new Set(kept.map(([tag = ""]) => tag.replace(",", "").toUpperCase())),
    dates: kept.some((row) => row[vr] === "DA" || row[vr] === "DT"),
  };
}

/** What dciodvfy finds wrong with which attributes of an input, without their values. @param {string} path */
function faults(path) {
  const { stdout, stderr } = spawnSync("dciodvfy", [path], { encoding: "latin1", maxBuffer: 1 << 28 });
  return new Set(`${stdout}${stderr}`.split("\n").map(attributeOf));
}

/**
 * A finding of dciodvfy without the value: which of its characters is the first illegal one is no matter, and UIDs are new ones.
 * @param {string} finding
 */
function attributeOf(finding) {
  const [what = ""] = finding.split(" = <", 1);
  return what.replace(/\b\d+(\.\d+){2,}\b/g, "UID");
}

function hasOutput(run, path) {
  return run.mapping.files.some((f) => f.path === path && f.out);
}

function readers(path) {
  return JSON.parse(python(join(root, "tests/judges/readers.py"), [path]).text);
}

/** A policy file: `headers-only` with `descriptors: "clean"`. */
export function cleanPolicy(dir) {
  const file = join(dir, "clean.json");
  const title = { ja: "clean", en: "clean" };
  const policy = { schema: "tokumei.policy/1", extends: "headers-only", id: "clean", version: "1", title };
  writeFileSync(file, JSON.stringify({ ...policy, descriptors: "clean" }));
  return file;
}

/** Runs leak_scan.py over a folder or file. Exit 0 means that nothing was found. */
export function leakScan(target, keyFile, descriptors = "strict") {
  const asked = ["--key", keyFile, "--options", options, "--descriptors", descriptors];
  return python(join(shared, "corpus_tools/leak_scan.py"), [target, ...asked]);
}

/** Runs score_actions.py. Exit 0 means 100 % of what left. */
export function score(input, run, keyFile, descriptors = "strict") {
  return python(join(shared, "corpus_tools/score_actions.py"), [
    input,
    run.out,
    "--key",
    keyFile,
    "--options",
    options,
    "--mapping",
    run.mappingFile,
    "--pixels",
    "not-checked",
    "--descriptors",
    descriptors,
  ]);
}

/** Names of the folders in a folder, sorted. */
export function folders(dir) {
  return readdirSync(dir, { withFileTypes: true })
    .filter((e) => e.isDirectory())
    .map((e) => e.name)
    .sort();
}
