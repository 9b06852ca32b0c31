// Settings: what a file may say, and what of it the page is told.
import assert from "node:assert/strict";
import test from "node:test";
import { checkSettings, embedded, origins, publicSettings, readSettings } from "../../provider/settings.mjs";

const of = (/** @type {object[]} */ ...destinations) => ({ schema: "tokumei.settings/1", destinations });

test("addresses, paths of our own and forwarded ones; names in one language or two", () => {
  const settings = of(
    { name: "A", url: "https://pacs.example/dicom-web" },
    { name: { ja: "乙", en: "B" }, url: "dicom-web" },
    { name: "C", forward: "http://127.0.0.1:8042/dicom-web", authorization: "Basic eDp5" },
    { name: "D", url: "http://localhost:8042/dicom-web" },
    { name: "E", url: "other/dicom-web" },
  );
  const checked = checkSettings(settings);
  assert.deepEqual(checked, settings);
  assert.deepEqual(publicSettings(checked).destinations, [
    { name: "A", url: "https://pacs.example/dicom-web" },
    { name: { ja: "乙", en: "B" }, url: "dicom-web" },
    { name: "C", url: "to/3" },
    { name: "D", url: "http://localhost:8042/dicom-web" },
    { name: "E", url: "other/dicom-web" },
  ]);
  assert.deepEqual(origins(checked), ["https://pacs.example", "http://localhost:8042"]);
  assert.ok(embedded(checked));
  assert.ok(!embedded(checkSettings(of({ name: "A", url: "https://pacs.example/" }))));
});

test("without a file the one destination is the embedded provider", () => {
  const settings = readSettings(undefined);
  assert.ok(embedded(settings));
  assert.equal(settings.destinations.length, 1);
  assert.deepEqual(checkSettings(settings), settings);
});

test("what is unsafe, unknown or incomplete is refused", () => {
  for (const destination of [
    { name: "A" },
    { url: "dicom-web" },
    { name: { ja: "甲" }, url: "dicom-web" },
    { name: { ja: "甲", en: "A", fr: "A" }, url: "dicom-web" },
    { name: "A", url: "http://pacs.example/" },
    { name: "A", url: "//pacs.example/" },
    { name: "A", url: "../up" },
    { name: "A", url: "/dicom-web" },
    { name: "A", url: "dicom-web/" },
    { name: "A", url: "javascript:alert(1)" },
    { name: "A", url: "https://user:pass@pacs.example/" },
    { name: "A", url: "dicom-web", forward: "https://pacs.example/" },
    { name: "A", forward: "http://pacs.example/" },
    { name: "A", forward: "https://pacs.example/?a=b" },
    { name: "A", forward: "dicom-web" },
    { name: "A", url: "dicom-web", authorization: "Basic x" },
    { name: "A", forward: "https://pacs.example/", authorization: "a\r\nb: c" },
    { name: "A", url: "dicom-web", key: "x" },
  ]) {
    assert.throws(() => checkSettings(of(destination)), JSON.stringify(destination));
  }
});
