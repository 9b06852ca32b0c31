// What must never happen: a request elsewhere, a broken rule of the CSP, a name outside the screen, a run lost by one bad file.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { barriers } from "./axe.mjs";
import { IDENTIFYING, slice, writeCd } from "./dicom.mjs";
import { saved, state, visit } from "./kit.mjs";
import { counted } from "./send-kit.mjs";
import { unzip } from "./zip.mjs";

const folder = mkdtempSync(join(tmpdir(), "tokumei-cd-"));
const CD = join(folder, "CD1");

before(() => {
  writeCd(CD);
});
after(() => rmSync(folder, { recursive: true, force: true }));

test("nothing leaves for another origin, and nothing identifying stands anywhere but on the screen", async () => {
  const { page, context, drop, origin, requests, console, close } = await visit();
  try {
    await page.evaluate(() => {
      /** @type {any} */ (globalThis).violations = [];
      document.addEventListener("securitypolicyviolation", ({ violatedDirective }) =>
        /** @type {any} */ (globalThis).violations.push(violatedDirective),
      );
    });
    const titles = new Set();
    const look = async () => titles.add(await page.title());
    await drop([CD]);
    await state(page, "check", "ready");
    await look();
    await page.getByTestId("preview-header").click();
    await page.locator('[data-path="0010,0010"]').waitFor();
    await look();
    await page.keyboard.press("Escape");
    await page.getByTestId("run").click();
    await state(page, "record", "*");
    await look();
    const kept = await page.evaluate(async () => ({
      local: { ...localStorage },
      session: { ...sessionStorage },
      cookie: document.cookie,
      address: location.href,
      history: history.length,
      databases: (await indexedDB.databases()).map(({ name }) => name),
      caches: await caches.keys(),
      files: await Array.fromAsync(/** @type {any} */ (await navigator.storage.getDirectory()).keys()),
      violations: /** @type {any} */ (globalThis).violations,
    }));
    assert.deepEqual(kept, {
      local: {},
      session: {},
      cookie: "",
      address: `${origin}/`,
      history: kept.history,
      databases: [],
      caches: [],
      files: [],
      violations: [],
    });
    assert.deepEqual(console, []);
    assert.ok(requests.length > 20);
    for (const url of requests)
      assert.ok(url.startsWith(`${origin}/`) || url.startsWith(`blob:${origin}/`), new URL(url).protocol);
    const outside = [...titles, ...requests, ...(await context.cookies()).map(({ value }) => value)].join("\n");
    for (const value of IDENTIFYING)
      assert.ok(!outside.includes(value) && !outside.includes(encodeURIComponent(value)), value);

    await page.getByTestId("new-run").click();
    await page.getByTestId("leave-anyway").click();
    await state(page, "choose", "empty");
    const left = await page.content();
    for (const value of IDENTIFYING) assert.ok(!left.includes(value), value);
    assert.equal(page.workers().length, 0);
  } finally {
    await close();
  }
});

test("a file that kills its worker costs itself and nothing else", async () => {
  const bomb = join(folder, "CD2");
  writeCd(bomb);
  writeFileSync(join(bomb, "DICOM/BOMB"), slice({ person: 1, study: 1, series: 1, number: 77 }));
  const dies = `addEventListener("message", (event) => {
    if (!event.data.tickets?.some(({ job }) => job.kind === "transform" && job.input.path.endsWith("BOMB"))) return;
    event.stopImmediatePropagation();
    throw new Error("bomb");
  });`;
  const { page, drop, console, close } = await visit({ prepare: (context) => injected(context, dies) });
  try {
    await drop([bomb]);
    await state(page, "check", "ready");
    const zip = page.waitForEvent("download");
    await page.getByTestId("run").click();
    await state(page, "record", "finished-refusals");
    assert.equal(unzip(await saved(await zip)).size, 18);
    const report = page.waitForEvent("download", (download) => download.suggestedFilename().includes("report"));
    await page.getByTestId("save-report").click();
    const { totals } = JSON.parse((await saved(await report)).toString());
    assert.deepEqual(totals.byVerdict, { pass: 18, refused: 2, skipped: 4 });
    assert.equal(totals.byReason["engine-fault"], 1);
    assert.deepEqual(console, []);
  } finally {
    await close();
  }
});

test("workers that end while there is no network to fetch new ones from cost no image", async () => {
  const dies = `addEventListener("message", ({ data: { tickets = [] } }) => {
    if (tickets.length > 1 && tickets[0].job.kind === "transform") throw new Error("dies in company");
  });`;
  const { page, context, drop, close } = await visit({ prepare: (context) => injected(context, dies) });
  try {
    await drop([CD]);
    await state(page, "check", "ready");
    const zip = page.waitForEvent("download");
    await context.setOffline(true);
    await page.getByTestId("run").click();
    await page.waitForTimeout(2_500);
    assert.equal(await page.locator("html").getAttribute("data-screen"), "run");
    await context.setOffline(false);
    await state(page, "record", "finished-refusals");
    assert.equal(unzip(await saved(await zip)).size, 18);
    const report = page.waitForEvent("download", (download) => download.suggestedFilename().includes("report"));
    await page.getByTestId("save-report").click();
    const { totals } = JSON.parse((await saved(await report)).toString());
    assert.equal(totals.byVerdict.pass, 18);
    assert.equal(totals.byReason["engine-fault"], undefined);
  } finally {
    await close();
  }
});

test("stopping keeps what was saved and sends nothing more", async () => {
  const many = join(folder, "CD3");
  writeCd(many);
  for (let number = 1; number <= 400; number += 1) {
    writeFileSync(join(many, `IM${number}`), slice({ person: 0, study: 5, series: 1, number }));
  }
  // So that there is something left to stop, however long a click takes.
  const slow = `addEventListener("message", ({ data: { tickets = [] } }) => {
    const until = performance.now() + 50 * tickets.filter(({ job }) => job.kind === "transform").length;
    while (performance.now() < until);
  });`;
  const { page, drop, close } = await visit({ prepare: (context) => injected(context, slow) });
  try {
    await drop([many]);
    await state(page, "check", "ready");
    const zip = page.waitForEvent("download");
    await page.getByTestId("run").click();
    await counted(page, "saved", 1);
    await page.getByTestId("stop").click();
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("data-testid")), "stop-no");
    await page.getByTestId("stop-yes").click();
    await state(page, "record", "partly-sent");
    const report = page.waitForEvent("download", (download) => download.suggestedFilename().includes("report"));
    await page.getByTestId("save-report").click();
    const { files, totals } = JSON.parse((await saved(await report)).toString());
    const members = unzip(await saved(await zip));
    assert.equal(members.size, totals.byVerdict.pass);
    assert.ok(totals.byReason.stopped > 0);
    assert.equal(files.length, 423);
  } finally {
    await close();
  }
});

for (const language of /** @type {const} */ (["ja", "en"])) {
  test(`no screen has a barrier, and none is wider than its window (${language})`, async () => {
    for (const width of [1366, 683, 342]) {
      const { page, drop, close } = await visit({ language, width, prepare: holding });
      const go = (/** @type {string} */ kind) =>
        page.evaluate((kind) => /** @type {any} */ (globalThis).judgeGo(kind), kind);
      const check = async (/** @type {string} */ where) => {
        const wide = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        assert.ok(wide <= 0, `${where} ${width}: ${wide} px too wide`);
        if (width > 342) assert.deepEqual(await barriers(page), [], where);
      };
      try {
        await check("choose");
        await page.getByTestId("settings-open").click();
        for (const tab of ["key", "optout", "policy"]) {
          await page.getByTestId(`tab-${tab}`).click();
          await check(`settings ${tab}`);
        }
        await page.getByTestId("settings-close").click();
        await drop([CD]);
        await state(page, "check", "scanning");
        await check("scanning");
        await go("scan");
        await state(page, "check", "ready");
        await check("check");
        await page.getByTestId("row-why").first().click();
        await check("why");
        await page.getByTestId("panel-close").click();
        await page.getByTestId("preview-header").click();
        await page.locator('[data-path="0010,0010"]').waitFor();
        await check("what is sent");
        await page.getByTestId("panel-close").click();
        await page.getByTestId("run").click();
        await state(page, "run", "saving");
        await check("run");
        await page.getByTestId("stop").click();
        await check("stop");
        await page.getByTestId("stop-no").click();
        await go("transform");
        await state(page, "record", "finished-refusals");
        await check("record");
        await page.getByTestId("save-mapping").click();
        await check("dialog");
      } finally {
        await close();
      }
    }
  });
}

/** Workers that wait with each kind of job until the test says go. @param {import("playwright-core").BrowserContext} context */
async function holding(context) {
  await context.addInitScript(() => {
    const channel = new BroadcastChannel("go");
    /** @type {string[]} */
    const going = [];
    // A worker that comes later asks.
    channel.onmessage = () => channel.postMessage(going);
    /** @type {any} */ (globalThis).judgeGo = (/** @type {string} */ kind) => {
      going.push(kind);
      channel.postMessage(going);
    };
  });
  await injected(
    context,
    `const held = [], channel = new BroadcastChannel("go");
    let going = [];
    channel.onmessage = ({ data }) => {
      if (data === null) return;
      going = data;
      for (const each of held.splice(0)) dispatchEvent(new MessageEvent("message", { data: each }));
    };
    channel.postMessage(null);
    addEventListener("message", (event) => {
      const waits = ({ job: { kind } }) => ["scan", "transform"].includes(kind) && !going.includes(kind);
      if (!event.data.tickets?.some(waits)) return;
      event.stopImmediatePropagation();
      held.push(event.data);
    });`,
  );
}

/** Runs a script in every worker before its own. @param {import("playwright-core").BrowserContext} context @param {string} script */
async function injected(context, script) {
  await context.route("**/workers/worker.js", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${script}\n${await response.text()}` });
  });
}
