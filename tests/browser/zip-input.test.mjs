// ZIPs in the page: what the command line makes of them, byte for byte and word for word.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { deid, json, newKey } from "../cli/command.mjs";
import { instance, plant, study } from "../cli/dicom.mjs";
import { archive } from "../intake/archive.mjs";
import { noisy, ODD_ROWS, oddArchive } from "../intake/odd.mjs";
import { state, visit } from "./kit.mjs";

/** @type {import("./kit.mjs").Visit} */
let open;
/** @type {string} */
let folder;
/** @type {string} */
let key;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), "tokumei-zip-input-"));
  key = newKey(folder);
  open = await visit({ language: "ja" });
  await open.page.evaluate(() => {
    const input = document.createElement("input");
    input.type = "file";
    input.id = "given";
    input.multiple = true;
    document.body.append(input);
  });
});
after(async () => {
  await open.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs files of this disk through the page. @param {string[]} paths */
async function throughPage(paths) {
  await open.page.locator("#given").setInputFiles(paths);
  return open.page.evaluate(async (keyFile) => {
    const { tokumei } = /** @type {any} */ (globalThis);
    const input = /** @type {HTMLInputElement} */ (document.getElementById("given"));
    const session = await tokumei.open({ policy: "headers-only", key: keyFile });
    let gap = 0;
    let last = performance.now();
    const beat = setInterval(() => {
      gap = Math.max(gap, performance.now() - last);
      last = performance.now();
    }, 5);
    await session.add([...(input.files ?? [])]);
    clearInterval(beat);
    await session.plan();
    await session.save({ kind: "zip" });
    const report = session.report();
    const mapping = session.mapping();
    const large = mapping.files.filter((/** @type {any} */ { path }) => path.endsWith("large"));
    const pictures = await Promise.all(
      large.map(async (/** @type {any} */ { n }) => {
        const { width = 0, rgba = [], none = "" } = await session.preview(n);
        return `${none}${width} ${rgba.reduce((/** @type {number} */ sum, /** @type {number} */ x) => (sum * 31 + x) % 65_521, 0)}`;
      }),
    );
    await session.close();
    return { report, mapping, gap, pictures };
  }, json(key));
}

/** The same at the command line. @param {string} name @param {string[]} paths */
function atTerminal(name, paths) {
  return deid(join(folder, name), paths, ["--key", key]);
}

/** What is said of each path. @param {any} run */
function rows({ report, mapping }) {
  return mapping.files.map((/** @type {any} */ { n, path, out }) => {
    const { ms: _, ...row } = report.files[n - 1];
    return { path, out, ...row };
  });
}

test("a ZIP in the page gives what it gives at the command line, stored and deflated, small and large", async () => {
  const input = plant(join(folder, "in"), { ...study(12), large: noisy(instance({ uid: "1.2.3.2", size: 2_400 })) });
  const zips = ["-0", "-6"].map((level) => {
    const path = join(folder, `level${level}.zip`);
    execFileSync("python3", ["-c", ZIP, path, input, level]);
    return path;
  });
  const [page, terminal] = [await throughPage(zips), atTerminal("same", zips)];
  assert.equal(terminal.status, 0, terminal.text);
  assert.deepEqual(rows(page), rows(terminal));
  assert.equal(page.report.totals.byReason.duplicate, 13);
  // A picture of a deflated member needs more than what a scan inflates.
  assert.match(page.pictures[0] ?? "", /^[1-9]/);
  assert.deepEqual(page.pictures, [page.pictures[0], page.pictures[0]]);
  assert.equal(page.report.totals.byVerdict.pass, 13);
});

const ZIP = `
import sys, os, zipfile
path, folder, level = sys.argv[1:4]
z = zipfile.ZipFile(path, "w", zipfile.ZIP_STORED if level == "-0" else zipfile.ZIP_DEFLATED)
for root, _, names in sorted(os.walk(folder)):
    for name in sorted(names):
        z.write(os.path.join(root, name), os.path.relpath(os.path.join(root, name), folder))
z.close()`;

test("what is wrong with a member is said as at the command line", async () => {
  const zip = join(folder, "odd.zip");
  writeFileSync(zip, oddArchive());
  const [page, terminal] = [await throughPage([zip]), atTerminal("odd", [zip])];
  assert.deepEqual(rows(page), rows(terminal));
  const said = rows(page).map((/** @type {any} */ { path, verdict, reason }) => [path, `${verdict} ${reason}`]);
  const wanted = Object.entries(ODD_ROWS).map(([name, what]) => [`odd.zip!/${name}`, what]);
  assert.deepEqual(Object.fromEntries(said), { "odd.zip": "skipped container", ...Object.fromEntries(wanted) });
});

test("an archive of twenty thousand members keeps no screen waiting", async () => {
  const zip = join(folder, "many.zip");
  const members = Array.from({ length: 20_000 }, (_, n) => ({
    name: `検査/${n}`,
    data: Buffer.from("x"),
    stored: true,
  }));
  writeFileSync(zip, archive(members));
  const { report, gap } = await throughPage([zip]);
  assert.equal(report.totals.files, 20_001);
  assert.equal(report.totals.byReason["not-dicom"], 20_000);
  assert.ok(gap < 1_000, `${gap} ms`);
});

test("a dropped ZIP is looked into, and the page says so", async () => {
  const zip = join(folder, "dropped.zip");
  const inner = archive([{ name: "1", data: instance() }]);
  const members = [
    { name: "検査/1", data: instance() },
    { name: "2.zip", data: inner },
  ];
  writeFileSync(zip, archive(members));
  const visited = await visit({ language: "ja" });
  const { page } = visited;
  try {
    await visited.drop([zip]);
    await state(page, "check", "ready");
    await page.getByTestId("row-why").last().click();
    const said = (await page.getByTestId("reason-panel").textContent()) ?? "";
    assert.match(said, /中の画像を調べました/);
    assert.match(said, /ZIP の中にある ZIP は開けません/);
    assert.deepEqual(visited.console, []);
  } finally {
    await visited.close();
  }
});
