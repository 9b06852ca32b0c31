/** 選ぶ: put files in, knowing that nothing is sent. */
import { html, nothing } from "../vendor/lit.js";
import { t } from "../words/words.js";
import { actions } from "./actions.js";
import { destinationName, keyName, policyName } from "./frame.js";
import { icon } from "./icons.js";

/** @param {import("./store.js").State} state */
export function chooseScreen(state) {
  const title =
    state.state === "dragging"
      ? t("choose.dragging")
      : state.state === "loading"
        ? t("choose.loading")
        : t("choose.title");
  const text = state.state === "dragging" ? t("choose.dragging.text") : t("choose.text");
  return html`<div class="columns">
    <div class="grow">
      <div class="drop" role="group" aria-labelledby="drop-title" data-testid="dropzone">
        ${icon("folder")}
        <h1 id="drop-title" tabindex="-1">${title}</h1>
        <p class="quiet">${text}</p>
        <div class="acts">
          <button class="main" data-testid="pick-folder" @click=${actions.pickFolder}>${t("choose.pick-folder")}</button>
          <button data-testid="pick-zip" @click=${actions.pickFiles}>${t("choose.pick-files")}</button>
        </div>
      </div>
      <div class="three">${["here", state.destinations.length > 0 ? "stops.upload" : "stops", "doubt"].map((promise) => html`<div class="card"><h2>${t(`promise.${promise}.title`)}</h2><p class="small">${t(`promise.${promise}.text`)}</p></div>`)}</div>
    </div>
    <aside class="side" aria-label=${t("choose.settings")}>${settingsCard(state)}</aside>
  </div>`;
}

/** @param {import("./store.js").State} state */
function settingsCard(state) {
  const policy = state.policies.find(({ id }) => id === state.policyId);
  return html`<div class="card">
    <h2>${t("choose.settings")}</h2>
    <dl class="kv">
      ${
        state.destinations.length > 0
          ? html`<dt>${t("trust.destination")}</dt>
      <dd><bdi>${destinationName(state)}</bdi>${state.destinations.length > 1 ? html`<small>${t("choose.destinations", { n: state.destinations.length - 1 })}</small>` : nothing}
        <div class="acts"><button class="tiny" data-testid="dest-open" @click=${() => actions.openSettings("dest")}>${t("dest.test")}</button></div></dd>`
          : nothing
      }
      <dt>${t("trust.policy")}</dt>
      <dd>${policy ? policyName(policy, state.language) : "–"}<small>${t(policy?.pixels ? "policy.pixels" : "policy.headers")}</small>
        <div class="acts"><button class="tiny" data-testid="policy-change" @click=${() => actions.openSettings("policy")}>${t("choose.change-policy")}</button></div></dd>
      <dt>${t("trust.key")}</dt>
      <dd>${state.key ? keyName(state.key.id) : "–"}<small>${t(state.key?.kept ? "key.kept" : "key.once")}</small>
        <div class="acts">
          <button class="tiny" data-testid="key-load" @click=${actions.loadKey}>${t("settings.key-load")}</button>
          <button class="tiny" data-testid="key-new" @click=${() => actions.openSettings("key")}>${t("choose.key-new")}</button>
        </div></dd>
      <dt>${t("trust.optout")}</dt>
      <dd>${state.optOut ? t("trust.optout-people", { n: state.optOut.people }) : t("trust.optout-none")}<small>${t(state.optOut ? "optout.loaded" : "optout.none")}</small>
        <div class="acts"><button class="tiny" data-testid="optout-load" @click=${actions.loadOptOut}>${t("settings.optout-load")}</button></div></dd>
    </dl>
  </div>`;
}
