/** What the provider's page draws, of the state alone. */
import { html, nothing } from "../vendor/lit.js";
import { actions, PAGE, uidOf } from "./store.js";
import { moment, number, size, studyDate, t, tOr } from "./words.js";

/** Attributes in which people and places are named: whether they are gone is what a person wants to see first. */
const IDENTIFYING = [
  "(0010,0010)",
  "(0010,0020)",
  "(0010,0030)",
  "(0010,1000)",
  "(0010,1040)",
  "(0010,2154)",
  "(0008,0050)",
  "(0008,0080)",
  "(0008,0081)",
  "(0008,0090)",
  "(0008,1050)",
  "(0008,1070)",
  "(0008,1010)",
  "(0018,1000)",
];

/** @typedef {import("./store.js").State} State */

/** @param {State} state */
export function view(state) {
  return html`<a class="skip" href="#main">${t("skip")}</a>
    <header class="bar">
      <div class="brand">tokumei<span>${t("purpose")}</span></div>
      <div class="tools">
        <button class="tiny" lang=${t("other-language.tag")} data-testid="lang" @click=${actions.language}>${t("other-language")}</button>
        <a class="button tiny" href="../" data-testid="to-sender">${t("to-sender")}</a>
      </div>
    </header>
    <main id="main" tabindex="-1">
      <div class="head">
        <div class="grow"><h1 tabindex="-1">${t("title")}</h1><p class="lead">${t("lead")}</p></div>
        ${state.arrivals?.instances ? html`<button class="danger small" id="delete" data-testid="delete-all" @click=${actions.askDelete}>${t("delete")}</button>` : nothing}
      </div>
      ${state.reached ? nothing : html`<p class="note error" role="alert" data-testid="not-reached"><span></span><span>${t("not-reached")}</span></p>`}
      ${state.arrivals ? body(state, state.arrivals) : html`<p class="quiet">${t("loading")}</p>`}
    </main>
    ${state.asking ? dialog(state) : nothing}`;
}

/** @param {State} state @param {import("./store.js").Arrivals} arrivals */
function body(state, arrivals) {
  return html`${sums(arrivals)}
    ${arrivals.instances === 0 ? empty() : studies(state, arrivals)}
    ${state.study === null ? nothing : opened(state)}
    ${arrivals.refused > 0 ? refusals(arrivals) : nothing}`;
}

/** @param {import("./store.js").Arrivals} arrivals */
function sums({ studies, series, instances, bytes, last, refused }) {
  const sum = (
    /** @type {string} */ name,
    /** @type {string} */ kind,
    /** @type {unknown} */ value,
    /** @type {string} */ below,
  ) =>
    html`<div class="sum ${kind}" data-testid="sum-${name}"><div class="top"><b>${t(`sum.${name}`)}</b></div>
      <div class="n">${value}</div><div class="below">${below}</div></div>`;
  return html`<section class="sums four" aria-label=${t("sums")} aria-live="polite" aria-atomic="true">
    ${sum("instances", "go", number(instances), size(bytes))}
    ${sum("studies", "go", number(studies), t("sum.series", { n: series }))}
    ${sum("last", "none", last === null ? "–" : moment(last), t(last === null ? "sum.last.none" : "sum.last.text"))}
    ${sum("refused", refused > 0 ? "ask" : "none", number(refused), t(refused > 0 ? "sum.refused.text" : "sum.refused.none"))}
  </section>`;
}

function empty() {
  return html`<div class="card empty" data-testid="empty"><h2>${t("empty.title")}</h2><p>${t("empty.text")}</p>
    <a class="button" href="../">${t("to-sender")}</a></div>`;
}

/** @param {State} state @param {import("./store.js").Arrivals} arrivals */
function studies({ study: open }, { list, studies: all }) {
  return html`<section class="card" aria-labelledby="studies-title"><h2 id="studies-title">${t("studies")}</h2>
    <div class="scroll tall" tabindex="0" role="group" aria-labelledby="studies-title"><table data-testid="studies">
      <thead><tr><th>${t("col.patient")}</th><th>${t("col.date")}</th><th>${t("col.modality")}</th><th class="num">${t("col.series")}</th>
        <th class="num">${t("col.instances")}</th><th class="num">${t("col.bytes")}</th><th class="num">${t("col.last")}</th></tr></thead>
      <tbody>${list.map(
        ({ study, patient, date, modalities, series, instances, bytes, last }) =>
          html`<tr aria-current=${String(study === open)}>
            <td><button class="link" data-testid="open-study" aria-label=${t("open-study", { name: String(patient ?? study) })} @click=${() => actions.study(study)}>${patient || study}</button></td>
            <td class="when">${studyDate(date)}</td><td>${modalities.join(", ")}</td><td class="num">${number(series)}</td>
            <td class="num">${number(instances)}</td><td class="num">${size(bytes)}</td><td class="num">${moment(last)}</td></tr>`,
      )}</tbody></table></div>
    ${all > list.length ? html`<p class="small quiet">${t("studies.more", { n: all - list.length })}</p>` : nothing}
  </section>`;
}

/** @param {State} state */
function opened(state) {
  return html`<div class="split"><div>
      <section class="card" aria-labelledby="series-title"><h2 id="series-title">${t("series")}</h2><p class="uid quiet">${state.study}</p>
        <table data-testid="series"><thead><tr><th>${t("col.series-uid")}</th><th>${t("col.modality")}</th><th class="num">${t("col.instances")}</th></tr></thead>
        <tbody>${state.series.map((row) => {
          const uid = uidOf(row, "0020000E");
          return html`<tr aria-current=${String(uid === state.chosen)}><td><button class="link uid" data-testid="open-series" @click=${() => actions.series(uid)}>${uid}</button></td>
            <td>${uidOf(row, "00080060")}</td><td class="num">${number(Number(uidOf(row, "00201209")))}</td></tr>`;
        })}</tbody></table></section>
      ${state.chosen === null ? nothing : instances(state)}
    </div>
    ${state.instance === null ? html`<p class="card quiet">${t("attributes.choose")}</p>` : attributes(state)}</div>`;
}

/** @param {State} state */
function instances({ instances: rows, instance, offset, series, chosen }) {
  const all = Number(
    uidOf(
      series.find((row) => uidOf(row, "0020000E") === chosen),
      "00201209",
    ),
  );
  return html`<section class="card" aria-labelledby="instances-title"><h2 id="instances-title">${t("instances")}</h2>
    <div class="scroll tall" tabindex="0" role="group" aria-labelledby="instances-title"><table data-testid="instances">
    <thead><tr><th class="num">${t("col.number")}</th><th>${t("col.instance-uid")}</th></tr></thead>
    <tbody>${rows.toSorted(byNumber).map((row) => {
      const uid = uidOf(row, "00080018");
      return html`<tr aria-current=${String(uid === instance)}><td class="num">${uidOf(row, "00200013")}</td>
        <td><button class="link uid" data-testid="open-instance" @click=${() => actions.instance(uid)}>${uid}</button></td></tr>`;
    })}</tbody></table></div>
    ${
      all > PAGE
        ? html`<nav class="pages" aria-label=${t("pages")}>
      <button class="tiny" aria-disabled=${offset === 0 ? "true" : nothing} @click=${() => offset > 0 && actions.turn(-1)}>${t("pages.before")}</button>
      <span>${t("pages.at", { from: offset + 1, to: offset + rows.length, n: all })}</span>
      <button class="tiny" aria-disabled=${offset + PAGE >= all ? "true" : nothing} @click=${() => offset + PAGE < all && actions.turn(1)}>${t("pages.after")}</button></nav>`
        : nothing
    }
  </section>`;
}

/** @param {import("./store.js").Found} a @param {import("./store.js").Found} b */
function byNumber(a, b) {
  return Number(uidOf(a, "00200013")) - Number(uidOf(b, "00200013"));
}

/** @param {State} state */
function attributes({ attributes: rows, instance }) {
  return html`<section class="card" aria-labelledby="attributes"><h2 id="attributes" tabindex="-1">${t("attributes")}</h2><p class="uid quiet">${instance}</p>
    ${rows === null ? html`<p>${t("attributes.none")}</p>` : html`${identifying(rows)}${every(rows)}`}</section>`;
}

/** @param {import("./store.js").Attribute[]} rows */
function identifying(rows) {
  const top = new Map(rows.filter(({ depth }) => depth === 0).map((row) => [row.tag, row]));
  return html`<h3>${t("identifying")}</h3>
    <table data-testid="identifying"><thead><tr><th>${t("col.attribute")}</th><th>${t("col.arrived")}</th></tr></thead>
    <tbody>${IDENTIFYING.map((tag) => {
      const row = top.get(tag);
      const said =
        row === undefined
          ? html`<span class="good">${t("value.absent")}</span>`
          : row.value === ""
            ? html`<span class="good">${t("value.empty")}</span>`
            : (row.value ?? t("value.bytes", { n: row.bytes }));
      return html`<tr><td>${t(`attribute.${tag}`)} <code class="quiet">${tag}</code></td><td>${said}</td></tr>`;
    })}</tbody></table>`;
}

/** @param {import("./store.js").Attribute[]} rows */
function every(rows) {
  return html`<details><summary>${t("every", { n: rows.length })}</summary>
    <div class="scroll tall" tabindex="0" role="group" aria-label=${t("every", { n: rows.length })}><table data-testid="attributes">
      <thead><tr><th>${t("col.tag")}</th><th>VR</th><th>${t("col.value")}</th></tr></thead>
      <tbody>${rows.map(
        ({ tag, vr, depth, value, bytes }) =>
          html`<tr><td class="deep-${Math.min(depth, 3)}"><code>${tag}</code> ${tOr(`attribute.${tag}`, "")}</td><td>${vr}</td>
            <td>${value ?? html`<span class="quiet">${t("value.bytes", { n: bytes })}</span>`}</td></tr>`,
      )}</tbody></table></div></details>`;
}

/** @param {import("./store.js").Arrivals} arrivals */
function refusals({ refused, refusals: rows }) {
  return html`<section class="card" aria-labelledby="refused-title"><h2 id="refused-title">${t("refused", { n: refused })}</h2>
    <p class="small quiet">${t("refused.text")}</p>
    <table data-testid="refusals"><thead><tr><th>${t("col.at")}</th><th>${t("col.reason")}</th><th class="num">${t("col.bytes")}</th></tr></thead>
    <tbody>${rows.map(
      ({ at, reason, bytes }) =>
        html`<tr><td class="when">${moment(at)}</td><td>${t(`reason.${reason}`)} <code class="quiet">${reason}</code></td><td class="num">${bytes > 0 ? size(bytes) : "–"}</td></tr>`,
    )}</tbody></table></section>`;
}

/** @param {State} state */
function dialog({ arrivals }) {
  const cancel = (/** @type {Event} */ event) => {
    event.preventDefault();
    actions.keep();
  };
  return html`<dialog aria-labelledby="dialog-title" aria-describedby="dialog-text" @cancel=${cancel}>
    <h2 id="dialog-title">${t("delete.title", { n: arrivals?.instances ?? 0 })}</h2><p id="dialog-text">${t("delete.text")}</p>
    <div class="acts"><button class="main" autofocus data-testid="delete-no" @click=${actions.keep}>${t("delete.no")}</button>
      <button class="danger" data-testid="delete-yes" @click=${actions.delete}>${t("delete.yes")}</button></div>
  </dialog>`;
}
