/** 記録: know that it is done, and keep the proof. */
import { html, nothing } from "../vendor/lit.js";
import { formatMoment, formatNumber, formatTime, t } from "../words/words.js";
import { actions } from "./actions.js";
import "./failed.js";
import { noticeIcon } from "./icons.js";
import { reasonCounts } from "./model.js";
import { reasonList } from "./reasons.js";
import { LEAVES, mark, sum, VERDICTS } from "./verdicts.js";

/** @typedef {import("./store.js").State} State */
/** @typedef {import("./store.js").Outcome} Outcome */

/** @type {Record<string, "ok" | "warn" | "info">} */
const LEVELS = {
  finished: "ok",
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
      ${headline(record, state.key?.kept === true)}${record.failed.length > 0 ? html`<tokumei-failed .failed=${record.failed} .language=${state.language}></tokumei-failed>` : nothing}${table(record)}
      ${went === totals.files ? nothing : html`<section class="card" id="reasons" data-testid="reasons" aria-labelledby="reasons-title"><h2 id="reasons-title" tabindex="-1">${t("record.reasons")}</h2>${reasonList(reasonCounts(totals.byReason), null)}</section>`}
    </div>
    <aside class="side" aria-label=${t("record.keep")}>${keepCard(state)}${mappingAllowed(state) ? mappingCard() : nothing}${endCard()}</aside>
  </div>`;
}

/** @param {Outcome} record @param {boolean} kept whether there is a file of the key */
function headline(record, kept) {
  const level = LEVELS[record.state] ?? "info";
  const { title, text } = record.way === "upload" || record.sent > 0 ? ofSending(record, kept) : ofSaving(record);
  const receipt = record.receipt ? `　${t("record.receipt-number", { id: record.receipt })}` : "";
  return html`<div class="card" data-notice=${record.state}>
    <div class="result ${level}" role="status">${noticeIcon(level)}
      <div class="grow">
        <h1 tabindex="-1">${title}</h1>
        <p class="lead">${formatMoment(record.started)} – ${formatTime(record.ended)}<span data-testid="receipt-number">${receipt}</span></p>
        <p class="lead">${text}</p>
      </div>
      ${(record.totals.byVerdict.review ?? 0) > 0 ? html`<button data-testid="review-now" @click=${actions.review}>${t("record.review-now", { n: record.totals.byVerdict.review ?? 0 })}</button>` : nothing}
      ${record.way === "upload" && record.left > 0 ? html`<button data-testid="resume" @click=${actions.sendRest}>${t("record.resume", { m: record.left, n: record.left })}</button>` : nothing}
    </div>
  </div>`;
}

/** @param {Outcome} record */
function ofSaving({ state, saved, target, kind, totals }) {
  const args = { n: saved, m: stayed(state, totals), name: target };
  return {
    title: t(`record.${state}.title`, args),
    text: saved > 0 ? t(`record.not-sent.${kind}`, args) : t("record.nothing-sent"),
  };
}

/** @param {Outcome} record @param {boolean} kept */
function ofSending({ state, way, sent, saved, left, target, totals, failed }, kept) {
  if (way !== "upload" && saved > 0) {
    return {
      title: t("record.sent.saved-rest.title", { n: sent, k: saved }),
      text: t("record.sent.saved-rest", { name: target }),
    };
  }
  if (sent > 0 && left === 0 && failed.length > 0) {
    const args = { n: sent, m: failed.length };
    return { title: t("record.sent.failed.title", args), text: t("record.sent.failed") };
  }
  const m = stayed(state, totals);
  const title = t(`record.sent.${state}.title`, { n: sent, m });
  if (state !== "partly-sent") return { title, text: t(`record.sent.${state}`, { m, n: m }) };
  return { title, text: t(kept ? "record.sent.partly-sent" : "record.sent.once", { m: left, n: left }) };
}

/** Files of which the headline says that they did not leave. @param {string} state @param {import("./store.js").Totals} totals */
function stayed(state, { byVerdict: { review = 0, refused = 0, excluded = 0 } }) {
  if (state === "finished-holds") return review;
  return state === "none" ? review + refused + excluded : refused + excluded;
}

/** @param {Outcome} record */
function table({ totals: { files, byVerdict }, failed, left }) {
  return html`<div class="card">
    <h2>${t("record.table", { n: files })}</h2>
    <div class="scroll"><table data-testid="result-table">
      <thead><tr><th scope="col">${t("record.head.result")}</th><th scope="col" class="num">${t("record.head.count")}</th><th scope="col">${t("record.head.meaning")}</th></tr></thead>
      <tbody>${VERDICTS.map(
        (verdict) => html`<tr data-verdict=${verdict}>
        <td>${mark(verdict)}</td><td class="num">${formatNumber(byVerdict[verdict] ?? 0)}</td>
        <td>${verdict === "refused" && failed.length + left > 0 ? refusedMeans(failed.length, left) : t(`verdict.${verdict}.explained`)} ${verdict === "refused" && byVerdict.refused ? html`<a href="#reasons" data-testid="why-refused" @click=${actions.toReasons}>${t("record.see-why")}</a>` : nothing}</td>
      </tr>`,
      )}</tbody>
      <tfoot><tr><th scope="row">${t("record.total")}</th><th class="num">${formatNumber(files)}</th><th>${t("record.total.text")}</th></tr></tfoot>
    </table></div>
  </div>`;
}

/** Not all of them were found unsafe. @param {number} failed images that the destination did not take @param {number} left images that a stop left */
function refusedMeans(failed, left) {
  const parts = [t("record.refused")];
  if (failed > 0) parts.push(t("record.refused.failed", { n: failed }));
  if (left > 0) parts.push(t("record.refused.left", { n: left }));
  return parts.join(t("record.refused.between"));
}

/** @param {State} state */
function keepCard({ record, key }) {
  return html`<div class="card">
    <h2>${t("record.keep")}</h2>
    <div class="list">
      <button class="main" data-testid="save-report" @click=${actions.saveReport}>${t("record.save-report")}</button>
      ${record?.receipt ? html`<button data-testid="save-receipt" @click=${actions.saveReceipt}>${t("record.save-receipt")}</button>` : nothing}
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
