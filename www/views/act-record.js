/** The record: how the run ended, and keeping what came of it. */
import { download, downloadJson } from "../deliver/save.js";
import { clearNow } from "./act-intake.js";
import { currentSession } from "./current.js";
import { keyName } from "./frame.js";
import { endStudies } from "./progress.js";
import { getState, notify, setState } from "./store.js";

/** @typedef {import("./store.js").Totals} Totals */

/** The finished ZIP where the browser could not stream it. @type {Blob | null} */
let zip = null;
let reportSaved = false;

/**
 * Shows how a run ended.
 * @param {{ way: import("./store.js").Way, target?: import("./act-run.js").Target, blob?: Blob | null, stopped: boolean,
 *   sent?: number, saved?: number, started: Date }} run `sent`, `saved`: images
 */
export async function toRecord({ way, target, blob = null, stopped, sent = 0, saved = 0, started }) {
  const session = currentSession();
  const totals = session?.report().totals;
  if (!session || !totals) return;
  const receipt = await session.receipt();
  endStudies();
  zip = blob;
  reportSaved = false;
  const failed = session.failed();
  const left = totals.byReason.stopped ?? 0;
  // A stop that came when all had left has stopped nothing.
  const state = outcome(totals, sent + saved, (stopped && left > 0) || failed.length > 0, way);
  setState({
    screen: "record",
    state,
    busy: false,
    dialog: null,
    notices: getState()
      .notices.filter(({ code }) => OF_ENDINGS.has(code))
      .map((notice) => ({ ...notice, args: { ...notice.args, n: way === "upload" ? sent : saved } })),
    revision: getState().revision + 1,
    record: {
      state,
      way,
      sent,
      saved,
      left,
      confirmed: session.confirmed(),
      target: target?.name ?? "",
      kind: target?.as ?? "",
      started,
      ended: new Date(),
      totals,
      receipt: receiptNumber(receipt),
      failed,
    },
  });
}

/** Notices that say something of the end, and not only of the way to it. */
const OF_ENDINGS = new Set(["disk-full", "write-denied", "run-failed", "source-gone"]);

/** @param {Totals} totals @param {number} went @param {boolean} stopped @param {import("./store.js").Way} way */
function outcome({ byVerdict }, went, stopped, way) {
  const { review = 0, refused = 0, excluded = 0 } = byVerdict;
  if (went === 0) return "none";
  if (stopped) return "partly-sent";
  if (review > 0) return "finished-holds";
  if (refused + excluded > 0) return "finished-refusals";
  return way === "upload" ? "finished" : "finished-saved";
}

/** As people read it aloud: the first eight hexadecimal digits of the signature. @param {any} receipt */
function receiptNumber(receipt) {
  const signature = receipt?.signature?.value;
  if (typeof signature !== "string") return "";
  const bytes = [...atob(signature.replaceAll("-", "+").replaceAll("_", "/")).slice(0, 4)];
  const digits = bytes.map((byte) => byte.charCodeAt(0).toString(16).padStart(2, "0")).join("");
  return `R-${digits.slice(0, 4)}-${digits.slice(4)}`.toUpperCase();
}

/** No person and no hospital in the name: day, time and the key's number. @param {string} [what] */
export function fileName(what = "") {
  const now = new Date();
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  const day = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  const parts = ["tokumei", what, day, `${two(now.getHours())}${two(now.getMinutes())}`];
  return [...parts, keyName(getState().key?.id ?? "").slice(2)].filter(Boolean).join("-");
}

export function saveReport() {
  const report = currentSession()?.report();
  if (!report) return;
  downloadJson(`${fileName("report")}.json`, report);
  reportSaved = true;
}

export async function saveReceipt() {
  const receipt = await currentSession()?.receipt();
  if (receipt) downloadJson(`${fileName("receipt")}.json`, receipt);
}

export function saveZip() {
  const { record } = getState();
  if (zip && record) download(record.target, zip);
}

export function askMapping() {
  setState({ dialog: { kind: "mapping-ask" } });
}

export function saveMapping() {
  setState({ dialog: null });
  const mapping = currentSession()?.mapping();
  if (mapping) downloadJson(`${fileName("mapping")}.json`, mapping);
}

export async function newRun() {
  if (reportSaved) await leave();
  else setState({ dialog: { kind: "unsaved" } });
}

export async function leave() {
  zip = null;
  if (getState().record?.way === "upload") (await import("./act-send.js")).forgetAccess();
  await clearNow();
  notify({ code: "cleared", level: "ok" });
}

/** Moves to the reasons without touching the address. @param {Event} event */
export function toReasons(event) {
  event.preventDefault();
  const title = document.getElementById("reasons-title");
  title?.scrollIntoView({ block: "start" });
  title?.focus({ preventScroll: true });
}
