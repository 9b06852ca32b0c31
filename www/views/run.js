/** 実行する: see that it goes on. */
import { html } from "../vendor/lit.js";
import { formatMinutes, formatNumber, formatTime, t } from "../words/words.js";
import { actions } from "./actions.js";
import "./progress.js";

/** @param {import("./store.js").State} state */
export function runScreen({ run, hideNames, language }) {
  const left = run.left === null ? "" : t("time.left", { t: formatMinutes(run.left) });
  return html`<div class="columns">
    <div class="grow">
      <section class="card" data-testid="progress-card" aria-labelledby="run-title">
        <div class="head">
          <div class="grow"><h1 id="run-title" tabindex="-1">${t("run.title")}</h1><p class="lead">${t("run.text", { total: run.total, n: run.saved, left })}</p></div>
          <button class="danger" data-testid="stop" @click=${actions.askStop}>${t("run.stop")}</button>
        </div>
        <progress data-testid="progress" aria-label=${t("run.progress")} max=${run.total} value=${run.saved + run.held}></progress>
        <div role="group" aria-label=${t("run.stages")}><dl class="stages" data-testid="stage-counts">
          ${stage("processed", run.done)}${stage("saved", run.saved)}${stage("held", run.held)}${stage("waiting", Math.max(0, run.total - run.done))}
        </dl></div>
      </section>
      <section class="card" aria-labelledby="studies-title">
        <h2 id="studies-title">${t("progress.label")}</h2>
        <tokumei-progress .done=${run.done} .hideNames=${hideNames} .language=${language}></tokumei-progress>
      </section>
    </div>
    <aside class="side" aria-label=${t("run.notices")}>
      <div class="card"><h2>${t("run.keep-open")}</h2><p class="small">${t("run.keep-open.text")}</p></div>
      <div class="card"><h2>${t("run.notices")}</h2>
        <ul class="small" data-testid="run-log">${run.log.map(({ time, code, n }) => html`<li data-notice=${code}>${formatTime(time)}  ${t(`log.${code}`, { n })}</li>`)}</ul>
      </div>
    </aside>
  </div>`;
}

/** @param {string} name @param {number} n */
function stage(name, n) {
  return html`<div><dt>${t(`stage.${name}`)}</dt><dd>${formatNumber(n)}</dd></div>`;
}
