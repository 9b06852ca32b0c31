/** Why something does not leave: the reason, what a person can do, how many. A panel in the side column, not a dialog. */
import { html, nothing } from "../vendor/lit.js";
import { formatNumber, reasonText, t } from "../words/words.js";
import { actions } from "./actions.js";
import { nameOn, reasonsBelow } from "./model.js";
import { mark } from "./verdicts.js";

/** @typedef {import("./model.js").ReasonCount} ReasonCount */

/** @param {import("./store.js").State} state @param {import("./model.js").View} seen @param {string} key of a tree row, or of a verdict */
export function reasonPanel(state, seen, key) {
  const title = nameOn(seen.byKey.get(key), state.hideNames);
  return html`<section class="card" data-testid="reason-panel" aria-labelledby="reason-title">
    <div class="head"><h2 class="grow" id="reason-title" tabindex="-1">${t("reasons.title")}</h2>
      <button class="small" data-testid="panel-close" @click=${actions.closePanel}>${t("panel.close")} <kbd>Esc</kbd></button></div>
    ${title ? html`<p class="quiet small"><bdi>${title}</bdi></p>` : nothing}
    ${reasonList(reasonsBelow(seen, key), (reason) => actions.inspectReason(key, reason.reason))}
  </section>`;
}

/** @param {ReasonCount[]} reasons @param {((reason: ReasonCount) => void) | null} look */
export function reasonList(reasons, look) {
  return html`<ul class="reasons">${reasons.map((reason) => {
    const text = reasonText(reason.reason, false);
    return html`<li data-reason=${reason.reason}>
      ${mark(reason.verdict, reason.n)}
      <p>${text.what}</p>
      <p class="small quiet">${text.do}</p>
      ${look ? html`<button class="link" aria-label=${t("reasons.look-at", { n: reason.n, what: text.what })} @click=${() => look(reason)}>${t("reasons.look", { n: formatNumber(reason.n) })}</button>` : nothing}
    </li>`;
  })}</ul>`;
}
