// The command line as a whole: exit codes, what it says, what it writes.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { explainer } from "../../cli/reasons.js";
import { deid, digests, json, mode, newKey, root, scratch, sha256, tokumei } from "./command.mjs";
import { instance, PLANTED, plant, study } from "./dicom.mjs";

test("usage: exit 2, in both languages", () => {
  for (const args of [
    ["deid"],
    ["deid", "x"],
    ["nothing"],
    ["deid", "x", "--out"],
    ["key"],
    ["key", "old"],
    ["policy", "check"],
  ]) {
    assert.equal(tokumei(args).status, 2, args.join(" "));
  }
  assert.equal(tokumei(["deid", "a", "--out", "b", "--jobs", "0"]).status, 2);
  assert.equal(tokumei(["deid", "a", "--out", "b", "--nonsense"]).status, 2);
  assert.match(tokumei(["deid", "a", "--lang", "ja"]).err, /どれか 1 つで指定/);
  assert.match(tokumei(["help"], { LANG: "ja_JP.UTF-8" }).out, /匿名化/);
  assert.equal(tokumei(["help"]).status, 0);
});

test("an input that is not there is a usage error that repeats no path", (t) => {
  const dir = scratch(t);
  const run = tokumei(["deid", join(dir, "YAMASHITA"), "--out", join(dir, "out")]);
  assert.equal(run.status, 2);
  assert.equal(run.text.includes("YAMASHITA"), false);
});

test("a name that only another file of the patient holds keeps an image back, whatever the order and number of workers", (t) => {
  const dir = scratch(t);
  const files = {
    "a/later": instance({ uid: "1.2.3.1.2", position: "KURONUMA" }),
    "b/first": instance({ uid: "1.2.4.1.1", study: "1.2.4", series: "1.2.4.9", referring: "KURONUMA^MASAO" }),
    "c/another": instance({
      uid: "1.2.5.1.1",
      study: "1.2.5",
      series: "1.2.5.9",
      patientId: "777",
      position: "KURONUMA",
    }),
  };
  const input = plant(join(dir, "in"), files);
  for (const jobs of ["1", "2"]) {
    const own = join(dir, jobs);
    mkdirSync(own);
    const run = deid(own, [input], ["--key", newKey(own), "--jobs", jobs]);
    const said = run.report.files.map(({ verdict, reason }) => `${verdict} ${reason}`);
    assert.deepEqual(said, ["review identity-from-other-file", "pass clean", "pass clean"], run.text);
    assert.equal(run.report.files[0].out, null);
    assert.equal(Object.keys(digests(run.folder)).length, 2);
    assert.equal(run.text.includes("KURONUMA"), false);
  }
});

test("a study comes out whole, under output UIDs, with report and mapping", (t) => {
  const dir = scratch(t);
  const input = plant(join(dir, "in"), study(30));
  const run = deid(dir, [input], ["--key", newKey(dir)]);
  assert.equal(run.status, 0, run.text);

  const { files, totals, ...head } = run.report;
  assert.equal(head.schema, "tokumei.report/1");
  assert.equal(head.keyKept, true);
  assert.equal(head.policy.id, "headers-only");
  assert.match(head.keyId, /^[0-9a-f]{16}$/);
  assert.deepEqual(
    files.map(({ n }) => n),
    Array.from({ length: 30 }, (_, i) => i + 1),
  );
  assert.deepEqual(totals.byVerdict, { pass: 30 });
  assert.deepEqual([totals.files, totals.patients, totals.studies, totals.series], [30, 1, 1, 1]);

  const written = digests(run.folder);
  assert.equal(Object.keys(written).length, 30);
  for (const row of files) {
    assert.equal(row.out, `${row.patient}/${row.study}/${row.series}/${row.instance}.dcm`);
    assert.equal(written[row.out], row.sha256);
    const bytes = readFileSync(join(run.folder, row.out));
    assert.equal(bytes.length, row.bytesOut);
    for (const value of PLANTED) assert.equal(bytes.includes(value), false, value);
  }

  assert.equal(run.mapping.patients.length, 1);
  assert.equal(run.mapping.patients[0].patientId, "0012345");
  assert.equal(run.mapping.uids["1.2.3"], files[0].study);
  assert.deepEqual(
    run.mapping.files.map(({ n, out }) => [n, out]),
    files.map(({ n, out }) => [n, out]),
  );
  assert.ok(run.mapping.files.every(({ path }) => path.startsWith("検査/シリーズ１/画像")));
});

test("neither terminal nor report holds an identity or a path; private files have mode 0600", (t) => {
  const dir = scratch(t);
  const input = plant(join(dir, "in"), { "YAMASHITA/20240115/a": instance(), "YAMASHITA/b": "no DICOM" });
  const run = deid(dir, [input], ["--key", newKey(dir)]);
  const said = run.text + JSON.stringify(run.report);
  for (const value of [...PLANTED, dir]) assert.equal(said.includes(value), false, value);
  for (const name of ["key.json", "report.json", "mapping.json"]) assert.equal(mode(join(dir, name)), 0o600, name);
});

test("exit 3 when something is refused, and every file stands in the report once", (t) => {
  const dir = scratch(t);
  const whole = instance();
  const input = plant(join(dir, "in"), {
    "a.dcm": whole,
    "b.dcm": instance({ uid: "1.2.3.1.2" }).subarray(0, whole.length - 100),
    empty: "",
    "README.TXT": "nothing",
  });
  const run = deid(dir, [input]);
  assert.equal(run.status, 3);
  assert.deepEqual(
    run.report.files.map(({ verdict, reason }) => `${verdict} ${reason}`),
    ["skipped not-dicom", "pass clean", "refused truncated", "skipped empty-file"],
  );
  const [, , refused] = run.report.files;
  for (const field of ["patient", "study", "series", "instance", "frameOfReference", "out", "sha256", "bytesOut"]) {
    assert.equal(refused[field], null, field);
  }
  assert.equal(run.report.keyKept, false);
});

test("the same input gives the same bytes: again, with other workers, in another order", (t) => {
  const dir = scratch(t);
  const key = newKey(dir);
  const first = plant(join(dir, "in1"), study(25));
  const second = plant(join(dir, "in2"), {
    "x/y": instance({ uid: "1.2.4.77", study: "1.2.4", series: "1.2.4.9", patientId: "99" }),
  });
  const runs = [
    { inputs: [first, second], jobs: "1" },
    { inputs: [second, first], jobs: "4" },
    { inputs: [first, second], jobs: "2" },
  ].map(({ inputs, jobs }, i) => {
    const place = join(dir, `run${i}`);
    mkdirSync(place);
    const run = deid(place, inputs, ["--key", key, "--jobs", jobs]);
    assert.equal(run.status, 0, run.text);
    return { written: digests(run.folder), rows: run.report.files.map(({ ms, ...row }) => row) };
  });
  assert.deepEqual(runs[1], runs[0]);
  assert.deepEqual(runs[2], runs[0]);
});

test("what is there is never overwritten: equal bytes are the same output, others a conflict", (t) => {
  const dir = scratch(t);
  const key = newKey(dir);
  const input = plant(join(dir, "in"), study(2));
  const first = deid(dir, [input], ["--key", key]);
  assert.equal(first.status, 0);
  assert.equal(deid(dir, [input], ["--key", key]).status, 0);
  const [{ out }] = first.report.files;
  writeFileSync(join(first.folder, out), "somebody's");
  const third = deid(dir, [input], ["--key", key]);
  assert.equal(third.status, 3);
  assert.equal(third.report.files[0].reason, "conflict-at-destination");
  assert.equal(third.report.files[0].sha256, null);
  assert.equal(readFileSync(join(first.folder, out), "utf8"), "somebody's");
  assert.deepEqual(
    readdirSync(first.folder).filter((name) => name.startsWith(".tokumei")),
    [],
  );
});

test("an output folder inside the input is not read again, and is not the input itself", (t) => {
  const dir = scratch(t);
  const key = newKey(dir);
  const input = plant(join(dir, "in"), study(2));
  const out = join(input, "out");
  for (let i = 0; i < 2; i += 1) {
    const report = join(dir, `r${i}.json`);
    assert.equal(tokumei(["deid", input, "--out", out, "--key", key, "--report", report]).status, 0);
    assert.equal(json(report).files.length, 2);
  }
  assert.equal(tokumei(["deid", input, "--out", input]).status, 2);
});

test("inputs are only read", (t) => {
  const dir = scratch(t);
  const input = plant(join(dir, "in"), study(3));
  const before = digests(input);
  deid(dir, [input]);
  assert.deepEqual(digests(input), before);
});

test("links and pipes are listed and not followed; overlapping inputs count once", (t) => {
  const dir = scratch(t);
  const input = plant(join(dir, "in"), study(2));
  symlinkSync("/etc/hostname", join(input, "link"));
  symlinkSync(input, join(input, "round"));
  execFileSync("mkfifo", [join(input, "pipe")]);
  const run = deid(dir, [input, join(input, "検査"), input]);
  assert.equal(run.status, 3);
  assert.deepEqual(run.report.totals.byReason, { "source-unreadable": 3, clean: 2 });
});

test("a name that is not UTF-8 is read all the same", (t) => {
  const dir = scratch(t);
  const input = plant(join(dir, "in"), {});
  mkdirSync(input);
  // 山田 in Shift_JIS, as old archives leave it.
  writeFileSync(Buffer.concat([Buffer.from(`${input}/`), Buffer.from([0x8e, 0x52, 0x93, 0x63])]), instance());
  const run = deid(dir, [input]);
  assert.equal(run.status, 0, run.text);
  assert.deepEqual(run.report.totals.byReason, { clean: 1 });
});

test("patients on the opt-out list stay, in UTF-8 and in cp932", (t) => {
  const dir = scratch(t);
  const input = plant(join(dir, "in"), {
    a: instance({ patientId: "7" }),
    b: instance({ patientId: "8", study: "1.2.4", uid: "1.2.4.1" }),
  });
  writeFileSync(join(dir, "utf8.csv"), "\ufeff患者ID\r\n8\r\n");
  writeFileSync(
    join(dir, "cp932.csv"),
    Buffer.from([0x8a, 0xb3, 0x8e, 0xd2, 0x49, 0x44, 0x0d, 0x0a, 0x38, 0x0d, 0x0a]),
  );
  for (const list of ["utf8.csv", "cp932.csv"]) {
    const place = join(dir, list.replace(".csv", ""));
    mkdirSync(place);
    const run = deid(place, [input], ["--optout", join(dir, list)]);
    assert.equal(run.status, 0, run.text);
    assert.deepEqual(run.report.totals.byReason, { clean: 1, "opted-out": 1 }, list);
  }
  writeFileSync(join(dir, "broken.csv"), "8,YAMASHITA\n");
  const broken = tokumei(["deid", input, "--out", join(dir, "o"), "--optout", join(dir, "broken.csv")]);
  assert.equal(broken.status, 1);
  assert.match(broken.err, /Line 1/);
  assert.equal(broken.text.includes("YAMASHITA"), false);
});

test("keys: made once, never over another, wrapped, bound to a namespace", (t) => {
  const dir = scratch(t);
  const key = newKey(dir);
  const before = readFileSync(key, "utf8");
  assert.equal(tokumei(["key", "new", "--out", key]).status, 1);
  assert.equal(readFileSync(key, "utf8"), before);

  writeFileSync(join(dir, "pass"), "合言葉\n");
  const wrapped = join(dir, "wrapped.json");
  assert.equal(
    tokumei(["key", "new", "--out", wrapped, "--namespace", "1312345", "--passphrase-file", join(dir, "pass")]).status,
    0,
  );
  assert.equal(json(wrapped).key, undefined);
  const input = plant(join(dir, "in"), { a: instance() });
  const deidWith = (...more) => tokumei(["deid", input, "--out", join(dir, "out"), "--key", wrapped, ...more]);
  assert.equal(deidWith().status, 1);
  assert.equal(deidWith("--passphrase-file", join(dir, "pass"), "--mapping", join(dir, "m.json")).status, 0);
  assert.equal(json(join(dir, "m.json")).patients[0].namespace, "1312345");
});

test("policies: shipped ones by name, a file with a fault by line", (t) => {
  const dir = scratch(t);
  for (const name of ["headers-only", "research", "basic", "longitudinal-full"]) {
    assert.equal(tokumei(["policy", "check", name]).status, 0, name);
  }
  const file = join(dir, "p.json");
  writeFileSync(file, '{\n  "schema": "tokumei.policy/1",\n  "nonsense": 1\n}\n');
  const run = tokumei(["policy", "check", file]);
  assert.equal(run.status, 1);
  assert.match(run.err, /3:/);
  assert.equal(tokumei(["deid", dir, "--out", join(dir, "o"), "--policy", "none"]).status, 1);
});

test("scan says what would happen and writes nothing", (t) => {
  const dir = scratch(t);
  const input = plant(join(dir, "in"), { ...study(3), "README.TXT": "nothing" });
  const run = tokumei(["scan", input]);
  assert.equal(run.status, 0, run.text);
  assert.match(run.out, /4 files: 1 patient, 1 study, 1 series/);
  for (const value of PLANTED) assert.equal(run.text.includes(value), false, value);
  assert.deepEqual(readdirSync(dir), ["in"]);
});

test("a copy is skipped, another image under the same number is held", (t) => {
  const dir = scratch(t);
  const input = plant(join(dir, "in"), {
    a: instance(),
    b: instance(),
    c: instance({ uid: "1.2.3.5", fill: 1 }),
    d: instance({ uid: "1.2.3.5", fill: 2 }),
  });
  const run = deid(dir, [input]);
  assert.equal(run.status, 3);
  assert.deepEqual(
    run.report.files.map(({ reason }) => reason),
    ["clean", "duplicate", "uid-conflict", "uid-conflict"],
  );
  assert.equal(sha256(readFileSync(join(run.folder, run.report.files[0].out))), run.report.files[0].sha256);
});

test("bits above Bits Stored hold an image, small or large, wherever they are found", (t) => {
  const dir = scratch(t);
  const sizes = [16, 96, 640];
  const input = plant(join(dir, "in"), {
    ...Object.fromEntries(sizes.map((size) => [`clean/${size}`, instance({ uid: `1.2.3.1.${size}`, size })])),
    ...Object.fromEntries(
      sizes.map((size) => [`hidden/${size}`, instance({ uid: `1.2.3.2.${size}`, size, hidden: true })]),
    ),
  });
  const run = deid(dir, [input]);
  assert.equal(run.status, 3, run.text);
  for (const { n, path } of run.mapping.files) {
    const row = run.report.files.find((r) => r.n === n);
    const hidden = path.includes("hidden");
    assert.equal(`${row.verdict} ${row.reason}`, hidden ? "review overlay-in-pixels" : "pass clean", path);
    assert.equal(row.tag, hidden ? "7FE0,0010" : null);
    assert.equal(row.sha256 === null, hidden);
  }
  assert.equal(Object.keys(digests(run.folder)).length, sizes.length);
});

test("parts of a concatenation are held together, though only the look at the samples speaks against one", (t) => {
  const dir = scratch(t);
  const part = (number, more) => instance({ uid: `1.2.3.8.${number}`, number, concatenation: "1.2.3.8", ...more });
  const input = plant(join(dir, "in"), {
    a1: part(1),
    a2: part(2, { hidden: true }),
    b: instance({ uid: "1.2.3.1.1" }),
  });
  const run = deid(dir, [input]);
  assert.equal(run.status, 3, run.text);
  assert.deepEqual(
    run.report.files.map(({ verdict, reason }) => [verdict, reason]),
    [
      ["review", "part-held"],
      ["review", "overlay-in-pixels"],
      ["pass", "clean"],
    ],
  );
  assert.equal(Object.keys(digests(run.folder)).length, 1);
});

test("no reason claims more than was done, in either language", () => {
  for (const lang of /** @type {const} */ (["en", "ja"])) {
    for (const looked of [false, true]) {
      const { text } = explainer(lang, looked)("clean");
      assert.equal(/調べて見つかりません|none was found/.test(text), looked);
    }
  }
});

test("what verify finds in an output refuses it: nothing is written, the place is named, the value is not", (t) => {
  const dir = scratch(t);
  const policy = join(dir, "policy.json");
  writeFileSync(
    policy,
    JSON.stringify({
      schema: "tokumei.policy/1",
      id: "keeps-descriptions",
      version: "1",
      title: { ja: "説明を残す", en: "Keeps descriptions" },
      extends: "headers-only",
      attributes: [{ tag: "0008,1030", action: "K" }],
    }),
  );
  const input = plant(join(dir, "in"), {
    clean: instance({ uid: "1.2.3.1.1" }),
    "birth date": instance({ uid: "1.2.3.1.2", description: "BORN 1951-02-03" }),
  });
  const run = deid(dir, [input], ["--policy", policy]);
  assert.equal(run.status, 3, run.text);
  for (const { n, path } of run.mapping.files) {
    const row = run.report.files.find((r) => r.n === n);
    const found = path.includes("birth");
    assert.equal(`${row.verdict} ${row.reason}`, found ? "refused identity-in-output" : "pass clean", path);
    assert.equal(row.tag, found ? "0008,1030" : null);
    assert.equal(row.out === null, found);
  }
  assert.equal(Object.keys(digests(run.folder)).length, 1);
  assert.equal(`${run.text}${JSON.stringify(run.report)}`.includes("1951"), false);
});

test("a place where no folder can be made is said so, and never waited for", {
  skip: !existsSync("/proc/self"),
}, (t) => {
  const dir = scratch(t);
  const input = plant(join(dir, "in"), study(1));
  // Node's own way to make folders never returns there.
  for (const out of ["/proc/tokumei", "/proc/tokumei/deeper"]) {
    const run = spawnSync(process.execPath, [join(root, "cli/tokumei.mjs"), "deid", input, "--out", out], {
      encoding: "utf8",
      timeout: 60_000,
      killSignal: "SIGKILL",
      env: { ...process.env, LANG: "C", LC_ALL: "", LC_MESSAGES: "" },
    });
    assert.equal(run.status, 1, run.stderr);
    assert.match(run.stderr, /cannot be written to/);
  }
});
