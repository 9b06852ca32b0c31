// The page's benchmarks in one Chromium: start-up, the header path of a large file, and 1,000 slices from drop to ZIP.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { big, browserPeer, ct, ctUtf8 } from "./data.mjs";
import { folderFound, median, withServed } from "./page.mjs";

/** With the rival's library, as one file, beside the page. */
function withPage(work) {
  return withServed(work, (folder) =>
    build({
      stdin: {
        contents: 'export { DicomDeidentifier, BasicProfile } from "@umessen/dicom-deidentifier"',
        resolveDir: browserPeer(),
      },
      bundle: true,
      format: "esm",
      define: { global: "globalThis" },
      outfile: join(folder, "bench/peer-bundle.js"),
      logLevel: "error",
    }),
  );
}

/** CPU seconds so far of all processes that this one has started: the browser with its children. */
export function cpuSeconds() {
  const stats = new Map();
  for (const pid of readdirSync("/proc").filter((d) => /^\d+$/.test(d))) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      stats.set(Number(pid), { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) });
    } catch {
      // the process has ended
    }
  }
  const ours = (pid) => {
    for (let at = stats.get(pid); at; at = stats.get(at.parent)) if (at.parent === process.pid) return true;
    return false;
  };
  let ticks = 0;
  for (const [pid, { ticks: own }] of stats) if (ours(pid)) ticks += own;
  return ticks / 100;
}

/** Start-up until the core answers, against an empty page that compiles the same modules. */
export function benchStart() {
  return withPage(async (context, address) => {
    const times = { empty: [], tokumei: [] };
    for (let round = 0; round < 9; round++) {
      for (const kind of Object.keys(times)) {
        const page = await context.newPage();
        const session = await context.newCDPSession(page);
        await session.send("Network.setCacheDisabled", { cacheDisabled: true });
        await page.goto(kind === "empty" ? `${address}bench/modules.html` : address);
        times[kind].push(
          await page.evaluate(async (empty) => {
            if (empty) return globalThis.compiled;
            while (!globalThis.tokumei) await new Promise((resolve) => setTimeout(resolve, 0));
            await globalThis.tokumei.ready;
            globalThis.tokumei.policies();
            return performance.now();
          }, kind === "empty"),
        );
        await page.close();
      }
    }
    const ms = { empty: median(times.empty), tokumei: median(times.tokumei) };
    return { "ms until the core answers": ms, "ratio (goal ≤ 2)": ms.tokumei / ms.empty };
  });
}

/** The header path of a file of 524 MB in a worker. */
export function benchBig() {
  const folder = big();
  const name = readdirSync(folder, { recursive: true, withFileTypes: true }).find(
    (e) => e.isFile() && e.name.startsWith("IM"),
  );
  return withPage(async (context, address) => {
    const page = await context.newPage();
    await page.goto(`${address}bench/header.html`);
    await page.setInputFiles("#one", join(name.parentPath, name.name));
    const { times, last } = await page.evaluate(() => globalThis.header(document.getElementById("one").files[0], 15));
    const ms = Object.fromEntries(Object.entries(times).map(([kind, values]) => [kind, median(values)]));
    return {
      verdict: `${last.verdict} ${last.reason}`,
      "ms (median of 15)": ms,
      "ratio (goal ≤ 3)": ms.header / (ms.read + ms.nothing),
      "module memory, MB (goal ≤ 32)": last.memory / 1e6,
    };
  });
}

/** What each page does with the chosen files, given a ZIP file that stays inside the browser's own storage. */
const runs = {
  tokumei: {
    path: "",
    work: async () => {
      const root = await navigator.storage.getDirectory();
      const handle = await root.getFileHandle("out.zip", { create: true });
      const session = await globalThis.tokumei.open({ policy: "headers-only", key: new Uint8Array(32) });
      const begun = performance.now();
      await session.add(globalThis.chosen.files);
      await session.plan();
      const { written } = await session.save({ kind: "zip", handle });
      const ms = performance.now() - begun;
      await session.close();
      await root.removeEntry("out.zip");
      return { ms, done: written };
    },
  },
  baseline: {
    path: "bench/baseline.html",
    work: async () => {
      const root = await navigator.storage.getDirectory();
      const handle = await root.getFileHandle("out.zip", { create: true });
      const { files } = document.getElementById("files");
      const workers = Math.min(4, Math.max(2, navigator.hardwareConcurrency));
      const ms = await globalThis.baseline(files, handle, workers);
      await root.removeEntry("out.zip");
      return { ms, done: files.length };
    },
  },
  peer: {
    path: "bench/peer.html",
    work: async () => {
      const root = await navigator.storage.getDirectory();
      const handle = await root.getFileHandle("out.zip", { create: true });
      const result = await globalThis.peer(document.getElementById("files").files, handle);
      await root.removeEntry("out.zip");
      return result;
    },
  },
};

async function once(context, address, kind, folder) {
  const page = await context.newPage();
  await page.goto(address + runs[kind].path);
  const input = await page.evaluateHandle(async (own) => {
    if (own) return document.getElementById("files");
    await globalThis.tokumei.ready;
    // Not shown: the page's own input belongs to its screens.
    globalThis.chosen = Object.assign(document.createElement("input"), { type: "file", webkitdirectory: true });
    return globalThis.chosen;
  }, kind !== "tokumei");
  await input.setInputFiles(folder);
  await folderFound();
  const before = cpuSeconds();
  const result = await page.evaluate(runs[kind].work);
  const cpu = cpuSeconds() - before;
  await page.close();
  return { ...result, cpu };
}

/** Milliseconds a file in the core and in verify, one worker. */
async function processing(context, address, folder) {
  const page = await context.newPage();
  await page.goto(`${address}bench/header.html`);
  await page.setInputFiles("#files", folder);
  const { ms, files } = await page.evaluate(async () => {
    const { files } = document.getElementById("files");
    return { ms: await globalThis.processing(files), files: files.length };
  });
  await page.close();
  return ms / files;
}

/** 1,000 slices from drop to ZIP, against no processing and against the rival, which wants its text in UTF-8. */
export function benchPage() {
  const [all, utf8] = [ct(), ctUtf8(1000)];
  const races = {
    baseline: ["baseline", all],
    tokumei: ["tokumei", all],
    peer: ["peer", utf8],
    "tokumei, peer's files": ["tokumei", utf8],
  };
  return withPage(async (context, address) => {
    const results = Object.fromEntries(Object.keys(races).map((name) => [name, []]));
    for (let round = 0; round < Number(process.env.BENCH_RUNS ?? 3); round++) {
      for (const [name, [kind, folder]] of Object.entries(races)) {
        results[name].push(await once(context, address, kind, folder));
      }
    }
    const alone = {
      tokumei: await processing(context, address, utf8),
      peer: median(results.peer.map((r) => r.processing / r.done)),
    };
    const each = (figure) =>
      Object.fromEntries(Object.entries(results).map(([name, runs]) => [name, median(runs.map(figure))]));
    const perFile = each((r) => r.ms / r.done);
    return {
      "files out": each((r) => r.done),
      "ms a file": perFile,
      "CPU ms a file": each((r) => (1000 * r.cpu) / r.done),
      "ratio to no processing (goal ≤ 1.5)": perFile.tokumei / perFile.baseline,
      "processing alone, ms a file": alone,
      "times faster than the peer, processing alone": alone.peer / alone.tokumei,
      "times faster than the peer (goal ≥ 10)": perFile.peer / perFile["tokumei, peer's files"],
    };
  });
}
