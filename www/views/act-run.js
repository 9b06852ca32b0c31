/** Running: what all ways of delivery share, and saving. What only sending needs is loaded when it is asked for. */
import { download, hasFolderPicker, hasSavePicker, pickOutputFolder, pickZipFile } from "../deliver/save.js";
import { fileName, toRecord } from "./act-record.js";
import { othersRun, sayUntilFree } from "./alone.js";
import { currentSession } from "./current.js";
import { view } from "./model.js";
import { beginStudies } from "./progress.js";
import { dismiss, getState, initialState, notify, setState } from "./store.js";
import { began, log, watch } from "./watch.js";

/** @typedef {import("./store.js").Way} Way */
/** @typedef {{ kind: "zip" | "folder", handle?: FileSystemFileHandle | FileSystemDirectoryHandle, as: "zip-file" | "zip-blob" | "folder", name: string }} Target */

/** @type {AbortController | null} */
let running = null;
/** When the run began that the screen shows. */
let started = new Date();

const sending = () => import("./act-send.js");

/** @param {Way} delivery */
export function deliverTo(delivery) {
  setState({ delivery });
}

/** @param {number} destination its place in the list */
export async function sendTo(destination) {
  setState({ destination });
  await currentSession()?.sendTo(getState().destinations[destination]?.url ?? "");
}

export function runIfReady() {
  if (!getState().busy && (currentSession()?.remaining() ?? 0) > 0) void run();
}

export async function run() {
  dismiss("no-place", "disk-full", "write-denied", "run-failed", "key-missing", "key-mismatch", "optout-list-missing");
  if (await othersRun()) return;
  const { delivery } = getState();
  if (delivery === "upload") return (await sending()).send();
  const target = await chooseTarget(delivery);
  if (target) await save(target);
  else notify({ code: "no-place", level: "info" });
}

/** Asks for the place, while the click still allows it. @param {"zip" | "folder"} delivery @returns {Promise<Target | null>} */
export async function chooseTarget(delivery) {
  const name = `${fileName()}.zip`;
  if (delivery === "folder") {
    const handle = hasFolderPicker() ? await pickOutputFolder() : null;
    return handle && { kind: "folder", handle, as: "folder", name: handle.name };
  }
  if (!hasSavePicker()) return { kind: "zip", as: "zip-blob", name };
  const handle = await pickZipFile(name);
  return handle && { kind: "zip", handle, as: "zip-file", name: handle.name };
}

/**
 * Saves what has not left yet.
 * @param {Target} target
 * @param {number} [sent] images that have arrived at a destination
 */
export async function save(target, sent = 0) {
  const session = currentSession();
  if (!session) return;
  const { handle, kind } = target;
  open(kind, sent > 0 ? getState().run.total - sent : session.remaining());
  try {
    const done = await during((signal) => session.save({ kind, signal, ...(handle && { handle }) }));
    if (done.blob && done.written > 0) download(target.name, done.blob);
    await toRecord({ way: kind, target, blob: done.blob, stopped: done.stopped, sent, saved: done.written, started });
  } catch (error) {
    await saveFailed(target, sent, error);
  }
}

/**
 * Opens the screen of a run, with nothing counted yet.
 * @param {Way} way
 * @param {number} total images that are to leave
 */
export function open(way, total) {
  started = new Date();
  const before = currentSession()?.confirmed() ?? 0;
  setState({
    screen: "run",
    state: way === "upload" ? "running" : "saving",
    busy: true,
    panel: null,
    notices: [],
    run: { ...initialState.run, way, total, before, bytes: getState().run.bytes },
  });
  const seen = view(getState());
  began(seen);
  beginStudies(seen);
  log("started");
  return started;
}

/**
 * While files leave: counts, and the browser's question before the tab closes.
 * @template T
 * @param {(signal: AbortSignal) => Promise<T>} work
 */
export async function during(work) {
  const session = currentSession();
  const end = session ? watch(session) : () => undefined;
  window.addEventListener("beforeunload", warn);
  running = new AbortController();
  try {
    return await work(running.signal);
  } finally {
    running = null;
    window.removeEventListener("beforeunload", warn);
    end();
  }
}

/** @param {BeforeUnloadEvent} event */
function warn(event) {
  event.preventDefault();
}

/** Codes that forbid to begin: nothing was processed, and the person can do something about it. */
const FORBIDS = new Set([
  "key-missing",
  "key-mismatch",
  "optout-list-missing",
  "destination-not-allowed",
  "second-run",
]);

/** Back to 確認する where a run may not begin at all. @param {string} code @returns {boolean} */
export function forbidden(code) {
  if (!FORBIDS.has(code)) return false;
  if (code === "second-run") void sayUntilFree();
  else notify({ code, level: "error" });
  setState({ screen: "check", state: "ready", busy: false, run: initialState.run });
  return true;
}

/** Only the code of an error is told. @param {unknown} error */
export function codeOf(error) {
  return error instanceof Error && "code" in error ? String(error.code) : "run-failed";
}

/** @param {Target} target @param {number} sent @param {unknown} error */
async function saveFailed(target, sent, error) {
  const code = codeOf(error);
  if (forbidden(code)) return;
  // A ZIP that could not be finished is not there at all; files in a folder are.
  const saved = target.kind === "folder" ? getState().run.saved : 0;
  const known = code === "disk-full" || code === "write-denied" ? code : "run-failed";
  notify({ code: known, level: "error", args: { n: saved } });
  await toRecord({ way: target.kind, target, stopped: true, sent, saved, started });
}

export function askStop() {
  const { saved, total } = getState().run;
  setState({ dialog: { kind: "stop-asked", args: { n: saved, m: total - saved } } });
}

export async function stop() {
  setState({ dialog: null });
  if (running) running.abort();
  else await (await sending()).giveUp();
}

/** Ends what runs, and nothing else. */
export function interrupt() {
  running?.abort();
  return running !== null;
}

export const pause = async () => (await sending()).pause();
export const resume = async () => (await sending()).resume();
export const saveInstead = async () => (await sending()).saveInstead();
export const sendAgain = async () => (await sending()).sendAgain();
export const sendRest = async () => (await sending()).sendRest();
/** @param {number} destination its place in the list */
export const testDestination = async (destination) => (await sending()).testDestination(destination);
/** @param {Event} [event] of a form that may hold an access code */
export const retryNow = async (event) => {
  event?.preventDefault();
  const form = event?.currentTarget;
  (await sending()).retryNow(form instanceof HTMLFormElement ? form : null);
};
