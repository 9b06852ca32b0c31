/** What every screen has: name, steps, language, settings, and the line that says what is in force. */
import { html, nothing } from "../vendor/lit.js";
import { formatNumber, t } from "../words/words.js";
import { actions } from "./actions.js";
import { icon } from "./icons.js";

/** @typedef {import("./store.js").State} State */

const STEPS = /** @type {const} */ (["choose", "check", "run", "record"]);

/** @param {State} state */
export function header(state) {
  const at = STEPS.indexOf(/** @type {any} */ (state.screen === "settings" ? state.back : state.screen));
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
    <p class="net" role="status" data-testid="net-state">${icon("lock")}${t(savedSomething(state) ? "trust.saved-only" : "trust.nothing-sent")}</p>
    <dl>
      <div><dt>${t("trust.policy")}</dt><dd>${policy ? policyName(policy, state.language) : "–"}</dd></div>
      <div><dt>${t("trust.pixels")}</dt><dd class=${policy?.pixels ? "" : "attention"} data-testid="pixels-state">${t(policy?.pixels ? "trust.pixels-checked" : "trust.pixels-unchecked")}</dd></div>
      <div><dt>${t("trust.key")}</dt><dd>${state.key ? keyName(state.key.id) : "–"}${state.key && !state.key.kept ? html`<span class="quiet">${t("trust.key-once")}</span>` : nothing}</dd></div>
      <div><dt>${t("trust.optout")}</dt><dd>${state.optOut ? t("trust.optout-people", { n: state.optOut.people }) : t("trust.optout-none")}</dd></div>
    </dl>
  </section>`;
}

/** @param {State} state */
function savedSomething(state) {
  return state.run.saved > 0 && (state.screen === "run" || state.screen === "record");
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
