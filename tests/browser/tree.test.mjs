// The list of studies: every row can be reached, whole names fit, and nobody is named while names are hidden.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { IDENTIFYING, slice } from "./dicom.mjs";
import { OWN, state, visit } from "./kit.mjs";
import { faults, SLOW } from "./send-kit.mjs";

const folder = mkdtempSync(join(tmpdir(), "tokumei-tree-"));
const STUDIES = 14;
/** What a study is called by its description: it may name a person. */
const DESCRIBED = /CHEST study/;

before(() => {
  mkdirSync(join(folder, "CD"));
  for (let study = 1; study <= STUDIES; study += 1) {
    writeFileSync(join(folder, "CD", `IM${study}`), slice({ person: 0, study, series: 1, number: 1 }));
  }
  writeFileSync(join(folder, "CD", "NOTES"), "no image");
});
after(() => rmSync(folder, { recursive: true, force: true }));

test("a list that grew shows all of its rows", async () => {
  const { page, drop, close } = await visit({ height: 1080 });
  try {
    await drop([join(folder, "CD")]);
    await state(page, "check", "ready");
    await page.locator('tokumei-tree [aria-level="1"]').first().click();
    const rows = page.locator("tokumei-tree .port [data-index]");
    await rows.nth(STUDIES + 1).waitFor();
    assert.equal(await rows.count(), STUDIES + 2);
    const port = await page.locator("tokumei-tree .port").boundingBox();
    const last = await rows.last().boundingBox();
    assert.ok(port && last && last.y + last.height <= port.y + port.height, JSON.stringify({ port, last }));
  } finally {
    await close();
  }
});

test("while names are hidden no row, reason, attribute or progress names anybody, nor does a description", async () => {
  const way = await visit({ destinations: [OWN] });
  const { page } = way;
  const says = async (/** @type {string} */ where) => {
    const text = (await page.locator("main").textContent()) ?? "";
    for (const value of IDENTIFYING) assert.ok(!text.includes(value), `${where}: ${value}`);
    assert.doesNotMatch(text, DESCRIBED, where);
    const labels = await page
      .locator("main [aria-label], main [title]")
      .evaluateAll((found) => found.map((each) => `${each.getAttribute("aria-label")} ${each.getAttribute("title")}`));
    assert.doesNotMatch(labels.join("\n"), DESCRIBED, where);
  };
  try {
    await way.drop([join(folder, "CD")]);
    await state(page, "check", "ready");
    await page.locator('tokumei-tree [aria-level="1"]').first().click();
    assert.match((await page.getByTestId("tree").textContent()) ?? "", DESCRIBED);
    await page.getByTestId("hide-names").check();
    const study = page.locator('tokumei-tree [aria-level="2"]').first();
    await study.click();
    await page.locator('tokumei-tree [aria-level="3"]').first().waitFor();
    await says("tree");
    await study.getByTestId("row-look").click();
    await page.locator('[data-path="0010,0010"]').waitFor();
    await says("what is sent");
    await page.getByTestId("panel-close").click();
    faults(way, SLOW);
    await page.getByTestId("run").click();
    await page.getByTestId("study-progress").locator("[data-index]").first().waitFor();
    await says("run");
  } finally {
    await way.close();
  }
});

test("what a row offers is reached by keys, and the way back leads to it", async () => {
  const { page, drop, close } = await visit();
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute("data-testid"));
  try {
    await drop([join(folder, "CD")]);
    await state(page, "check", "ready");
    await page.locator("tokumei-tree [data-index]").first().focus();
    await page.keyboard.press("End");
    await page.keyboard.press("Tab");
    assert.equal(await focused(), "row-why");
    await page.keyboard.press("Enter");
    await page.getByTestId("reason-panel").waitFor();
    await page.keyboard.press("Escape");
    assert.equal(await focused(), "row-why");
    await page.keyboard.press("Tab");
    assert.equal(await focused(), "row-look");
    await page.keyboard.press("Space");
    await state(page, "check", "what-is-sent");
    await page.keyboard.press("Escape");
    assert.equal(await focused(), "row-look");
    await page.keyboard.press("ArrowUp");
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("aria-level")), "1");
  } finally {
    await close();
  }
});
