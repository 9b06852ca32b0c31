/** What every screen has: name, steps, language, settings, and the line that says what is in force. */
import { html, nothing } from "../vendor/lit.js";
import { formatNumber, t } from "../words/words.js";
import { actions } from "./actions.js";
import { icon } from "./icons.js";

/** @typedef {import("./store.js").State} State */

const STEPS = /** @type {const} */ (["choose", "check", "run", "record"]);

/** @param {State} state */
export function header(state) {
  const place = state.screen === "settings" ? state.back : state.screen;
  const at = STEPS.indexOf(/** @type {any} */ (place === "review" ? state.reviewFrom : place));
  return html`<header class="bar">
    <div class="brand">tokumei<span>${t("frame.purpose")}</span></div>
    <nav aria-label=${t("frame.steps")}><ol class="steps">
      ${STEPS.map(
        (step, i) => html`<li class=${i < at ? "done" : ""} aria-current=${i === at ? "step" : nothing}>
        <b>${i < at ? "✓" : i + 1}</b>${t(`step.${step}`)}${i < at ? html`<span class="vh">${t("frame.done")}</span>` : nothing}
      </li>`,
      )}
    </ol></nav>
    <div class="tools">
      <button class="tiny" lang=${state.language === "ja" ? "en" : "ja"} data-testid="lang" @click=${actions.otherLanguage}>${t("frame.other-language")}</button>
      <button class="tiny" data-testid="settings-open" aria-disabled=${state.busy ? "true" : nothing} @click=${actions.openSettings}>${t("settings.title")}</button>
    </div>
  </header>`;
}

/** @param {State} state */
export function trustLine(state) {
  const policy = state.policies.find(({ id }) => id === state.policyId);
  return html`<section class="trust" data-testid="trust" aria-label=${t("trust.label")}>
    ${netState(state)}
    <dl>
      ${state.destinations.length > 0 ? html`<div><dt>${t("trust.destination")}</dt><dd data-testid="trust-destination"><bdi>${destinationName(state)}</bdi></dd></div>` : nothing}
      <div><dt>${t("trust.policy")}</dt><dd>${policy ? policyName(policy, state.language) : "–"}</dd></div>
      <div><dt>${t("trust.pixels")}</dt><dd class=${policy?.pixels ? "" : "attention"} data-testid="pixels-state">${t(policy?.pixels ? "trust.pixels-checked" : "trust.pixels-unchecked")}</dd></div>
      <div><dt>${t("trust.key")}</dt><dd>${state.key ? keyName(state.key.id) : "–"}${state.key && !state.key.kept ? html`<span class="quiet">${t("trust.key-once")}</span>` : nothing}</dd></div>
      <div><dt>${t("trust.optout")}</dt><dd>${state.optOut ? t("trust.optout-people", { n: state.optOut.people }) : t("trust.optout-none")}</dd></div>
      ${state.destinations.length > 0 ? html`<div><dt>${t("trust.network")}</dt><dd class=${state.online ? "" : "attention"} data-testid="network">${t(state.online ? "trust.online" : "trust.offline")}</dd></div>` : nothing}
    </dl>
  </section>`;
}

/** From the counters of the sink alone: what went to the network, and what was confirmed. @param {State} state */
function netState({ run, record, screen, back, reviewFrom }) {
  const shown = screen === "settings" ? back : screen;
  const place = shown === "review" ? reviewFrom : shown;
  // What has left before is told until the page begins anew.
  const { sent, key } = place === "run" ? ofRun(run) : record !== null ? ofRecord(record, run) : NOTHING_SENT;
  const left = sent > 0 || key === "trust.sending";
  const text = sent > 0 ? t("trust.sent", { n: sent }) : t(key);
  // While it counts it is not read out: each quarter is, on the screen of the run.
  return html`<p class="net ${left ? "sent" : ""}" role="status" aria-live=${screen === "run" ? "off" : "polite"} data-testid="net-state">${icon(left ? "up" : "lock")}${text}</p>`;
}

const NOTHING_SENT = { sent: 0, key: "trust.nothing-sent" };

/** @param {State["run"]} run */
function ofRun({ way, saved, before, bytes }) {
  if (way === "upload") return { sent: before + saved, key: bytes > 0 ? "trust.sending" : "trust.nothing-sent" };
  return { sent: before, key: bytes > 0 ? "trust.unconfirmed" : saved > 0 ? "trust.saved-only" : "trust.nothing-sent" };
}

/** @param {State["record"]} record @param {State["run"]} run */
function ofRecord(record, { bytes }) {
  const saved = (record?.saved ?? 0) > 0;
  return {
    sent: record?.confirmed ?? 0,
    key: bytes > 0 ? "trust.unconfirmed" : saved ? "trust.saved-only" : "trust.nothing-sent",
  };
}

/** The name of a destination in the language of the page. @param {import("./store.js").Destination} destination @param {string} language */
export function nameOf({ name, url }, language) {
  return typeof name === "string" ? name : (name[language] ?? Object.values(name)[0] ?? url);
}

/** The one that is chosen. @param {State} state */
export function destinationName({ destinations, destination, language }) {
  const chosen = destinations[destination];
  return chosen ? nameOf(chosen, language) : "";
}

/** A policy's title and version. @param {import("./store.js").PolicyChoice} policy @param {string} language */
export function policyName(policy, language) {
  return `${policy.title[language] ?? policy.id} ${t("policy.version", { v: policy.version })}`;
}

/** The key's number as people read it aloud: K- and its first four hex digits. @param {string} id */
export function keyName(id) {
  return `K-${id.slice(0, 4).toUpperCase()}`;
}

/** A count that is drawn large. @param {number} n @param {string} unit */
export function bigNumber(n, unit) {
  return html`<span class="n">${formatNumber(n)}<small>${unit}</small></span>`;
}
