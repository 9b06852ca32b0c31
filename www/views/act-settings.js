/** Policy, key and opt-out list: chosen, loaded, made, saved. */
import { tokumei } from "../api/tokumei.js";
import { downloadJson } from "../deliver/save.js";
import { pickFiles } from "../intake/pick.js";
import { readAgain, showUnfinished } from "./act-intake.js";
import { currentSession } from "./current.js";
import { keyName } from "./frame.js";
import { dismiss, getState, notify, setState } from "./store.js";

/** @typedef {import("../api/key.js").HeldKey} HeldKey */

/** @type {HeldKey | null} */
let key = null;
/** Patient IDs of the opt-out list: never in the store. @type {string[] | null} */
let optOutIds = null;
/** A wrapped key file that waits for its passphrase. */
let wrapped = "";

export function currentKey() {
  return /** @type {HeldKey} */ (key);
}

export const currentOptOut = () => optOutIds;

/** @param {HeldKey} next */
export function useKey(next) {
  const former = key;
  key = next;
  setState({ key: { id: next.id, kept: next.kept } });
  if (former !== next) former?.wipe();
}

/** What the page offers: `longitudinal-full` needs a signed statement, which only an administrator's own file can stand for. */
const NOT_OFFERED = new Set(["longitudinal-full"]);

/** @param {{ policy: any, sha256: string }[]} shipped */
export function usePolicies(shipped) {
  const policies = shipped.filter(({ policy }) => !NOT_OFFERED.has(policy.id)).map(toChoice);
  setState({ policies, policyId: policies[0]?.id ?? "" });
}

/** @param {{ policy: any, sha256: string }} read @returns {import("./store.js").PolicyChoice} */
function toChoice({ policy, sha256 }) {
  const pixels = policy.pixels?.text === "check" && policy.pixels?.face === "check";
  return {
    id: policy.id,
    version: String(policy.version),
    title: policy.title ?? {},
    text: policy.description ?? {},
    pixels,
    sha256,
    document: policy,
  };
}

/** @param {unknown} [tab] a tab's name; a click's event names none */
export function openSettings(tab) {
  const { busy, screen, back, reviewFrom } = getState();
  if (busy) return;
  const named = tab === "policy" || tab === "key" || tab === "optout" || tab === "dest" ? tab : getState().tab;
  setState({
    screen: "settings",
    back: screen === "settings" ? back : screen === "review" ? reviewFrom : screen,
    state: "policy-ok",
    panel: null,
    tab: named,
  });
}

/** What a check of a connection said: done with when the person leaves the settings. */
const OF_CHECKS = ["dest-ok", "dest-auth", "dest-misconfigured", "dest-unreachable", "destination-not-allowed"];

export function closeSettings() {
  const { back, record } = getState();
  const state = back === "choose" ? "empty" : back === "record" ? (record?.state ?? "") : "ready";
  setState({ screen: back, state });
  dismiss(...OF_CHECKS);
  if (stale && back === "check") void readAgain();
  stale = false;
}

/** Settings changed since the files were read. */
let stale = false;

/** What was read under other settings is read again; on 設定 when the person leaves it. */
function changed() {
  if (getState().screen === "settings") stale = true;
  else if (getState().screen === "check") void readAgain();
}

/** @param {import("./store.js").State["tab"]} tab */
export function settingsTab(tab) {
  setState({ tab });
}

/** @param {string} policyId */
export function choosePolicy(policyId) {
  setState({ policyId });
  changed();
}

export async function loadPolicy() {
  const [file] = await pickFiles({ accept: ".json,application/json" });
  if (!file) return;
  dismiss("policy-bad");
  try {
    const choice = toChoice(tokumei.readPolicy(await file.text()));
    const others = getState().policies.filter(({ id }) => id !== choice.id);
    setState({ policies: [...others, choice], policyId: choice.id });
    changed();
  } catch (error) {
    if (!hasCode(error)) throw error;
    notify({ code: "policy-bad", level: "error", args: { line: Number(/** @type {any} */ (error).line ?? 1) } });
  }
}

/** @param {import("../session/remembered.js").DeviceRule} rule */
export function forgetDevice(rule) {
  currentSession()?.devices.forget(rule);
  setState({ revision: getState().revision + 1 });
}

/** A policy file with the rectangles that this session remembers, to be loaded another time. */
export function savePolicy() {
  const document = currentSession()?.devices.policy;
  if (document) downloadJson(`tokumei-policy-${document.id}.json`, tokumei.readPolicy(JSON.stringify(document)).policy);
}

export async function loadKey() {
  const [file] = await pickFiles({ accept: ".json,application/json,.key" });
  if (file) await openKey(await file.text(), null);
}

/** @param {Event} event of the dialog's form */
export async function unlockKey(event) {
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (event.target);
  const passphrase = String(new FormData(form).get("passphrase") ?? "");
  form.reset();
  setState({ dialog: null });
  await openKey(wrapped, passphrase);
}

/** @param {string} text @param {string | null} passphrase */
async function openKey(text, passphrase) {
  dismiss("key-bad", "key-loaded");
  try {
    const next = await tokumei.loadKey(text, passphrase);
    wrapped = "";
    useKey(next);
    notify({ code: "key-loaded", level: "ok", args: { id: keyName(next.id) } });
    if (getState().screen === "choose") void showUnfinished();
    changed();
  } catch (error) {
    if (!hasCode(error)) throw error;
    if (error.code === "key-passphrase-needed" || error.code === "key-passphrase-wrong") {
      wrapped = text;
      setState({ dialog: { kind: "passphrase", args: { wrong: error.code === "key-passphrase-wrong" ? 1 : 0 } } });
    } else notify({ code: "key-bad", level: "error" });
  }
}

export function askKey() {
  setState({ dialog: { kind: "key-new" } });
}

/** The file first, then the use: a key that was not saved is not taken for one that was. */
export async function makeKey() {
  setState({ dialog: null });
  const next = tokumei.makeKey();
  await saveToFile(next);
  useKey(next);
  changed();
}

/** Saves the key that was made for this run. */
export async function saveKey() {
  if (!key) return;
  await saveToFile(key);
  await currentSession()?.keyFile();
  useKey(key);
}

/** @param {HeldKey} held */
async function saveToFile(held) {
  downloadJson(`tokumei-key-${keyName(held.id).slice(2)}.json`, await held.toFile());
  held.kept = true;
}

export async function loadOptOut() {
  const [file] = await pickFiles({ accept: ".csv,.txt,text/csv,text/plain" });
  if (!file) return;
  dismiss("optout-bad", "optout-unreadable", "optout-loaded", "optout-list-missing");
  try {
    const ids = tokumei.readOptOut(new Uint8Array(await file.arrayBuffer()));
    optOutIds = ids;
    setState({ optOut: { name: file.name, people: ids.length, loaded: new Date() } });
    notify({ code: "optout-loaded", level: "ok", args: { n: ids.length } });
    changed();
  } catch (error) {
    if (!hasCode(error)) throw error;
    const { line } = /** @type {{ line?: number | null }} */ (error);
    if (line) notify({ code: "optout-bad", level: "error", args: { line } });
    else notify({ code: "optout-unreadable", level: "error" });
  }
}

export function forgetOptOut() {
  optOutIds = null;
  setState({ optOut: null });
  dismiss("optout-loaded");
  changed();
}

/** @param {unknown} error @returns {error is { code: string }} */
function hasCode(error) {
  return typeof error === "object" && error !== null && "code" in error && typeof error.code === "string";
}
