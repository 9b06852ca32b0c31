/** Putting files in: start of the page, drops, pickers, reading, planning. */
import { tokumei } from "../api/tokumei.js";
import { filesAsInputs, hasFolderPicker, pickFiles as openFiles, pickFolder as openFolder } from "../intake/pick.js";
import { takeDrop, walkDrop } from "../intake/walk.js";
import { formatDay } from "../words/words.js";
import { currentKey, currentOptOut, useKey, usePolicies } from "./act-settings.js";
import { othersRun } from "./alone.js";
import { currentSession, setSession } from "./current.js";
import { forgetView, view } from "./model.js";
import { dismiss, getState, initialState, notify, setState } from "./store.js";
import { leftSeconds, throttled } from "./timing.js";
import { LEAVES, sum } from "./verdicts.js";

/** @typedef {import("../workers/types.js").Input} Input */

/** Everything that was put in: a change of policy, key or list reads it again. @type {Input[]} */
let inputs = [];
/** @type {AbortController | null} */
let reading = null;

export async function start() {
  try {
    await tokumei.ready;
  } catch {
    // Whatever is missing, browser or file, the person can do the same about it; nothing has been read.
    notify({
      code: typeof WebAssembly === "object" && "compileStreaming" in WebAssembly ? "engine-missing" : "unsupported",
      level: "error",
    });
    return;
  }
  usePolicies(tokumei.policies());
  useKey(tokumei.makeKey());
  const destinations = await tokumei.destinations();
  const delivery = destinations.length > 0 ? "upload" : "zip";
  setState({ state: "empty", version: tokumei.version, destinations, delivery });
  // Files can be put in while this is looked up.
  void othersRun();
  // Asked for when the network may be gone.
  if (destinations.length > 0) void import("./act-send.js").catch(() => undefined);
  await showUnfinished();
}

/** A run that was not finished on this PC can be gone on with, under the same key. */
export async function showUnfinished() {
  if (getState().destinations.length === 0) return;
  const before = await tokumei.unfinished();
  dismiss("resume", "resume-key");
  if (!before) return;
  const args = { n: before.confirmed, time: formatDay(before.day) };
  if (getState().key?.kept) notify({ code: "resume", level: "ok", args });
  else notify({ code: "resume-key", level: "info", args });
}

export function askForget() {
  setState({ dialog: { kind: "resume-forget" } });
}

export async function forgetUnfinished() {
  setState({ dialog: null });
  await tokumei.forgetUnfinished();
  dismiss("resume", "resume-key");
}

/** May files be put in now? */
export function takesDrops() {
  const { screen, state, busy, dialog } = getState();
  return (screen === "choose" || screen === "check") && state !== "loading" && !busy && !dialog;
}

/** @param {boolean} inside */
export function dragging(inside) {
  const { screen, state } = getState();
  if (inside && takesDrops()) setState({ state: "dragging" });
  else if (state === "dragging") setState({ state: screen === "choose" ? "empty" : "ready" });
}

/** @param {DataTransfer} transfer inside its event */
export function drop(transfer) {
  void read(walkDrop(takeDrop(transfer)));
}

export async function pickFolder() {
  if (!takesDrops()) return;
  dismiss("blocked-folder");
  if (!hasFolderPicker()) {
    notify({ code: "picker-fallback", level: "info" });
    const files = await openFiles({ folder: true });
    dismiss("picker-fallback");
    if (files.length > 0) await read(filesAsInputs(files));
    return;
  }
  const walk = await openFolder();
  if (walk) await read(walk);
  else notify({ code: "blocked-folder", level: "info" });
}

export async function pickFiles() {
  if (!takesDrops()) return;
  const files = await openFiles();
  if (files.length > 0) await read(filesAsInputs(files));
}

export function addMore() {
  void pickFolder();
}

export function stopScan() {
  reading?.abort();
}

/** Reads everything again under the settings now in force. */
export async function readAgain() {
  if (!currentSession()) return;
  const again = inputs;
  await forget();
  await read(again);
}

/** Lets go of files, names and workers. */
export async function forget() {
  inputs = [];
  const session = currentSession();
  setSession(null);
  forgetView();
  await session?.close();
}

export async function clear() {
  setState({ dialog: { kind: "clear-ask", args: { n: inputs.length } } });
}

/** Back to the first screen with nothing held. */
export async function clearNow() {
  await forget();
  setState({
    screen: "choose",
    state: "empty",
    dialog: null,
    panel: null,
    notices: [],
    opened: new Set(),
    onlyAttention: false,
    record: null,
    run: initialState.run,
    revision: getState().revision + 1,
  });
}

const NOTICES_OF_PLAN = [
  "nothing",
  "ready-nothing-leaves",
  "partly-unreadable",
  "no-patient-id",
  "password-zip",
  "zip-unread",
  "blocked-folder",
  "picker-fallback",
];

/** Reasons of a ZIP that was not read, but for a password. */
const UNREAD_ZIPS = ["zip-too-large", "zip-damaged", "zip-nested", "zip-unsupported"];

/** @param {Iterable<Input> | AsyncIterable<Input>} found */
async function read(found) {
  reading = new AbortController();
  const { signal } = reading;
  dismiss(...NOTICES_OF_PLAN);
  const scan = { found: 0, done: 0, bytes: 0, walking: true, left: null };
  setState({ screen: "check", state: "scanning-unknown", busy: true, panel: null, scan });
  const session = currentSession() ?? (await openSession());
  const begun = performance.now();
  const end = session.on("progress", ({ stage, done, total, bytes }) => {
    if (stage !== "scan") return;
    const { walking } = getState().scan;
    setState({ scan: { found: total, done, bytes, walking, left: walking ? null : leftSeconds(begun, done, total) } });
    drawTree();
  });
  try {
    await session.add(watched(found, signal), { signal });
    await session.plan();
  } finally {
    end();
    reading = null;
  }
  planned();
}

/** Building the tree of a hundred thousand files takes a while: once a second is enough while reading. */
const drawTree = throttled(1000, () => setState({ revision: getState().revision + 1 }));

/** @param {Iterable<Input> | AsyncIterable<Input>} found @param {AbortSignal} signal */
async function* watched(found, signal) {
  for await (const input of found) {
    if (signal.aborted) break;
    inputs.push(input);
    yield input;
  }
  setState({ state: "scanning", scan: { ...getState().scan, walking: false } });
}

async function openSession() {
  const { policies, policyId, destinations, destination } = getState();
  const { url } = destinations[destination] ?? {};
  const session = await tokumei.open({
    policy: policies.find(({ id }) => id === policyId)?.document ?? policyId,
    key: currentKey(),
    optOut: currentOptOut(),
    ...(url !== undefined && { destination: url }),
  });
  setSession(session);
  return session;
}

/** The plan stands: shows what a person has to know about it. */
function planned() {
  const revision = getState().revision + 1;
  setState({ revision, busy: false, state: "ready" });
  const seen = view(getState());
  const going = sum(seen.counts, LEAVES);
  if (seen.patients === 0) notify({ code: "nothing", level: "warn", args: { n: seen.files } });
  else if (going === 0) notify({ code: "ready-nothing-leaves", level: "warn", args: { n: seen.files } });
  const { "zip-encrypted": locked = 0, "source-unreadable": unreadable = 0 } = seen.reasons;
  const unread = UNREAD_ZIPS.reduce((n, code) => n + (seen.reasons[code] ?? 0), 0);
  if (locked > 0) notify({ code: "password-zip", level: "error", args: { n: locked } });
  if (unread > 0) notify({ code: "zip-unread", level: "warn", args: { n: unread } });
  if (unreadable > 0) notify({ code: "partly-unreadable", level: "warn", args: { n: unreadable } });
  if (seen.withoutId > 0) notify({ code: "no-patient-id", level: "warn", args: { n: seen.withoutId } });
  const state = seen.patients === 0 ? "nothing" : going === 0 ? "ready-nothing-leaves" : "ready";
  setState({ state, opened: openedAtFirst(seen) });
}

const ROWS_OPEN_AT_FIRST = 14;

/** Few studies are shown at once; many begin folded. @param {import("./model.js").View} seen */
function openedAtFirst({ roots, studies, patients }) {
  if (getState().opened.size > 0) return getState().opened;
  if (studies + patients > ROWS_OPEN_AT_FIRST) return new Set(/** @type {string[]} */ ([]));
  return new Set(roots.map(({ key }) => key));
}
