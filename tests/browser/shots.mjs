// Pictures of every screen for the documents: `npm run shots` writes docs/pictures.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../../tools/process.mjs";
import { slice, writeCd } from "./dicom.mjs";
import { state, visit } from "./kit.mjs";

const OUT = join(root, "docs/pictures");
const folder = mkdtempSync(join(tmpdir(), "tokumei-shots-"));
const CD = join(folder, "CD1");
const MANY = join(folder, "CD2");
mkdirSync(OUT, { recursive: true });
writeCd(CD);
writeCd(MANY);
writeFileSync(join(CD, "older.zip"), Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), Buffer.alloc(60)]));
for (let number = 1; number <= 600; number += 1) {
  writeFileSync(join(MANY, `IM${number}`), slice({ person: 0, study: 5, series: 1, number, size: 128 }));
}

for (const language of /** @type {const} */ (["ja", "en"])) {
  const { page, drop, close } = await visit({ language });
  const shot = async (/** @type {string} */ name) => {
    await page.mouse.move(0, 700);
    await page.screenshot({ path: join(OUT, `${language}-${name}.png`) });
  };
  await shot("1-choose");
  await page.getByTestId("policy-change").click();
  await shot("5-settings");
  await page.getByTestId("settings-close").click();
  await drop([CD]);
  await state(page, "check", "ready");
  await shot("2-check");
  await page.getByTestId("row-why").last().click();
  await shot("2-check-reasons");
  await page.getByTestId("panel-close").click();
  await page.getByTestId("preview-header").click();
  await page.locator('[data-path="0010,0010"]').click();
  await page.getByTestId("picture").waitFor();
  await shot("2-what-is-sent");
  await page.getByTestId("panel-close").click();
  await page.getByTestId("run").click();
  await state(page, "record", "*");
  await shot("4-record");
  await page.getByTestId("new-run").click();
  await page.getByTestId("leave-anyway").click();
  await state(page, "choose", "empty");
  await drop([MANY]);
  await state(page, "check", "ready");
  await page.getByTestId("run").click();
  await state(page, "run", "saving");
  await page.locator('[data-testid="progress"]:not([value="0"])').waitFor();
  await shot("3-run");
  await page.getByTestId("stop").click();
  await shot("3-run-stop");
  await close();
}
rmSync(folder, { recursive: true, force: true });
