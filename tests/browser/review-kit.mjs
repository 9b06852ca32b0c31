// Images that need a person: drawn ultrasound pictures of invented people, with their names in the picture as devices write them.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PEOPLE, slice } from "./dicom.mjs";
import { state } from "./kit.mjs";

const US_IMAGE = "1.2.840.10008.5.1.4.1.1.6.1";
const US_CLIP = "1.2.840.10008.5.1.4.1.1.3.1";

/** Letters of 5 x 7 dots, a row a number. @type {Record<string, number[]>} */
const LETTERS = {
  A: [14, 17, 17, 31, 17, 17, 17],
  B: [30, 17, 17, 30, 17, 17, 30],
  E: [31, 16, 16, 30, 16, 16, 31],
  H: [17, 17, 17, 31, 17, 17, 17],
  I: [14, 4, 4, 4, 4, 4, 14],
  K: [17, 18, 20, 24, 20, 18, 17],
  M: [17, 27, 21, 21, 17, 17, 17],
  N: [17, 25, 21, 19, 17, 17, 17],
  O: [14, 17, 17, 17, 17, 17, 14],
  R: [30, 17, 17, 30, 20, 18, 17],
  S: [15, 16, 16, 14, 1, 1, 30],
  T: [31, 4, 4, 4, 4, 4, 4],
  U: [17, 17, 17, 17, 17, 17, 14],
  W: [17, 17, 17, 21, 21, 27, 17],
  Y: [17, 17, 10, 4, 4, 4, 4],
  Z: [31, 1, 2, 4, 8, 16, 31],
  0: [14, 17, 19, 21, 25, 17, 14],
  1: [4, 12, 4, 4, 4, 4, 14],
  2: [14, 17, 1, 6, 8, 16, 31],
  3: [30, 1, 1, 14, 1, 1, 30],
  4: [2, 6, 10, 18, 31, 2, 2],
  5: [31, 16, 30, 1, 1, 17, 14],
  6: [6, 8, 16, 30, 17, 17, 14],
  7: [31, 1, 2, 4, 8, 8, 8],
  8: [14, 17, 17, 14, 17, 17, 14],
  9: [14, 17, 17, 15, 1, 2, 12],
  "-": [0, 0, 0, 14, 0, 0, 0],
  ".": [0, 0, 0, 0, 0, 12, 12],
};

/**
 * A fan of speckle with a name at its top and settings of the device at its bottom; 16 bits a pixel, 12 stored.
 * @param {{ width: number, height: number, name: string, id: string, seed: number }} what
 */
function fan({ width, height, name, id, seed }) {
  const pixels = Buffer.alloc(width * height * 2);
  let random = seed * 7919 + 1;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      random = (random * 1103515245 + 12345) % 2147483648;
      const across = (x - width / 2) / (height * 0.95);
      const down = (y - height * 0.12) / (height * 0.95);
      const far = Math.hypot(across, down);
      const inside = down > 0 && far > 0.1 && far < 0.86 && Math.abs(Math.atan2(across, down)) < 0.62;
      const hollow = Math.hypot(across - 0.12 - seed * 0.004, down - 0.45) < 0.1 ? 0.18 : 1;
      const echo = (500 + 900 * (random / 2147483648)) * hollow * (1 - far * 0.5);
      if (inside) pixels.writeUInt16LE(Math.round(echo), (y * width + x) * 2);
    }
  }
  const dots = Math.max(1, Math.round(width / 320));
  const write = (/** @type {string} */ text, /** @type {number} */ left, /** @type {number} */ top) => {
    for (const [i, letter] of [...text].entries()) {
      for (const [row, bits] of (LETTERS[letter] ?? []).entries()) {
        for (let column = 0; column < 5; column += 1) {
          if (((bits >> (4 - column)) & 1) === 0) continue;
          for (let dot = 0; dot < dots * dots; dot += 1) {
            const x = left + (i * 6 + column) * dots + (dot % dots);
            const y = top + row * dots + Math.floor(dot / dots);
            if (x < width && y < height) pixels.writeUInt16LE(1900, (y * width + x) * 2);
          }
        }
      }
    }
  };
  write(name, 3 * dots, 3 * dots);
  write(id, 3 * dots, 12 * dots);
  write("5.0 MHZ", 3 * dots, height - 10 * dots);
  return pixels;
}

/**
 * One ultrasound picture, or a clip.
 * @param {{ person?: number, study?: number, series?: number, number: number, width?: number, height?: number, frames?: number }} what
 */
export function ultrasound({ person = 0, study = 1, series = 1, number, width = 64, height = 48, frames = 1 }) {
  const { latin, id } = PEOPLE[person] ?? { latin: "", id: "" };
  const shown = { width, height, name: latin.replace("^", " "), id };
  const pixels = Buffer.concat(Array.from({ length: frames }, (_, i) => fan({ ...shown, seed: number * 10 + i })));
  const sopClass = frames > 1 ? US_CLIP : US_IMAGE;
  return slice({
    person,
    study,
    series,
    number,
    modality: "US",
    sopClass,
    columns: width,
    rows: height,
    frames,
    pixels,
  });
}

/** @param {string} folder @param {Parameters<typeof ultrasound>[0][]} pictures */
export function writePictures(folder, pictures) {
  mkdirSync(folder, { recursive: true });
  for (const [i, picture] of pictures.entries()) writeFileSync(join(folder, `US${i}`), ultrasound(picture));
}

/** Under the policy that has every picture of a class at risk looked at. @param {import("playwright-core").Page} page */
export async function lookAtPixels(page) {
  await page.getByTestId("settings-open").click();
  await page.getByTestId("tab-policy").click();
  await page.getByTestId("policy-research").check();
  await page.getByTestId("settings-close").click();
}

/** To the review of what was dropped. @param {import("./kit.mjs").Visit} visit @param {string} folder */
export async function review({ page, drop }, folder) {
  await lookAtPixels(page);
  await drop([folder]);
  await state(page, "check", "*");
  await page.getByTestId("review-first").click();
  await state(page, "review", "image");
}

/** @typedef {import("./kit.mjs").Visit} Visit */

/** What a person sees of a review, and does there. @param {Visit} seen */
export function kit({ page }) {
  const test = (/** @type {string} */ name) => page.getByTestId(name);
  return {
    at: test,
    press: async (/** @type {string[]} */ ...keys) => {
      for (const key of keys) await page.keyboard.press(key);
    },
    /** A key that decides, once it may. */
    async decide(/** @type {string} */ key) {
      await page.locator(SHOWN).first().waitFor({ state: "attached" });
      await settled(page);
      await page.keyboard.press(key);
    },
    title: () => page.locator("#review-title").textContent(),
    place: async () =>
      Number((await page.locator('[data-testid="sheet"] [aria-selected="true"]').getAttribute("data-at")) ?? -1),
    masks: () => test("mask").evaluateAll((found) => found.map((each) => each.getAttribute("aria-label") ?? "")),
    decisions: () =>
      page
        .locator('[data-testid="sheet"] [role="option"]')
        .evaluateAll((found) => found.map((each) => each.getAttribute("data-decision"))),
    text: (/** @type {string} */ name) => test(name).textContent(),
  };
}

/** There is a picture, or it is known that there is none. */
const SHOWN = [
  ...["approve-masked", "approve-pass", "group-approve"].map((id) => `[data-testid="${id}"]:not([aria-disabled])`),
  ...['[data-testid="play"]', '[data-testid="decided"]', 'html[data-state="no-preview"]'],
].join(", ");

/** A key does nothing in the first 400 ms of a picture. @param {import("playwright-core").Page} page */
export async function settled(page) {
  await page.locator('.desk[data-settled="true"]').waitFor();
}

/** The picture is drawn as it is wanted now. @param {import("playwright-core").Page} page */
export async function drawnAnew(page) {
  await page.locator('[data-testid="viewer"][aria-busy="false"]').waitFor();
}

/** @param {Visit} seen @param {string} testId */
export async function tabTo({ page }, testId) {
  for (let i = 0; i < 40; i += 1) {
    await page.keyboard.press("Tab");
    if ((await page.evaluate(() => document.activeElement?.getAttribute("data-testid"))) === testId) return;
  }
  throw new Error(`${testId} was not reached`);
}

/** Pages of tiles, one after the other, until the group is done. @param {Visit} seen @param {string} key @returns {Promise<number>} keys pressed */
export async function throughGroup({ page }, key) {
  let pressed = 0;
  for (; (await page.getByTestId("tiles").count()) > 0; pressed += 1) {
    if (pressed > 40) throw new Error("the group does not end");
    await page.locator('[data-testid="group-approve"]:not([aria-disabled])').waitFor();
    await settled(page);
    await page.keyboard.press(key);
    // Either the next page, which nobody has looked at, or the group is over.
    await page.locator('[data-testid="group-approve"][aria-disabled], .desk:not(.group)').first().waitFor();
  }
  return pressed;
}
