/** What happens while files leave, told to the store as often as the session tells it. */
import { formatSize } from "../words/words.js";
import { currentSession } from "./current.js";
import { studyDone } from "./progress.js";
import { dismiss, getState, notify, setState } from "./store.js";
import { leftSeconds } from "./timing.js";
import { LEAVES } from "./verdicts.js";

/** How each file of the run ended: true where it arrived. @type {Map<number, boolean>} */
const settled = new Map();
/** Images that are to leave, in their order. @type {number[]} */
let leaving = [];
/** Since when, and from where, the rate is taken. */
let rate = { begun: 0, from: 0 };
/** Bytes that went to the network before. */
let bytesBefore = 0;

/** Without anything done for so long, a person wonders. */
const SLOW_MS = 20_000;

/** Files of which a person should know while it runs. */
const LOGGED = new Set(["engine-fault", "timeout", "source-unreadable", "source-changed"]);

/** A new run: nothing is counted yet. @param {import("./model.js").View} seen */
export function began({ roots }) {
  settled.clear();
  leaving = roots.flatMap(({ items, children }) =>
    children.length > 0 ? children.flatMap((each) => each.items) : items,
  );
}

/** These are to be done again. @param {number[]} items */
export function reopened(items) {
  for (const n of items) settled.delete(n);
}

/** What is counted before more is told. */
export function counts() {
  const saved = arrived().length;
  return { saved, held: settled.size - saved, done: settled.size };
}

/** Files that have arrived. */
export function arrived() {
  return [...settled].filter(([, there]) => there).map(([n]) => n);
}

/** @param {import("../api/session.js").TokumeiSession} session @returns {() => void} ends it */
export function watch(session) {
  rate = { begun: performance.now(), from: settled.size };
  bytesBefore = getState().run.bytes;
  const before = settled.size;
  let moved = performance.now();
  const slow = setInterval(() => {
    if (performance.now() - moved > SLOW_MS && !waits()) saySlow();
  }, 1000);
  const ends = [
    session.on("file", (file) => {
      moved = performance.now();
      settle(file);
    }),
    session.on("progress", (detail) => {
      if (detail.stage !== "run") return;
      const { bytes } = getState().run;
      tell(detail, before);
      if (getState().run.bytes > bytes) moved = performance.now();
      if (performance.now() - moved < SLOW_MS) dismiss("slow");
    }),
  ];
  return () => {
    clearInterval(slow);
    for (const end of ends) end();
  };
}

/** The rate begins anew: time that a person or the network took is none of it. */
export function rateAnew() {
  rate = { begun: performance.now(), from: settled.size };
}

/** @param {{ n: number, verdict: any, reason: string }} file */
function settle({ n, verdict, reason }) {
  const went = LEAVES.includes(verdict) || reason === "already-delivered";
  settled.set(n, went);
  if (went) studyDone(n);
  if (LOGGED.has(reason)) log(reason);
  const { run } = getState();
  if (reason === "source-unreadable" && run.way === "upload") {
    notify({ code: "source-gone", level: "warn", args: { n: arrived().length } });
  }
}

/** @param {{ done: number, sent?: number, processed?: number }} detail @param {number} before files that were done before this began */
function tell({ sent = 0, processed = 0 }, before) {
  const { run, dialog } = getState();
  const { saved, held, done } = counts();
  const now = {
    ...run,
    saved,
    held,
    done: Math.max(before + processed, done),
    bytes: bytesBefore + sent,
    left: waits() ? null : leftSeconds(rate.begun, settled.size - rate.from, run.total - rate.from),
  };
  // What the question says stays true while it stands there.
  const asks = dialog?.kind === "stop-asked" ? { dialog: { ...dialog, args: { n: saved, m: run.total - saved } } } : {};
  setState({ run: now, notices: recounted(saved), ...asks });
}

/** Notices that say how much has arrived. */
const COUNTING = new Set(["paused", "provider-down", "blocked", "source-gone"]);

/** @param {number} n files that have arrived */
function recounted(n) {
  return getState().notices.map((notice) =>
    COUNTING.has(notice.code) ? { ...notice, args: { ...notice.args, n } } : notice,
  );
}

/** Does nothing move for a reason that the person knows of? */
function waits() {
  const { run, notices } = getState();
  return (
    run.paused || notices.some(({ code }) => code === "offline" || code === "provider-down" || code === "provider-busy")
  );
}

/** Says how large the image is that is waited for: the first that is not done. */
function saySlow() {
  const session = currentSession();
  const n = leaving.find(
    (each) => !settled.has(each) && session?.file(each)?.left === false && willLeave(session.file(each)?.verdict),
  );
  const bytes = n === undefined ? 0 : (session?.file(n)?.bytes ?? 0);
  if (bytes > 0) notify({ code: "slow", level: "info", args: { size: formatSize(bytes) } });
}

/** @param {string | undefined} verdict */
const willLeave = (verdict) => LEAVES.includes(/** @type {any} */ (verdict));

const LINES = 40;

/** Writes down what happened, the newest first; again and again is one line with its number. @param {string} code */
export function log(code) {
  const { run } = getState();
  const before = LOGGED.has(code) ? run.log.find((line) => line.code === code) : undefined;
  const line = { time: new Date(), code, n: (before?.n ?? 0) + 1 };
  setState({ run: { ...run, log: [line, ...run.log.filter((each) => each !== before)].slice(0, LINES) } });
}
