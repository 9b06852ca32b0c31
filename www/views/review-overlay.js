/**
 * All images of a group laid over each other, as they would leave, every frame of clips: a text that no rectangle covers shows
 * here though it stands in one of them only, unless it stands on the body. Made while the person looks at the tiles.
 */
import { html, LitElement, nothing } from "../vendor/lit.js";
import { t } from "../words/words.js";
import { KINDS, Layers } from "./review-layers.js";
import { covers, grown, scaled } from "./review-masks.js";
import { paint } from "./review-paint.js";

/**
 * @typedef {import("./review-work.js").Item} Item
 * @typedef {import("./review-layers.js").Kind} Kind
 * @typedef {Exclude<import("./review-pictures.js").Picture, { none: string }>} Drawn
 * @typedef {{ item: Item, frame: number }} Layer
 */

/** Pictures are laid over each other in this size at most. */
const LONGEST_SIDE = 1280;
/** Frames that are asked for before they are wanted. */
const AHEAD = 3;
/** The screen is not held up for longer. */
const SLICE_MS = 20;
/** What has been laid is drawn so often while more comes. */
const REPAINT_MS = 400;

class Overlay extends LitElement {
  static properties = {
    items: { attribute: false },
    work: { attribute: false },
    pictures: { attribute: false },
    kind: {},
    language: {},
    drawn: { type: Number },
  };

  constructor() {
    super();
    /** @type {Item[]} */
    this.items = [];
    /** @type {import("./review-work.js").Work | null} */
    this.work = null;
    /** @type {import("./review-pictures.js").Pictures | null} */
    this.pictures = null;
    /** @type {Kind} */
    this.kind = "brightest";
    this.language = "";
    this.drawn = 0;
    /** What was begun: other images or other rectangles begin anew. */
    this.begun = "";
    /** @type {Layer[]} */
    this.all = [];
    this.done = 0;
    /** Frames that cannot be shown. */
    this.missing = 0;
    /** @type {Layers | null} */
    this.layers = null;
    /** Size of what is laid, of the pictures' own. */
    this.shrunk = 1;
    this.scratch = document.createElement("canvas");
    this.painted = "";
    this.paintedAt = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
  }

  createRenderRoot() {
    return this;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  willUpdate() {
    const key = JSON.stringify(this.items.map(({ n }) => [n, this.work?.masks(n)]));
    if (key !== this.begun) {
      this.begun = key;
      this.all = this.items.flatMap((item) => Array.from({ length: item.frames }, (_, frame) => ({ item, frame })));
      this.layers = null;
      this.done = this.missing = 0;
    }
    this.lay();
  }

  /** Lays what is there and asks for what comes next. */
  lay() {
    const until = performance.now() + SLICE_MS;
    for (; this.done < this.all.length; this.done += 1) {
      const picture = this.pictureOf(this.done);
      if (!picture) break;
      if ("none" in picture || !this.add(picture, /** @type {Layer} */ (this.all[this.done]))) this.missing += 1;
      if (performance.now() > until) {
        this.done += 1;
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.requestUpdate());
        break;
      }
    }
    // The wish that was made last comes first.
    for (let at = this.done + AHEAD; at >= this.done; at -= 1) this.pictureOf(at);
  }

  /** @param {number} at */
  pictureOf(at) {
    const layer = this.all[at];
    return layer ? (this.pictures?.full(layer.item.n, layer.frame) ?? null) : null;
  }

  /** @param {Drawn} picture @param {Layer} layer @returns {boolean} false: it is of another size */
  add({ canvas: full, grid }, { item, frame }) {
    const scale = Math.min(1, LONGEST_SIDE / Math.max(full.width, full.height));
    const width = Math.max(1, Math.round(full.width * scale));
    const height = Math.max(1, Math.round(full.height * scale));
    const { scratch } = this;
    if (!this.layers) {
      Object.assign(scratch, { width, height });
      this.layers = new Layers(width * height);
      this.shrunk = scale;
    } else if (scratch.width !== width || scratch.height !== height) return false;
    const context = scratch.getContext("2d", { willReadFrequently: true });
    if (!context) return false;
    context.imageSmoothingQuality = "high";
    context.drawImage(full, 0, 0, width, height);
    for (const mask of this.work?.masks(item.n) ?? []) {
      if (!covers(mask, frame)) continue;
      const { x, y, w, h } = scaled(grown(mask, grid, full), scale);
      context.clearRect(x, y, w, h);
    }
    this.layers.add(context.getImageData(0, 0, width, height).data);
    return true;
  }

  get isComplete() {
    return this.done === this.all.length;
  }

  render() {
    const args = { n: this.all.length, done: this.done, missing: this.missing };
    return html`<div class="strip" role="group" aria-label=${t("review.overlay.kinds")}>
        ${KINDS.map((kind, i) => html`<button class="small" data-testid="overlay-${kind}" aria-pressed=${String(kind === this.kind)} @click=${() => this.dispatchEvent(new CustomEvent("kind", { detail: kind }))}>${t(`review.overlay.${kind}`)}<kbd>${i + 1}</kbd></button>`)}</div>
      <div class="laid"><canvas role="img" aria-label=${t("review.overlay.picture", args)}></canvas></div>
      <p role="status" data-testid="overlay-n" data-complete=${String(this.isComplete)}>${t(this.isComplete ? "review.overlay.all" : "review.overlay.some", args)}${this.missing > 0 ? t("review.overlay.missing", args) : nothing}</p>
      <p>${t("review.overlay.text")}</p>`;
  }

  updated() {
    const canvas = this.querySelector("canvas");
    const now = performance.now();
    const key = `${this.begun}/${this.kind}/${this.isComplete}`;
    const waits = !this.isComplete && now - this.paintedAt < REPAINT_MS && this.painted === key;
    if (!canvas || !this.layers || waits || (this.isComplete && this.painted === key)) return;
    this.painted = key;
    this.paintedAt = now;
    const { scratch, shrunk } = this;
    const rgba = this.layers.picture(this.kind);
    scratch.getContext("2d")?.putImageData(new ImageData(rgba, scratch.width, scratch.height), 0, 0);
    paint(canvas, scratch, { masks: this.distinct(shrunk), frame: 0, scale: 1, as: "outlined" });
  }

  /** Rectangles of any of the images, each once. @param {number} scale */
  distinct(scale) {
    const all = this.items.flatMap(({ n }) => this.work?.masks(n) ?? []);
    const once = new Map(all.map((mask) => [[mask.x, mask.y, mask.w, mask.h].join(), mask]));
    return [...once.values()].map((mask) => scaled({ ...mask, frames: /** @type {const} */ ("all") }, scale));
  }
}

customElements.define("tokumei-overlay", Overlay);
