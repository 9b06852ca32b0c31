/** Running, stopping, and keeping what came of it. */
import {
  download,
  downloadJson,
  hasFolderPicker,
  hasSavePicker,
  pickOutputFolder,
  pickZipFile,
} from "../deliver/save.js";
import { clearNow } from "./act-intake.js";
import { currentSession } from "./current.js";
import { keyName } from "./frame.js";
import { view } from "./model.js";
import { beginStudies, endStudies, studyDone } from "./progress.js";
import { dismiss, getState, notify, setState } from "./store.js";
import { leftSeconds } from "./timing.js";
import { LEAVES, sum } from "./verdicts.js";

/** @type {AbortController | null} */
let running = null;
/** The finished ZIP where the browser could not stream it. @type {Blob | null} */
let zip = null;
let reportSaved = false;

/** @typedef {{ kind: "zip" | "folder", handle?: FileSystemFileHandle | FileSystemDirectoryHandle, as: "zip-file" | "zip-blob" | "folder", name: string }} Target */

/** @param {"zip" | "folder"} delivery */
export function deliverTo(delivery) {
  setState({ delivery });
}

export function runIfReady() {
  const state = getState();
  if (!state.busy && sum(view(state).counts, LEAVES) > 0) void run();
}

export async function run() {
  dismiss("no-place", "disk-full", "write-denied", "run-failed", "key-missing", "key-mismatch", "optout-list-missing");
  const target = await chooseTarget();
  if (!target) {
    notify({ code: "no-place", level: "info" });
    return;
  }
  const session = currentSession();
  if (!session) return;
  reportSaved = false;
  const started = new Date();
  const total = sum(view(getState()).counts, LEAVES);
  const log = [{ time: started, code: "started", n: 0 }];
  setState({
    screen: "run",
    state: "saving",
    busy: true,
    panel: null,
    notices: [],
    run: { done: 0, total, saved: 0, held: 0, left: null, log },
  });
  beginStudies(view(getState()));
  const ends = watch(session, performance.now());
  window.addEventListener("beforeunload", warn);
  running = new AbortController();
  try {
    const { stopped, written, blob } = await session.save({
      kind: target.kind,
      signal: running.signal,
      ...(target.handle && { handle: target.handle }),
    });
    finish(target, started, stopped, written, blob);
  } catch (error) {
    failed(target, started, error);
  } finally {
    running = null;
    window.removeEventListener("beforeunload", warn);
    for (const end of ends) end();
    endStudies();
  }
}

/** Asks for the place, while the click still allows it. @returns {Promise<Target | null>} */
async function chooseTarget() {
  const { delivery } = getState();
  const name = zipName();
  if (delivery === "folder") {
    const handle = hasFolderPicker() ? await pickOutputFolder() : null;
    return handle && { kind: "folder", handle, as: "folder", name: handle.name };
  }
  if (!hasSavePicker()) return { kind: "zip", as: "zip-blob", name };
  const handle = await pickZipFile(name);
  return handle && { kind: "zip", handle, as: "zip-file", name: handle.name };
}

/** No person and no hospital in the name: day, time and the key's number. */
function zipName() {
  const now = new Date();
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  const day = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  return `tokumei-${day}-${two(now.getHours())}${two(now.getMinutes())}-${keyName(getState().key?.id ?? "").slice(2)}.zip`;
}

/** @param {BeforeUnloadEvent} event */
function warn(event) {
  event.preventDefault();
}

/** What a person should know about while it runs. */
const LOGGED = new Set(["engine-fault", "timeout", "source-unreadable", "source-changed"]);

/** @param {import("../api/session.js").TokumeiSession} session @param {number} begun */
function watch(session, begun) {
  let [saved, held] = [0, 0];
  /** @type {Map<string, { time: Date, code: string, n: number }>} */
  const logged = new Map();
  return [
    session.on("file", ({ n, verdict, reason }) => {
      studyDone(n);
      if (LEAVES.includes(verdict)) saved += 1;
      else held += 1;
      if (LOGGED.has(reason))
        logged.set(reason, { time: new Date(), code: reason, n: (logged.get(reason)?.n ?? 0) + 1 });
    }),
    session.on("progress", ({ stage, done, total }) => {
      if (stage !== "run") return;
      const { run } = getState();
      const started = run.log.filter(({ code }) => code === "started");
      setState({
        run: {
          ...run,
          done,
          total,
          saved,
          held,
          left: leftSeconds(begun, done, total),
          log: [...logged.values(), ...started],
        },
      });
    }),
  ];
}

/** @param {Target} target @param {Date} started @param {boolean} stopped @param {number} saved @param {Blob | null} blob */
function finish(target, started, stopped, saved, blob) {
  zip = blob;
  if (blob && saved > 0) download(target.name, blob);
  toRecord(target, started, stopped ? "partly-sent" : null, saved);
}

/** Codes that forbid to begin: nothing was processed, and the person can do something about it. */
const FORBIDS = new Set(["key-missing", "key-mismatch", "optout-list-missing"]);
/** Codes of a run that have a notice of their own. */
const KNOWN = new Set(["disk-full", "write-denied", ...FORBIDS]);

/** @param {Target} target @param {Date} started @param {unknown} error */
function failed(target, started, error) {
  const code = error instanceof Error && "code" in error ? String(error.code) : "run-failed";
  // A ZIP that could not be finished is not there at all; files in a folder are.
  const saved = target.kind === "folder" ? getState().run.saved : 0;
  notify({ code: KNOWN.has(code) ? code : "run-failed", level: "error", args: { n: saved } });
  if (FORBIDS.has(code))
    setState({ screen: "check", state: "ready", busy: false, run: { ...getState().run, total: 0 } });
  else toRecord(target, started, saved > 0 ? "partly-sent" : "none", saved);
}

/** @param {Target} target @param {Date} started @param {string | null} state @param {number} saved */
function toRecord(target, started, state, saved) {
  const totals = currentSession()?.report().totals;
  if (!totals) return;
  const { review = 0, refused = 0, excluded = 0 } = totals.byVerdict;
  const outcome =
    state ??
    (saved === 0
      ? "none"
      : review > 0
        ? "finished-holds"
        : refused + excluded > 0
          ? "finished-refusals"
          : "finished-saved");
  setState({
    screen: "record",
    state: outcome,
    busy: false,
    dialog: null,
    revision: getState().revision + 1,
    run: { ...getState().run, saved },
    record: { state: outcome, saved, target: target.name, kind: target.as, started, ended: new Date(), totals },
  });
}

export function askStop() {
  const { saved, total } = getState().run;
  setState({ dialog: { kind: "stop-asked", args: { n: saved, m: total - saved } } });
}

export function stop() {
  setState({ dialog: null });
  running?.abort();
}

export function saveReport() {
  const report = currentSession()?.report();
  if (!report) return;
  downloadJson(fileName("report"), report);
  reportSaved = true;
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
  if (mapping) downloadJson(fileName("mapping"), mapping);
}

/** @param {string} what */
function fileName(what) {
  return zipName()
    .replace(/^tokumei/, `tokumei-${what}`)
    .replace(/\.zip$/, ".json");
}

export async function newRun() {
  if (reportSaved) await leave();
  else setState({ dialog: { kind: "unsaved" } });
}

export async function leave() {
  zip = null;
  await clearNow();
}

/** Moves to the reasons without touching the address. @param {Event} event */
export function toReasons(event) {
  event.preventDefault();
  const title = document.getElementById("reasons-title");
  title?.scrollIntoView({ block: "start" });
  title?.focus({ preventScroll: true });
}
