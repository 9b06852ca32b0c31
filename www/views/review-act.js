/** What can be decided, and why somebody must: the column beside the picture. */

import { html, nothing } from "../vendor/lit.js";
import { reasonText, t } from "../words/words.js";
import { icon } from "./icons.js";

/**
 * @typedef {import("./review-desk.js").Desk} Desk
 * @typedef {{ approve: (how: "masked" | "pass") => void, refuse: () => void, later: () => void, reopen: () => void, undo: () => void,
 *   add: () => void, remove: () => void, frames: () => void, outside: () => void, remember: () => void, savePolicy: () => void,
 *   apply: (scope: "series" | "device") => void, together: (overlaid: boolean) => void, overlay: () => void,
 *   approveGroup: () => void, refuseGroup: () => void, openTile: () => void, backToImage: () => void, close: () => void }} Acts
 */

/**
 * @typedef {{ looked: boolean, chosen: boolean, allFrames: boolean, rules: number }} Facts
 *   `looked`: the policy has pixels checked; `chosen`: a rectangle is; `rules`: devices whose rectangles are remembered
 */

/** @param {Desk} desk @param {Acts} acts @param {Facts} facts */
export function imageActs(desk, acts, facts) {
  const { item } = desk;
  const { looked } = facts;
  if (!item) return nothing;
  const decision = desk.work.decision(item.n);
  const closed = decision !== null || (desk.picture !== null && "none" in desk.picture);
  return html`${why(item, looked)}${said(desk, looked)}
    ${decision ? decided(desk, decision, acts) : toDecide(desk, acts)}
    ${closed ? nothing : html`${drawing(desk, acts, facts)}${applying(desk, acts)}`}
    <p class="small quiet" id="viewer-keys" ?hidden=${closed}>${t("review.keys")}</p>`;
}

/** @param {import("./review-work.js").Item} item @param {boolean} looked */
function why({ reason, stays }, looked) {
  const text = reasonText(reason, looked);
  // What the reason asks for can be done here; what is no question of the picture keeps its own advice.
  const more = stays === null ? t("review.look") : stays === reason ? text.do : reasonText(stays, looked).what;
  return html`<div class="why review" data-testid="review-why-text"><b>${t("review.why")}</b><p>${text.what}</p><p class="small">${stays === "face-not-checked" ? t("review.look-face") : more}</p></div>`;
}

/** What was done last. @param {Desk} desk @param {boolean} looked */
function said({ said }, looked) {
  const reason = said?.reason ? reasonText(said.reason, looked) : null;
  return html`<div class="said ${reason ? "stopped" : ""}" role="status" data-testid="review-said">${said ? html`<p>${t(said.key, said.args)}</p>` : nothing}${reason ? html`<p class="small">${reason.what} ${reason.do}</p>` : nothing}</div>`;
}

/** @param {Desk} desk @param {Acts} acts */
function toDecide(desk, acts) {
  const { item, picture, unseen } = desk;
  const masks = item ? desk.work.masks(item.n).length : 0;
  const none = picture !== null && "none" in picture;
  const looks = picture !== null && !none;
  const moving = !none && item?.stays === null && item.frames > 1 && unseen > 0;
  const off = (/** @type {boolean} */ able) => (able ? nothing : "true");
  if (moving) {
    return html`<button class="main" data-testid="play" @click=${() => acts.approve(masks > 0 ? "masked" : "pass")}>${t(desk.playing ? "review.playing" : "review.play", { n: unseen })}<kbd>Enter</kbd></button>
      ${refuseAndLater(desk, acts)}`;
  }
  const settled = item?.stays === null;
  const passes = looks && settled && masks === 0;
  const masked = looks && settled && masks > 0;
  const stops = none
    ? "review.no-preview.text"
    : !looks
      ? "review.loading"
      : settled
        ? "review.no-masks"
        : "review.not-by-looking";
  return html`<button class=${masked ? "main" : ""} data-testid="approve-masked" aria-disabled=${off(masked)} aria-describedby="approve-why" @click=${() => acts.approve("masked")}>${masks > 0 ? t("review.approve-masked", { n: masks }) : t("review.approve-masked.none")}<kbd>Enter</kbd></button>
    <p class="small quiet" id="approve-why" ?hidden=${masked}>${t(stops)}</p>
    <button data-testid="approve-pass" aria-disabled=${off(passes)} @click=${() => acts.approve("pass")}>${t("review.approve-pass")}<kbd>P</kbd></button>
    ${refuseAndLater(desk, acts)}`;
}

/** @param {Desk} desk @param {Acts} acts */
function refuseAndLater(desk, acts) {
  return html`<button class="danger" data-testid="refuse" @click=${acts.refuse}>${t("review.refuse")}<kbd>X</kbd></button>
    ${laterAndUndo(desk, acts, "review.later")}`;
}

/** @param {Desk} desk @param {Acts} acts @param {"review.later" | "review.next"} later */
function laterAndUndo(desk, acts, later) {
  return html`<div class="half">
    <button class="small" data-testid="later" @click=${acts.later}>${t(later)}<kbd>→</kbd></button>${undo(desk, acts)}</div>`;
}

/** @param {Desk} desk @param {Acts} acts */
function undo({ work }, acts) {
  return html`<button class="small" data-testid="undo" aria-disabled=${work.canUndo ? nothing : "true"} @click=${acts.undo}>${t("review.undo")}<kbd>Ctrl+Z</kbd></button>`;
}

/** @param {Desk} desk @param {"pass" | "masked" | "refused"} decision @param {Acts} acts */
function decided(desk, decision, acts) {
  return html`<div class="decided" data-testid="decided" data-decision=${decision}><span class="v ${decision}">${icon(decision)}${t(`review.decided.${decision}`)}</span></div>
    <button data-testid="reopen" @click=${acts.reopen}>${t("review.reopen")}<kbd>U</kbd></button>
    ${laterAndUndo(desk, acts, "review.next")}`;
}

/** @param {Desk} desk @param {Acts} acts */
function applying(desk, acts) {
  const { item } = desk;
  const masks = item ? desk.work.masks(item.n).length : 0;
  const series = desk.others("series").length;
  const device = desk.others("device").length;
  const clip = (item?.frames ?? 1) > 1;
  if (series + device === 0 && !clip) return nothing;
  const kind = masks > 0 ? "apply" : "look";
  const alone = series + device === 0;
  return html`<div class="part"><h2>${t(alone ? "review.look.title" : `review.${kind}.title`)}</h2>
    ${series > 0 ? html`<button class="small" data-testid="apply-series" @click=${() => acts.apply("series")}>${t(`review.${kind}.series`, { n: series })}<kbd>S</kbd></button>` : nothing}
    ${device > 0 ? html`<button class="small" data-testid="apply-group" @click=${() => acts.apply("device")}>${t(`review.${kind}.device`, { n: device })}<kbd>A</kbd></button>` : nothing}
    <button class="small" data-testid="overlay-open" @click=${() => acts.together(true)}>${t("review.overlay")}<kbd>C</kbd></button>
    ${alone ? nothing : html`<p class="small quiet">${t("review.apply.text")}</p>`}</div>`;
}

/** @param {Desk} desk @param {Acts} acts @param {Facts} facts */
function drawing({ item, work, picture }, acts, { chosen, allFrames, rules }) {
  if (!item) return nothing;
  const [across, down] = (picture && !("none" in picture) && picture.grid) || [1, 1];
  const off = (/** @type {boolean} */ able) => (able ? nothing : "true");
  const remembered = work.isRemembered(item.n);
  const fixed = work.masks(item.n).some(({ frames }) => frames === "all");
  return html`<div class="part"><h2>${t("review.masks")}</h2>
    <div class="half">
      <button class="small" data-testid="mask-add" @click=${acts.add}>${t("review.mask-add")}<kbd>N</kbd></button>
      <button class="small" data-testid="mask-delete" aria-disabled=${off(chosen)} @click=${acts.remove}>${t("review.mask-delete")}<kbd>Del</kbd></button>
    </div>
    ${item.frames > 1 ? html`<button class="small" data-testid="mask-frames" aria-disabled=${off(chosen)} @click=${acts.frames}>${t(chosen && !allFrames ? "review.mask-all-frames" : "review.mask-one-frame")}<kbd>F</kbd></button>` : nothing}
    ${across * down > 1 && work.masks(item.n).length > 0 ? html`<p class="small quiet" data-testid="mask-grid">${t("review.grid", { w: across, h: down })}</p>` : nothing}
    <div class="half">
      <button class="small" data-testid="mask-outside" @click=${acts.outside}>${t("review.mask-outside")}<kbd>O</kbd></button>
      <button class="small" data-testid="remember-device" aria-pressed=${String(remembered)} aria-disabled=${off(remembered || fixed)} @click=${() => (remembered || fixed) && acts.remember()}>${t("review.remember")}<kbd>R</kbd></button>
    </div>
    ${rules > 0 ? html`<button class="small" data-testid="policy-save" @click=${acts.savePolicy}>${t("review.policy-save", { n: rules })}</button>` : nothing}
  </div>`;
}

/** @param {Desk} desk @param {Acts} acts @param {boolean} looked */
export function groupActs(desk, acts, looked) {
  const { group, selected } = desk;
  const first = group.items[0];
  const masked = selected.filter(({ n }) => desk.work.masks(n).length > 0).length;
  const as = masked === selected.length ? "masked" : masked === 0 ? "pass" : "mixed";
  const turns = group.seen && desk.turns;
  const label = !group.seen
    ? t("review.group-looking")
    : turns
      ? t(group.left > 0 ? "review.group-more" : "review.group-end", { n: Math.min(group.left, group.page) })
      : t(`review.group-approve.${as}`, { n: selected.length, m: masked });
  const out = group.onPage.filter(({ n }) => group.out.has(n)).length;
  const refusable = desk.refusable.length;
  return html`${first ? why(first, looked) : nothing}${said(desk, looked)}
    <button class="main" data-testid="group-approve" aria-disabled=${group.seen ? nothing : "true"} @click=${acts.approveGroup}>${label}<kbd>${turns || as === "masked" ? "Enter" : "P"}</kbd></button>
    ${out > 0 ? html`<p class="small quiet">${t("review.group-out", { n: out })}</p>` : nothing}
    <button data-testid="group-one" @click=${acts.openTile}>${t("review.group-one", { i: group.items[group.at]?.place ?? 0 })}<kbd>V</kbd></button>
    <button class="danger" data-testid="group-refuse" aria-disabled=${refusable > 0 ? nothing : "true"} @click=${acts.refuseGroup}>${t("review.group-refuse", { n: refusable })}<kbd>X</kbd></button>
    <button class="small" data-testid="group-back" @click=${acts.backToImage}>${t("review.group-back")}<kbd>Esc</kbd></button>
    ${undo(desk, acts)}
    <p class="small quiet">${t("review.group-keys")}</p>`;
}

/** @param {Desk} desk @param {Acts} acts */
export function doneCard(desk, acts) {
  const args = { n: desk.work.count("pass", "masked"), m: desk.work.count("refused") };
  return html`<div class="done" data-testid="review-done"><div class="card">
    <div class="result ok" role="status">${icon("pass")}<div class="grow"><h2>${t("review.done.title")}</h2><p class="lead">${t("review.done.text", args)}</p></div></div>
    <div class="acts"><button class="main" data-testid="review-back" @click=${acts.close}>${t("review.done.back")}<kbd>Esc</kbd></button>
      ${undo(desk, acts)}</div>
  </div></div>`;
}
