// Both languages say everything, nothing is left over, and no word is used that people should not have to know.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../../tools/process.mjs";
import { reasonWords } from "../../www/words/reason.js";

const read = (/** @type {string} */ path) => readFileSync(join(root, "www", path), "utf8");
/** @type {Record<string, string | Record<string, string>>} */
const ja = JSON.parse(read("words/ja.json"));
/** @type {Record<string, string | Record<string, string>>} */
const en = JSON.parse(read("words/en.json"));
/** @type {Record<string, { verdict: string, ja: { what: string, do: string }, en: { what: string, do: string } }>} */
const reasons = JSON.parse(read("words/reasons.json"));

const sources = ["main.js", "views", "api", "intake", "deliver", "words"]
  .flatMap((name) =>
    name.endsWith(".js")
      ? [name]
      : readdirSync(join(root, "www", name))
          .filter((file) => file.endsWith(".js"))
          .map((file) => `${name}/${file}`),
  )
  .map(read)
  .join("\n");

const forms = (/** @type {string | Record<string, string>} */ entry) =>
  typeof entry === "string" ? [entry] : Object.values(entry);
const holes = (/** @type {string} */ text) =>
  [...new Set([...text.matchAll(/\{(\w+)[^}]*\}/g)].map(([, name]) => name ?? ""))].sort();

test("both languages have the same keys", () => {
  assert.deepEqual(Object.keys(ja), Object.keys(en));
  assert.ok(Object.keys(ja).length > 200);
});

test("both languages take the same arguments", () => {
  for (const [key, entry] of Object.entries(ja)) {
    const wanted = holes(forms(entry).join());
    const given = holes(forms(en[key] ?? "").join());
    // English may choose a plural form that needs no number; it never asks for what Japanese does not.
    for (const hole of given) assert.ok(wanted.includes(hole), `${key} ${hole}`);
    if (typeof en[key] === "string") assert.deepEqual(given, wanted, key);
  }
});

test("every word that the page asks for is there", () => {
  const asked = [...sources.matchAll(/\bt\(\s*"([^"]+)"/g)].map(([, key]) => key ?? "");
  assert.ok(asked.length > 100);
  for (const key of asked) assert.ok(key in ja, key);
});

test("no word is left that nothing asks for", () => {
  const quoted = new Set([...sources.matchAll(/"([a-z][\w.-]*)"/gi)].map(([, key]) => key));
  const families = [...sources.matchAll(/`([a-z][\w-]*\.)([^`]*)`/g)]
    .filter(([, , rest]) => rest?.includes("${"))
    .map(
      ([, head = "", rest = ""]) =>
        new RegExp(`^${head.replaceAll(".", "\\.")}${rest.replaceAll(".", "\\.").replaceAll(/\$\{[^}]*\}/g, ".+")}$`),
    );
  for (const key of Object.keys(ja)) {
    assert.ok(quoted.has(key) || families.some((family) => family.test(key)), key);
  }
});

test("every reason says what happened and what to do, in both languages", () => {
  for (const [code, { ja, en }] of Object.entries(reasons)) {
    for (const text of [ja.what, ja.do, en.what, en.do]) assert.ok(text?.length > 0, code);
  }
});

test("every reason that keeps something here says what can be done, in both languages", () => {
  // The person's own decision, and the patient's.
  const final = ["decided-refuse", "opted-out"];
  for (const [language, words] of /** @type {const} */ ([
    ["ja", ja],
    ["en", en],
  ])) {
    const advice = (/** @type {string} */ code) => reasonWords({ words, reasons, language, looked: true }, code).do;
    const nothing = [advice("clean"), language === "ja" ? "提供できません。" : "Cannot be released."];
    for (const [code, { verdict }] of Object.entries(reasons)) {
      if (!["review", "refused", "excluded", "run"].includes(verdict) || final.includes(code)) continue;
      assert.ok(advice(code).length > 0 && !nothing.includes(advice(code)), `${code} ${language}`);
    }
  }
});

test("every rule of the core has its words in both languages, and no other has", () => {
  const statement = readFileSync(join(root, "docs/conformance.md"), "utf8");
  const rules = [...statement.matchAll(/^\| `([a-z-]+)` \| (?:PS3|45 CFR|tokumei\.policy)/gm)].map(
    ([, id]) => `rule.${id}`,
  );
  assert.ok(rules.length > 25);
  assert.deepEqual(
    Object.keys(ja).filter((key) => key.startsWith("rule.")),
    rules.sort(),
  );
  // Two rules that say the same could not be told apart.
  for (const words of [ja, en]) assert.equal(new Set(rules.map((key) => words[key])).size, rules.length);
});

test("no word is used that people should not have to know", () => {
  const strange =
    /ヘッダー|タグ|メタデータ|バーンイン|マスク|デフェイシング|ハッシュ|マッピング|シークレット|トークン|ポリシー|プロファイル|オプトアウト|サーバー|エンドポイント|保留|ペンディング|エラー|失敗|リジェクト|スタディ|インスタンス|オブジェクト|ローカル|ユーザー|オペレーター|ベリファイ|リトライ|レジューム|匿名加工情報(?!など)|仮名|！/;
  for (const [key, entry] of Object.entries(ja)) {
    for (const text of forms(entry)) assert.doesNotMatch(text, strange, key);
  }
  for (const { ja } of Object.values(reasons)) assert.doesNotMatch(ja.what + ja.do, strange);
});

test("a number and its counter stay on one line", () => {
  for (const [key, entry] of Object.entries(ja)) {
    for (const text of forms(entry))
      assert.doesNotMatch(text, /\{\w+\} (?:枚|件|人|検査|ファイル|シリーズ|分|個|行目)/, key);
  }
});

test("an English number goes with its word", () => {
  for (const [key, entry] of Object.entries(en)) {
    const alone = typeof entry === "string" ? entry : (entry.one ?? "");
    assert.doesNotMatch(alone, /\{\w+\} (?:files|images|patients|studies|people)/, key);
  }
});
