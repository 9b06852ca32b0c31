/** What did not arrive: why, what a person can do, and the way to send just these again. Images go by their number in the report. */
import { html, LitElement } from "../vendor/lit.js";
import { formatNumber, formatSize, reasonText, t } from "../words/words.js";
import { actions } from "./actions.js";
import { reasonList } from "./reasons.js";
import { WindowedGrid } from "./windowed.js";

/** @typedef {import("./store.js").Failed} Failed */

class FailedCard extends LitElement {
  static properties = { failed: { attribute: false }, language: { type: String } };

  constructor() {
    super();
    /** @type {Failed[]} */
    this.failed = [];
    this.language = "";
  }

  createRenderRoot() {
    return this;
  }

  render() {
    const n = this.failed.length;
    return html`<section class="card" data-testid="failed" aria-labelledby="failed-title">
      <div class="head"><h2 class="grow" id="failed-title">${t("failed.title", { n })}</h2>
        <button class="small" data-testid="save-instead" @click=${actions.saveInstead}>${t("run.save-instead")}</button>
        <button data-testid="send-again" @click=${actions.sendAgain}>${t("failed.again", { n })}</button></div>
      ${reasonList(countsOf(this.failed), null)}
      <details><summary>${t("failed.each")}</summary>
        <p class="small quiet">${t("failed.text")}</p>
        <tokumei-failed-list .rows=${this.failed} .language=${this.language}></tokumei-failed-list>
      </details>
    </section>`;
  }
}

/** Reasons with their numbers, the most frequent first. @param {Failed[]} failed */
function countsOf(failed) {
  /** @type {Record<string, number>} */
  const counts = {};
  for (const { reason } of failed) counts[reason] = (counts[reason] ?? 0) + 1;
  const verdict = /** @type {const} */ ("refused");
  return Object.entries(counts)
    .map(([reason, n]) => ({ reason, n, verdict }))
    .sort((a, b) => b.n - a.n);
}

/** @extends {WindowedGrid<Failed>} */
class FailedList extends WindowedGrid {
  kind() {
    return "failed";
  }

  testId() {
    return "failed-list";
  }

  label() {
    return t("failed.each");
  }

  heads() {
    return html`<div role="row" aria-rowindex="1">
      <span role="columnheader" class="num">${t("failed.head.number")}</span>
      <span role="columnheader" class="num">${t("failed.head.size")}</span>
      <span role="columnheader">${t("failed.head.reason")}</span>
    </div>`;
  }

  /** @param {Failed} row @param {number} index @param {number} stop */
  row({ n, reason, bytes }, index, stop) {
    return html`<div role="row" tabindex=${stop} data-index=${index} data-n=${n} aria-rowindex=${index + 2}>
      <span role="gridcell" class="num">${formatNumber(n)}</span>
      <span role="gridcell" class="num">${formatSize(bytes)}</span>
      <span role="gridcell">${reasonText(reason, false).what}</span>
    </div>`;
  }
}

customElements.define("tokumei-failed", FailedCard);
customElements.define("tokumei-failed-list", FailedList);
