/** 設定: which policy, which key, which opt-out list. Nothing of a key but its number is ever shown. */
import { html, live, nothing } from "../vendor/lit.js";
import { formatMoment, t } from "../words/words.js";
import { actions } from "./actions.js";
import { currentSession } from "./current.js";
import { keyName, nameOf, policyName } from "./frame.js";

/** @typedef {import("./store.js").State} State */

const TABS = /** @type {const} */ (["policy", "key", "optout", "dest"]);

/** @param {State} state */
export function settingsScreen(state) {
  const bodies = { policy: policyTab, key: keyTab, optout: optOutTab, dest: destinationTab };
  return html`<div class="head">
      <h1 class="grow" tabindex="-1">${t("settings.title")}</h1>
      <button class="small" data-testid="settings-close" @click=${actions.closeSettings}>${t("panel.close")} <kbd>Esc</kbd></button>
    </div>
    <div class="tabs" role="tablist" aria-label=${t("settings.title")} @keydown=${onTabKey}>
      ${TABS.map((tab) => html`<button role="tab" id="tab-${tab}" data-testid="tab-${tab}" aria-controls="tab-panel" aria-selected=${String(tab === state.tab)} tabindex=${tab === state.tab ? 0 : -1} @click=${() => actions.settingsTab(tab)}>${t(`settings.tab.${tab}`)}</button>`)}
    </div>
    <div role="tabpanel" id="tab-panel" aria-labelledby="tab-${state.tab}">${bodies[state.tab](state)}</div>`;
}

/** @param {KeyboardEvent} event */
function onTabKey(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const tabs = [.../** @type {HTMLElement} */ (event.currentTarget).querySelectorAll("button")];
  const next = tabs[(tabs.indexOf(/** @type {HTMLButtonElement} */ (event.target)) + step + tabs.length) % tabs.length];
  next?.click();
  next?.focus();
}

/** @param {State} state */
function policyTab(state) {
  return html`<div class="columns"><div class="grow"><div class="card">
      <fieldset><legend>${t("policy.choose")}</legend>
        ${state.policies.map(
          (
            policy,
          ) => html`<label class="choice"><input type="radio" name="policy" value=${policy.id} data-testid="policy-${policy.id}" .checked=${live(policy.id === state.policyId)} @change=${() => actions.choosePolicy(policy.id)} />
          <span><b>${policyName(policy, state.language)}</b><small>${policy.text[state.language] ?? ""}</small></span></label>`,
        )}
      </fieldset>
      <p><button data-testid="policy-load" @click=${actions.loadPolicy}>${t("settings.policy-load")}</button></p>
    </div>
    <div class="card"><h2>${t("policy.table")}</h2><div class="scroll">${policyTable(state)}</div></div></div>
    <aside class="side" aria-label=${t("policy.digest")}>
      ${devicesCard()}
      <div class="card"><h2>${t("policy.digest")}</h2><p><code>${state.policies.find(({ id }) => id === state.policyId)?.sha256.replace(/(.{8})/g, "$1 ") ?? ""}</code></p><p class="small quiet">${t("policy.digest.text")}</p></div>
      <div class="card"><h2>${t("policy.law")}</h2><p class="small">${t("policy.law.text")}</p></div>
    </aside></div>`;
}

/** Rectangles that a person has drawn for a device in this session. */
function devicesCard() {
  const rules = currentSession()?.devices.rules ?? [];
  if (rules.length === 0) return nothing;
  return html`<div class="card" data-testid="devices"><h2>${t("devices.title")}</h2>
    ${rules.map((rule) => html`<div class="head"><p class="grow"><bdi>${rule.name}</bdi><br /><span class="small quiet">${t("devices.masks", { n: rule.masks.length })}</span></p><button class="small" data-testid="device-forget" @click=${() => actions.forgetDevice(rule)}>${t("devices.forget")}</button></div>`)}
    <p class="small quiet">${t("devices.text")}</p>
    <button data-testid="policy-save" @click=${actions.savePolicy}>${t("devices.save")}</button></div>`;
}

/** What the chosen policy does, in words. @param {State} state */
function policyTable(state) {
  const document = /** @type {Record<string, any>} */ (
    state.policies.find(({ id }) => id === state.policyId)?.document ?? {}
  );
  const has = (/** @type {string} */ option) => document.options?.includes(option) ?? false;
  const rows = [
    ["names", "names.pseudonym"],
    [
      "dates",
      has("rtn_long_full_dates") ? "dates.kept" : has("rtn_long_modified_dates") ? "dates.shifted" : "dates.removed",
    ],
    ["characteristics", has("rtn_patient_chars") ? "characteristics.kept" : "characteristics.removed"],
    ["birth", document.patient?.birthDate === "shiftedYear" ? "birth.year" : "birth.empty"],
    ["institution", has("rtn_institution_id") ? "institution.kept" : "institution.removed"],
    ["descriptors", `descriptors.${document.descriptors ?? "remove"}`],
    ["private", document.private?.safe ? "private.safe" : "private.removed"],
    ["text", `text.${document.pixels?.text ?? "not-checked"}`],
    ["face", `face.${document.pixels?.face ?? "not-checked"}`],
  ];
  return html`<table data-testid="policy-table"><thead><tr><th scope="col">${t("policy.head.item")}</th><th scope="col">${t("policy.head.handling")}</th></tr></thead>
    <tbody>${rows.map(([item, handling]) => html`<tr><td>${t(`policy.item.${item}`)}</td><td>${t(`policy.does.${handling}`)}</td></tr>`)}</tbody></table>`;
}

/** @param {State} state */
function keyTab({ key }) {
  return html`<div class="card">
    <dl class="kv"><dt>${t("key.number")}</dt><dd data-testid="key-id">${key ? keyName(key.id) : "–"}<small>${t(key?.kept ? "key.kept" : "key.once")}</small></dd></dl>
    <p class="small">${t("key.text")}</p>
    <div class="head">
      <button data-testid="key-load" @click=${actions.loadKey}>${t("settings.key-load")}</button>
      <button data-testid="key-new" @click=${actions.askKey}>${t("key.make")}</button>
      ${key && !key.kept ? html`<button data-testid="key-save" @click=${actions.saveKey}>${t("key.save")}</button>` : nothing}
    </div>
  </div>`;
}

/** @param {State} state */
function optOutTab({ optOut }) {
  return html`<div class="card">
    <dl class="kv"><dt>${t("trust.optout")}</dt><dd>${optOut ? t("trust.optout-people", { n: optOut.people }) : t("trust.optout-none")}${optOut ? html`<small>${t("optout.from", { name: optOut.name, time: formatMoment(optOut.loaded) })}</small>` : nothing}</dd></dl>
    <p class="small">${t("optout.text")}</p>
    <div class="head">
      <button data-testid="optout-load" @click=${actions.loadOptOut}>${t("settings.optout-load")}</button>
      ${optOut ? html`<button data-testid="optout-forget" @click=${actions.forgetOptOut}>${t("optout.forget")}</button>` : nothing}
    </div>
  </div>`;
}

/** @param {State} state */
function destinationTab({ destinations, language, testing }) {
  return html`<div class="card">
    ${destinations.map(
      (destination, i) => html`<div class="head" data-testid="destination-${i}">
      <dl class="kv grow"><dt>${t("trust.destination")}</dt><dd><bdi>${nameOf(destination, language)}</bdi></dd>
        <dt>${t("dest.address")}</dt><dd class="address"><bdi>${addressOf(destination.url)}</bdi></dd></dl>
      <button data-testid="dest-test" aria-disabled=${testing === null ? nothing : "true"} @click=${() => testing === null && actions.testDestination(i)}>${t(testing === i ? "dest.testing" : "dest.test")}</button>
    </div>`,
    )}
    <p class="small">${t(destinations.length > 0 ? "dest.text" : "dest.none")}</p>
  </div>`;
}

/** A path of our own server has no address of its own. @param {string} url */
function addressOf(url) {
  const { origin, pathname } = new URL(url, location.href);
  return origin === location.origin ? t("dest.here", { path: pathname }) : url;
}
