/** 記録: know that it is done, and keep the proof. */
import { html, nothing } from "../vendor/lit.js";
import { formatMoment, formatNumber, formatTime, t } from "../words/words.js";
import { actions } from "./actions.js";
import { noticeIcon } from "./icons.js";
import { reasonCounts } from "./model.js";
import { reasonList } from "./reasons.js";
import { LEAVES, mark, sum, VERDICTS } from "./verdicts.js";

/** @typedef {import("./store.js").State} State */

/** @type {Record<string, "ok" | "warn" | "info">} */
const LEVELS = {
  "finished-saved": "ok",
  "finished-refusals": "ok",
  "finished-holds": "warn",
  "partly-sent": "warn",
  none: "info",
};

/** @param {State} state */
export function recordScreen(state) {
  const { record } = state;
  if (!record) return nothing;
  const { totals } = record;
  const went = sum(totals.byVerdict, LEAVES);
  return html`<div class="columns">
    <div class="grow">
      ${headline(record)}${table(totals)}
      ${went === totals.files ? nothing : html`<section class="card" id="reasons" data-testid="reasons" aria-labelledby="reasons-title"><h2 id="reasons-title" tabindex="-1">${t("record.reasons")}</h2>${reasonList(reasonCounts(totals.byReason), null)}</section>`}
    </div>
    <aside class="side" aria-label=${t("record.keep")}>${keepCard(state)}${mappingAllowed(state) ? mappingCard() : nothing}${endCard()}</aside>
  </div>`;
}

/** @param {NonNullable<State["record"]>} record */
function headline(record) {
  const level = LEVELS[record.state] ?? "info";
  const { review = 0, refused = 0, excluded = 0 } = record.totals.byVerdict;
  const args = {
    n: record.saved,
    m: record.state === "finished-holds" ? review : refused + excluded,
    name: record.target,
  };
  return html`<div class="card" data-notice=${record.state}>
    <div class="result ${level}" role="status">${noticeIcon(level)}
      <div class="grow">
        <h1 tabindex="-1">${t(`record.${record.state}.title`, args)}</h1>
        <p class="lead">${formatMoment(record.started)} – ${formatTime(record.ended)}　${record.saved > 0 ? t(`record.not-sent.${record.kind}`, args) : t("record.nothing-sent")}</p>
      </div>
    </div>
  </div>`;
}

/** @param {import("./store.js").Totals} totals */
function table({ files, byVerdict }) {
  return html`<div class="card">
    <h2>${t("record.table", { n: files })}</h2>
    <div class="scroll"><table data-testid="result-table">
      <thead><tr><th scope="col">${t("record.head.result")}</th><th scope="col" class="num">${t("record.head.count")}</th><th scope="col">${t("record.head.meaning")}</th></tr></thead>
      <tbody>${VERDICTS.map(
        (verdict) => html`<tr data-verdict=${verdict}>
        <td>${mark(verdict)}</td><td class="num">${formatNumber(byVerdict[verdict] ?? 0)}</td>
        <td>${t(`verdict.${verdict}.explained`)} ${verdict === "refused" && byVerdict.refused ? html`<a href="#reasons" data-testid="why-refused" @click=${actions.toReasons}>${t("record.see-why")}</a>` : nothing}</td>
      </tr>`,
      )}</tbody>
      <tfoot><tr><th scope="row">${t("record.total")}</th><th class="num">${formatNumber(files)}</th><th>${t("record.total.text")}</th></tr></tfoot>
    </table></div>
  </div>`;
}

/** @param {State} state */
function keepCard({ record, key }) {
  return html`<div class="card">
    <h2>${t("record.keep")}</h2>
    <div class="list">
      <button class="main" data-testid="save-report" @click=${actions.saveReport}>${t("record.save-report")}</button>
      ${record?.kind === "zip-blob" && record.saved > 0 ? html`<button data-testid="save-zip" @click=${actions.saveZip}>${t("record.save-zip")}</button>` : nothing}
      ${key && !key.kept ? html`<button data-testid="key-save" @click=${actions.saveKey}>${t("record.save-key")}</button>` : nothing}
    </div>
    <p class="small quiet">${t("record.keep.text")}</p>
    ${key && !key.kept ? html`<p class="small quiet">${t("record.key-once")}</p>` : nothing}
  </div>`;
}

/** @param {State} state */
function mappingAllowed({ policies, policyId }) {
  const policy = /** @type {{ mapping?: string } | undefined} */ (policies.find(({ id }) => id === policyId)?.document);
  return policy?.mapping !== "never";
}

function mappingCard() {
  return html`<div class="card">
    <h2>${t("record.mapping")}</h2>
    <p class="small">${t("record.mapping.text")}</p>
    <button class="wide danger" data-testid="save-mapping" @click=${actions.askMapping}>${t("record.save-mapping")}</button>
  </div>`;
}

function endCard() {
  return html`<div class="card">
    <button class="wide" data-testid="new-run" @click=${actions.newRun}>${t("record.new-run")}</button>
    <p class="small quiet">${t("record.new-run.text")}</p>
  </div>`;
}
