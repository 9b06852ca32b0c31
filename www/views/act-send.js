/** Sending: until every receipt is confirmed, or the person stops. The access code stays in this module, in memory alone. */
import { tokumei } from "../api/tokumei.js";
import { formatSize } from "../words/words.js";
import { toRecord } from "./act-record.js";
import { chooseTarget, codeOf, during, forbidden, interrupt, open, save } from "./act-run.js";
import { currentSession } from "./current.js";
import { view } from "./model.js";
import { beginStudies, studyDone } from "./progress.js";
import { dismiss, getState, notify, setState } from "./store.js";
import { arrived, counts, log, rateAnew, reopened } from "./watch.js";

/** @typedef {import("./store.js").Notice} Notice */

let started = new Date();
/** What the person was given by the administrator, once a destination asked for it. @type {string | null} */
let accessCode = null;
/** Where what has not arrived is saved once the sending has ended. @type {import("./act-run.js").Target | null} */
let instead = null;

export async function send() {
  await go(() => {
    started = open("upload", currentSession()?.remaining() ?? 0);
  });
}

/** Sends just what did not arrive. */
export async function sendAgain() {
  const items =
    currentSession()
      ?.failed()
      .map(({ n }) => n) ?? [];
  await go(() => {
    reopened(items);
    goOn();
  }, items);
}

/** Goes on where it was stopped. */
export async function sendRest() {
  await go(goOn);
}

/** Back to the screen of the run, with what was counted. */
function goOn() {
  const { run } = getState();
  const now = { ...run, ...counts(), halted: null, paused: false };
  setState({ screen: "run", state: "running", busy: true, notices: [], run: now });
  beginStudies(view(getState()));
  arrived().forEach(studyDone);
  log("resumed");
}

/** @param {() => void} show @param {number[]} [only] numbers of files */
async function go(show, only) {
  const session = currentSession();
  if (!session) return;
  show();
  const end = session.on("notice", tell);
  try {
    const { stopped } = await during((signal) =>
      session.upload({ signal, token: () => accessCode, ...(only && { only }) }),
    );
    if (!instead) await toRecord({ way: "upload", stopped, sent: arrived().length, started });
  } catch (error) {
    halted(codeOf(error));
  } finally {
    end();
    clearInterval(counting);
  }
  const target = instead;
  instead = null;
  if (target) await save(target, arrived().length);
}

/** Notices of the sink, each with its level. @type {Record<string, Notice["level"]>} */
const LEVELS = {
  offline: "info",
  "provider-down": "warn",
  "provider-busy": "info",
  blocked: "error",
  "too-big": "warn",
};
/** Those that say why nothing moves; one at a time. */
const WAITING = ["offline", "provider-down", "provider-busy", "blocked", "slow"];

/** @type {ReturnType<typeof setInterval> | undefined} */
let counting;

/** @param {{ code: string, seconds?: number, bytes?: number }} notice */
function tell({ code, seconds = 1, bytes = 0 }) {
  const level = LEVELS[code];
  if (code !== "back" && level === undefined) return;
  const known = getState().notices.some((notice) => notice.code === code);
  if (code !== "too-big") {
    clearInterval(counting);
    dismiss(...WAITING.filter((each) => each !== code));
    rateAnew();
  }
  if (!known) log(code);
  if (code !== "too-big" && level !== undefined)
    setState({ run: { ...getState().run, retries: getState().run.retries + 1 } });
  if (level === undefined) return;
  const { saved, total } = getState().run;
  const args = { n: saved, total, sec: Math.ceil(seconds), size: formatSize(bytes) };
  notify({ code, level, args });
  if (code === "provider-down") counting = setInterval(() => countDown(code), 1000);
}

/** @param {string} code */
function countDown(code) {
  const notice = getState().notices.find((each) => each.code === code);
  const sec = Number(notice?.args?.sec ?? 1);
  if (notice && sec > 1) notify({ ...notice, args: { ...notice.args, sec: sec - 1 } });
}

/** The notice of what ended the sending. @type {Record<string, string>} */
const ENDINGS = {
  "destination-auth": "auth",
  "destination-unreachable": "unreachable",
  "destination-misconfigured": "blocked",
};

/** The sending has ended before its time; what is confirmed stays so. @param {string} code */
function halted(code) {
  if (forbidden(code)) return;
  dismiss(...WAITING, "paused");
  const { run } = getState();
  setState({ run: { ...run, halted: code, paused: false, left: null }, dialog: null });
  log("halted");
  const args = { n: run.saved, total: run.total, tried: accessCode === null ? 0 : 1 };
  if (code === "destination-unreachable" && !navigator.onLine) notify({ code: "offline", level: "info", args });
  else notify({ code: ENDINGS[code] ?? "send-failed", level: "error", args });
}

export function pause() {
  currentSession()?.pause();
  const { run } = getState();
  setState({ run: { ...run, paused: true, left: null } });
  dismiss("slow");
  log("paused");
  notify({ code: "paused", level: "info", args: { n: run.saved } });
}

export function resume() {
  currentSession()?.resume();
  setState({ run: { ...getState().run, paused: false } });
  dismiss("paused");
  log("resumed");
  rateAnew();
}

/** At once, instead of in a while; again, where the sending has ended. @param {HTMLFormElement | null} form with an access code */
export async function retryNow(form) {
  const given = form ? String(new FormData(form).get("code") ?? "") : "";
  form?.reset();
  if (given !== "") accessCode = given;
  const { screen, run } = getState();
  if (screen === "settings") await testDestination(tested);
  else if (run.halted) await sendRest();
  else currentSession()?.resume();
}

/** The destination that was asked last. */
let tested = 0;

/** Notices of a connection that was checked. @type {Record<string, Notice>} */
const CHECKED = {
  "destination-auth": { code: "dest-auth", level: "error" },
  "destination-misconfigured": { code: "dest-misconfigured", level: "error" },
  "destination-not-allowed": { code: "destination-not-allowed", level: "error" },
};

/** Asks a destination whether it would take anything; sends no image. @param {number} destination its place in the list */
export async function testDestination(destination) {
  const { url = "" } = getState().destinations[destination] ?? {};
  tested = destination;
  // Where a code is asked for, the field stays until there is an answer, and the person in it.
  dismiss(...checks.filter((code) => code !== ASKED));
  setState({ testing: destination });
  const notice = await outcome(url);
  dismiss(...checks.filter((code) => code !== notice.code));
  notify(notice);
  setState({ testing: null });
}

/** @param {string} url @returns {Promise<Notice>} */
async function outcome(url) {
  try {
    await tokumei.checkDestination(url, { token: () => accessCode });
    return { code: "dest-ok", level: "ok" };
  } catch (error) {
    const notice = CHECKED[codeOf(error)] ?? { code: "dest-unreachable", level: "error" };
    return { ...notice, args: { tried: accessCode === null ? 0 : 1 } };
  }
}

const ASKED = "dest-auth";
const checks = ["dest-ok", "dest-unreachable", ...Object.values(CHECKED).map(({ code }) => code)];

/** What has not arrived goes into a ZIP; what has arrived stays where it is. */
export async function saveInstead() {
  const target = await chooseTarget("zip");
  if (!target) {
    notify({ code: "no-place-instead", level: "info", args: { n: getState().run.saved } });
    return;
  }
  instead = target;
  if (interrupt()) return;
  instead = null;
  await save(target, arrived().length);
}

/** Ends a run whose sending has ended. */
export async function giveUp() {
  await toRecord({ way: "upload", stopped: true, sent: arrived().length, started });
}

/** Lets go of the access code. */
export function forgetAccess() {
  accessCode = null;
}
