// ZIPs at the command line: the same outputs as the folder, every member a row, and what cannot be read refused by its own reason.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { appendFileSync, closeSync, openSync, statSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { deid, digests, newKey, scratch, tokumei } from "../cli/command.mjs";
import { instance, PLANTED, plant, study } from "../cli/dicom.mjs";
import { archive, record } from "./archive.mjs";
import { noisy, ODD_ROWS, oddArchive } from "./odd.mjs";

const WRITE = `
import sys, os, zipfile
folder, path, method = sys.argv[1:4]
z = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED if method == "deflated" else zipfile.ZIP_STORED)
if method == "streamed":
    z.close()
    class Pipe:
        def __init__(self, f): self.f = f
        def write(self, b): return self.f.write(b)
        def flush(self): self.f.flush()
    z = zipfile.ZipFile(Pipe(open(path, "wb")), "w", zipfile.ZIP_DEFLATED)
for root, _, names in sorted(os.walk(folder)):
    for name in sorted(names):
        place = os.path.join(root, name)
        z.write(place, os.path.relpath(place, folder))
z.close()`;

/** A folder as a ZIP of Python's. @param {string} folder @param {string} path @param {string} [method] */
function zipped(folder, path, method = "deflated") {
  execFileSync("python3", ["-c", WRITE, folder, path, method]);
  return path;
}

/** With a private value before the pixels, longer than what is inflated for a scan. @param {Buffer} bytes */
function longHeader(bytes) {
  const at = bytes.lastIndexOf(record([2, 0x7fe0], [2, 0x0010]));
  const creator = record([2, 0x7fdf], [2, 0x0010], Buffer.from("LO"), [2, 4], Buffer.from("MINE"));
  const value = record([2, 0x7fdf], [2, 0x1001], Buffer.from("OB"), [2, 0], [4, 400_000], Buffer.alloc(400_000, "ab1"));
  return Buffer.concat([bytes.subarray(0, at), creator, value, bytes.subarray(at)]);
}

/** Verdict and reason by path, without the ZIP's own. @param {any} run */
function rows({ report, mapping }) {
  return Object.fromEntries(
    mapping.files.map(({ n, path }) => {
      const { verdict, reason } = report.files.find((row) => row.n === n);
      return [path, `${verdict} ${reason}`];
    }),
  );
}

test("a ZIP gives what its folder gives, byte for byte: stored, deflated, streamed, by Python and by Info-ZIP", (t) => {
  const dir = scratch(t);
  const key = ["--key", newKey(dir)];
  const folder = plant(join(dir, "in"), {
    ...study(30),
    large: noisy(instance({ uid: "1.2.3.2", size: 2_400 })),
    "long header": longHeader(instance({ uid: "1.2.3.3" })),
    copy: instance({ uid: "1.2.3.1.1", number: 1, fill: 0 }),
    "read me": "no image",
    empty: "",
  });
  const wanted = deid(join(dir, "a"), [folder], key);
  assert.equal(wanted.status, 0, wanted.text);
  assert.equal(wanted.report.totals.byReason.clean, 32);
  const ways = {
    stored: () => zipped(folder, join(dir, "stored.zip"), "stored"),
    deflated: () => zipped(folder, join(dir, "deflated.zip")),
    streamed: () => zipped(folder, join(dir, "streamed.zip"), "streamed"),
    infozip() {
      const { error } = spawnSync("zip", ["-q", "-r", join(dir, "infozip.zip"), "."], { cwd: folder });
      return error ? null : join(dir, "infozip.zip");
    },
  };
  for (const [way, make] of Object.entries(ways)) {
    const zip = make();
    if (zip === null) continue;
    const run = deid(join(dir, way), [zip], [...key, "--jobs", "2"]);
    assert.equal(run.status, 0, run.text);
    assert.deepEqual(digests(run.folder), digests(wanted.folder), way);
    const [own, ...members] = run.report.files;
    assert.deepEqual(
      [own.in, own.verdict, own.reason, own.bytesIn],
      [null, "skipped", "container", statSync(zip).size],
    );
    assert.deepEqual(new Set(members.map((row) => row.in)), new Set([own.n]));
    const relative = ({ n, path, out }) => [n, path, out];
    assert.deepEqual(
      run.mapping.files.slice(1).map(relative),
      wanted.mapping.files.map(({ n, path, out }) => [n + 1, `${way}.zip!/${path}`, out]),
    );
    const facts = ({ n, in: _, ms: __, ...row }) => row;
    assert.deepEqual(members.map(facts), wanted.report.files.map(facts), way);
    for (const value of PLANTED) assert.equal(JSON.stringify(run.report).includes(value), false, value);
  }
});

test("every member that cannot be read is refused by its own reason, the others leave", (t) => {
  const dir = scratch(t);
  const zip = join(dir, "a.zip");
  writeFileSync(zip, oddArchive());
  const run = deid(dir, [zip]);
  assert.equal(run.status, 3, run.text);
  const wanted = Object.fromEntries(Object.entries(ODD_ROWS).map(([name, what]) => [`a.zip!/${name}`, what]));
  assert.deepEqual(rows(run), { "a.zip": "skipped container", ...wanted });
  assert.equal(Object.keys(digests(run.folder)).length, 2);
});

test("a ZIP is known by its content; one that is cut, in parts or empty says so", (t) => {
  const dir = scratch(t);
  const good = archive([{ name: "1", data: instance() }]);
  const preamble = instance({ uid: "1.2.3.7" });
  preamble.write("PK\x03\x04", 0, "latin1");
  const input = plant(join(dir, "in"), {
    "a.bin": good,
    cut: good.subarray(0, -10),
    parts: archive([{ name: "1", data: instance() }], { disk: 1 }),
    empty: archive([]),
    "a.zip": "no ZIP at all",
    "image with PK": preamble,
    "program.exe": Buffer.concat([Buffer.from("MZ"), Buffer.alloc(600), good]),
  });
  const run = deid(dir, [input]);
  assert.deepEqual(rows(run), {
    "a.bin": "skipped container",
    "a.bin!/1": "pass clean",
    cut: "refused zip-damaged",
    parts: "refused zip-unsupported",
    empty: "skipped container",
    "a.zip": "skipped not-dicom",
    "image with PK": "pass clean",
    "program.exe": "skipped not-dicom",
  });
});

test("a ZIP with a password, as Info-ZIP makes it, is refused as such", (t) => {
  const dir = scratch(t);
  plant(join(dir, "in"), study(3));
  const { error } = spawnSync("zip", ["-q", "-r", "-P", "password", join(dir, "a.zip"), "."], { cwd: join(dir, "in") });
  if (error) return t.skip("there is no zip here");
  assert.deepEqual(rows(deid(dir, [join(dir, "a.zip")])), { "a.zip": "refused zip-encrypted" });
});

test("the policy lowers the limits", (t) => {
  const dir = scratch(t);
  const policy = join(dir, "policy.json");
  const zip = join(dir, "a.zip");
  writeFileSync(
    zip,
    archive([1, 2].map((n) => ({ name: `${n}`, data: instance({ uid: `1.2.3.1.${n}`, size: 16 * n }) }))),
  );
  for (const [limits, own, members] of [
    [{ zipMembers: 1 }, "refused zip-too-large", []],
    [{ zipMemberBytes: 2_000 }, "skipped container", ["pass clean", "refused zip-too-large"]],
  ]) {
    const title = { ja: "小さい", en: "Small" };
    const text = { schema: "tokumei.policy/1", id: "small", version: "1", title, extends: "headers-only", limits };
    writeFileSync(policy, JSON.stringify(text));
    const run = deid(join(dir, own), [zip], ["--policy", policy]);
    assert.deepEqual(Object.values(rows(run)), [own, ...members], run.text);
  }
});

test("a ZIP that changes after it was listed refuses its members", async (t) => {
  const dir = scratch(t);
  const { nodeEnvironment } = await import("../../cli/environment.js");
  const zip = join(dir, "a.zip");
  const bytes = archive([{ name: "1", data: instance(), stored: true }]);
  writeFileSync(zip, bytes);
  const { size, mtimeMs: lastModified } = statSync(zip);
  appendFileSync(zip, " ");
  const member = { archive: size, offset: 0, end: size, packed: instance().length, method: 0, crc32: 0, named: 0 };
  const input = { path: "a.zip!/1", size: instance().length, lastModified, fsPath: zip, member };
  assert.throws(() => nodeEnvironment({}).open(input, true), { name: "SourceFault", code: "source-changed" });
});

test("members beyond 4 GiB, in a file with a hole", (t) => {
  const dir = scratch(t);
  const zip = join(dir, "far.zip");
  // What stands before the hole begins like a ZIP; the archive's own numbers count from the start of the file.
  const far = 4_400_000_000;
  const data = instance();
  const tail = archive([{ name: "far", data, zip64: true }], { zip64: true });
  const at = tail.lastIndexOf("PK\x01\x02");
  const end = tail.lastIndexOf("PK\x06\x06");
  const offset = tail.indexOf(record([2, 1], [2, 24]), at) + 20;
  tail.writeBigUInt64LE(BigInt(far), offset);
  tail.writeBigUInt64LE(BigInt(far + at), end + 48);
  tail.writeBigUInt64LE(BigInt(far + end), tail.lastIndexOf("PK\x06\x07") + 8);
  const file = openSync(zip, "w");
  writeSync(file, archive([{ name: "near", data }]), 0, 30, 0);
  writeSync(file, tail, 0, tail.length, far);
  closeSync(file);
  const run = deid(dir, [zip]);
  assert.deepEqual(rows(run), { "far.zip": "skipped container", "far.zip!/far": "pass clean" }, run.text);
});

test("scan says what a ZIP holds and writes nothing", (t) => {
  const dir = scratch(t);
  const folder = plant(join(dir, "in"), study(3));
  const run = tokumei(["scan", zipped(folder, join(dir, "a.zip"))]);
  assert.equal(run.status, 0, run.text);
  assert.match(run.out, /4 files: 1 patient, 1 study, 1 series/);
});
