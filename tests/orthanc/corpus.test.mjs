// The whole corpus into Debian's Orthanc: what leaves is stored as it was sent, goes once, and is never written over.
import assert from "node:assert/strict";
import { closeSync, copyFileSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { json, newKey, tokumei } from "../cli/command.mjs";
import { corpus, missing as missingJudge } from "../judges/judge.mjs";
import { multipart, STOW } from "../provider/kit.mjs";
import { missing, startOrthanc } from "./orthanc.mjs";

/** Codes of a destination, and of nothing that we decide. */
const THERE = ["rejected-by-destination", "conflict-at-destination", "too-large-for-destination"];

describe("the corpus at Orthanc", { skip: missing() || missingJudge() }, () => {
  const folder = mkdtempSync(join(tmpdir(), "tokumei-corpus-"));
  const key = newKey(folder);
  /** @type {import("./orthanc.mjs").Orthanc} */
  let there;
  /** Report and mapping of the first run. @type {{ report: any, mapping: any }} */
  let first;
  before(async () => {
    there = await startOrthanc();
    first = send(corpus, "first");
  });
  after(async () => {
    await there?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** @param {string} input @param {string} name */
  function send(input, name) {
    const [report, mapping, receipt] = ["report", "mapping", "receipt"].map((what) =>
      join(folder, `${name}-${what}.json`),
    );
    const files = ["--report", report, "--mapping", mapping, "--receipt", receipt];
    const policy = ["--policy", "headers-only", "--key", key];
    const { text } = tokumei(["deid", input, "--stow", there.url, ...policy, ...files]);
    assert.ok(!text.includes("Warning"), text);
    return { text, report: json(report), mapping: json(mapping), receipt: json(receipt) };
  }

  test("all that leaves is stored, byte for byte, and nothing else", async () => {
    const left = first.report.files.filter(({ out }) => out !== null);
    assert.ok(left.length > 300);
    const sent = left.map(({ instance, sha256 }) => `${instance} ${sha256}`).sort();
    const stored = (await there.stored()).map(({ instance, sha256 }) => `${instance} ${sha256}`).sort();
    assert.deepEqual(stored, sent);
  });

  test("what it does not take it does not take from its source either", async () => {
    const paths = new Map(first.mapping.files.map(({ n, path }) => [n, path]));
    const refused = first.report.files.filter(({ reason }) => THERE.includes(reason));
    assert.ok(refused.length < first.report.files.length / 100);
    const before = await there.count();
    for (const { n, reason } of refused) {
      assert.equal(reason, "rejected-by-destination");
      const body = multipart([readFileSync(join(corpus, paths.get(n)))]);
      const { status } = await fetch(`${there.url}/studies`, { method: "POST", headers: STOW, body });
      assert.equal(status, 400, paths.get(n));
    }
    assert.equal(await there.count(), before);
  });

  test("a second run sends nothing: what is there is compared", async () => {
    const before = await there.count();
    const { report, receipt } = send(corpus, "second");
    assert.equal(await there.count(), before);
    const digests = ({ files }) => files.map(({ n, reason, sha256 }) => [n, reason, sha256]);
    assert.deepEqual(digests(report), digests(first.report));
    assert.equal(receipt.instances.length, before);
    assert.deepEqual(new Set(receipt.instances.map(({ how }) => how)), new Set(["there"]));
  });

  test("one changed byte is a conflict, and nothing is written over", async () => {
    const native = first.report.files.find(
      ({ out, modality, transferSyntax }) =>
        out !== null && modality === "CT" && transferSyntax === "1.2.840.10008.1.2.1",
    );
    const changed = join(folder, "changed.dcm");
    copyFileSync(join(corpus, first.mapping.files.find(({ n }) => n === native.n).path), changed);
    changeByte(changed);
    const before = await there.stored();
    const { report } = send(changed, "changed");
    assert.equal(report.files[0].reason, "conflict-at-destination");
    assert.deepEqual(await there.stored(), before);
  });
});

/** A sample in the middle of the pixel data. @param {string} path */
function changeByte(path) {
  const bytes = readFileSync(path);
  const at = bytes.length - Math.floor(bytes.length / 4);
  const file = openSync(path, "r+");
  writeSync(file, Buffer.from([(bytes[at] ?? 0) ^ 1]), 0, 1, at);
  closeSync(file);
}
