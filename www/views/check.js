/** 確認する: see what will leave, before it leaves. */
import { html, live, nothing } from "../vendor/lit.js";
import { formatMinutes, formatNumber, formatSize, t } from "../words/words.js";
import { actions } from "./actions.js";
import { currentSession } from "./current.js";
import { bigNumber, destinationName, nameOf } from "./frame.js";
import { icon } from "./icons.js";
import { inspectPanel } from "./inspect.js";
import { view } from "./model.js";
import { notices } from "./notices.js";
import { reasonPanel } from "./reasons.js";
import { visibleRows } from "./tree.js";
import { LEAVES, marks, STAYS, sum } from "./verdicts.js";

/** @typedef {import("./store.js").State} State */
/** @typedef {import("./model.js").View} View */

/** @param {State} state */
export function checkScreen(state) {
  const seen = view(state);
  // The tree stays in the document while one of its images is looked at, so that the way back leads to the same row.
  const inspecting = state.panel?.kind === "inspect";
  return html`${inspecting ? inspectPanel(state, seen) : nothing}<div class="columns" ?hidden=${inspecting}>
    <div class="grow">
      ${heading(state, seen)}${sums(state, seen)}${notices(state.notices)}
      <tokumei-tree
        .rows=${visibleRows(seen.roots, state.opened, state.onlyAttention)}
        .hideNames=${state.hideNames}
        .footer=${footer(state, seen)}
        .language=${state.language}
        @expand=${(/** @type {CustomEvent} */ e) => actions.openRow(e.detail, true)}
        @shut=${(/** @type {CustomEvent} */ e) => actions.openRow(e.detail, false)}
        @why=${(/** @type {CustomEvent} */ e) => actions.showWhy(e.detail)}
        @look=${(/** @type {CustomEvent} */ e) => actions.inspect(e.detail)}
      ></tokumei-tree>
    </div>
    <aside class="side" aria-label=${t("check.before")}>
      ${state.panel?.kind === "why" ? reasonPanel(state, seen, state.panel.key) : html`${deliveryCard(state)}${runCard(state, seen)}`}
    </aside>
  </div>`;
}

/** @param {State} state @param {View} seen */
function heading(state, seen) {
  if (state.busy) return scanHeading(state);
  const args = { p: seen.patients, s: seen.studies, n: seen.files, size: formatSize(seen.bytes) };
  return html`<div class="head">
    <div class="grow"><h1 tabindex="-1">${t("check.ready", args)}</h1></div>
    <button class="small" data-testid="add-more" @click=${actions.addMore}>${t("check.add-more")}</button>
    <button class="small" data-testid="clear" @click=${actions.clear}>${t("check.clear")}</button>
  </div>`;
}

/** @param {State} state */
function scanHeading({ scan }) {
  const walking = scan.walking || scan.found === 0;
  const title = walking ? t("check.looking", { n: scan.found }) : t("check.reading", { n: scan.done });
  const left = scan.left === null ? "" : t("time.left", { t: formatMinutes(scan.left) });
  return html`<div class="card">
    <div class="head">
      <div class="grow">
        <h1 tabindex="-1">${title}</h1>
        <p class="lead">${walking ? t("check.looking.text") : t("check.reading.text", { total: scan.found, left })}</p>
      </div>
      <button data-testid="scan-stop" @click=${actions.stopScan}>${t("check.scan-stop")} <kbd>Esc</kbd></button>
    </div>
    <progress data-testid="scan-progress" aria-label=${t("check.scan-progress")} max=${walking ? nothing : scan.found} value=${walking ? nothing : scan.done}></progress>
  </div>`;
}

/** @param {State} state @param {View} seen */
function sums(state, seen) {
  const kinds = /** @type {const} */ ([
    ["go", LEAVES, "unit.images"],
    ["ask", /** @type {const} */ (["review"]), "unit.images"],
    ["no", STAYS, "unit.files"],
  ]);
  return html`<div class="sums">${kinds.map(([kind, verdicts, counter]) => {
    // Before the plan nothing is decided, not even that it is nothing.
    const n = state.busy ? null : sum(seen.counts, verdicts);
    const unit = t(counter, { n: n ?? 0 });
    const title = t(`sum.${kind}.${state.busy ? "so-far" : "final"}`);
    const name = n === null ? title : `${title} ${formatNumber(n)} ${unit}`;
    return html`<div class="sum ${kind}" role="group" aria-label=${name} data-testid="sum-${kind}">
      <div class="top"><b>${title}</b>${n === null ? html`<span class="n">…</span>` : bigNumber(n, unit)}</div>
      ${marks(n === null ? {} : seen.counts, verdicts)}
    </div>`;
  })}</div>`;
}

/** @param {State} state @param {View} seen */
function footer(state, seen) {
  return html`<div class="foot">
    <span class="grow">${seen.patients > 0 ? t("tree.all-shown", { n: seen.patients }) : nothing}</span>
    <label class="choice"><input type="checkbox" data-testid="hide-names" .checked=${live(state.hideNames)} @change=${(/** @type {any} */ e) => actions.hideNames(e.target.checked)} />${t("tree.hide-names")}</label>
    <label class="choice"><input type="checkbox" data-testid="only-attention" .checked=${live(state.onlyAttention)} @change=${(/** @type {any} */ e) => actions.onlyAttention(e.target.checked)} />${t("tree.only-attention")}</label>
  </div>`;
}

/** @param {State} state */
function deliveryCard(state) {
  const { destinations, delivery } = state;
  const ways = /** @type {const} */ (["upload", "zip", "folder"]);
  return html`<div class="card">
    <h2>${t("check.before")}</h2>
    <fieldset>
      <legend>${t("delivery.title")}</legend>
      ${ways
        .filter((way) => way !== "upload" || destinations.length > 0)
        .map(
          (way) => html`<label class="choice">
        <input type="radio" name="delivery" value=${way} data-testid="dest-${way}" .checked=${live(delivery === way)} @change=${() => actions.deliverTo(way)} />
        <span>${t(`delivery.${way}`)}<small>${way === "upload" ? destinationName(state) : t(`delivery.${way}.text`)}</small></span>
      </label>${way === "upload" && destinations.length > 1 ? destinationSelect(state) : nothing}`,
        )}
    </fieldset>
    ${destinations.length === 0 ? html`<p class="small quiet">${t("delivery.no-destination")}</p>` : nothing}
  </div>`;
}

/** @param {State} state */
function destinationSelect(state) {
  const { destinations, destination, delivery } = state;
  return html`<select class="wide" aria-label=${t("delivery.destination")} data-testid="destination" ?disabled=${delivery !== "upload"} @change=${(/** @type {any} */ e) => actions.sendTo(Number(e.target.value))}>
    ${destinations.map((each, i) => html`<option value=${i} ?selected=${i === destination}>${nameOf(each, state.language)}</option>`)}
  </select>`;
}

/** @param {State} state @param {View} seen */
function runCard(state, seen) {
  const going = state.busy ? 0 : (currentSession()?.remaining() ?? 0);
  const asking = sum(seen.counts, ["review"]);
  const why = state.busy ? t("run.disabled.reading") : going === 0 ? t("run.disabled.nothing") : "";
  const sends = state.delivery === "upload";
  const stays = asking > 0 ? t(sends ? "run.held-stay.upload" : "run.held-stay", { n: asking }) : t("run.originals");
  const label = state.busy
    ? t(sends ? "run.button.reading.upload" : "run.button.reading")
    : t(sends ? "run.button.upload" : "run.button", { n: going });
  const once = sends && (state.busy || going + asking > 0) && state.key !== null && !state.key.kept;
  return html`<div class="card">
    <button class="main wide" data-testid="run" aria-disabled=${why === "" ? nothing : "true"} aria-describedby="run-why" @click=${() => why === "" && actions.run()}>
      ${label}
    </button>
    <p class="small quiet" id="run-why">${why === "" ? stays : why}</p>
    ${once ? html`<div data-testid="key-once"><p class="small quiet">${t("run.key-once")}</p><button class="tiny" data-testid="key-save" @click=${actions.saveKey}>${t("key.save")}</button></div>` : nothing}
    ${asking > 0 && !state.busy ? html`<button class="wide" data-testid="review-first" @click=${actions.review}>${icon("review")}${t("run.review-first", { n: asking })}</button><button class="link" data-testid="review-why" @click=${() => actions.showWhy("review")}>${t("run.review-why", { n: asking })}</button>` : nothing}
    ${going > 0 && !state.busy ? html`<button class="link" data-testid="preview-header" @click=${actions.inspectFirst}>${t("check.preview-header")}</button>` : nothing}
  </div>`;
}
