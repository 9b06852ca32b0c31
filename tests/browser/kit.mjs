// Chromium on the page as it is served: real headers, real folder drops, and a record of everything that tried to leave.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { chromium } from "playwright-core";
import { createServer } from "../../provider/server.mjs";
import { executable, FLAGS as QUIET } from "../../tools/chromium.mjs";
import { root } from "../../tools/process.mjs";

/** What ships is what is tested; `TOKUMEI_PAGE=www` for the sources as they are. */
const PAGE = resolve(root, process.env.TOKUMEI_PAGE ?? "dist");
/** No name is looked up. */
const FLAGS = [...QUIET, "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"];

/**
 * @typedef {object} Visit
 * @property {import("playwright-core").Page} page
 * @property {import("playwright-core").BrowserContext} context
 * @property {string} origin
 * @property {string[]} requests every URL that page or workers asked for
 * @property {string[]} console every line of the console, and every uncaught error
 * @property {(paths: string[]) => Promise<void>} drop absolute paths, as a person drops them
 * @property {Receiver | null} receiver what the page may send to
 * @property {() => Promise<void>} close
 *
 * @typedef {object} Receiver the embedded provider of the page's own server
 * @property {(plan: object) => void} faults switches faults on; `{}` switches them off
 * @property {() => Record<string, number>} met how often each kind of fault was met since they were switched on
 * @property {() => { study: string, series: string, instance: string, sha256: string, bytes: number }[]} rows what it has
 * @property {(row: { study: string, series: string, instance: string }) => string} path of its file
 * @property {string[]} arrivals SOP Instance UIDs in the order in which they came in whole, again where they came again
 *
 * @typedef {{ name: string | { ja: string, en: string }, url?: string, forward?: string }} Destination
 */

/** What `npm start` offers. @type {Destination} */
export const OWN = { name: { ja: "例: 画像提供センター", en: "Example image centre" }, url: "dicom-web" };

/**
 * Opens the page in a browser of its own, with a profile on disk (memory-only profiles hold files in memory). `unkept`: a connection
 * for each request, so that the browser itself repeats none that is cut off.
 * @param {{ language?: "ja" | "en", width?: number, height?: number, folderPicker?: boolean, destinations?: Destination[], unkept?: boolean, prepare?: (context: import("playwright-core").BrowserContext) => Promise<void> }} [how]
 * @returns {Promise<Visit>}
 */
export async function visit({
  language = "ja",
  width = 1366,
  height = 768,
  folderPicker = false,
  destinations = [],
  unkept = false,
  prepare,
} = {}) {
  const received = destinations.length > 0 ? mkdtempSync(join(tmpdir(), "tokumei-received-")) : null;
  const server = createServer({
    folder: PAGE,
    settings: { schema: "tokumei.settings/1", destinations },
    ...(received !== null && { received, faults: true }),
  });
  if (unkept) server.maxRequestsPerSocket = 1;
  await new Promise((done) => server.listen(0, "127.0.0.1", () => done(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const origin = `http://127.0.0.1:${port}`;
  const profile = mkdtempSync(join(tmpdir(), "tokumei-profile-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: executable(),
    args: FLAGS,
    locale: language === "ja" ? "ja-JP" : "en-GB",
    timezoneId: "Asia/Tokyo",
    viewport: { width, height },
    acceptDownloads: true,
  });
  /** @type {string[]} */
  const requests = [];
  /** @type {string[]} */
  const lines = [];
  context.on("request", (request) => requests.push(request.url()));
  context.on("console", (message) => lines.push(`${message.type()}: ${message.text()}`));
  context.on("weberror", (error) => lines.push(`error: ${error.error().message}`));
  await prepare?.(context);
  const page = context.pages()[0] ?? (await context.newPage());
  // Pickers cannot be driven: the page sees a browser without them, or one whose folder picker gives a private folder.
  await context.addInitScript((folder) => {
    const browser = /** @type {any} */ (globalThis);
    for (const name of ["showSaveFilePicker", "showOpenFilePicker", "showDirectoryPicker"]) delete browser[name];
    if (folder) browser.showDirectoryPicker = () => navigator.storage.getDirectory();
  }, folderPicker);
  // The browser is asked to leave choosers to the test now: asked just before a key is pressed, it may be too late.
  page.on("filechooser", () => undefined);
  await begin(page, origin);
  return {
    page,
    context,
    origin,
    requests,
    console: lines,
    drop: (paths) => dropFiles(context, page, paths),
    receiver: receiverOf(server.provider),
    async close() {
      await context.close();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      await server.closed;
      for (const folder of [profile, received]) if (folder !== null) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** @param {ReturnType<typeof createServer>["provider"]} provider @returns {Receiver | null} */
function receiverOf(provider) {
  if (provider === null) return null;
  const { archive, faults } = provider;
  /** @type {string[]} */
  const arrivals = [];
  const publish = archive.publish.bind(archive);
  archive.publish = (incoming, row) => {
    arrivals.push(row.instance);
    return publish(incoming, row);
  };
  return {
    faults: (plan) => faults?.set(plan),
    met: () => ({ ...faults?.met }),
    path: (row) => archive.path(row),
    rows: () => [...archive.catalog.studies.values()].flatMap(({ rows }) => rows),
    arrivals,
  };
}

/** Opens the page and waits until files can be put in. @param {import("playwright-core").Page} page @param {string} origin */
export async function begin(page, origin) {
  await page.goto(`${origin}/`);
  await state(page, "choose", "empty");
}

/** Waits until the page says that it is in a state; the CSP forbids `waitForFunction`. */
export async function state(
  /** @type {import("playwright-core").Page} */ page,
  /** @type {string} */ screen,
  /** @type {string} */ name,
) {
  const of = name === "*" ? "" : `[data-state="${name}"]`;
  await page.locator(`html[data-screen="${screen}"]${of}`).waitFor({ state: "attached", timeout: 60_000 });
}

/** A genuine drop, with folders: synthetic drag events have none. @param {import("playwright-core").BrowserContext} context @param {import("playwright-core").Page} page @param {string[]} files */
async function dropFiles(context, page, files) {
  const client = await context.newCDPSession(page);
  const data = { items: [], files, dragOperationsMask: 1 };
  for (const type of /** @type {const} */ (["dragEnter", "dragOver", "drop"])) {
    await client.send("Input.dispatchDragEvent", { type, x: 150, y: 200, data });
  }
  await client.detach();
}

/** The bytes of a download. @param {import("playwright-core").Download} download */
export async function saved(download) {
  return readFileSync(await download.path());
}
