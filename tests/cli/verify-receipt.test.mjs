// `tokumei verify-receipt`: what a provider is told of a folder and its receipts.
import assert from "node:assert/strict";
import { createPrivateKey } from "node:crypto";
import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { json, newKey, scratch, tokumei } from "./command.mjs";
import { instance, plant, study } from "./dicom.mjs";

let dir = "";
let fingerprint = "";
/** @type {(() => void)[]} */
const clean = [];

before(() => {
  dir = scratch({ after: (fn) => clean.push(fn) });
  const input = plant(join(dir, "in"), study(6));
  const [key, signing] = [newKey(dir), join(dir, "sign.pem")];
  fingerprint = /[0-9a-f]{64}/.exec(tokumei(["key", "new", "--signing", "--out", signing]).out)?.[0] ?? "";
  const out = ["--out", join(dir, "out"), "--receipt", join(dir, "receipt.json"), "--signing-key", signing];
  const { status, text } = tokumei(["deid", input, "--key", key, ...out]);
  assert.equal(status, 0, text);
});
after(() => {
  for (const fn of clean) fn();
});

const receiptPath = () => join(dir, "receipt.json");
const verify = (folder, more = [], receipt = receiptPath()) =>
  tokumei(["verify-receipt", receipt, "--in", folder, ...more]);

/** One bit of a pixel. @param {string} path */
function flip(path) {
  const bytes = readFileSync(path);
  bytes[bytes.length - 1] ^= 1;
  writeFileSync(path, bytes);
}

/** A copy of what was delivered, and its files. @param {string} name */
function copy(name) {
  const folder = join(dir, name);
  cpSync(join(dir, "out"), folder, { recursive: true });
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((path) => join(folder, path))
    .filter((path) => statSync(path).isFile())
    .sort();
  const uid = (index) => /([\d.]+)\.dcm$/.exec(files[index] ?? "")?.[1] ?? "";
  return { folder, files, uid };
}

test("all equal: exit 0, in both languages, whoever signed; files of the provider's own count for nothing", () => {
  const { folder } = copy("equal");
  writeFileSync(join(folder, ".journal.jsonl"), "{}\n");
  const said = verify(folder, ["--signer", fingerprint]);
  assert.equal(said.status, 0, said.text);
  assert.equal(said.err, "");
  assert.match(said.out, /6 of 6 instances/);
  assert.match(said.out, new RegExp(fingerprint));
  const shown = (fingerprint.toUpperCase().match(/../g) ?? []).join(":");
  assert.equal(verify(folder, ["--signer", shown]).status, 0);
  const open = verify(folder, ["--lang", "ja", "--jobs", "2"]);
  assert.equal(open.status, 0);
  assert.match(open.out, /6 件のうち 6 件が、同じ内容で届いています/);
  assert.match(open.err, /だれの鍵かは確かめていません/);
  const receipt = json(receiptPath());
  assert.equal(receipt.destination, "folder");
  assert.ok(receipt.instances.every(({ how }) => how === "sent"));
  assert.equal(statSync(receiptPath()).mode & 0o777, 0o600);
});

test("missing, altered, additional and repeated ones are counted and named, exit 3", () => {
  const { folder, files, uid } = copy("differs");
  rmSync(files[0] ?? "");
  flip(files[1] ?? "");
  writeFileSync(join(folder, "more"), instance({ uid: "1.2.9.9" }));
  mkdirSync(join(folder, "again"));
  copyFileSync(files[2] ?? "", join(folder, "again", "x"));
  const said = verify(folder);
  assert.equal(said.status, 3);
  assert.match(said.out, /4 of 6 instances/);
  for (const [words, name] of [
    ["missing: 1", uid(0)],
    ["other bytes: 1", uid(1)],
    ["not on the receipt: 1", "1.2.9.9"],
    ["there more than once: 1", uid(2)],
  ]) {
    assert.ok(said.out.includes(`${words}\n  ${name}\n`), `${words} ${said.out}`);
  }
  assert.equal(said.text.includes(dir), false);
  for (const value of ["YAMASHITA", "0012345"]) assert.equal(said.text.includes(value), false);
});

test("each difference alone is exit 3", () => {
  const change = [
    ({ files }) => rmSync(files[3]),
    ({ files }) => writeFileSync(files[3], readFileSync(files[3]).subarray(0, -2)),
    ({ files }) => flip(files[3]),
    ({ folder }) => writeFileSync(join(folder, "more"), instance({ uid: "1.2.9.9" })),
    ({ folder, files }) => copyFileSync(files[3], join(folder, "again")),
    ({ folder, files }) => copyFileSync(files[3], files[4]) ?? writeFileSync(join(folder, "x"), "no DICOM"),
  ];
  for (const [index, make] of change.entries()) {
    const made = copy(`alone${index}`);
    make(made);
    assert.equal(verify(made.folder).status, 3, String(index));
  }
});

test("a receipt that was changed, is unsigned or signed by another key is exit 3", () => {
  const { folder } = copy("tampered");
  const receipt = json(receiptPath());
  const [first, ...rest] = receipt.instances;
  const cases = [
    [{ ...receipt, instances: rest }, /was changed after it was signed/],
    [{ ...receipt, instances: [{ ...first, sha256: "0".repeat(64) }, ...rest] }, /was changed/],
    [{ ...receipt, destination: "elsewhere" }, /was changed/],
    [{ ...receipt, signature: null }, /not signed/],
  ];
  for (const [index, [changed, words]] of cases.entries()) {
    const path = join(dir, `changed${index}.json`);
    writeFileSync(path, JSON.stringify(changed));
    const said = verify(folder, [], path);
    assert.equal(said.status, 3, said.text);
    assert.match(said.err, words);
  }
  const other = verify(folder, ["--signer", "0".repeat(64)]);
  assert.equal(other.status, 3);
  assert.match(other.err, /another key than --signer/);
});

test("what can't be read is exit 1, what is asked wrongly exit 2", () => {
  const { folder } = copy("asked");
  writeFileSync(join(dir, "text.json"), "{ not JSON");
  writeFileSync(join(dir, "other.json"), JSON.stringify({ schema: "tokumei.report/1", note: "\u001b[31mYAMASHITA" }));
  for (const [receipt, words] of [
    ["nowhere.json", /can't be read/],
    ["text.json", /is no receipt/],
    ["other.json", /is no receipt/],
  ]) {
    const said = verify(folder, [], join(dir, String(receipt)));
    assert.equal(said.status, 1);
    assert.match(said.err, /** @type {RegExp} */ (words));
    assert.doesNotMatch(said.text, /YAMASHITA/);
  }
  assert.match(verify(join(dir, "nowhere")).err, /folder of --in can't be read/);
  for (const args of [[], [receiptPath()], ["--in", folder], [receiptPath(), "--in", folder, "--signer", "abc"]]) {
    assert.equal(tokumei(["verify-receipt", ...args]).status, 2, args.join(" "));
  }
});

test("several receipts together account for one folder; keys come as PEM and as JWK", () => {
  const input = plant(join(dir, "in2"), {
    a: instance({ uid: "1.2.7.1", study: "1.2.7", series: "1.2.7.3", patientId: "8" }),
  });
  const jwk = join(dir, "sign.jwk");
  writeFileSync(jwk, JSON.stringify(createPrivateKey(readFileSync(join(dir, "sign.pem"))).export({ format: "jwk" })));
  const { folder } = copy("both");
  const second = join(dir, "second.json");
  const more = ["--receipt", second, "--signing-key", jwk, "--key", join(dir, "key.json")];
  assert.equal(tokumei(["deid", input, "--out", folder, ...more]).status, 0);
  assert.equal(verify(folder).status, 3);
  const said = verify(folder, [second, "--signer", fingerprint]);
  assert.equal(said.status, 0, said.text);
  assert.match(said.out, /7 of 7/);
  const again = tokumei(["deid", input, "--out", folder, ...more]);
  assert.equal(again.status, 0);
  assert.deepEqual(
    json(second).instances.map(({ how }) => how),
    ["there"],
  );
  for (const bad of ["key.json", "receipt.json", "in2/a", "nowhere"]) {
    const args = ["--receipt", second, "--signing-key", join(dir, bad), "--out", join(dir, "never")];
    const { status, err } = tokumei(["deid", input, ...args]);
    assert.equal(status, 1, bad);
    assert.match(err, /holds no Ed25519 key/);
  }
  assert.equal(tokumei(["key", "new", "--signing", "--out", jwk]).status, 1);
  assert.equal(tokumei(["key", "new", "--signing", "--namespace", "n", "--out", join(dir, "k")]).status, 2);
});
