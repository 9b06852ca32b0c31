// Made-up Japanese patients through the page, as a person does it: folder dropped, key loaded, ZIP, report and linkage table
// saved. Whatever could carry an identity out of memory is collected and searched, and every byte is that of the command line.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import test from "node:test";
import { saved, state, visit } from "../browser/kit.mjs";
import { unzip } from "../browser/zip.mjs";
import {
  checkOutput,
  corpus,
  deid,
  generate,
  key,
  leakScan,
  missing,
  score,
  scratch,
  shared,
  unexplained,
} from "./judge.mjs";

const skip = missing();

/** Everything of the page that outlives a screen. It is read by itself, apart from what was planned to be kept. */
async function remains({ page, context }) {
  const kept = await page.evaluate(async () => {
    const databases = [];
    for (const { name, version } of await indexedDB.databases()) {
      const db = await new Promise((done, fail) => {
        const asked = indexedDB.open(name, version);
        asked.onsuccess = () => done(asked.result);
        asked.onerror = () => fail(asked.error);
      });
      for (const store of db.objectStoreNames) {
        const all = db.transaction(store).objectStore(store).getAll();
        await new Promise((done) => {
          all.onsuccess = done;
        });
        databases.push([name, store, all.result]);
      }
      databases.push([name, db.objectStoreNames.length]);
      db.close();
    }
    const cached = [];
    for (const name of await caches.keys())
      for (const { url } of await (await caches.open(name)).keys()) cached.push([name, url]);
    const files = [];
    const waiting = [["", await navigator.storage.getDirectory()]];
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      for await (const child of next[1].values()) {
        const path = `${next[0]}/${child.name}`;
        if (child.kind === "directory") waiting.push([path, child]);
        else files.push([path, await (await child.getFile()).text()]);
      }
    }
    const { name, history, location } = globalThis;
    return {
      storage: [{ ...localStorage }, { ...sessionStorage }, databases, cached, files, document.cookie],
      window: [name, history.state, history.length, location.href, document.referrer],
    };
  });
  return { ...kept, cookies: await context.cookies() };
}

/** What a driven page does not show by itself: each request with its body, and each broken rule of the CSP. */
function watching() {
  const seen = { requests: [], sockets: [], violations: [] };
  const prepare = async (context) => {
    context.on("request", (request) => {
      const body = request.postDataBuffer();
      seen.requests.push([request.method(), request.url(), request.headers(), body?.toString("latin1") ?? ""]);
    });
    const sockets = (page) => page.on("websocket", (socket) => seen.sockets.push(socket.url()));
    context.pages().forEach(sockets);
    context.on("page", sockets);
    await context.exposeFunction("judgeViolation", (directive) => seen.violations.push(directive));
    await context.addInitScript(() =>
      document.addEventListener("securitypolicyviolation", ({ violatedDirective }) =>
        globalThis.judgeViolation(violatedDirective),
      ),
    );
  };
  return { seen, prepare };
}

async function press(page, testId) {
  const asked = page.waitForEvent("download");
  await page.getByTestId(testId).click();
  return asked;
}

/** Drops `input` on the page and saves everything that it offers to save. */
async function through(input, keyFile, language) {
  const { seen, prepare } = watching();
  const open = await visit({ language, prepare });
  const { page, drop } = open;
  const titles = [];
  try {
    const chooser = page.waitForEvent("filechooser");
    await page.getByTestId("key-load").click();
    await (await chooser).setFiles(keyFile);
    await page.locator('[data-notice="key-loaded"]').waitFor();
    await drop([input]);
    await state(page, "check", "ready");
    titles.push(await page.title());
    await page.getByTestId("preview-header").click();
    await page.locator('[data-path="0010,0010"]').waitFor();
    titles.push(await page.title());
    await page.getByTestId("panel-close").click();
    const zip = page.waitForEvent("download");
    await page.getByTestId("run").click();
    await state(page, "record", "*");
    titles.push(await page.title());
    const downloads = [await zip, await press(page, "save-report")];
    await page.getByTestId("save-mapping").click();
    downloads.push(await press(page, "mapping-yes"));
    const [archive, report, mapping] = await Promise.all(downloads.map(saved));
    await page.getByTestId("new-run").click();
    await state(page, "choose", "empty");
    const dump = {
      ...(await remains(open)),
      ...seen,
      console: open.console,
      titles,
      names: downloads.map((each) => each.suggestedFilename()),
      document: await page.content(),
    };
    return { archive, report: JSON.parse(report), mapping: JSON.parse(mapping), dump, origin: open.origin };
  } finally {
    await open.close();
  }
}

/** Writes what the page gave as a run of the command line looks, for the judges. */
function laidOut({ archive, report, mapping }, folder, dir) {
  const run = { out: join(dir, "out"), reportFile: join(dir, "report.json"), mappingFile: join(dir, "mapping.json") };
  for (const [name, { bytes }] of unzip(archive)) {
    const file = join(run.out, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  }
  // A drop tells the folder's own name too; judges want paths below it.
  const files = mapping.files.map(({ path, ...rest }) => {
    assert.ok(path.startsWith(`${folder}/`), "a path begins with the name of the dropped folder");
    return { ...rest, path: path.slice(folder.length + 1) };
  });
  writeFileSync(run.reportFile, JSON.stringify(report));
  writeFileSync(run.mappingFile, JSON.stringify({ ...mapping, files }));
  return { ...run, report, mapping: { ...mapping, files } };
}

const withoutTimes = ({ files }) => files.map(({ ms, ...row }) => row);
const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

async function judge(t, input, language) {
  const dir = scratch(t);
  const answers = join(input, "ANSWER_KEY.json");
  const folder = input.split("/").at(-1);
  const keyFile = key(dir);
  const given = await through(input, keyFile, language);

  const { requests, sockets, violations, console } = given.dump;
  assert.deepEqual({ sockets, violations, console }, { sockets: [], violations: [], console: [] });
  assert.ok(requests.length > 20);
  for (const [method, url, , body] of requests) {
    assert.ok(url.startsWith(`${given.origin}/`) || url.startsWith(`blob:${given.origin}/`), new URL(url).protocol);
    assert.deepEqual([method, body], ["GET", ""]);
  }

  const left = join(dir, "left");
  mkdirSync(left);
  const run = laidOut(given, folder, left);
  writeFileSync(join(left, "dump.json"), JSON.stringify(given.dump));
  writeFileSync(join(left, "out.zip"), given.archive);
  const mapping = readFileSync(run.mappingFile);
  const searched = join(dir, "searched");
  cpSync(left, searched, { recursive: true, filter: (path) => path !== run.mappingFile });
  const leaks = leakScan(searched, answers);
  assert.equal(leaks.status, 0, leaks.text);
  // The search sees such a dump at all: with the linkage table among it, it finds the Patient IDs.
  writeFileSync(join(searched, "control.json"), mapping);
  assert.equal(leakScan(searched, answers).status, 1);

  const check = checkOutput(input, run, dir, ["--key", answers]);
  assert.notEqual(check.report, null, check.text);
  assert.deepEqual(unexplained(check.errors, run, input), [], check.text);
  const points = score(input, run, answers);
  assert.equal(points.status, 0, points.text);

  const other = deid(input, dir, { keyFile });
  assert.deepEqual(withoutTimes(run.report), withoutTimes(other.report));
  assert.deepEqual(run.mapping, other.mapping);
  for (const { out, sha256: told } of run.report.files.filter((row) => row.out !== null)) {
    assert.equal(sha256(readFileSync(join(run.out, out))), told);
    assert.equal(sha256(readFileSync(join(other.out, out))), told);
  }
}

test("corpus/synth through the page: nothing outside memory, and the command line's bytes", { skip }, (t) =>
  judge(t, join(corpus, "synth"), "ja"),
);

test("a freshly generated set through the page: the same", { skip }, async (t) => {
  const input = join(scratch(t), "CD");
  const seed = String(1 + Math.floor(Math.random() * 1e6));
  t.diagnostic(`seed ${seed}`);
  generate(join(shared, "corpus_tools/make_studies.py"), [
    ...["--out", input, "--seed", seed],
    ...["--patients", "4", "--slices", "3"],
  ]);
  await judge(t, input, "en");
});
