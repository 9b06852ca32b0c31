// The way of a radiographer: a CD dropped as a folder, looked at, run, saved; in both languages, by mouse and by keyboard.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { IDENTIFYING, PEOPLE, writeCd } from "./dicom.mjs";
import { saved, state, visit } from "./kit.mjs";
import { unzip } from "./zip.mjs";

const folder = mkdtempSync(join(tmpdir(), "tokumei-cd-"));
const CD = join(folder, "CD1");
let files = 0;

before(() => {
  files = writeCd(CD);
});
after(() => rmSync(folder, { recursive: true, force: true }));

const WORDS = {
  ja: {
    run: "18\u00a0枚を加工して保存する",
    title: "2\u00a0人・3\u00a0検査・23\u00a0ファイル",
    banner: "画像の中身は調べません",
    go: "提供する 18 枚",
    no: "提供しない 5 件",
  },
  en: {
    run: "Process and save 18 images",
    title: "Read 23 files",
    banner: "Pixels are not looked at",
    go: "Will be released 18 images",
    no: "Will not be released 5 files",
  },
};

for (const language of /** @type {const} */ (["ja", "en"])) {
  test(`a dropped CD becomes a ZIP (${language})`, async () => {
    const { page, drop, close, console } = await visit({ language });
    try {
      assert.match((await page.getByTestId("pixels-banner").textContent()) ?? "", new RegExp(WORDS[language].banner));
      await drop([CD]);
      await state(page, "check", "ready");
      assert.match((await page.locator("h1:visible").textContent()) ?? "", new RegExp(WORDS[language].title));
      for (const name of [WORDS[language].go, WORDS[language].no]) await page.getByRole("group", { name }).waitFor();
      const shown = (await page.getByTestId("tree").textContent()) ?? "";
      for (const person of PEOPLE) assert.ok(shown.includes(person.shown) && shown.includes(person.id));

      const zip = page.waitForEvent("download");
      await page.getByRole("button", { name: WORDS[language].run }).click();
      await state(page, "record", "finished-refusals");
      const members = unzip(await saved(await zip));
      const report = JSON.parse((await saved(await download(page, "save-report"))).toString());

      assert.equal(report.totals.files, files);
      assert.deepEqual(report.totals.byVerdict, { pass: 18, refused: 1, skipped: 4 });
      const left = report.files.filter((/** @type {any} */ row) => row.out !== null);
      assert.deepEqual([...members.keys()].sort(), left.map((/** @type {any} */ row) => row.out).sort());
      for (const row of left) {
        const { bytes, date, time } = /** @type {any} */ (members.get(row.out));
        assert.equal(createHash("sha256").update(bytes).digest("hex"), row.sha256);
        assert.equal(bytes.length, row.bytesOut);
        // 1 January 1980, 0:00, whatever the clock and the zone say.
        assert.deepEqual([date, time], [0x21, 0]);
      }
      const everything =
        Buffer.concat([...members.values()].map(({ bytes }) => bytes)).toString("latin1") + JSON.stringify(report);
      for (const value of IDENTIFYING) assert.ok(!everything.includes(value), value);
      assert.deepEqual(console, []);
    } finally {
      await close();
    }
  });
}

test("the mapping is saved only when asked, and joins what the report holds", async () => {
  const { page, drop, close } = await visit();
  try {
    await drop([CD]);
    await state(page, "check", "ready");
    await page.getByTestId("run").click();
    await state(page, "record", "finished-refusals");
    await page.getByTestId("save-mapping").click();
    assert.equal(await focused(page), "mapping-no");
    await page.keyboard.press("Escape");
    await page.locator("dialog").waitFor({ state: "detached" });
    assert.equal(await focused(page), "save-mapping");
    await page.keyboard.press("Enter");
    const asked = page.waitForEvent("download");
    await page.getByTestId("mapping-yes").click();
    const mapping = JSON.parse((await saved(await asked)).toString());
    assert.equal(mapping.schema, "tokumei.mapping/1");
    assert.deepEqual(
      mapping.patients.map((/** @type {any} */ { patientId }) => patientId).sort(),
      PEOPLE.map(({ id }) => id).sort(),
    );
    assert.ok(mapping.files.some((/** @type {any} */ { path }) => path === "CD1/DICOM/患者1/ST1/SE1/IM1"));
  } finally {
    await close();
  }
});

test("attributes before and after, with the rule, and the way back", async () => {
  const { page, drop, close } = await visit();
  try {
    await drop([CD]);
    await state(page, "check", "ready");
    await page.getByTestId("row-look").nth(1).click();
    await state(page, "check", "what-is-sent");
    const name = page.locator('[data-path="0010,0010"]');
    await name.waitFor();
    assert.match((await name.textContent()) ?? "", /患者氏名.*MAKINO/s);
    assert.equal(await page.locator('[data-path="0010,0040"]').count(), 0);
    await page.getByTestId("attr-only-changed").click();
    await page.locator('[data-path="0010,0040"]').waitFor();
    await name.click();
    const detail = async (/** @type {string} */ path) => {
      await page.locator(`[data-path="${path}"]`).click();
      return (await page.getByTestId("attribute-detail").textContent()) ?? "";
    };
    assert.match(await detail("0010,0010"), /根拠.*研究用 ID にする.*PS3\.15 E\.1\.1 step 2 note 3/s);
    assert.match(await detail("0010,0040"), /根拠.*年齢、性別、体格などを残す.*PS3\.15 E\.3\.7/s);
    assert.match(await detail("0002"), /ファイルの先頭の情報.*作り直す.*PS3\.15 E\.1\.1 step 7.*TOKUMEI_/s);
    await page.keyboard.press("Escape");
    await state(page, "check", "ready");
    await page.getByTestId("hide-names").check();
    const shown = (await page.getByTestId("tree").textContent()) ?? "";
    for (const person of PEOPLE) assert.ok(!shown.includes(person.shown) && !shown.includes(person.id));
  } finally {
    await close();
  }
});

test("an opt-out list keeps a patient out; a bad one changes nothing", async () => {
  const { page, drop, close } = await visit();
  try {
    await drop([CD]);
    await state(page, "check", "ready");
    await page.getByTestId("settings-open").click();
    await page.getByTestId("tab-optout").click();
    await choose(page, "optout-load", "list.csv", Buffer.from(`患者ID\r\n${PEOPLE[1]?.id}\r\n`, "utf8"));
    await page.locator('[data-notice="optout-loaded"]').waitFor();
    await page.getByTestId("settings-close").click();
    await page.getByTestId("sum-no").getByText("提供停止").waitFor();
    await state(page, "check", "ready");
    assert.match((await page.getByTestId("run").textContent()) ?? "", /13/);
    await page.getByTestId("settings-open").click();
    await choose(page, "optout-load", "bad.csv", Buffer.from("a,b\r\n"));
    await page.locator('[data-notice="optout-bad"]').waitFor();
    assert.match((await page.getByTestId("trust").textContent()) ?? "", /1\u00a0人/);
  } finally {
    await close();
  }
});

test("under the research policy what may show a text or a face waits", async () => {
  const { page, drop, close } = await visit({ language: "en" });
  try {
    await page.getByTestId("policy-change").click();
    await page.getByTestId("policy-research").check();
    await page.getByTestId("settings-close").click();
    assert.equal(await page.getByTestId("pixels-banner").count(), 0);
    await drop([CD]);
    await page.locator('html[data-screen="check"][data-busy="false"]').waitFor({ state: "attached" });
    const report = await page.evaluate(async () => {
      const { currentSession } = await import(/** @type {any} */ ("/views/current.js"));
      return currentSession().report().totals.byVerdict;
    });
    assert.equal(report.pass ?? 0, 0);
  } finally {
    await close();
  }
});

test("a made key is saved, loaded again, and gives the same pseudonyms", async () => {
  const outputs = [];
  let keyFile = Buffer.alloc(0);
  for (const round of [1, 2]) {
    const { page, drop, close } = await visit();
    try {
      if (round === 2) {
        await choose(page, "key-load", "key.json", keyFile);
        await page.locator('[data-notice="key-loaded"]').waitFor();
      }
      await drop([CD]);
      await state(page, "check", "ready");
      const zip = page.waitForEvent("download");
      await page.getByTestId("run").click();
      await state(page, "record", "finished-refusals");
      const members = unzip(await saved(await zip));
      outputs.push(
        [...members].map(([name, { bytes }]) => [name, createHash("sha256").update(bytes).digest("hex")]).sort(),
      );
      if (round === 1) keyFile = await saved(await download(page, "key-save"));
      const report = JSON.parse((await saved(await download(page, "save-report"))).toString());
      assert.equal(report.keyKept, true);
      assert.equal(report.keyId, JSON.parse(keyFile.toString()).keyId);
    } finally {
      await close();
    }
  }
  assert.deepEqual(outputs[0], outputs[1]);
});

test("saving into a folder writes each file once and overwrites nothing", async () => {
  const { page, drop, close } = await visit({ folderPicker: true });
  try {
    for (const round of [1, 2]) {
      await drop([CD]);
      await state(page, "check", "ready");
      await page.getByTestId("dest-folder").check();
      await page.getByTestId("run").click();
      await state(page, "record", "finished-refusals");
      const names = await page.evaluate(async () => {
        const found = [];
        const waiting = [await navigator.storage.getDirectory()];
        for (let next = waiting.pop(); next; next = waiting.pop()) {
          for await (const child of /** @type {any} */ (next).values()) {
            if (child.kind === "directory") waiting.push(child);
            else found.push([child.name, (await child.getFile()).size]);
          }
        }
        return found;
      });
      assert.equal(names.length, 18, `round ${round}`);
      assert.ok(names.every(([name, size]) => /^2\.25\.\d+\.dcm$/.test(name) && size > 500));
      await page.getByTestId("new-run").click();
      await page.getByTestId("leave-anyway").click();
      await state(page, "choose", "empty");
    }
  } finally {
    await close();
  }
});

for (const [language, other, series, otherSeries] of /** @type {const} */ ([
  ["ja", "en", /シリーズ 1/, /Series 1/],
  ["en", "ja", /Series 1/, /シリーズ 1/],
])) {
  test(`by keyboard alone: from the folder to the saved report, and the language changes nothing (${language})`, async () => {
    const { page, close } = await visit({ language });
    const { keyboard } = page;
    const text = async () => (await page.evaluate(() => document.activeElement?.textContent)) ?? "";
    try {
      const chooser = page.waitForEvent("filechooser");
      await keyboard.press("Control+o");
      await (await chooser).setFiles(CD);
      await state(page, "check", "ready");
      assert.equal(await page.evaluate(() => document.activeElement?.tagName), "H1");
      await tabTo(page, "row");
      await keyboard.press("ArrowDown");
      await keyboard.press("ArrowRight");
      await keyboard.press("ArrowDown");
      assert.match(await text(), series);
      await keyboard.press("Enter");
      await state(page, "check", "what-is-sent");
      await keyboard.press("Escape");
      await state(page, "check", "ready");
      assert.match(await text(), series);
      await keyboard.press("Alt+h");
      assert.equal(await page.getByTestId("hide-names").isChecked(), true);
      await page.getByTestId("lang").focus();
      await keyboard.press("Enter");
      assert.equal(await page.locator("html").getAttribute("lang"), other);
      await page.getByText(otherSeries).first().waitFor();
      assert.equal(await page.getByTestId("hide-names").isChecked(), true);
      await keyboard.press("Control+Enter");
      await state(page, "record", "finished-refusals");
      assert.equal(await focused(page), "save-report");
      const report = page.waitForEvent("download", (download) => download.suggestedFilename().includes("report"));
      await keyboard.press("Enter");
      assert.equal(JSON.parse((await saved(await report)).toString()).schema, "tokumei.report/1");
    } finally {
      await close();
    }
  });
}

test("a folder without images says so, a ZIP that cannot be read says why", async () => {
  const { page, drop, close } = await visit();
  try {
    const archive = join(folder, "more.zip");
    writeFileSync(archive, Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), Buffer.alloc(60)]));
    await drop([join(CD, "AUTORUN.INF"), archive]);
    await state(page, "check", "nothing");
    await page.locator('[data-notice="nothing"]').waitFor();
    await page.getByTestId("row-why").first().click();
    assert.match((await page.getByTestId("reason-panel").textContent()) ?? "", /ZIP が壊れています/);
  } finally {
    await close();
  }
});

/** @param {import("playwright-core").Page} page @param {string} testId */
async function download(page, testId) {
  const asked = page.waitForEvent("download");
  await page.getByTestId(testId).click();
  return asked;
}

/** Answers the file dialog of a button. @param {import("playwright-core").Page} page @param {string} testId @param {string} name @param {Buffer} buffer */
async function choose(page, testId, name, buffer) {
  const asked = page.waitForEvent("filechooser");
  await page.getByTestId(testId).click();
  await (await asked).setFiles({ name, mimeType: "text/plain", buffer });
}

/** @param {import("playwright-core").Page} page */
function focused(page) {
  return page.evaluate(() => document.activeElement?.getAttribute("data-testid"));
}

/** Presses Tab until a row of the tree has the focus. @param {import("playwright-core").Page} page @param {string} role */
async function tabTo(page, role) {
  for (let i = 0; i < 30; i += 1) {
    if ((await page.evaluate(() => document.activeElement?.getAttribute("role"))) === role) return;
    await page.keyboard.press("Tab");
  }
  assert.fail("no row reached");
}
