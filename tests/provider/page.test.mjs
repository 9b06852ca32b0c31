// The provider's page: what arrived is seen as it arrives, in both languages, by mouse and by keys, without barriers.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";
import { REASONS } from "../../provider/dicomweb/reasons.mjs";
import { executable, FLAGS } from "../../tools/chromium.mjs";
import { root } from "../../tools/process.mjs";
import { barriers } from "../browser/axe.mjs";
import { element, instance, series } from "./dicom.mjs";
import { filesIn, provide } from "./kit.mjs";

const read = (/** @type {string} */ path) => readFileSync(join(root, "provider", path), "utf8");
/** @type {Record<"ja" | "en", Record<string, string>>} */
const WORDS = { ja: JSON.parse(read("page/words/ja.json")), en: JSON.parse(read("page/words/en.json")) };

/** @type {import("playwright-core").Browser} */
let browser;
before(async () => {
  browser = await chromium.launch({ executablePath: executable(), args: FLAGS });
});
after(() => browser.close());

/**
 * @param {import("node:test").TestContext} t @param {"ja" | "en"} language
 * @param {Awaited<ReturnType<typeof provide>>} provider @param {number} [width]
 */
async function visit(t, language, { origin }, width = 1366) {
  const context = await browser.newContext({
    locale: language === "ja" ? "ja-JP" : "en-GB",
    timezoneId: "Asia/Tokyo",
    viewport: { width, height: 768 },
  });
  t.after(() => context.close());
  const page = await context.newPage();
  /** @type {string[]} */
  const complaints = [];
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  /** @type {string[]} */
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(`${origin}/provider/`);
  await page.locator("h1").waitFor();
  return { page, complaints, asked };
}

for (const language of /** @type {const} */ (["ja", "en"])) {
  test(`from nothing to the attributes of one instance (${language})`, async (t) => {
    const provider = await provide(t);
    const { page, complaints, asked } = await visit(t, language, provider);
    const words = WORDS[language];
    assert.equal(await page.locator("html").getAttribute("lang"), language);
    assert.equal(await page.locator("h1").textContent(), words.title);
    await page.getByTestId("empty").waitFor();
    assert.deepEqual(await barriers(page), []);

    await provider.store([...series(60, { extra: [element(0x00080080, "LO", "")] }), Buffer.from("no DICOM")]);
    await provider.store([instance({ fill: 99 })]);
    await page.getByTestId("studies").waitFor();
    assert.match((await page.getByTestId("sum-instances").textContent()) ?? "", /60/);
    const date = language === "ja" ? "2020/01/02" : "2 Jan 2020";
    assert.ok((await page.getByTestId("studies").textContent())?.includes(date), "the date as people write it");
    await page.getByTestId("open-study").click();
    await page.getByTestId("open-instance").nth(49).waitFor();
    await page.getByRole("button", { name: words["pages.after"] }).click();
    await page.getByRole("button", { name: "1.2.3.9.60", exact: true }).click();
    const identifying = (await page.getByTestId("identifying").textContent()) ?? "";
    assert.ok(identifying.includes("PSEUDONYM0123456789A"));
    assert.ok(identifying.includes(words["value.empty"] ?? "-"), "the institution");
    assert.ok(identifying.includes(words["value.absent"] ?? "-"), "the birth date");
    await page.locator("summary").click();
    assert.ok((await page.getByTestId("attributes").textContent())?.includes("(0012,0062)"));
    const refusals = (await page.getByTestId("refusals").textContent()) ?? "";
    for (const reason of ["not-part10", "duplicate-differs"]) {
      assert.ok(refusals.includes(words[`reason.${reason}`] ?? "-"), reason);
    }
    assert.deepEqual(await barriers(page), []);
    assert.deepEqual(complaints, []);
    assert.ok(asked.every((url) => url.startsWith(`${provider.origin}/`)));

    // What arrives now is seen without a reload.
    await provider.store(series(2, { study: "1.2.7", series: "1.2.7.1", patient: "SECOND" }));
    await page.getByTestId("open-study").nth(1).waitFor();
    assert.match((await page.getByTestId("studies").textContent()) ?? "", /SECOND/);
  });
}

test("all is deleted only when asked for, by keys", async (t) => {
  const provider = await provide(t);
  await provider.store(series(3));
  const { page } = await visit(t, "ja", provider, 700);
  await page.getByTestId("delete-all").focus();
  await page.keyboard.press("Enter");
  assert.deepEqual(await barriers(page), []);
  await page.keyboard.press("Escape");
  await page.locator("dialog").waitFor({ state: "detached" });
  assert.equal(await page.evaluate(() => document.activeElement?.id), "delete");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await page.locator("dialog").waitFor({ state: "detached" });
  assert.equal(filesIn(provider.received).length, 3, "the safe answer has the focus");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.getByTestId("empty").waitFor();
  assert.deepEqual(filesIn(provider.received), []);
  // What was deleted can be sent again.
  assert.equal((await provider.store([instance({ fill: 99 })])).status, 200);
});

test("the language changes without a reload, and a server that ends is said", async (t) => {
  const provider = await provide(null);
  const { page } = await visit(t, "ja", provider);
  await page.getByTestId("lang").click();
  assert.equal(await page.locator("h1").textContent(), WORDS.en.title);
  assert.equal(await page.locator("html").getAttribute("lang"), "en");
  await provider.close();
  await page.getByTestId("not-reached").waitFor();
});

test("what is hostile in an instance is text", async (t) => {
  const provider = await provide(t);
  const evil = "<img src=x onerror=alert(1)>";
  await provider.store([instance({ patient: evil, extra: [element(0x00290010, "LO", evil)] })]);
  const { page, complaints } = await visit(t, "en", provider);
  await page.getByTestId("open-study").click();
  await page.getByTestId("open-instance").click();
  await page.locator("summary").click();
  assert.equal(await page.locator("img").count(), 0);
  assert.ok((await page.getByTestId("studies").textContent())?.includes(evil));
  assert.deepEqual(complaints, []);
});

test("the page may delete, other methods and names are refused", async (t) => {
  const provider = await provide(t);
  const { ask, store } = provider;
  await store(series(2));
  assert.equal((await ask("/provider/received")).status, 405);
  assert.equal((await ask("/provider/received", { method: "POST" })).status, 405);
  assert.equal(
    (await ask("/provider/received", { method: "DELETE", headers: { "Sec-Fetch-Site": "cross-site" } })).status,
    403,
  );
  assert.equal((await ask("/provider/", { method: "DELETE" })).status, 405);
  for (const path of [
    "/provider/attributes/1.2.9.json",
    "/provider/attributes/..%2f1.json",
    "/provider/none.js",
    "/provider",
  ]) {
    assert.equal((await ask(path)).status, 404, path);
  }
  assert.equal(filesIn(provider.received).length, 2);
  assert.equal((await ask("/provider/received", { method: "DELETE" })).status, 204);
  assert.equal((await ask("/provider/arrivals.json")).json.instances, 0);
});

test("attributes are listed in their order, nested ones below theirs, without pixels", async (t) => {
  const { ask, store } = await provide(t);
  const { head, item } = await import("./dicom.mjs");
  const name = element(0x00400010, "SH", "NESTED");
  const extra = [head(0x00400275, "SQ", 8 + name.length), item(0xfffe, 0xe000, name.length), name];
  await store([instance({ extra: [...extra, element(0x00420011, "OB", Buffer.alloc(600_000))] })]);
  const { json } = await ask("/provider/attributes/1.2.3.9.1.json");
  const tags = json.map((/** @type {any} */ { tag }) => tag);
  assert.deepEqual(tags.slice(-3), ["(0040,0275)", "(0040,0010)", "(0042,0011)"]);
  const of = (/** @type {string} */ tag) => json.find((/** @type {any} */ row) => row.tag === tag);
  assert.deepEqual(of("(0040,0010)"), { tag: "(0040,0010)", vr: "SH", depth: 1, value: "NESTED", bytes: 6 });
  assert.deepEqual(of("(0028,0010)"), { tag: "(0028,0010)", vr: "US", depth: 0, value: "16", bytes: 2 });
  assert.deepEqual(of("(0042,0011)"), { tag: "(0042,0011)", vr: "OB", depth: 0, value: null, bytes: 600_000 });
  assert.ok(!tags.includes("(7fe0,0010)"));
});

test("both languages say everything, every reason too, and nothing is left over", () => {
  assert.deepEqual(Object.keys(WORDS.ja), Object.keys(WORDS.en));
  const holes = (/** @type {string} */ text) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
  for (const [key, text] of Object.entries(WORDS.ja)) {
    assert.deepEqual(holes(text), holes(WORDS.en[key] ?? ""), key);
    assert.ok(text.length > 0 && (WORDS.en[key] ?? "").length > 0, key);
  }
  const service = readdirSync(join(root, "provider/dicomweb"))
    .map((name) => read(`dicomweb/${name}`))
    .join("\n");
  const requests = [...service.matchAll(/new BadRequest\((?:\d+|[\w.]+), "([\w-]+)"\)/g)].map(([, code]) => code ?? "");
  assert.ok(requests.length > 10);
  const codes = [...new Set([...Object.keys(REASONS), ...requests])].filter((code) => code !== "body");
  for (const code of codes) assert.ok(`reason.${code}` in WORDS.ja, code);
  const view = ["view.js", "words.js", "store.js", "main.js"].map((name) => read(`page/${name}`)).join("\n");
  const asked = [...view.matchAll(/\bt\(\s*"([^"]+)"/g), ...view.matchAll(/"((?:sum|pages|value)\.[\w.]+)"/g)].map(
    ([, key]) => key ?? "",
  );
  const tags = [...view.matchAll(/"(\(\w{4},\w{4}\))"/g)].map(([, tag]) => `attribute.${tag}`);
  for (const key of [...asked, ...tags]) assert.ok(key in WORDS.ja, key);
  const used = new Set([...asked, ...tags, ...codes.map((code) => `reason.${code}`)]);
  const families = /^(sum\.(instances|studies|last|refused)|attribute\.\(.*\))$/;
  assert.deepEqual(
    Object.keys(WORDS.ja).filter((key) => !used.has(key) && !families.test(key)),
    [],
  );
});
