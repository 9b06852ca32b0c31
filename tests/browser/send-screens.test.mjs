// Every screen of sending, in both languages: no barrier, nothing wider than its window, and the words that were laid down.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { root } from "../../tools/process.mjs";
import { barriers } from "./axe.mjs";
import { slice, writeCd } from "./dicom.mjs";
import { OWN, state, visit } from "./kit.mjs";

const folder = mkdtempSync(join(tmpdir(), "tokumei-screens-"));
const CD = join(folder, "CD1");

before(() => {
  writeCd(CD);
  writeFileSync(join(CD, "LARGE"), slice({ person: 1, study: 7, series: 1, number: 1, size: 512 }));
});
after(() => rmSync(folder, { recursive: true, force: true }));

for (const language of /** @type {const} */ (["ja", "en"])) {
  for (const width of [1366, 683, 342]) {
    test(`no screen of sending has a barrier or is wider than its window (${language}, ${width})`, async () => {
      const way = await visit({
        language,
        width,
        destinations: [OWN, { ...OWN, url: "http://127.0.0.1:9/dicom-web" }],
      });
      const { page, context } = way;
      const faults = (/** @type {object} */ plan) => way.receiver?.faults(plan);
      const notice = (/** @type {string} */ code) => page.locator(`[data-notice="${code}"]`);
      const check = async (/** @type {string} */ where) => {
        const wide = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        assert.ok(wide <= 0, `${where}: ${wide} px too wide`);
        if (width > 342) assert.deepEqual(await barriers(page), [], where);
      };
      try {
        await check("choose");
        await page.getByTestId("dest-open").click();
        await page.getByTestId("dest-test").first().click();
        await notice("dest-ok").waitFor();
        await check("destination that answers");
        await page.getByTestId("dest-test").last().click();
        await notice("dest-unreachable").waitFor();
        await check("destination that does not");
        faults({ token: "k7" });
        await page.getByTestId("dest-test").first().click();
        await notice("dest-auth").waitFor();
        await check("destination that asks for a code");
        await page.getByTestId("settings-close").click();
        await way.drop([CD]);
        await state(page, "check", "ready");
        await check("check");
        await page.getByTestId("run").click();
        await notice("auth").waitFor();
        await check("auth");
        faults({ maxBytes: 200_000, random: [{ kind: "status", status: 502, retryAfter: 600, p: 1 }] });
        await notice("auth").getByTestId("retry-now").click();
        await notice("provider-down").waitFor();
        await check("provider down");
        faults({ maxBytes: 200_000, random: [{ kind: "slow", p: 1, delayMs: 5000 }] });
        await notice("provider-down").getByTestId("retry-now").click();
        await page.getByTestId("pause").click();
        await notice("paused").waitFor();
        await check("paused");
        await page.getByTestId("stop").click();
        await check("stop");
        await page.getByTestId("stop-no").click();
        await context.setOffline(true);
        await page.getByTestId("resume").click();
        await notice("offline").waitFor();
        await check("offline");
        faults({ maxBytes: 200_000 });
        await context.setOffline(false);
        await state(page, "record", "partly-sent");
        await page.getByTestId("failed").locator("summary").click();
        await check("record of what was not taken");
      } finally {
        await way.close();
      }
    });
  }
}

test("a screen of a run at 1366 × 768 needs no scrolling, and the filled button is in the upper 600 pixels", async () => {
  const way = await visit({ destinations: [OWN] });
  const { page } = way;
  const height = () => page.evaluate(() => document.documentElement.scrollHeight);
  try {
    assert.ok((await height()) <= 768, "choose");
    await way.drop([CD]);
    await state(page, "check", "ready");
    assert.ok((await height()) <= 768, "check");
    const box = await page.getByTestId("run").boundingBox();
    assert.ok(box !== null && box.y + box.height <= 600, JSON.stringify(box));
    way.receiver?.faults({ random: [{ kind: "status", status: 502, retryAfter: 600, p: 1 }] });
    await page.getByTestId("run").click();
    await page.locator('[data-notice="provider-down"]').waitFor();
    assert.ok((await height()) <= 768, "run");
  } finally {
    await way.close();
  }
});

/** What was laid down for screens and states, by code; absent where the project stands alone. */
const STATES = resolve(root, process.env.TOKUMEI_SHARED ?? "../shared", "page/states.tsv");

test("the notices of a run say what was laid down for them", {
  skip: !existsSync(STATES) && "no table of states",
}, () => {
  const words = (/** @type {string} */ name) => JSON.parse(readFileSync(join(root, `www/words/${name}.json`), "utf8"));
  const [ja, en] = [words("ja"), words("en")];
  const rows = readFileSync(STATES, "utf8")
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.split("\t"));
  const codes = [
    "paused",
    "offline",
    "provider-down",
    "provider-busy",
    "auth",
    "blocked",
    "too-big",
    "source-gone",
    "slow",
    "second-tab",
  ];
  const plain = (/** @type {unknown} */ text) =>
    String(text)
      .replaceAll("\u00a0", " ")
      .replaceAll(/\{(\w+)[^}]*\}/g, "{$1}");
  const last = (/** @type {any} */ entry) => (typeof entry === "string" ? entry : entry.other);
  for (const code of codes) {
    const [, , , , jaTitle, jaText, enTitle, enText] = rows.find((row) => row[1] === code) ?? [];
    assert.equal(plain(ja[`notice.${code}.title`]), jaTitle, code);
    assert.equal(plain(ja[`notice.${code}.text`]), jaText, code);
    assert.equal(plain(last(en[`notice.${code}.title`])), enTitle, code);
    assert.equal(plain(last(en[`notice.${code}.text`])).replace("{sec}", "{sec} seconds"), enText, code);
  }
});
