/** 実行する: see that it goes on, and that you may leave it. */
import { html, nothing } from "../vendor/lit.js";
import { formatMinutes, formatNumber, formatSize, formatTime, t } from "../words/words.js";
import { actions } from "./actions.js";
import "./progress.js";

/** @typedef {import("./store.js").State} State */

/** @param {State} state */
export function runScreen(state) {
  const { run, hideNames, language } = state;
  const sending = run.way === "upload";
  return html`<div class="columns">
    <div class="grow">
      <section class="card" data-testid="progress-card" aria-labelledby="run-title">
        <div class="head">
          <div class="grow">${heading(run)}</div>
          ${sending && !run.halted ? pauseButton(run.paused) : nothing}
          <button class="danger" data-testid="stop" @click=${actions.askStop}>${t("run.stop")}</button>
        </div>
        <progress data-testid="progress" aria-label=${t("run.progress")} max=${Math.max(1, run.total - run.held)} value=${run.saved}></progress>
        <div role="group" aria-label=${t("run.stages")}><dl class="stages ${run.way}" data-testid="stage-counts">${sending ? sendingStages(run) : savingStages(run)}</dl></div>
        <p class="vh" role="status" data-testid="run-quarter">${quarter(run)}</p>
      </section>
      <section class="card" aria-labelledby="studies-title">
        <h2 id="studies-title">${t("progress.label")}</h2>
        <tokumei-progress .done=${run.saved} .sending=${sending} .still=${run.paused || run.halted !== null} .hideNames=${hideNames} .language=${language}></tokumei-progress>
      </section>
    </div>
    <aside class="side" aria-label=${t("run.notices")}>
      <div class="card"><h2>${t("run.keep-open")}</h2><p class="small">${t(keepOpen(state))}</p></div>
      <div class="card"><h2>${t("run.notices")}</h2>
        <ul class="small log" data-testid="run-log">${run.log.map(({ time, code, n }) => html`<li data-log=${code}>${formatTime(time)}  ${t(`log.${code}`, { n })}</li>`)}</ul>
      </div>
    </aside>
  </div>`;
}

/** @param {State["run"]} run */
function heading({ way, total, saved, left, halted, paused }) {
  const title = halted || paused ? "run.title.held" : way === "upload" ? "run.title.upload" : "run.title";
  const args = { total, n: saved, left: left === null ? "" : t("time.left", { t: formatMinutes(left) }) };
  return html`<h1 id="run-title" tabindex="-1">${t(title)}</h1><p class="lead">${t(way === "upload" ? "run.text.upload" : "run.text", args)}</p>`;
}

/** One button with two meanings: the focus stays on it. @param {boolean} paused */
function pauseButton(paused) {
  return html`<button data-testid=${paused ? "resume" : "pause"} @click=${paused ? actions.resume : actions.pause}>${t(paused ? "run.resume" : "run.pause")}</button>`;
}

/** @param {State["run"]} run */
function sendingStages({ done, saved, held, retries, bytes }) {
  return html`${stage("processed", formatNumber(done))}${stage("sent", formatSize(bytes))}${stage("confirmed", formatNumber(saved))}${stage("not-sent", formatNumber(held))}${stage("retries", formatNumber(retries))}`;
}

/** @param {State["run"]} run */
function savingStages({ done, saved, held, total }) {
  const waiting = Math.max(0, total - done);
  return html`${stage("processed", formatNumber(done))}${stage("saved", formatNumber(saved))}${stage("held", formatNumber(held))}${stage("waiting", formatNumber(waiting))}`;
}

/** @param {string} name @param {string} amount */
function stage(name, amount) {
  return html`<div><dt>${t(`stage.${name}`)}</dt><dd data-stage=${name}>${amount}</dd></div>`;
}

/** Spoken at each quarter; the counts themselves are not. @param {State["run"]} run */
function quarter({ saved, total }) {
  const quarters = total > 0 ? Math.floor((4 * saved) / total) : 0;
  return quarters > 0 ? t("run.quarter", { n: quarters * 25 }) : "";
}

/** A run under a key that is forgotten cannot be gone on with. @param {State} state */
function keepOpen({ run, key }) {
  if (run.way !== "upload") return "run.keep-open.text";
  return key?.kept ? "run.keep-open.upload" : "run.keep-open.once";
}
