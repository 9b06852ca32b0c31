// Sending when something is wrong: the network, the destination, one image, the source; what a person is told, and can do.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { slice, writeCd } from "./dicom.mjs";
import { OWN, saved, state, visit } from "./kit.mjs";
import {
  counted,
  digests,
  faults,
  IMAGES,
  json,
  MANY_IMAGES,
  once,
  received,
  remembered,
  SLOW,
  writeMany,
} from "./send-kit.mjs";
import { unzip } from "./zip.mjs";

const folder = mkdtempSync(join(tmpdir(), "tokumei-send-"));
const CD = join(folder, "CD1");
const MANY = join(folder, "CD2");

before(() => {
  writeCd(CD);
  writeMany(MANY);
});
after(() => rmSync(folder, { recursive: true, force: true }));

test("through drops, 503, 413 and answers that say nothing, everything arrives once", async () => {
  const way = await visit({ destinations: [OWN] });
  const { page } = way;
  try {
    faults(way, {
      maxBytes: 40_000,
      script: [
        { kind: "status", status: 503, retryAfter: 0 },
        { kind: "drop-after" },
        { kind: "drop-before", bytes: 2000 },
        { kind: "stored-empty" },
        { kind: "nothing-stored" },
        { kind: "html" },
        { kind: "other-uids" },
        { kind: "status", status: 502, retryAfter: 0 },
      ],
    });
    await way.drop([CD]);
    await state(page, "check", "ready");
    await page.getByTestId("run").click();
    await state(page, "record", "finished-refusals");
    const report = await json(page, "save-report");
    const sent = digests(report.files.filter((/** @type {any} */ { out }) => out !== null));
    assert.equal(sent.length, IMAGES);
    assert.deepEqual(digests(received(way)), sent);
    // The browser itself repeats a request whose connection breaks before an answer: it may come twice, it is stored once.
    assert.equal(received(way).length, IMAGES);
  } finally {
    await way.close();
  }
});

test("without network it waits, says so, and goes on by itself", async () => {
  const way = await visit({ destinations: [OWN] });
  const { page, context } = way;
  try {
    faults(way, SLOW);
    await way.drop([MANY]);
    await state(page, "check", "ready");
    await page.getByTestId("run").click();
    await counted(page, "confirmed", 1);
    await context.setOffline(true);
    await page.locator('[data-notice="offline"]').waitFor();
    assert.match((await page.getByTestId("network").textContent()) ?? "", /つながっていません/);
    assert.equal(await page.locator("html").getAttribute("data-screen"), "run");
    await context.setOffline(false);
    await page.locator('[data-notice="offline"]').waitFor({ state: "detached" });
    await state(page, "record", "finished-refusals");
    assert.equal(received(way).length, MANY_IMAGES);
    assert.equal(once(way), MANY_IMAGES);
  } finally {
    await way.close();
  }
});

test("begun without network it waits, and begins by itself", async () => {
  const way = await visit({ destinations: [OWN] });
  const { page, context } = way;
  try {
    await way.drop([CD]);
    await state(page, "check", "ready");
    await context.setOffline(true);
    await page.getByTestId("run").click();
    await page.locator('[data-notice="offline"]').waitFor();
    await context.setOffline(false);
    await state(page, "record", "finished-refusals");
    assert.equal(once(way), IMAGES);
  } finally {
    await way.close();
  }
});

test("what the destination did not take is listed with its reason, and sent again alone", async () => {
  const way = await visit({ destinations: [OWN] });
  const { page } = way;
  const large = join(folder, "CD3");
  writeCd(large);
  for (const number of [1, 2]) {
    writeFileSync(join(large, `LARGE${number}`), slice({ person: 1, study: 7, series: 1, number, size: 512 }));
  }
  try {
    faults(way, { maxBytes: 200_000 });
    await way.drop([large]);
    await state(page, "check", "ready");
    await page.getByTestId("run").click();
    await state(page, "record", "partly-sent");
    const failed = page.getByTestId("failed");
    assert.match(
      (await failed.textContent()) ?? "",
      /送れなかった画像（2\u00a0枚）.*大きすぎて、提供先が受け取れませんでした/s,
    );
    await failed.locator("summary").click();
    const report = await json(page, "save-report");
    const reasons = report.files.filter((/** @type {any} */ { reason }) => reason === "too-large-for-destination");
    const listed = await page
      .getByTestId("failed-list")
      .locator("[data-n]")
      .evaluateAll((rows) => rows.map((row) => Number(row.getAttribute("data-n"))));
    assert.deepEqual(
      listed,
      reasons.map((/** @type {any} */ { n }) => n),
    );
    assert.equal(once(way), IMAGES);
    faults(way, { random: [{ kind: "slow", p: 1, delayMs: 1500 }] });
    await page.getByTestId("send-again").click();
    await counted(page, "processed", IMAGES + 2);
    assert.equal(await page.locator('[data-stage="not-sent"]').textContent(), "0");
    await state(page, "record", "finished-refusals");
    await failed.waitFor({ state: "detached" });
    assert.equal(received(way).length, IMAGES + 2);
    assert.equal(once(way), IMAGES + 2);
    assert.match((await page.getByTestId("net-state").textContent()) ?? "", /20\u00a0枚/);
  } finally {
    await way.close();
  }
});

test("what the destination did not take can be saved instead", async () => {
  const way = await visit({ destinations: [OWN] });
  const { page } = way;
  try {
    faults(way, { maxBytes: 20_000 });
    await way.drop([CD]);
    await state(page, "check", "ready");
    await page.getByTestId("run").click();
    await state(page, "record", "none");
    assert.equal(received(way).length, 0);
    assert.equal(await page.getByTestId("save-receipt").count(), 0);
    const zip = page.waitForEvent("download");
    await page.getByTestId("failed").getByTestId("save-instead").click();
    assert.equal(unzip(await saved(await zip)).size, IMAGES);
    await state(page, "record", "finished-refusals");
    assert.equal(await page.getByTestId("failed").count(), 0);
  } finally {
    await way.close();
  }
});

test("a destination that asks for an access code gets it from memory alone", async () => {
  const way = await visit({ destinations: [OWN] });
  const { page } = way;
  const code = "k7-Secret.Of-Tests";
  try {
    faults(way, { token: code });
    await way.drop([CD]);
    await state(page, "check", "ready");
    assert.equal(await page.getByTestId("token").count(), 0);
    await page.getByTestId("run").click();
    const notice = page.locator('[data-notice="auth"]');
    await notice.waitFor();
    const field = page.getByTestId("token");
    assert.deepEqual(await field.evaluate((it) => [it.getAttribute("type"), it.getAttribute("autocomplete")]), [
      "password",
      "off",
    ]);
    await field.fill("wrong");
    await field.press("Enter");
    await notice.getByText("認められませんでした").waitFor();
    assert.equal(await focused(page), "token");
    assert.equal(await field.inputValue(), "");
    await field.fill(code);
    await field.press("Enter");
    await state(page, "record", "finished-refusals");
    assert.equal(once(way), IMAGES);
    const kept = JSON.stringify([await remembered(page), way.requests, way.console, await page.content(), page.url()]);
    assert.ok(!kept.includes(code));
  } finally {
    await way.close();
  }
});

test("a connection is checked again with a code, in its field, and what was said goes with the settings", async () => {
  const way = await visit({ destinations: [OWN] });
  const { page } = way;
  const notice = page.locator('[data-notice="dest-auth"]');
  try {
    faults(way, { token: "k7" });
    await page.getByTestId("dest-open").click();
    await page.getByTestId("dest-test").click();
    await page.getByTestId("token").fill("wrong");
    assert.equal(await notice.getByTestId("retry-now").textContent(), "接続を確かめる");
    await page.getByTestId("token").press("Enter");
    await notice.getByText("認められませんでした").waitFor();
    assert.equal(await focused(page), "token");
    await page.getByTestId("settings-close").click();
    assert.equal(await notice.count(), 0);
    await page.getByTestId("dest-open").click();
    await page.getByTestId("dest-test").click();
    await page.getByTestId("token").fill("k7");
    await page.getByTestId("token").press("Enter");
    await page.locator('[data-notice="dest-ok"]').waitFor();
    assert.equal(await notice.count(), 0);
  } finally {
    await way.close();
  }
});

/** What has the focus. @param {import("playwright-core").Page} page */
function focused(page) {
  return page.evaluate(() => document.activeElement?.getAttribute("data-testid"));
}

test("waiting for the destination ends when the person says so", async () => {
  const way = await visit({ destinations: [OWN] });
  const { page } = way;
  try {
    faults(way, { script: [{ kind: "status", status: 502, retryAfter: 600 }] });
    await way.drop([CD]);
    await state(page, "check", "ready");
    await page.getByTestId("run").click();
    const notice = page.locator('[data-notice="provider-down"]');
    await notice.waitFor();
    assert.match((await notice.textContent()) ?? "", /(600|59\d)\u00a0秒後/);
    await notice.getByTestId("retry-now").click();
    await state(page, "record", "finished-refusals");
    assert.equal(once(way), IMAGES);
  } finally {
    await way.close();
  }
});

test("what has not arrived can be saved instead, and what has stays there", async () => {
  const way = await visit({ destinations: [OWN], language: "en" });
  const { page } = way;
  try {
    faults(way, { script: [null, ...Array(40).fill({ kind: "status", status: 502, retryAfter: 600 })] });
    await way.drop([MANY]);
    await state(page, "check", "ready");
    await page.getByTestId("run").click();
    await counted(page, "confirmed", 1);
    const zip = page.waitForEvent("download");
    await page.locator('[data-notice="provider-down"]').getByTestId("save-instead").click();
    const members = unzip(await saved(await zip));
    await state(page, "record", "finished-refusals");
    const there = received(way).map(({ instance }) => instance);
    const inZip = [...members.keys()].map((name) =>
      name
        .split("/")
        .at(-1)
        ?.replace(/\.dcm$/, ""),
    );
    assert.equal(there.length + inZip.length, MANY_IMAGES);
    assert.equal(new Set([...there, ...inZip]).size, MANY_IMAGES);
    assert.match(
      (await page.locator("h1").textContent()) ?? "",
      new RegExp(`^${there.length} images? sent, ${inZip.length} saved as ZIP`),
    );
  } finally {
    await way.close();
  }
});

test("files that go away during the run are told, and what arrived stays good", async () => {
  const way = await visit({ destinations: [OWN] });
  const { page } = way;
  const stick = join(folder, "USB");
  writeMany(stick);
  try {
    // Only the first batch gets through before the files are gone.
    faults(way, { script: [null, ...Array(40).fill({ kind: "status", status: 502, retryAfter: 600 })] });
    await way.drop([stick]);
    await state(page, "check", "ready");
    await page.getByTestId("run").click();
    await counted(page, "confirmed", 1);
    rmSync(stick, { recursive: true });
    faults(way, {});
    await page.locator('[data-notice="provider-down"]').getByTestId("retry-now").click();
    await page.locator('[data-notice="source-gone"]').waitFor();
    await state(page, "record", "finished-refusals");
    const { files, totals } = await json(page, "save-report");
    assert.ok(totals.byReason["source-unreadable"] > 0);
    assert.deepEqual(digests(files.filter((/** @type {any} */ { out }) => out !== null)), digests(received(way)));
    assert.equal(await page.locator('[data-notice="source-gone"]').count(), 1);
  } finally {
    await way.close();
  }
});
