// Delivery from the page, in ratios and in growth of memory: 1,000 slices from drop to the embedded provider, one file of 524 MB,
// and a ZIP of more than 4 GB. `npm run bench:deliver`, or `-- send`, `-- big`, `-- zip` for one of them.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { watchMemory } from "../tools/memory.mjs";
import { cpuSeconds } from "./browser.mjs";
import { big, cache, ct, root } from "./data.mjs";
import { folderFound, median, withServed } from "./page.mjs";

const ROUNDS = Number(process.env.BENCH_RUNS ?? 3);
/** Nine times 524 MB are 4.7 GB. */
const COPIES = 9;

/** What is measured by itself and what it is measured against; each gives `{ ms, done }`. */
const runs = {
  tokumei: {
    path: "",
    work: async (key) => {
      const session = await globalThis.tokumei.open({ policy: "headers-only", key, destination: "dicom-web" });
      const begun = performance.now();
      await session.add(globalThis.chosen.files);
      await session.plan();
      const { sent } = await session.upload();
      const ms = performance.now() - begun;
      await session.close();
      return { ms, done: sent };
    },
  },
  baseline: {
    path: "bench/send.html",
    work: (facts) => globalThis.send(document.getElementById("files").files, facts),
  },
  hashed: {
    path: "bench/send.html",
    work: (facts) => globalThis.send(document.getElementById("files").files, facts, 2),
  },
};

/** 1,000 CT slices. */
async function send() {
  const dir = mkdtempSync(join(tmpdir(), "tokumei-sent-"));
  try {
    const { out, facts, key } = outputsOf(ct(), dir);
    const inputs = { tokumei: [ct(), key], baseline: [out, facts], hashed: [out, facts] };
    return await withServed(async (context, address, provider) => {
      const results = { baseline: [], hashed: [], tokumei: [] };
      for (let round = 0; round < ROUNDS; round++) {
        for (const kind of Object.keys(results)) {
          results[kind].push(await once(context, address, kind, inputs[kind]));
          await provider.archive.clear();
          // What one run wrote is on the disk before the next begins.
          execFileSync("sync");
        }
      }
      const each = (figure) =>
        Object.fromEntries(Object.entries(results).map(([name, all]) => [name, median(all.map(figure))]));
      const ms = each((r) => r.ms / r.done);
      return {
        "images sent": each((r) => r.done),
        "ms an image": ms,
        "CPU ms an image, browser": each((r) => (1000 * r.cpu) / r.done),
        "page at most, MB": each((r) => r.most / 1e6),
        "ratio to sending alone (goal ≤ 1.5)": ms.tokumei / ms.baseline,
        "ratio to reading, hashing and sending": ms.tokumei / ms.hashed,
      };
    });
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function once(context, address, kind, [folder, argument]) {
  const page = await context.newPage();
  await page.goto(address + runs[kind].path);
  const input = await (kind !== "tokumei" ? page.locator("#files").elementHandle() : chooser(page));
  await input.setInputFiles(folder);
  await folderFound();
  const [before, memory] = [cpuSeconds(), watchMemory()];
  const result = await page.evaluate(runs[kind].work, argument);
  const cpu = cpuSeconds() - before;
  const { most } = memory.stop();
  await page.close();
  return { ...result, cpu, most };
}

/** Not shown: the page's own input belongs to its screens. */
function chooser(page, folder = true) {
  return page.evaluateHandle(async (folder) => {
    await globalThis.tokumei.ready;
    globalThis.chosen = Object.assign(document.createElement("input"), { type: "file", webkitdirectory: folder });
    return globalThis.chosen;
  }, folder);
}

/** What leaves of a folder, by the command line, and what the report says of it. */
function outputsOf(folder, dir) {
  const [key, out, report] = ["key.json", "out", "report.json"].map((name) => join(dir, name));
  const tokumei = (...args) => execFileSync("node", [join(root, "cli/tokumei.mjs"), ...args], { stdio: "ignore" });
  tokumei("key", "new", "--out", key);
  tokumei("deid", folder, "--out", out, "--report", report, "--policy", "headers-only", "--key", key);
  const facts = Object.fromEntries(
    JSON.parse(readFileSync(report, "utf8")).files.map(({ n, out: name, study, series, instance, sha256 }) => [
      name,
      { n, study, series, instance, sha256 },
    ]),
  );
  return { out, facts, key: JSON.parse(readFileSync(key, "utf8")) };
}

/** A page with a session that has already sent one slice, so that modules and workers are there; its file input. */
async function warm(context, address) {
  const page = context.pages()[0] ?? (await context.newPage());
  await page.goto(address);
  const input = await chooser(page, false);
  await input.setInputFiles(firstFile(ct(100)));
  await page.evaluate(async () => {
    globalThis.session = await globalThis.tokumei.open({ policy: "headers-only", destination: "dicom-web" });
    await globalThis.session.add(globalThis.chosen.files);
    await globalThis.session.plan();
    await globalThis.session.upload();
  });
  await input.setInputFiles(firstFile(big()));
  await sleep(2_000);
  return page;
}

function firstFile(folder) {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true }).find(
    (entry) => entry.isFile() && entry.name.startsWith("IM"),
  );
  return join(found.parentPath, found.name);
}

/** One file of 524 MB to the embedded provider. */
function sendBig() {
  return withServed(async (context, address, provider) => {
    const page = await warm(context, address);
    const memory = watchMemory();
    const result = await page.evaluate(async () => {
      const begun = performance.now();
      await globalThis.session.add(globalThis.chosen.files);
      await globalThis.session.plan();
      const { sent } = await globalThis.session.upload();
      return { sent, seconds: (performance.now() - begun) / 1000 };
    });
    return { ...result, "bytes received": received(provider), ...growth(memory.stop()) };
  });
}

/** One output of 524 MB, by reference, nine times into one ZIP. */
function zip() {
  return withServed(async (context, address) => {
    const page = await warm(context, address);
    const memory = watchMemory();
    const result = await page.evaluate(async (copies) => {
      await import("./bench/zip.js");
      const root = await navigator.storage.getDirectory();
      const handle = await root.getFileHandle("out.zip", { create: true });
      await globalThis.session.add(globalThis.chosen.files);
      await globalThis.session.plan();
      const outputs = [];
      const sink = {
        crc32: true,
        write: async (output) => outputs.push(output),
        close: async () => {},
        abort: async () => {},
      };
      await globalThis.session.run({ sink });
      const begun = performance.now();
      const bytes = await globalThis.zip(outputs[0], handle, copies);
      const seconds = (performance.now() - begun) / 1000;
      await root.removeEntry("out.zip");
      return { "bytes of the ZIP": bytes, seconds };
    }, COPIES);
    return { ...result, ...growth(memory.stop()) };
  });
}

function received({ archive }) {
  const rows = [...archive.catalog.studies.values()].flatMap(({ rows }) => rows);
  return Math.max(...rows.map(({ bytes }) => bytes));
}

function growth({ first, most }) {
  return { "page before, MB": first / 1e6, "growth, MB (goal ≤ 64)": (most - first) / 1e6 };
}

const all = { send, big: sendBig, zip };
const wanted = process.argv.slice(2);
const figures = {};
for (const [name, bench] of Object.entries(all)) {
  if (wanted.length && !wanted.includes(name)) continue;
  process.stdout.write(`\n== ${name}\n`);
  figures[name] = await bench();
  process.stdout.write(`${JSON.stringify(figures[name], null, 2)}\n`);
}
mkdirSync(cache, { recursive: true });
writeFileSync(join(cache, "deliver.json"), JSON.stringify(figures, null, 2));
