// Pictures of every screen for the documents: `npm run shots` writes docs/pictures.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../../tools/process.mjs";
import { slice, writeCd } from "./dicom.mjs";
import { OWN, state, visit } from "./kit.mjs";
import { reviewShots } from "./review-shots.mjs";

const OUT = process.env.TOKUMEI_SHOTS ?? join(root, "docs/pictures");
const folder = mkdtempSync(join(tmpdir(), "tokumei-shots-"));
const CD = join(folder, "CD1");
const MANY = join(folder, "CD2");
/** What the receiver takes, so that some images are too large for it. */
const MOST_BYTES = 120_000;
mkdirSync(OUT, { recursive: true });
writeCd(CD);
writeCd(MANY);
for (const number of [1, 2, 3]) {
  writeFileSync(join(CD, `LARGE${number}`), slice({ person: 1, study: 7, series: 1, number, size: 256 }));
}
for (let number = 1; number <= 600; number += 1) {
  writeFileSync(join(MANY, `IM${number}`), slice({ person: 0, study: 5, series: 1, number }));
}

for (const language of /** @type {const} */ (["ja", "en"])) {
  const { page, context, drop, receiver, close } = await visit({ language, destinations: [OWN] });
  const faults = (/** @type {object} */ plan) => receiver?.faults(plan);
  const notice = (/** @type {string} */ code) => page.locator(`[data-notice="${code}"]`);
  const shot = async (/** @type {string} */ name) => {
    await page.mouse.move(0, 700);
    await page.screenshot({ path: join(OUT, `${language}-${name}.png`) });
  };
  await shot("1-choose");
  await page.getByTestId("dest-open").click();
  await page.getByTestId("dest-test").click();
  await notice("dest-ok").waitFor();
  await shot("5-settings-destination");
  await page.getByTestId("tab-policy").click();
  await shot("5-settings");
  await page.getByTestId("settings-close").click();
  await page.reload();
  await state(page, "choose", "empty");

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
  faults({ token: "k7" });
  await page.getByTestId("run").click();
  await notice("auth").waitFor();
  await shot("3-run-auth");
  faults({ maxBytes: MOST_BYTES });
  await notice("auth").getByTestId("retry-now").click();
  await state(page, "record", "partly-sent");
  await page.getByTestId("failed").locator("summary").click();
  await shot("4-record-failed");
  faults({});
  await page.getByTestId("send-again").click();
  await state(page, "record", "finished-refusals");
  await shot("4-record");
  await page.getByTestId("new-run").click();
  await page.getByTestId("leave-anyway").click();
  await state(page, "choose", "empty");

  await drop([MANY]);
  await state(page, "check", "ready");
  faults({ random: [{ kind: "slow", p: 1, delayMs: 800 }] });
  await page.getByTestId("run").click();
  await page.locator('[data-testid="progress"]:not([value="0"])').waitFor();
  await page.waitForTimeout(1800);
  await shot("3-run");
  await page.getByTestId("pause").click();
  await notice("paused").waitFor();
  await shot("3-run-paused");
  faults({ random: [{ kind: "status", p: 1, status: 502, retryAfter: 30 }] });
  await page.getByTestId("resume").click();
  await notice("provider-down").waitFor();
  await shot("3-run-provider-down");
  await context.setOffline(true);
  await notice("provider-down").getByTestId("retry-now").click();
  await notice("offline").waitFor();
  await shot("3-run-offline");
  await page.getByTestId("stop").click();
  await shot("3-run-stop");
  await page.getByTestId("stop-yes").click();
  await state(page, "record", "partly-sent");
  await shot("4-record-stopped");
  await context.setOffline(false);
  await close();
  await reviewShots(language, OUT);
}
rmSync(folder, { recursive: true, force: true });
