// The ZIP of the page and the ZIP of the command line: for the same files, key and policy the same bytes.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { json, newKey, sha256, tokumei } from "../cli/command.mjs";
import { instance, plant, study } from "../cli/dicom.mjs";
import { visit } from "./kit.mjs";

test("page and command line write the same ZIP", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "tokumei-zip-same-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const [key, zip] = [newKey(folder), join(folder, "out.zip")];
  const input = plant(join(folder, "in"), {
    ...study(45),
    "large.dcm": instance({ uid: "1.2.3.8", size: 2_400 }),
    "README.TXT": "no",
  });
  const { status, text } = tokumei(["deid", input, "--zip", zip, "--key", key, "--jobs", "2"]);
  assert.equal(status, 0, text);

  const open = await visit({ language: "ja" });
  t.after(() => open.close());
  await open.page.evaluate(() => {
    const chosen = document.createElement("input");
    Object.assign(chosen, { type: "file", id: "given", webkitdirectory: true });
    document.body.append(chosen);
  });
  await open.page.locator("#given").setInputFiles(input);
  const digest = await open.page.evaluate(async (keyFile) => {
    const { tokumei: page } = /** @type {any} */ (globalThis);
    const chosen = /** @type {HTMLInputElement} */ (document.getElementById("given"));
    const session = await page.open({ policy: "headers-only", key: keyFile });
    await session.add([...(chosen.files ?? [])]);
    await session.plan();
    /** @type {BlobPart[]} */
    const parts = [];
    await session.save({ kind: "stream", handle: new WritableStream({ write: (part) => void parts.push(part) }) });
    await session.close();
    const bytes = await new Blob(parts).arrayBuffer();
    return Array.from(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)), (byte) =>
      byte.toString(16).padStart(2, "0"),
    ).join("");
  }, json(key));
  assert.equal(digest, sha256(readFileSync(zip)));
});
