// Sending from the page: from the drop to the provider, through faults, pauses, reloads and a second tab; each image arrives once.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { IDENTIFYING, slice, writeCd } from "./dicom.mjs";
import { begin, OWN, saved, state, visit } from "./kit.mjs";
import { unzip } from "./zip.mjs";

/** @typedef {import("./kit.mjs").Visit} Visit */

const folder = mkdtempSync(join(tmpdir(), "tokumei-send-"));
const CD = join(folder, "CD1");
/** The CD, and a study of many slices. */
const MANY = join(folder, "CD2");
const IMAGES = 18;
const MANY_IMAGES = 258;
/** Every request takes a while, so that a person can do something meanwhile. */
const SLOW = { random: [{ kind: "slow", p: 1, delayMs: 400 }] };

before(() => {
  writeCd(CD);
  writeCd(MANY);
  for (let number = 1; number <= MANY_IMAGES - IMAGES; number += 1) {
    writeFileSync(join(MANY, `IM${number}`), slice({ person: 0, study: 5, series: 1, number }));
  }
});
after(() => rmSync(folder, { recursive: true, force: true }));

const WORDS = {
  ja: {
    run: "18\u00a0枚を加工して送る",
    before: "まだ何も送っていません",
    after: "送信済み 18\u00a0枚（受領を確認）",
    title: "完了しました。18\u00a0枚を提供し、1\u00a0件は提供しませんでした",
    cleared: "この画面が持つ患者の情報を消しました",
  },
  en: {
    run: "Process and send 18 images",
    before: "Nothing has been sent",
    after: "18 sent, receipt confirmed",
    title: "Done. 18 images released, 1 not released",
    cleared: "The patient data held by this page were cleared",
  },
};

for (const language of /** @type {const} */ (["ja", "en"])) {
  test(`a dropped CD arrives at the provider, once and as reported (${language})`, async () => {
    const way = await visit({ language, destinations: [OWN] });
    const { page, console, requests, origin } = way;
    const words = WORDS[language];
    try {
      const net = page.getByTestId("net-state");
      assert.equal(await net.textContent(), words.before);
      await way.drop([CD]);
      await state(page, "check", "ready");
      assert.equal(await page.getByTestId("dest-upload").isChecked(), true);
      assert.equal(await net.textContent(), words.before);
      await page.getByRole("button", { name: words.run }).click();
      await state(page, "record", "finished-refusals");
      assert.equal(await page.locator("h1").textContent(), words.title);
      assert.equal(await net.textContent(), words.after);
      assert.equal(await focused(page), "save-report");

      const report = await json(page, "save-report");
      const receipt = await json(page, "save-receipt");
      const sent = digests(report.files.filter((/** @type {any} */ { out }) => out !== null));
      assert.equal(sent.length, IMAGES);
      assert.deepEqual(digests(received(way)), sent);
      assert.deepEqual(digests(receipt.instances), sent);
      assert.equal(once(way), IMAGES);
      const checked = await page.evaluate((it) => /** @type {any} */ (globalThis).tokumei.verifyReceipt(it), receipt);
      assert.equal(checked.ok, true);
      const number = Buffer.from(receipt.signature.value, "base64url").subarray(0, 4).toString("hex").toUpperCase();
      const shown = (await page.getByTestId("receipt-number").textContent()) ?? "";
      assert.ok(shown.includes(`R-${number.slice(0, 4)}-${number.slice(4)}`), shown);

      const kept = JSON.stringify([await remembered(page), receipt, report, requests, await page.title(), page.url()]);
      for (const value of IDENTIFYING)
        assert.ok(!kept.includes(value) && !kept.includes(encodeURIComponent(value)), value);
      for (const url of requests) assert.ok(url.startsWith(`${origin}/`) || url.startsWith(`blob:${origin}/`));
      assert.deepEqual(console, []);

      await page.getByTestId("new-run").click();
      await state(page, "choose", "empty");
      assert.equal(await page.locator('[data-notice="cleared"] b').textContent(), words.cleared);
      assert.equal(await net.textContent(), words.before);
      // A finished record is forgotten.
      assert.deepEqual((await remembered(page)).ledger, []);
      const left = await page.content();
      for (const value of IDENTIFYING) assert.ok(!left.includes(value), value);

      await page.goto(`${origin}/provider/`);
      const arrived = page.getByTestId("sum-instances");
      await arrived.waitFor();
      assert.match((await arrived.textContent()) ?? "", new RegExp(`${IMAGES}`));
      const theirs = await page.content();
      for (const value of IDENTIFYING) assert.ok(!theirs.includes(value), value);
    } finally {
      await way.close();
    }
  });
}

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

test("after a reload the same folder sends only the rest", async () => {
  const way = await visit({ destinations: [OWN] });
  const { page } = way;
  try {
    /** @type {string[]} */
    const asked = [];
    page.on("dialog", (dialog) => {
      asked.push(dialog.type());
      return dialog.accept();
    });
    await way.drop([MANY]);
    await state(page, "check", "ready");
    // The key of one run only cannot be gone on with; the page says so before.
    await page.getByTestId("key-once").waitFor();
    const key = page.waitForEvent("download");
    await page.getByTestId("run").locator("xpath=..").getByTestId("key-save").click();
    const keyFile = await saved(await key);
    await page.getByTestId("key-once").waitFor({ state: "detached" });
    faults(way, { random: [{ kind: "slow", p: 1, delayMs: 1500 }] });
    await page.getByTestId("run").click();
    await counted(page, "confirmed", 1);
    assert.match((await page.getByTestId("run-log").locator("xpath=../..").textContent()) ?? "", /続きから/);
    await page.reload();
    assert.deepEqual(asked, ["beforeunload"]);
    await state(page, "choose", "empty");
    faults(way, {});
    const had = received(way).length;
    assert.ok(had > 0 && had < MANY_IMAGES, String(had));
    await page.locator('[data-notice="resume-key"]').waitFor();
    await choose(page, page.locator('[data-notice="resume-key"]').getByTestId("key-load"), keyFile);
    await page.locator('[data-notice="resume"]').waitFor();
    assert.match((await page.locator('[data-notice="resume"]').textContent()) ?? "", /受領済み/);
    await way.drop([MANY]);
    await state(page, "check", "ready");
    await page.getByTestId("run").click();
    await state(page, "record", "finished-refusals");
    assert.equal(received(way).length, MANY_IMAGES);
    assert.equal(once(way), MANY_IMAGES);
    const receipt = await json(page, "save-receipt");
    assert.deepEqual(digests(receipt.instances), digests(received(way)));
    assert.ok(receipt.instances.some((/** @type {any} */ { how }) => how === "there"));
  } finally {
    await way.close();
  }
});

test("the last run is forgotten when the person asks for it", async () => {
  const way = await visit({ destinations: [OWN], language: "en" });
  const { page } = way;
  try {
    page.on("dialog", (dialog) => dialog.accept());
    await way.drop([MANY]);
    await state(page, "check", "ready");
    faults(way, { random: [{ kind: "slow", p: 1, delayMs: 1500 }] });
    await page.getByTestId("run").click();
    await counted(page, "confirmed", 1);
    await page.reload();
    await state(page, "choose", "empty");
    await page.getByTestId("resume-forget").click();
    assert.equal(await focused(page), "forget-no");
    await page.getByTestId("forget-yes").click();
    await page.locator('[data-notice="resume-key"]').waitFor({ state: "detached" });
    assert.deepEqual((await remembered(page)).ledger, []);
  } finally {
    await way.close();
  }
});

test("a second tab says that another runs, and starts none", async () => {
  const way = await visit({ destinations: [OWN] });
  const { page, context, origin } = way;
  try {
    faults(way, SLOW);
    await way.drop([CD]);
    await state(page, "check", "ready");
    const second = await context.newPage();
    second.on("filechooser", () => undefined);
    await begin(second, origin);
    const chooser = second.waitForEvent("filechooser");
    await second.getByTestId("pick-folder").click();
    await (await chooser).setFiles(CD);
    await state(second, "check", "ready");
    await page.bringToFront();
    await page.getByTestId("run").click();
    await state(page, "run", "running");
    await second.getByTestId("run").click();
    await second.locator('[data-notice="second-tab"]').waitFor();
    assert.equal(await second.locator("html").getAttribute("data-screen"), "check");
    await state(page, "record", "finished-refusals");
    await second.locator('[data-notice="second-tab"]').waitFor({ state: "detached" });
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

test("pause holds the sending, resume goes on, stop keeps what arrived, and the rest is sent later", async () => {
  const way = await visit({ destinations: [OWN] });
  const { page } = way;
  try {
    faults(way, SLOW);
    await way.drop([MANY]);
    await state(page, "check", "ready");
    await page.getByTestId("run").click();
    await counted(page, "confirmed", 1);
    await page.getByTestId("pause").click();
    await page.locator('[data-notice="paused"]').waitFor();
    assert.equal(await focused(page), "resume");
    // What is under way is finished.
    await page.waitForTimeout(1500);
    const held = way.receiver?.arrivals.length;
    await page.waitForTimeout(1500);
    assert.equal(way.receiver?.arrivals.length, held);
    faults(way, { random: [{ kind: "slow", p: 1, delayMs: 3000 }] });
    await page.getByTestId("resume").click();
    await page.locator('[data-notice="paused"]').waitFor({ state: "detached" });
    await page.getByTestId("stop").click();
    assert.equal(await focused(page), "stop-no");
    assert.match((await page.locator("dialog").textContent()) ?? "", /提供済みで、取り消せません/);
    await page.getByTestId("stop-yes").click();
    await state(page, "record", "partly-sent");
    assert.ok(received(way).length < MANY_IMAGES);
    faults(way, {});
    await page.getByTestId("resume").click();
    await state(page, "record", "finished-refusals");
    assert.equal(received(way).length, MANY_IMAGES);
    assert.equal(once(way), MANY_IMAGES);
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
    assert.equal(await page.evaluate(() => document.activeElement?.tagName), "H1");
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
  writeCd(stick);
  for (let number = 1; number <= 240; number += 1) {
    writeFileSync(join(stick, `IM${number}`), slice({ person: 0, study: 5, series: 1, number }));
  }
  try {
    faults(way, { random: [{ kind: "slow", p: 1, delayMs: 700 }] });
    await way.drop([stick]);
    await state(page, "check", "ready");
    await page.getByTestId("run").click();
    await counted(page, "confirmed", 1);
    rmSync(stick, { recursive: true });
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

test("by keyboard alone: from the folder to the receipt", async () => {
  const way = await visit({ destinations: [OWN] });
  const { page } = way;
  const { keyboard } = page;
  const tabTo = async (/** @type {string} */ testId) => {
    for (let i = 0; i < 40; i += 1) {
      if ((await focused(page)) === testId) return;
      await keyboard.press("Tab");
    }
    assert.fail(`no way to ${testId}`);
  };
  try {
    faults(way, SLOW);
    const chooser = page.waitForEvent("filechooser");
    await keyboard.press("Control+o");
    await (await chooser).setFiles(MANY);
    await state(page, "check", "ready");
    await keyboard.press("Control+Enter");
    await state(page, "run", "running");
    await page.getByTestId("pause").waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.tagName), "H1");
    await tabTo("pause");
    await keyboard.press("Enter");
    await page.locator('[data-notice="paused"]').waitFor();
    assert.equal(await focused(page), "resume");
    await keyboard.press("Enter");
    await page.getByTestId("pause").waitFor();
    await tabTo("stop");
    await keyboard.press("Enter");
    assert.equal(await focused(page), "stop-no");
    await keyboard.press("Escape");
    faults(way, {});
    await state(page, "record", "finished-refusals");
    assert.equal(await focused(page), "save-report");
    await tabTo("save-receipt");
    const receipt = page.waitForEvent("download");
    await keyboard.press("Enter");
    assert.equal(JSON.parse((await saved(await receipt)).toString()).instances.length, MANY_IMAGES);
  } finally {
    await way.close();
  }
});

test("a destination is checked without an image, and one of several is chosen", async () => {
  const other = { name: { ja: "例: 別の提供先", en: "Another example" }, url: "http://127.0.0.1:9/dicom-web" };
  const way = await visit({ destinations: [other, OWN] });
  const { page } = way;
  try {
    await page.getByTestId("dest-open").click();
    await page.getByTestId("destination-1").getByTestId("dest-test").click();
    await page.locator('[data-notice="dest-ok"]').waitFor();
    await page.getByTestId("destination-0").getByTestId("dest-test").click();
    await page.locator('[data-notice="dest-unreachable"]').waitFor();
    assert.equal(await page.locator('[data-notice="dest-ok"]').count(), 0);
    await page.getByTestId("settings-close").click();
    await way.drop([CD]);
    await state(page, "check", "ready");
    await page.getByTestId("destination").selectOption({ label: OWN.name.ja });
    assert.match((await page.getByTestId("trust-destination").textContent()) ?? "", /画像提供センター/);
    await page.getByTestId("run").click();
    await state(page, "record", "finished-refusals");
    assert.equal(once(way), IMAGES);
    assert.match((await json(page, "save-receipt")).destination, /\/dicom-web$/);
  } finally {
    await way.close();
  }
});

/** @param {Visit} way @param {object} plan */
function faults({ receiver }, plan) {
  receiver?.faults(plan);
}

/** @param {Visit} way */
function received({ receiver }) {
  return receiver?.rows() ?? [];
}

/** How many instances came in, each of them once. @param {Visit} way */
function once({ receiver }) {
  const arrivals = receiver?.arrivals ?? [];
  assert.equal(new Set(arrivals).size, arrivals.length, "an instance came twice");
  return arrivals.length;
}

/** @param {{ sha256: string }[]} rows */
function digests(rows) {
  return rows.map(({ sha256 }) => sha256).sort();
}

/** Waits until a count of the run is so high. @param {import("playwright-core").Page} page @param {string} stage @param {number} least */
async function counted(page, stage, least) {
  for (let i = 0; i < 600; i += 1) {
    const shown = await page.locator(`[data-stage="${stage}"]`).textContent();
    if (Number(shown?.replaceAll(",", "")) >= least) return;
    await page.waitForTimeout(50);
  }
  assert.fail(`${stage} stays below ${least}`);
}

/** What the browser keeps. @param {import("playwright-core").Page} page */
function remembered(page) {
  return page.evaluate(async () => {
    const request = indexedDB.open("tokumei");
    const database = /** @type {IDBDatabase} */ (
      await new Promise((done) => {
        request.onsuccess = () => done(request.result);
      })
    );
    const all = (/** @type {"getAll" | "getAllKeys"} */ what) =>
      new Promise((done) => {
        const asked = database.transaction("ledger").objectStore("ledger")[what]();
        asked.onsuccess = () => done(asked.result);
      });
    const kept = {
      ledger: /** @type {any[]} */ (await all("getAll")),
      keys: await all("getAllKeys"),
      local: { ...localStorage },
      session: { ...sessionStorage },
      cookie: document.cookie,
      databases: (await indexedDB.databases()).map(({ name }) => name),
      caches: await caches.keys(),
    };
    database.close();
    return kept;
  });
}

/** @param {import("playwright-core").Page} page @param {string} testId */
async function json(page, testId) {
  const asked = page.waitForEvent("download");
  await page.getByTestId(testId).click();
  return JSON.parse((await saved(await asked)).toString());
}

/** @param {import("playwright-core").Page} page @param {import("playwright-core").Locator} button @param {Buffer} buffer */
async function choose(page, button, buffer) {
  const asked = page.waitForEvent("filechooser");
  await button.click();
  await (await asked).setFiles({ name: "key.json", mimeType: "application/json", buffer });
}

/** @param {import("playwright-core").Page} page */
function focused(page) {
  return page.evaluate(() => document.activeElement?.getAttribute("data-testid"));
}
