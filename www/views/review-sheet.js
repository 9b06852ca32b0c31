/**
 * The contact sheet: every image that waits or was decided, small, study by study, with its rectangles and its decision. Only rows
 * in sight are in the document. Events: `choose` (place of an image in the list).
 */
import { html, LitElement, nothing } from "../vendor/lit.js";
import { formatNumber, t } from "../words/words.js";
import { icon } from "./icons.js";
import { grown, scaled } from "./review-masks.js";
import { paint } from "./review-paint.js";

/**
 * @typedef {import("./review-work.js").Item} Item
 * @typedef {{ top: number, from: number, to: number, title: string }} Row  images `from` to `to`; a title has none
 */

export const COLUMNS = 4;
const TILE_HEIGHT = 76;
const TITLE_HEIGHT = 34;
const SPARE = 300;

class Sheet extends LitElement {
  static properties = {
    items: { attribute: false },
    at: { type: Number },
    work: { attribute: false },
    pictures: { attribute: false },
    titleOf: { attribute: false },
    language: {},
    hideNames: { type: Boolean },
    /** Grows with everything that changes in what is drawn. */
    drawn: { type: Number },
    scrolled: { state: true },
  };

  constructor() {
    super();
    /** @type {Item[]} */
    this.items = [];
    this.at = 0;
    /** @type {import("./review-work.js").Work | null} */
    this.work = null;
    /** @type {import("./review-pictures.js").Pictures | null} */
    this.pictures = null;
    /** @type {(study: string) => string} */
    this.titleOf = () => "";
    this.language = "";
    this.hideNames = false;
    this.drawn = 0;
    this.scrolled = 0;
    /** @type {{ rows: Row[], height: number }} */
    this.layout = { rows: [], height: 0 };
    this.takesFocus = false;
  }

  createRenderRoot() {
    return this;
  }

  get port() {
    return /** @type {HTMLElement | null} */ (this.querySelector(".port"));
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has("items") || changed.has("language") || changed.has("hideNames")) this.layout = this.laidOut();
  }

  laidOut() {
    /** @type {Row[]} */
    const rows = [];
    let top = 0;
    let study = "";
    for (let from = 0; from < this.items.length; ) {
      const first = this.items[from];
      if (first && first.study !== study) {
        study = first.study;
        rows.push({ top, from, to: from, title: this.titleOf(study) });
        top += TITLE_HEIGHT;
      }
      let to = from;
      while (to < from + COLUMNS && this.items[to]?.study === study) to += 1;
      rows.push({ top, from, to, title: "" });
      top += TILE_HEIGHT;
      from = to;
    }
    return { rows, height: top };
  }

  render() {
    const height = this.port?.clientHeight || 700;
    const inSight = this.layout.rows.filter(
      ({ top }) => top > this.scrolled - SPARE && top < this.scrolled + height + SPARE,
    );
    return html`<div class="port" @scroll=${this.onScroll}>
      <div class="all" role="listbox" aria-label=${t("review.sheet")} data-testid="sheet">
        ${inSight.map((row) =>
          row.from === row.to
            ? html`<div class="group" data-top=${row.top}><bdi>${row.title}</bdi></div>`
            : html`<div class="row" data-top=${row.top}>${this.items.slice(row.from, row.to).map((item, i) => this.tile(item, row.from + i))}</div>`,
        )}
      </div>
    </div>`;
  }

  /** @param {Item} item @param {number} at */
  tile(item, at) {
    const decision = this.work?.decision(item.n) ?? null;
    const current = at === this.at;
    const small = this.pictures?.small(item.n);
    const words = t(`review.tile.${decision ?? "open"}`, { i: item.place });
    const label = small === "none" ? `${words} ${t("review.tile.none")} ${formatNumber(item.place)}` : words;
    return html`<div class="tile" role="option" tabindex=${current ? 0 : -1} aria-selected=${current ? "true" : "false"} aria-setsize=${this.items.length} aria-posinset=${at + 1}
      aria-label=${label} data-at=${at} data-decision=${decision ?? nothing} @click=${() => this.choose(at)}>
      ${small === "none" ? html`<span class="none" aria-hidden="true">${t("review.tile.none")}</span>` : html`<canvas aria-hidden="true" data-n=${item.n}></canvas>`}
      <span class="i" aria-hidden="true">${formatNumber(item.place)}</span>
      ${decision ? html`<span class="v ${decision}" aria-hidden="true">${icon(decision)}</span>` : nothing}
    </div>`;
  }

  updated() {
    const all = /** @type {HTMLElement | null} */ (this.querySelector(".all"));
    if (all) all.style.height = `${this.layout.height}px`;
    for (const row of /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll("[data-top]"))) {
      row.style.top = `${row.dataset.top}px`;
    }
    for (const canvas of this.querySelectorAll("canvas")) this.drawTile(canvas, Number(canvas.dataset.n));
    if (this.takesFocus) {
      const current = /** @type {HTMLElement | null} */ (this.querySelector('[role="option"][tabindex="0"]'));
      current?.focus({ preventScroll: true });
      this.takesFocus = current === null;
    }
  }

  /** @param {HTMLCanvasElement} canvas @param {number} n */
  drawTile(canvas, n) {
    const small = this.pictures?.small(n);
    if (!small || small === "none" || !this.work) return;
    // Rectangles are in pixels of the picture, which the small one has fewer of.
    const facts = this.pictures?.factsOf(n) ?? { width: small.width, height: small.height, grid: null };
    const shrink = small.width / facts.width;
    const masks = this.work.masks(n).map((mask) => scaled(grown(mask, facts.grid, facts), shrink));
    paint(canvas, small, { masks, frame: 0, scale: 1, as: "released" });
    canvas.dataset.drawn = "true";
  }

  onScroll() {
    const { scrollTop = 0 } = this.port ?? {};
    if (Math.abs(scrollTop - this.scrolled) > SPARE / 2) this.pictures?.forgetWishes(true);
    this.scrolled = scrollTop;
  }

  /** Brings an image into sight. @param {number} at @param {boolean} [focus] */
  reveal(at, focus = false) {
    const row = this.layout.rows.find(({ from, to }) => at >= from && at < to);
    const { port } = this;
    this.takesFocus = focus;
    if (!row || !port) return;
    if (row.top - TITLE_HEIGHT < port.scrollTop) port.scrollTop = Math.max(0, row.top - TITLE_HEIGHT);
    else if (row.top + TILE_HEIGHT > port.scrollTop + port.clientHeight)
      port.scrollTop = row.top + TILE_HEIGHT - port.clientHeight;
    this.scrolled = port.scrollTop;
  }

  /** @param {number} at */
  choose(at) {
    this.dispatchEvent(new CustomEvent("choose", { detail: at }));
  }
}

customElements.define("tokumei-sheet", Sheet);
