// What is stored stays: over restarts, crashes at any point, and two processes on one folder.
import assert from "node:assert/strict";
import { fork, spawnSync } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { instance, series } from "./dicom.mjs";
import { filesIn, multipart, named, provide, STOW } from "./kit.mjs";

/** @param {import("node:test").TestContext} t */
function folder(t) {
  const path = mkdtempSync(join(tmpdir(), "tokumei-lasting-"));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** @param {Awaited<ReturnType<typeof provide>>} provider */
async function uids({ ask }) {
  const { json } = await ask("/dicom-web/studies/1.2.3/instances");
  return json.map((/** @type {any} */ row) => row["00080018"].Value[0]).sort();
}

test("a restart finds what was there, and refuses other bytes for it", async (t) => {
  const received = folder(t);
  const first = await provide(null, { received });
  await first.store(series(5));
  const before = (await first.ask("/dicom-web/studies/1.2.3/instances?includefield=all")).text;
  const digest = (await first.ask("/dicom-web/studies/1.2.3/series/1.2.3.9/instances/1.2.3.9.1")).headers[
    "repr-digest"
  ];
  await first.close();
  const second = await provide(t, { received });
  const again = (await second.ask("/dicom-web/studies/1.2.3/instances?includefield=all")).text;
  assert.equal(again.replaceAll(second.origin, ""), before.replaceAll(first.origin, ""));
  const retrieved = await second.ask("/dicom-web/studies/1.2.3/series/1.2.3.9/instances/1.2.3.9.1");
  assert.equal(retrieved.headers["repr-digest"], digest);
  assert.equal((await second.store([instance({ fill: 99 })])).status, 409);
  assert.equal((await second.store(series(5))).status, 202);
});

test("the journal may be lost, cut off or wrong: the files are the truth", async (t) => {
  const received = folder(t);
  const first = await provide(null, { received });
  await first.store(series(4));
  await first.close();
  const journal = join(received, ".journal.jsonl");
  const whole = readFileSync(journal, "utf8");
  for (const text of [
    "",
    whole.slice(0, -100),
    `${whole}{"study":"1.2.3","ser`,
    whole.replace(/"bytes":\d+/, '"bytes":1'),
    "[]\n1\nnull\n",
  ]) {
    writeFileSync(journal, text);
    const next = await provide(null, { received });
    assert.deepEqual(await uids(next), ["1.2.3.9.1", "1.2.3.9.2", "1.2.3.9.3", "1.2.3.9.4"]);
    assert.equal((await next.store(series(4))).status, 202);
    assert.equal((await next.store([instance({ fill: 99 })])).status, 409);
    await next.close();
  }
  // Rows of files that are gone are gone.
  rmSync(join(received, "1.2.3/1.2.3.9/1.2.3.9.2.dcm"));
  const last = await provide(t, { received });
  assert.deepEqual(await uids(last), ["1.2.3.9.1", "1.2.3.9.3", "1.2.3.9.4"]);
  assert.equal((await last.store(series(4))).status, 202);
  assert.equal((await uids(last)).length, 4);
});

test("a line after one that a crash cut off is read", async (t) => {
  const received = folder(t);
  const first = await provide(null, { received });
  await first.store(series(1));
  await first.close();
  appendFileSync(join(received, ".journal.jsonl"), '{"study":"1.2');
  const second = await provide(null, { received });
  await second.store(series(2));
  await second.close();
  const lines = readFileSync(join(received, ".journal.jsonl"), "utf8");
  assert.match(lines, /"instance":"1\.2\.3\.9\.2"/);
  const rows = lines.split("\n").flatMap((line) => {
    try {
      return [JSON.parse(line).instance];
    } catch {
      return [];
    }
  });
  assert.deepEqual(rows, ["1.2.3.9.1", "1.2.3.9.2"]);
  const third = await provide(t, { received });
  assert.equal((await uids(third)).length, 2);
});

test("a file that stands there without its row is compared, never written over", async (t) => {
  const received = folder(t);
  const provider = await provide(t, { received });
  await provider.ask("/dicom-web/studies");
  mkdirSync(join(received, "1.2.3/1.2.3.9"), { recursive: true });
  writeFileSync(join(received, "1.2.3/1.2.3.9/1.2.3.9.1.dcm"), instance({ fill: 1 }));
  assert.equal((await provider.store([instance({ fill: 2 })])).status, 409);
  const equal = await provider.store([instance({ fill: 1 })]);
  assert.equal(equal.status, 202);
  assert.equal(named(equal.json, "stored")[0]?.uid, "1.2.3.9.1");
  assert.deepEqual(readFileSync(join(received, "1.2.3/1.2.3.9/1.2.3.9.1.dcm")), instance({ fill: 1 }));
});

test("what is no instance of its place is not taken for one", async (t) => {
  const received = folder(t);
  const place = join(received, "1.2.3/1.2.3.9");
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, "1.2.3.9.1.dcm"), instance());
  truncateSync(join(place, "1.2.3.9.1.dcm"), 900);
  writeFileSync(join(place, "1.2.3.9.2.dcm"), "no DICOM");
  writeFileSync(join(place, "1.2.3.9.3.dcm"), instance({ uid: "1.2.3.9.4" }));
  writeFileSync(join(place, "notes.txt"), "hello");
  linkSync(join(place, "notes.txt"), join(received, "loose.dcm"));
  const provider = await provide(t, { received });
  assert.deepEqual(await uids(provider), []);
});

test("killed at any moment, nothing that was answered is lost and nothing half is there", async (t) => {
  const received = folder(t);
  const { askAt } = await import("./kit.mjs");
  const answered = new Set();
  for (let round = 0; round < 4; round++) {
    const child = fork(new URL("./server.mjs", import.meta.url), [received]);
    const port = await new Promise((resolve) => child.once("message", resolve));
    const dead = new Promise((resolve) => child.once("exit", resolve));
    setTimeout(() => child.kill("SIGKILL"), 150 + round * 97);
    for (let batch = 0; batch < 1_000; batch++) {
      const name = `1.2.3.${round + 1}${batch}`;
      const body = multipart(series(5, { series: name }));
      const answer = await askAt(Number(port), "/dicom-web/studies", { method: "POST", headers: STOW, body }).catch(
        () => null,
      );
      if (answer === null) break;
      for (const { uid } of named(answer.json, "stored")) answered.add(uid);
    }
    // A process that nobody has taken note of yet counts as one that lives.
    await dead;
  }
  assert.ok(answered.size > 20, `${answered.size} instances were answered`);
  const provider = await provide(t, { received });
  const found = new Set(await uids(provider));
  for (const uid of answered) assert.ok(found.has(uid), `${uid} was answered and is lost`);
  const files = filesIn(received);
  assert.equal(files.length, found.size);
  assert.ok(!files.some((name) => name.startsWith(".incoming")), "what had not come in whole is gone");
});

test("a place where no folder can be made is said so, and never waited for", {
  skip: !existsSync("/proc/self"),
  timeout: 30_000,
}, () => {
  // In a process of its own: what never returns could not be given up here.
  const child = spawnSync(
    process.execPath,
    [
      "--input-type=module",
      "-e",
      `import { Archive } from ${JSON.stringify(new URL("../../provider/archive/archive.mjs", import.meta.url).href)};
       await new Archive("/proc/tokumei/received", 1024).ready.catch(({ code }) => console.log(code));`,
    ],
    { encoding: "utf8", timeout: 20_000, killSignal: "SIGKILL" },
  );
  assert.equal(child.stdout.trim(), "ENOENT", child.stderr);
});
