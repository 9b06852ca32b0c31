/** The picture of a review, large, or many together: what stands in the middle of the screen. */
import { html, nothing } from "../vendor/lit.js";
import { t } from "../words/words.js";
import "./review-overlay.js";
import "./review-tiles.js";
import "./review-viewer.js";

/** @typedef {import("./review.js").Review} Review */

/** @param {Review} review */
export function imageView(review) {
  const { desk, last } = review;
  const { item, frame } = desk;
  if (!item) return nothing;
  const masks = desk.work.masks(item.n);
  return html`<div class="strip"><span class="grow"></span>${levelsBar(review)}
      <button class="small" aria-pressed=${String(desk.showMasks)} data-testid="show-masks" @click=${() => review.toggleMasks()}>${t("review.show-masks")}<kbd>H</kbd></button>
      <button class="small" data-testid="zoom-fit" @click=${() => review.viewer?.magnify(0)}>${t("review.zoom-fit")}<kbd>0</kbd></button>
      <button class="small" data-testid="zoom-in" aria-label=${t("review.zoom-in")} @click=${() => review.viewer?.magnify(1.5)}>＋</button>
      <button class="small" data-testid="zoom-out" aria-label=${t("review.zoom-out")} @click=${() => review.viewer?.magnify(1 / 1.5)}>−</button></div>
    <tokumei-viewer .picture=${desk.picture ?? (last?.n === item.n ? last.picture : null)} .frame=${frame} .frames=${item.frames} .busy=${desk.picture === null} .masks=${masks} .locked=${desk.work.decision(item.n) !== null} .showMasks=${desk.showMasks} .language=${review.language}
      .label=${t("review.viewer", { i: item.place, n: masks.length })} @draw=${review.onDraw} @chosen=${() => review.requestUpdate()}
      @scaled=${review.onScaled} @turn=${review.onTurn} @levels=${review.onLevels}></tokumei-viewer>
    ${item.frames > 1 ? frameBar(review, item.frames, frame) : nothing}`;
}

/** @param {Review} review @param {number} frames @param {number} frame */
function frameBar({ desk }, frames, frame) {
  const to = (/** @type {Event} */ event) =>
    desk.step(Number(/** @type {HTMLInputElement} */ (event.target).value) - 1 - desk.frame);
  return html`<div class="strip frames"><kbd>J</kbd><button class="small" data-testid="frame-back" aria-label=${t("review.frame-back")} aria-keyshortcuts="J" @click=${() => desk.step(-1)}>◀</button>
    <input type="range" min="1" max=${frames} .value=${String(frame + 1)} aria-label=${t("review.frame")} data-testid="frame-slider" @input=${to} />
    <span data-testid="frame-n">${t("review.frame-n", { i: frame + 1, n: frames })}</span>
    <button class="small" data-testid="frame-next" aria-label=${t("review.frame-next")} aria-keyshortcuts="L" @click=${() => desk.step(1)}>▶</button><kbd>L</kbd></div>`;
}

/** How light the picture is; colours are as they are. @param {Review} review */
function levelsBar({ desk }) {
  const { picture } = desk;
  if (!picture || "none" in picture || !picture.window) return nothing;
  return html`<button class="small" data-testid="darker" aria-keyshortcuts="[" @click=${() => desk.adjust(-0.1)}>${t("review.darker")}</button>
    <button class="small" data-testid="lighter" aria-keyshortcuts="]" @click=${() => desk.adjust(0.1)}>${t("review.lighter")}</button>
    <button class="small" data-testid="whole-range" aria-pressed=${String(desk.levels?.length === 0)} @click=${() => desk.toggleWhole()}>${t("review.whole-range")}<kbd>W</kbd></button>`;
}

/** @param {Review} review */
export function groupView(review) {
  const { desk } = review;
  const { items, first, page, at, out } = desk.group;
  const args = { from: first + 1, to: Math.min(items.length, first + page), n: items.length };
  return html`<div class="strip"><b>${t("review.after")}</b><span>${t("review.group-range", args)}</span><span class="grow"></span>
      <button class="small" aria-pressed=${String(desk.overlaid)} data-testid="overlay" @click=${review.acts.overlay}>${t("review.overlay")}<kbd>C</kbd></button>
      <button class="small" aria-pressed=${String(review.large)} data-testid="tile-size" @click=${() => review.toggleSize()}>${t("review.tile-size")}<kbd>+</kbd></button></div>
    <div class="side-by-side">${desk.overlaid ? html`<tokumei-overlay .items=${items} .work=${desk.work} .pictures=${desk.pictures} .kind=${review.kind} .language=${review.language} .drawn=${desk.revision} @kind=${review.onKind}></tokumei-overlay>` : nothing}
    <tokumei-tiles .items=${items} .first=${first} .at=${at} .out=${out} .work=${desk.work} .pictures=${desk.pictures} .large=${review.large} .language=${review.language} .drawn=${desk.revision}
      @seen=${review.onSeen} @paged=${review.onPaged} @focusat=${review.onFocusAt} @pressed=${review.onPressed}></tokumei-tiles></div>`;
}
