// `deid --stow` against the embedded provider: the whole way, again, through faults, stopped and gone on with.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { newKey, scratch, tokumei } from "./command.mjs";
import { instance, PLANTED, plant, study } from "./dicom.mjs";
import { begin, folder, leftOf, receiver, run, send, until } from "./sending.mjs";

/** Two studies of two patients. @param {string} dir @param {number} count */
function twoStudies(dir, count) {
  const other = { patientId: "99", study: "1.2.4", series: "1.2.4.9" };
  return plant(join(dir, "in"), {
    ...study(count),
    ...Object.fromEntries(
      Array.from({ length: count }, (_, i) => [`other/${i}`, instance({ uid: `1.2.4.1.${i}`, number: i, ...other })]),
    ),
  });
}

/** Files that wait in the spool of a run. @param {string} spools */
function waiting(spools) {
  const [spool] = readdirSync(spools);
  return spool === undefined ? [] : readdirSync(join(spools, spool));
}

/** Nothing of a patient, of a path, or of a secret is said or written. @param {string[]} secrets */
function quiet({ text, report, receipt }, ...secrets) {
  const said = text + JSON.stringify(report) + JSON.stringify(receipt);
  for (const value of [...PLANTED, ...secrets]) assert.equal(said.includes(value), false, value);
}

test("all arrive once with equal bytes, the receipt says so, and a second run sends nothing", async (t) => {
  const dir = scratch(t);
  const provider = await receiver(t);
  const input = twoStudies(dir, 40);
  const key = newKey(dir);
  const signing = join(dir, "sign.pem");
  const made = tokumei(["key", "new", "--signing", "--out", signing]);
  const [fingerprint = ""] = /[0-9a-f]{64}/.exec(made.out) ?? [];
  assert.equal(statSync(signing).mode & 0o777, 0o600);

  const first = await send(dir, input, `${provider.url}/`, ["--key", key, "--signing-key", signing]);
  assert.equal(first.status, 0, first.text);
  assert.match(first.out, /Sent 80, there already 0\n/);
  assert.deepEqual(first.left, []);
  assert.equal(provider.arrivals.length, 80);
  assert.deepEqual(provider.has(), leftOf(first.report));
  quiet(first, dir);
  const { instances, destination } = first.receipt;
  assert.equal(destination, provider.url);
  assert.deepEqual(Object.fromEntries(instances.map((each) => [each.instance, each.sha256])), provider.has());
  assert.ok(instances.every(({ how }) => how === "sent"));
  const check = (...more) => run(dir, ["verify-receipt", first.receiptFile, "--in", provider.folder, ...more]);
  const checked = await check("--signer", fingerprint);
  assert.equal(checked.status, 0, checked.text);
  assert.match(checked.out, /80 of 80 instances/);
  assert.equal((await check("--signer", fingerprint.replaceAll(/./g, "0"))).status, 3);

  const stores = provider.stores();
  const again = await send(dir, input, provider.url, ["--key", key, "--signing-key", signing, "--jobs", "3"]);
  assert.equal(again.status, 0, again.text);
  assert.match(again.out, /Sent 0, there already 80\n/);
  assert.equal(provider.stores(), stores);
  assert.deepEqual(
    again.receipt.instances.map(({ at: _, how, ...each }) => ({ ...each, how })),
    instances.map(({ at: _, ...each }) => ({ ...each, how: "there" })),
  );

  plant(input, { new: instance({ uid: "1.2.3.7" }) });
  assert.match((await send(dir, input, provider.url, ["--key", key])).out, /Sent 1, there already 80\n/);
});

test("503, cut lines, 413 and answers of nothing cost time and no instance", async (t) => {
  const dir = scratch(t);
  const provider = await receiver(t);
  const input = twoStudies(dir, 60);
  provider.faults({
    maxBytes: 60_000,
    script: [
      { kind: "status", status: 503, on: "query" },
      { kind: "status", status: 503, retryAfter: 1 },
      { kind: "drop-before", bytes: 5_000 },
      { kind: "drop-after" },
      { kind: "stored-empty" },
      { kind: "html" },
      null,
      { kind: "other-uids" },
      { kind: "nothing-stored" },
    ],
  });
  const ended = await send(dir, input, provider.url, ["--key", newKey(dir)]);
  assert.equal(ended.status, 0, ended.text);
  // Two requests fail at once: the first answer that is heard says why.
  assert.match(ended.err, /The destination (is busy|does not answer)\. Trying again in 1 s\./);
  assert.match(ended.err, /The destination answers again\./);
  assert.deepEqual(provider.has(), leftOf(ended.report));
  assert.equal(provider.arrivals.length, 120);
  assert.equal(new Set(provider.arrivals).size, 120);
  assert.equal(ended.receipt.instances.length, 120);
  assert.deepEqual(ended.left, []);
});

test("a token comes from a file and is said nowhere; without it nothing is sent", async (t) => {
  const dir = scratch(t);
  const provider = await receiver(t);
  const input = plant(join(dir, "in"), study(5));
  const key = newKey(dir);
  provider.faults({ token: "sesame-1" });
  const token = join(dir, "token");
  writeFileSync(token, "sesame-2\n");
  for (const more of [[], ["--token-file", token]]) {
    const ended = await send(dir, input, provider.url, ["--key", key, ...more]);
    assert.equal(ended.status, 1, ended.text);
    assert.match(ended.err, /refuses the connection: the token/);
    assert.deepEqual(ended.report.totals.byReason, { stopped: 5 });
    assert.equal(ended.receipt, null);
    assert.equal(provider.stores(), 0);
    quiet(ended, "sesame");
  }
  writeFileSync(token, "sesame-1\r\nsecond line\n");
  const ended = await send(dir, input, provider.url, ["--key", key, "--token-file", token]);
  assert.equal(ended.status, 0, ended.text);
  quiet(ended, "sesame");

  writeFileSync(token, "two words\n");
  const bad = await send(dir, input, provider.url, ["--key", key, "--token-file", token]);
  assert.equal(bad.status, 1);
  assert.match(bad.err, /must be the token alone/);
  quiet(bad, "two words", dir);
});

test("other bytes under a known UID are a conflict: shown, never overwritten, exit 3", async (t) => {
  const dir = scratch(t);
  const provider = await receiver(t);
  const input = plant(join(dir, "in"), study(4));
  const key = newKey(dir);
  const first = await send(dir, plant(join(dir, "one"), { a: study(1)["検査/シリーズ１/画像001"] }), provider.url, [
    "--key",
    key,
  ]);
  assert.equal(first.status, 0, first.text);
  const before = provider.has();
  const policy = join(dir, "policy.json");
  const title = { ja: "別の加工", en: "Another one" };
  const attributes = [{ tag: "0008,0060", action: "X" }];
  writeFileSync(
    policy,
    JSON.stringify({
      schema: "tokumei.policy/1",
      id: "other",
      version: "1",
      title,
      extends: "headers-only",
      attributes,
    }),
  );
  const second = await send(dir, input, provider.url, ["--key", key, "--policy", policy]);
  assert.equal(second.status, 3, second.text);
  const [uid] = Object.keys(before);
  assert.equal(provider.has()[uid ?? ""], before[uid ?? ""]);
  assert.equal(second.report.totals.byReason["conflict-at-destination"], 1);
  assert.match(second.out, /conflict-at-destination: The destination has another image under the same number/);
  assert.equal(second.receipt.instances.length, second.report.totals.byVerdict.pass);
});

test("what is too large for the destination is refused, the rest arrives", async (t) => {
  const dir = scratch(t);
  const provider = await receiver(t);
  provider.faults({ maxBytes: 20_000 });
  const large = { a: instance({ uid: "1.2.3.7", size: 200 }), b: instance({ uid: "1.2.3.8", size: 200 }) };
  const input = plant(join(dir, "in"), { ...study(3), ...large });
  const ended = await send(dir, input, provider.url, ["--key", newKey(dir)]);
  assert.equal(ended.status, 3, ended.text);
  assert.deepEqual(ended.report.totals.byReason, { clean: 3, "too-large-for-destination": 2 });
  assert.equal(ended.err.match(/larger than the destination accepts/g)?.length, 1, "said once, counted at the end");
  assert.deepEqual(provider.has(), leftOf(ended.report));
});

test("a destination that is not there: bounded tries, a sentence, everything in the report", async (t) => {
  const dir = scratch(t);
  const provider = await receiver(t);
  await provider.close();
  const input = plant(join(dir, "in"), study(3));
  const ended = await send(dir, input, provider.url, ["--key", newKey(dir), "--tries", "2"]);
  assert.equal(ended.status, 1);
  assert.match(ended.err, /does not answer\. Trying again in 1 s/);
  assert.match(ended.err, /can't be reached.*Run the same command again to send what is missing/);
  assert.deepEqual(ended.report.totals.byReason, { stopped: 3 });
  assert.deepEqual(ended.left, []);
  quiet(ended, dir, "127.0.0.1");
  const keyless = await send(dir, input, provider.url, ["--tries", "1", "--lang", "ja"]);
  assert.match(keyless.err, /提供先につながりません。.*--key を使ってください/);
});

test("a destination that goes away: what arrived is in report and receipt, and the next run sends the rest", async (t) => {
  const dir = scratch(t);
  const provider = await receiver(t);
  const input = twoStudies(dir, 60);
  const key = newKey(dir);
  provider.faults({ script: [null, null, ...Array(50).fill({ kind: "status", status: 502 })] });
  const first = await send(dir, input, provider.url, ["--key", key, "--tries", "2"]);
  assert.equal(first.status, 1, first.text);
  const arrived = Object.keys(provider.has()).length;
  assert.ok(arrived > 0 && arrived < 120, `${arrived} arrived`);
  assert.equal(first.receipt.instances.length, arrived);
  assert.deepEqual(leftOf(first.report), provider.has());
  provider.faults({});
  const second = await send(dir, input, provider.url, ["--key", key]);
  assert.equal(second.status, 0, second.text);
  assert.match(second.out, new RegExp(`Sent ${120 - arrived}, there already ${arrived}\n`));
  assert.equal(provider.arrivals.length, 120);
});

test("Ctrl+C keeps what arrived and says so; again sends the rest; nothing waits on the disk", async (t) => {
  const dir = scratch(t);
  const provider = await receiver(t);
  const input = twoStudies(dir, 80);
  const key = newKey(dir);
  const report = join(dir, "report.json");
  provider.standStill(2);
  const first = begin(dir, ["deid", input, "--stow", provider.url, "--key", key, "--report", report]);
  // The first study has arrived and is settled: only the second one waits.
  await until(() => provider.arrivals.length === 80 && waiting(first.spools).length === 80);
  first.child.kill("SIGINT");
  const ended = await first.done;
  assert.deepEqual([ended.status, ended.left], [1, []], ended.text);
  assert.match(ended.err, /Stopped\..*\nRun the same command again/);
  const known = leftOf(JSON.parse(readFileSync(report, "utf8")));
  assert.equal(Object.keys(known).length, 80);
  assert.deepEqual(known, provider.has());
  provider.free();
  const second = await send(dir, input, provider.url, ["--key", key]);
  assert.equal(second.status, 0, second.text);
  assert.deepEqual(provider.has(), leftOf(second.report));
  assert.equal(new Set(provider.arrivals).size, 160);
});

test("a second Ctrl+C ends at once and leaves nothing on the disk", async (t) => {
  const dir = scratch(t);
  const provider = await receiver(t);
  provider.standStill(1);
  const input = twoStudies(dir, 40);
  const { child, spools, done } = begin(dir, ["deid", input, "--stow", provider.url, "--key", newKey(dir)]);
  await until(() => provider.stores() > 0);
  assert.equal(statSync(join(spools, readdirSync(spools)[0] ?? "")).mode & 0o777, 0o700);
  child.kill("SIGTERM");
  child.kill("SIGINT");
  child.kill("SIGTERM");
  const ended = await done;
  assert.deepEqual(ended.left, []);
  assert.ok(ended.signal !== null || ended.status === 1);
});

test("what waits is bounded while a destination stands still", async (t) => {
  const dir = scratch(t);
  const provider = await receiver(t);
  provider.standStill(1);
  const bytes = 2 * 1024 * 1024;
  const input = plant(
    join(dir, "in"),
    Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`${i}`, instance({ uid: `1.2.3.1.${i}`, size: 1024 })])),
  );
  const { child, spools, done } = begin(dir, [
    "deid",
    input,
    "--stow",
    provider.url,
    "--key",
    newKey(dir),
    "--jobs",
    "2",
  ]);
  let [last, since] = [-1, Date.now()];
  await until(() => {
    const now = waiting(spools).length;
    if (now !== last) [last, since] = [now, Date.now()];
    return now > 0 && Date.now() - since > 1_500;
  });
  // The run's 128 MiB and one at each worker.
  assert.ok(last * bytes <= 128 * 1024 * 1024 + 2 * bytes, `${last} wait`);
  assert.ok(last > 10);
  child.kill("SIGINT");
  const ended = await done;
  assert.deepEqual([ended.status, ended.left], [1, []]);
});

test("a place for what waits that is full or closed is a sentence", async (t) => {
  const dir = scratch(t);
  const provider = await receiver(t);
  const input = plant(join(dir, "in"), study(3));
  const full = { NODE_OPTIONS: `--require ${join(import.meta.dirname, "full-disk.cjs")}`, FULL_DISK: "tokumei-spool-" };
  const args = ["deid", input, "--stow", provider.url, "--key", newKey(dir)];
  const ended = await run(dir, args, full);
  assert.equal(ended.status, 1, ended.text);
  assert.match(ended.err, /The folder where outputs wait is full\..*--spool/);
  assert.deepEqual(ended.left, []);
  const closed = await run(dir, [...args, "--spool", join(dir, "nowhere")]);
  assert.equal(closed.status, 1);
  assert.match(closed.err, /can't be written to.*--spool/);
  const spool = folder(dir, "spool");
  assert.equal((await run(dir, [...args, "--spool", spool])).status, 0);
  assert.deepEqual(readdirSync(spool), []);
});

test("addresses that hold secrets or go in the clear are usage errors that are not repeated", (t) => {
  const dir = scratch(t);
  const input = plant(join(dir, "in"), study(1));
  for (const url of [
    "https://user:sesame@there.example/dicom-web",
    "https://sesame@there.example/dicom-web",
    "http://there.example/dicom-web",
    "http://127.0.0.1.there.example/dicom-web",
    "https://there.example/dicom-web?token=sesame",
    "https://there.example/dicom-web#sesame",
    "ftp://there.example/",
    "there.example/dicom-web",
  ]) {
    const { status, text } = tokumei(["deid", input, "--stow", url]);
    assert.equal(status, 2, url);
    assert.match(text, /address of a DICOMweb service/);
    assert.doesNotMatch(text, /sesame|there/);
  }
  const stow = ["--stow", "http://localhost:1/dicom-web"];
  for (const more of [
    [],
    [...stow, "--out", join(dir, "o")],
    [...stow, "--zip", join(dir, "z")],
    ["--zip", join(dir, "z"), "--out", join(dir, "o")],
    [...stow, "--tries", "0"],
    [...stow, "--tries", "x"],
    [...stow, "--token-file", ""],
    ["--out", join(dir, "o"), "--token-file", "t"],
    ["--out", join(dir, "o"), "--spool", dir],
    ["--zip", join(dir, "z"), "--tries", "3"],
    [...stow, "--signing-key", "k"],
    [...stow, "--token", "sesame"],
  ]) {
    const { status, text } = tokumei(["deid", input, ...more]);
    assert.equal(status, 2, more.join(" "));
    assert.doesNotMatch(text, /sesame/);
  }
  assert.deepEqual([existsSync(join(dir, "o")), existsSync(join(dir, "z"))], [false, false]);
});
