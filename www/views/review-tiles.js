/**
 * Many images at once, as they would leave, a page at a time, each large enough to read: small text is seen, or the page holds
 * fewer of them. Tells what was on the screen. Events: `seen` (`{ n, frame, scale }[]`), `focusat`, `takeout`.
 */
import { html, LitElement, nothing } from "../vendor/lit.js";
import { formatNumber, t } from "../words/words.js";
import { icon } from "./icons.js";
import { paint } from "./review-paint.js";

/** @typedef {import("./review-work.js").Item} Item */

/** A picture is on the screen for so long before it counts as seen; a frame of a clip, which moves, for less. */
const LOOKED_MS = 300;
const FRAME_MS = 100;
/** A picture is shown at a third of its size at least: text of 15 pixels is 5 high. */
const LEAST_SCALE = 1 / 3;
const LEAST_WIDTH = 150;
const GAP = 8;
const CAPTION = 26;
/** Room for the ring of the focus. */
const EDGE = 6;

class Tiles extends LitElement {
  static properties = {
    items: { attribute: false },
    first: { type: Number },
    at: { type: Number },
    out: { attribute: false },
    work: { attribute: false },
    pictures: { attribute: false },
    large: { type: Boolean },
    language: {},
    drawn: { type: Number },
  };

  constructor() {
    super();
    /** All of the group. @type {Item[]} */
    this.items = [];
    /** Place of the first on this page. */
    this.first = 0;
    /** Place of the one that has the focus. */
    this.at = 0;
    /** Taken out of what is approved together. @type {ReadonlySet<number>} */
    this.out = new Set();
    /** @type {import("./review-work.js").Work | null} */
    this.work = null;
    /** @type {import("./review-pictures.js").Pictures | null} */
    this.pictures = null;
    this.large = false;
    this.language = "";
    this.drawn = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.looking = undefined;
    this.takesFocus = false;
    /** Pixels of the screen for one of each picture. @type {Map<number, number>} */
    this.scales = new Map();
    this.sizes = new ResizeObserver(() => this.requestUpdate());
  }

  createRenderRoot() {
    return this;
  }

  firstUpdated() {
    if (this.port) this.sizes.observe(this.port);
    this.requestUpdate();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.sizes.disconnect();
    clearTimeout(this.looking);
  }

  get port() {
    return /** @type {HTMLElement | null} */ (this.querySelector(".port"));
  }

  /** Size of a tile and how many a page holds. */
  get grid() {
    const width = (this.port?.clientWidth || 900) - 2 * EDGE;
    const height = (this.port?.clientHeight || 560) - 2 * EDGE;
    const [across = 4, down = 3] = (this.items[0]?.size ?? "").split("×").map(Number);
    const ratio = across > 0 && down > 0 ? down / across : 0.75;
    const wanted = Math.max(LEAST_WIDTH, across * LEAST_SCALE) * (this.large ? 2 : 1);
    const most = Math.max(1, Math.min(8, Math.floor((width + GAP) / (wanted + GAP))));
    const of = (/** @type {number} */ columns) => {
      const tile = Math.floor((width - GAP * (columns - 1)) / columns);
      const tall = Math.min(Math.round(tile * ratio) + CAPTION, Math.max(80, height));
      const rows = Math.max(1, Math.floor((height + GAP) / (tall + GAP)));
      return { columns, rows, tall, page: columns * rows };
    };
    // Few images are shown as large as the screen lets them all be.
    const all = Array.from({ length: most }, (_, i) => of(i + 1));
    return all.find(({ page }) => page >= this.items.length) ?? of(most);
  }

  get onPage() {
    return this.items.slice(this.first, this.first + this.grid.page);
  }

  /** Has everything on this page been looked at? */
  get isSeen() {
    return this.onPage.every((item) => this.isDone(item));
  }

  /** Seen, or nothing that can be. @param {Item} item */
  isDone(item) {
    const picture = this.pictures?.full(item.n, 0);
    return (picture && "none" in picture) || (this.work?.unseen(item).length ?? 1) === 0;
  }

  /** The frame that a tile shows: the first that nobody has seen. @param {Item} item */
  frameOf(item) {
    return this.work?.unseen(item)[0] ?? 0;
  }

  render() {
    return html`<div class="port"><div class="tiles" role="listbox" aria-multiselectable="true" aria-label=${t("review.tiles")} data-testid="tiles">
      ${this.onPage.map((item, i) => this.tile(item, this.first + i))}
    </div></div>`;
  }

  /** @param {Item} item @param {number} at */
  tile(item, at) {
    const decision = this.work?.decision(item.n) ?? null;
    const picture = this.pictures?.full(item.n, this.frameOf(item)) ?? null;
    const none = picture !== null && "none" in picture;
    const chosen = !none && !this.out.has(item.n) && decision === null;
    const caption = decision ?? (chosen ? null : "out");
    const label = none
      ? `${formatNumber(item.place)} ${t("review.tile.none")}`
      : caption
        ? `${formatNumber(item.place)} ${t(`review.caption.${caption}`)}`
        : t("review.tile.in", { i: item.place });
    return html`<div class="tile ${chosen ? "" : "out"}" role="option" tabindex=${at === this.at ? 0 : -1} aria-selected=${String(chosen)} aria-setsize=${this.items.length} aria-posinset=${at + 1}
      aria-label=${label} data-at=${at} data-n=${item.n} data-decision=${decision ?? nothing} @click=${() => this.pressed(at)} @focus=${() => this.dispatchEvent(new CustomEvent("focusat", { detail: at }))}>
      <span class="pic" aria-hidden="true">${none ? html`<span class="none">${t("review.tile.none")}</span>` : html`<canvas></canvas>`}</span>
      <span class="cap" aria-hidden="true"><span>${formatNumber(item.place)}</span> ${decision ? html`<span class="v ${decision}">${icon(decision)}${t(`review.caption.${decision}`)}</span>` : html`<span>${chosen ? "✓" : t("review.caption.out")}</span>`}</span>
    </div>`;
  }

  updated() {
    const { columns, tall } = this.grid;
    const list = /** @type {HTMLElement | null} */ (this.querySelector(".tiles"));
    if (list) list.style.gridTemplateColumns = `repeat(${columns}, minmax(0, 1fr))`;
    for (const tile of /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll(".tile"))) {
      tile.style.height = `${tall}px`;
    }
    this.paintAll();
    this.look();
    // What a page holds is known once it is laid out, and whether it was seen once it is painted.
    this.dispatchEvent(new CustomEvent("paged", { detail: { page: this.grid.page, seen: this.isSeen } }));
    if (this.takesFocus) {
      const current = /** @type {HTMLElement | null} */ (this.querySelector('[role="option"][tabindex="0"]'));
      current?.focus({ preventScroll: true });
      this.takesFocus = current === null;
    }
  }

  paintAll() {
    for (const item of this.onPage) {
      const frame = this.frameOf(item);
      const picture = this.pictures?.full(item.n, frame);
      const tile = /** @type {HTMLElement | null} */ (this.querySelector(`.tile[data-n="${item.n}"]`));
      const canvas = tile?.querySelector("canvas");
      if (!tile || !canvas || !picture || "none" in picture) continue;
      const { width, height } = picture.canvas;
      const fit = Math.min(tile.clientWidth / width, (tile.clientHeight - CAPTION) / height);
      this.scales.set(item.n, fit);
      const masks = this.work?.masks(item.n) ?? [];
      const { grid } = picture;
      paint(canvas, picture.canvas, { masks, frame, scale: fit * devicePixelRatio, as: "released", grid });
    }
  }

  /** What is on the screen now counts as seen when it has been there long enough. */
  look() {
    const shown = this.onPage.flatMap((item) => {
      const frame = this.work?.unseen(item)[0];
      const picture = frame === undefined ? null : this.pictures?.full(item.n, frame);
      return frame !== undefined && picture && !("none" in picture)
        ? [{ n: item.n, frame, scale: this.scales.get(item.n) ?? 0, clip: item.frames > 1 }]
        : [];
    });
    const key = shown.map(({ n, frame }) => `${n}/${frame}`).join();
    if (key === this.lookedAt) return;
    this.lookedAt = key;
    clearTimeout(this.looking);
    if (shown.length === 0) return;
    const wait = shown.every(({ clip }) => clip) ? FRAME_MS : LOOKED_MS;
    this.looking = setTimeout(() => this.dispatchEvent(new CustomEvent("seen", { detail: shown })), wait);
  }

  /** @type {string | undefined} */
  lookedAt;

  /** A first click looks at a tile, a click on it again takes it out or in. @param {number} at */
  pressed(at) {
    this.dispatchEvent(new CustomEvent("pressed", { detail: at }));
  }

  focus() {
    this.takesFocus = true;
    this.requestUpdate();
  }
}

customElements.define("tokumei-tiles", Tiles);
