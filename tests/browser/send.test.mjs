// Sending from the page: from the drop to the provider, paused, stopped, reloaded, beside a second tab; each image arrives once.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { IDENTIFYING, writeCd } from "./dicom.mjs";
import { begin, OWN, saved, state, visit } from "./kit.mjs";
import {
  choose,
  counted,
  digests,
  faults,
  focused,
  IMAGES,
  json,
  MANY_IMAGES,
  once,
  received,
  remembered,
  SLOW,
  writeMany,
} from "./send-kit.mjs";

const folder = mkdtempSync(join(tmpdir(), "tokumei-send-"));
const CD = join(folder, "CD1");
const MANY = join(folder, "CD2");

before(() => {
  writeCd(CD);
  writeMany(MANY);
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
    // Nothing is confirmed yet, but its first study is under way.
    const studies = await page.getByTestId("study-progress").locator("[data-index]").allTextContents();
    assert.match(studies[0] ?? "", /0 \/ \d+.*送っています/s);
    assert.match(studies[1] ?? "", /待っています/);
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
    // With another key they would be other images: the same folder does not go on from there.
    assert.match((await page.locator('[data-notice="partly-sent"]').textContent()) ?? "", /今回だけの鍵です/);
    assert.ok(received(way).length < MANY_IMAGES);
    faults(way, {});
    await page.getByTestId("resume").click();
    await state(page, "record", "finished-refusals");
    // A request that the stop cut off may still come in when its images are sent again; each is stored once all the same.
    assert.equal(received(way).length, MANY_IMAGES);
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
