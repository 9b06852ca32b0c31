// `deid --zip`: one file, the same bytes whoever made it, whole or not there, never over another file.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { loadEngine } from "../../cli/engine.js";
import { zipBlobSink } from "../../www/deliver/zip.js";
import { crc32Of } from "../../www/workers/members.js";
import { deid, digests, json, newKey, scratch, sha256, tokumei } from "./command.mjs";
import { instance, PLANTED, plant, study } from "./dicom.mjs";
import { begin, run, until } from "./sending.mjs";

const READ = `
import json, sys, zipfile, hashlib
z = zipfile.ZipFile(sys.argv[1])
print(json.dumps({"bad": z.testzip(), "files": {i.filename: hashlib.sha256(z.read(i)).hexdigest() for i in z.infolist()}}))`;

/** What Python's reader finds. @param {string} path */
const readZip = (path) => JSON.parse(execFileSync("python3", ["-c", READ, path], { encoding: "utf8" }));

const temporary = (folder) => readdirSync(folder).filter((name) => name.startsWith(".tokumei"));

test("holds what the folder holds, in the order of the report, the same bytes for any number of workers", async (t) => {
  const dir = scratch(t);
  const key = newKey(dir);
  const input = plant(join(dir, "in"), {
    ...study(50),
    "README.TXT": "nothing",
    b: instance({ uid: "1.2.3.8", size: 640 }),
  });
  const asFolder = deid(dir, [input], ["--key", key]);
  const zips = ["1", "3"].map((jobs) => {
    const [zip, report] = [join(dir, `${jobs}.zip`), join(dir, `${jobs}.json`)];
    const ended = tokumei(["deid", input, "--zip", zip, "--key", key, "--jobs", jobs, "--report", report]);
    assert.equal(ended.status, 0, ended.text);
    for (const value of [...PLANTED, dir]) assert.equal(ended.text.includes(value), false, value);
    const rows = json(report).files.map(({ ms: _, ...row }) => row);
    assert.deepEqual(
      rows,
      asFolder.report.files.map(({ ms: _, ...row }) => row),
    );
    return readFileSync(zip);
  });
  assert.ok(zips[0]?.equals(zips[1] ?? Buffer.alloc(0)));
  const { bad, files } = readZip(join(dir, "1.zip"));
  assert.equal(bad, null);
  assert.deepEqual(files, digests(asFolder.folder));
  assert.deepEqual(temporary(dir), []);

  // The page's own sink over the same outputs.
  loadEngine();
  const page = zipBlobSink();
  for (const { out } of asFolder.report.files) {
    if (out === null) continue;
    const bytes = readFileSync(join(asFolder.folder, out));
    await page.write({ name: out, bytes: bytes.length, blob: new Blob([bytes]), crc32: crc32Of(bytes) });
  }
  await page.close();
  assert.equal(sha256(Buffer.from(await (await page.blob()).arrayBuffer())), sha256(zips[0] ?? Buffer.alloc(0)));
});

test("a file of that name stays: equal bytes are the same ZIP, others a sentence", (t) => {
  const dir = scratch(t);
  const key = newKey(dir);
  const input = plant(join(dir, "in"), study(5));
  const [zip, report, receipt] = ["a.zip", "report.json", "receipt.json"].map((name) => join(dir, name));
  const args = ["deid", input, "--zip", zip, "--key", key, "--report", report, "--receipt", receipt];
  const once = () => tokumei(args);
  assert.equal(once().status, 0);
  assert.deepEqual([json(receipt).destination, json(receipt).instances[0].how], ["zip", "sent"]);
  const first = readFileSync(zip);
  assert.equal(once().status, 0);
  assert.equal(json(receipt).instances[4].how, "there");
  const flipped = Buffer.from(first);
  flipped[first.length >> 1] ^= 1;
  const others = [
    flipped,
    Buffer.concat([first, first]),
    first.subarray(0, -1),
    Buffer.from("somebody's"),
    Buffer.alloc(0),
  ];
  for (const other of others) {
    writeFileSync(zip, other);
    const { status, err } = once();
    assert.equal(status, 1);
    assert.match(err, /another file of that name/);
    assert.ok(readFileSync(zip).equals(other));
    assert.deepEqual(json(report).totals.byReason, { stopped: 5 });
  }
  assert.deepEqual(temporary(dir), []);
  assert.match(tokumei(["deid", input, "--zip", input, "--key", key]).err, /must not be an input/);
  const folder = join(dir, "folder.zip");
  mkdirSync(folder);
  assert.match(tokumei(["deid", input, "--zip", folder, "--key", key]).err, /another file of that name/);
});

test("a ZIP among its inputs is not read again", (t) => {
  const dir = scratch(t);
  const key = newKey(dir);
  const input = plant(join(dir, "in"), study(3));
  for (let i = 0; i < 2; i += 1) {
    const report = join(dir, "report.json");
    const { status, text } = tokumei(["deid", input, "--zip", join(input, "a.zip"), "--key", key, "--report", report]);
    assert.equal(status, 0, text);
    assert.equal(json(report).files.length, 3);
  }
});

test("where nothing leaves there is no ZIP", (t) => {
  const dir = scratch(t);
  const input = plant(join(dir, "in"), { a: "no DICOM" });
  const { status } = tokumei(["deid", input, "--zip", join(dir, "a.zip")]);
  assert.deepEqual([status, existsSync(join(dir, "a.zip"))], [0, false]);
});

test("a full disk and a place that is not there are sentences; nothing stays behind", async (t) => {
  const dir = scratch(t);
  const key = newKey(dir);
  const input = plant(join(dir, "in"), study(5));
  const [zip, report] = [join(dir, "a.zip"), join(dir, "report.json")];
  const full = { NODE_OPTIONS: `--require ${join(import.meta.dirname, "full-disk.cjs")}`, FULL_DISK: ".part" };
  const ended = await run(dir, ["deid", input, "--zip", zip, "--key", key, "--report", report], full);
  assert.equal(ended.status, 1, ended.text);
  assert.match(ended.err, /The disk is full/);
  assert.deepEqual([existsSync(zip), temporary(dir), ended.left], [false, [], []]);
  assert.equal(tokumei(["deid", input, "--zip", join(dir, "nowhere", "a.zip"), "--key", key]).status, 1);
});

test("Ctrl+C leaves a whole ZIP of what was ready, and the report agrees", async (t) => {
  const dir = scratch(t);
  const input = plant(
    join(dir, "in"),
    Object.fromEntries(Array.from({ length: 150 }, (_, i) => [`${i}`, instance({ uid: `1.2.3.1.${i}`, size: 512 })])),
  );
  const [zip, report] = [join(dir, "a.zip"), join(dir, "report.json")];
  const args = ["deid", input, "--zip", zip, "--key", newKey(dir), "--report", report, "--jobs", "1"];
  const { child, spools, done } = begin(dir, args);
  await until(() => readdirSync(spools).some((name) => readdirSync(join(spools, name)).length > 5));
  child.kill("SIGINT");
  const ended = await done;
  assert.equal(ended.status, 1);
  assert.match(ended.err, /Stopped\./);
  assert.deepEqual([ended.left, temporary(dirname(zip))], [[], []]);
  const left = json(report).files.filter(({ out }) => out !== null);
  if (left.length === 0) assert.equal(existsSync(zip), false);
  else {
    const { bad, files } = readZip(zip);
    assert.equal(bad, null);
    assert.deepEqual(files, Object.fromEntries(left.map(({ out, sha256: digest }) => [out, digest])));
  }
});
