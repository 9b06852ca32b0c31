/**
 * One picture, large, with its rectangles: drawn, moved and resized by mouse or by keys. Tells what was done and decides nothing.
 * Events: `draw` (`{ masks, joins }`: the rectangles as they are now; `joins`: one more step of the same move), `scaled`, `chosen`,
 * `turn` (frames), `levels` (`{ lighter, wider }`).
 */
import { html, LitElement, nothing } from "../vendor/lit.js";
import { formatNumber, reasonText, t, tOr } from "../words/words.js";
import { Hand } from "./review-hand.js";
import { between, cornerAt, covers, hit, inMiddle, moved, nearestCorner, resized } from "./review-masks.js";
import { paint } from "./review-paint.js";

/**
 * @typedef {import("./review-masks.js").Mask} Mask
 * @typedef {import("./review-masks.js").Point} Point
 * @typedef {import("./review-pictures.js").Picture} Picture
 * @typedef {{ from: Point, at: number, corner: import("./review-masks.js").Corner | null, old: Mask | null, moved: boolean }} Drag
 *   `at`: place of the rectangle that is taken hold of
 */

/** How near to a corner a pointer takes hold of it, in pixels of the screen. */
const REACH = 9;
/** A pointer that moved less has clicked. */
const STILL = 4;
const MOST_ZOOM = 16;
const PAN = 60;

class Viewer extends LitElement {
  static properties = {
    picture: { attribute: false },
    frame: { type: Number },
    frames: { type: Number },
    masks: { attribute: false },
    locked: { type: Boolean },
    busy: { type: Boolean },
    showMasks: { type: Boolean },
    zoom: { type: Number },
    language: {},
    label: {},
    chosen: { state: true },
    draft: { state: true },
  };

  constructor() {
    super();
    /** @type {Picture | null} */
    this.picture = null;
    this.frame = 0;
    this.frames = 1;
    /** @type {Mask[]} */
    this.masks = [];
    /** Decided: nothing can be drawn until the decision is taken back. */
    this.locked = false;
    /** What is shown is not yet what is wanted. */
    this.busy = false;
    this.showMasks = true;
    /** Times the size at which all of it fits. */
    this.zoom = 1;
    this.language = "";
    this.label = "";
    this.chosen = -1;
    /** The rectangles while a pointer moves. @type {Mask[] | null} */
    this.draft = null;
    /** @type {Drag | null} */
    this.drag = null;
    this.scale = 1;
    this.hand = new Hand();
    this.focusNext = -1;
    this.sizes = new ResizeObserver(() => this.requestUpdate());
  }

  createRenderRoot() {
    return this;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.sizes.disconnect();
  }

  firstUpdated() {
    if (this.port) this.sizes.observe(this.port);
  }

  get port() {
    return /** @type {HTMLElement | null} */ (this.querySelector(".port"));
  }

  get stage() {
    return /** @type {HTMLElement | null} */ (this.querySelector(".stage"));
  }

  /** Size of the picture, in its own pixels. */
  get size() {
    return this.picture && !("none" in this.picture) ? this.picture.canvas : null;
  }

  /** Columns and rows that rectangles grow to, where that is known. */
  get grid() {
    return this.picture && !("none" in this.picture) ? this.picture.grid : null;
  }

  get shown() {
    return this.draft ?? this.masks;
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has("picture") && changed.get("picture")) this.drag = this.draft = null;
    if (this.chosen >= this.masks.length) this.chosen = -1;
  }

  render() {
    const none = this.picture && "none" in this.picture ? this.picture.none : null;
    return html`<div class="port">
      <div class="stage" role="application" tabindex="0" data-testid="viewer" aria-busy=${String(this.busy)} aria-label=${this.label} aria-describedby="viewer-keys"
        @keydown=${this.onKey} @wheel=${this.onWheel} @contextmenu=${(/** @type {Event} */ event) => event.preventDefault()} @pointerdown=${this.onDown} @pointermove=${this.onMove} @pointerup=${this.onUp} @pointercancel=${this.onCancel}>
        ${
          none !== null
            ? html`<div class="says" data-notice="no-preview" role="status"><p><b>${t("review.no-preview.title")}</b></p><p data-none=${none}>${tOr(`review.none.${none}`, reasonText(none, true).what)}</p><p>${t("review.no-preview.text")}</p></div>`
            : this.size
              ? html`<canvas aria-hidden="true"></canvas>${this.shown.map((mask, at) => this.frameOf(mask, at))}`
              : html`<div class="says" role="status"><p>${t("review.loading")}</p></div>`
        }
      </div>
    </div>`;
  }

  /** @param {Mask} mask @param {number} at */
  frameOf(mask, at) {
    if (!covers(mask, this.frame)) return nothing;
    const number = { i: at + 1, x: mask.x, y: mask.y, w: mask.w, h: mask.h };
    const all = mask.frames === "all" ? "" : t("review.mask.this-frame");
    return html`<div class="mask ${at === this.chosen ? "chosen" : ""}" role="group" tabindex="0" data-testid="mask" data-at=${at}
      aria-label=${`${t("review.mask", number)}${all}`} @focus=${() => (this.chosen = at)}>${this.showMasks ? html`<span aria-hidden="true">${formatNumber(at + 1)}${all}</span>` : nothing}</div>`;
  }

  updated() {
    const { size, port, stage } = this;
    if (!port || !stage) return;
    stage.classList.toggle("empty", !size);
    if (!size) {
      stage.style.width = stage.style.height = "";
      return;
    }
    const fit = Math.min(port.clientWidth / size.width, port.clientHeight / size.height);
    const scale = Math.max(0.01, fit * this.zoom);
    const scaled = scale !== this.scale;
    this.scale = scale;
    if (scaled) this.dispatchEvent(new CustomEvent("scaled"));
    stage.style.width = `${Math.floor(size.width * this.scale)}px`;
    stage.style.height = `${Math.floor(size.height * this.scale)}px`;
    const canvas = stage.querySelector("canvas");
    if (canvas) {
      const as = this.showMasks ? "edited" : "outlined";
      const { shown: masks, frame, chosen, grid } = this;
      paint(canvas, size, { masks, frame, scale: scale * devicePixelRatio, as, chosen, grid });
    }
    for (const element of /** @type {NodeListOf<HTMLElement>} */ (stage.querySelectorAll(".mask"))) {
      const mask = this.shown[Number(element.dataset.at)];
      if (!mask) continue;
      element.style.left = `${mask.x * this.scale}px`;
      element.style.top = `${mask.y * this.scale}px`;
      element.style.width = `${mask.w * this.scale}px`;
      element.style.height = `${mask.h * this.scale}px`;
    }
    if (this.focusNext >= 0) this.focusMask(this.focusNext);
  }

  /** @param {number} at */
  focusMask(at) {
    this.focusNext = -1;
    /** @type {HTMLElement | null} */ (this.querySelector(`.mask[data-at="${at}"]`))?.focus();
  }

  focus() {
    this.stage?.focus({ preventScroll: true });
  }

  /** A new rectangle in the middle, ready to be moved by keys. */
  addMask() {
    if (!this.size || this.locked) return;
    this.tell([...this.masks, inMiddle(this.size)]);
    this.chosen = this.focusNext = this.masks.length;
  }

  /** The chosen rectangle goes; the one before it is chosen. */
  removeMask() {
    if (this.locked || this.chosen < 0) return;
    const left = this.masks.filter((_, at) => at !== this.chosen);
    this.chosen = left.length - 1;
    this.focusNext = this.chosen;
    this.tell(left);
    if (left.length === 0) this.focus();
  }

  /** The chosen rectangle holds for this frame alone, or for all. */
  toggleFrames() {
    const mask = this.masks[this.chosen];
    if (!mask || this.locked) return;
    this.replace({ ...mask, frames: mask.frames === "all" ? [this.frame] : "all" });
  }

  /** @param {number} by times; 0: all of it fits @param {Point} [at] of the window: what stays where it is; else the middle */
  magnify(by, at) {
    const before = this.scale;
    this.zoom = by === 0 ? 1 : Math.max(1, Math.min(MOST_ZOOM, this.zoom * by));
    const { port } = this;
    if (!port) return;
    const box = port.getBoundingClientRect();
    const [left, top] = at ? [at.x - box.left, at.y - box.top] : [port.clientWidth / 2, port.clientHeight / 2];
    const [x, y] = [port.scrollLeft + left, port.scrollTop + top];
    void this.updateComplete.then(() => {
      const grown = this.scale / before;
      port.scrollTo(x * grown - left, y * grown - top);
    });
  }

  /** What the mouse does beside drawing. @returns {import("./review-hand.js").Held} */
  get held() {
    const tell = (/** @type {string} */ name, /** @type {unknown} */ detail) =>
      this.dispatchEvent(new CustomEvent(name, { detail }));
    return {
      port: this.port,
      frames: this.frames,
      magnify: (by, at) => this.magnify(by, at),
      levels: (lighter, wider) => tell("levels", { lighter, wider }),
      turn: (by) => tell("turn", by),
    };
  }

  /** @param {WheelEvent} event */
  onWheel(event) {
    if (this.size) this.hand.wheel(event, this.held);
  }

  /** @param {Mask[]} masks @param {boolean} [joins] */
  tell(masks, joins = false) {
    this.dispatchEvent(new CustomEvent("draw", { detail: { masks, joins } }));
  }

  /** @param {Mask} mask @param {boolean} [joins] */
  replace(mask, joins = false) {
    this.tell(
      this.masks.map((each, at) => (at === this.chosen ? mask : each)),
      joins,
    );
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const { key, altKey, ctrlKey, metaKey, shiftKey } = event;
    const step = ARROWS[/** @type {keyof typeof ARROWS} */ (key)];
    const onMask = event.target instanceof HTMLElement && event.target.classList.contains("mask");
    const mask = this.masks[this.chosen];
    if (step && altKey) this.port?.scrollBy(step.x * PAN, step.y * PAN);
    else if (step && onMask && mask && this.size && !this.locked) {
      const far = ctrlKey || metaKey ? 10 : 1;
      const change = shiftKey ? resized : moved;
      this.replace(change(mask, step.x * far, step.y * far, this.size), true);
      this.focusNext = this.chosen;
    } else if ((key === "Delete" || key === "Backspace") && onMask) this.removeMask();
    else if (key === "Escape" && onMask) {
      this.chosen = -1;
      this.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {PointerEvent} event @returns {Point} in pixels of the picture */
  pointOf(event) {
    const box = this.stage?.getBoundingClientRect();
    return { x: (event.clientX - (box?.left ?? 0)) / this.scale, y: (event.clientY - (box?.top ?? 0)) / this.scale };
  }

  /** @param {PointerEvent} event */
  onDown(event) {
    if (this.size && this.hand.down(event, this.held)) {
      this.stage?.setPointerCapture(event.pointerId);
      event.preventDefault();
      return;
    }
    if (event.button !== 0 || !this.size || this.locked) return;
    const from = this.pointOf(event);
    const found = hit(this.masks, this.frame, from, REACH / this.scale);
    this.drag = {
      from,
      at: found?.at ?? -1,
      corner: found?.corner ?? null,
      old: (found && this.masks[found.at]) ?? null,
      moved: false,
    };
    // A rectangle that is chosen stays so while its corner is set by a click.
    if (found) this.chosen = found.at;
    this.stage?.setPointerCapture(event.pointerId);
    event.preventDefault();
    if (found) this.focusMask(found.at);
    else this.focus();
  }

  /** @param {PointerEvent} event */
  onMove(event) {
    if (this.hand.isBusy) return this.hand.move(event, this.held);
    const { drag, size } = this;
    if (!drag || !size) return;
    const to = this.pointOf(event);
    const far = Math.max(Math.abs(to.x - drag.from.x), Math.abs(to.y - drag.from.y)) * this.scale;
    if (!drag.moved && far < STILL) return;
    drag.moved = true;
    if (!drag.old) this.draft = [...this.masks, between(drag.from, to, size)];
    else {
      const mask = drag.corner
        ? cornerAt(drag.old, drag.corner, to, size)
        : moved(drag.old, to.x - drag.from.x, to.y - drag.from.y, size);
      this.draft = this.masks.map((each, at) => (at === drag.at ? mask : each));
    }
  }

  /** @param {PointerEvent} event */
  onUp(event) {
    if (this.hand.isBusy) return this.hand.up();
    const { drag, draft, size } = this;
    this.drag = this.draft = null;
    if (!drag || !size) return;
    if (drag.moved && draft) {
      this.chosen = drag.old ? drag.at : draft.length - 1;
      this.focusNext = this.chosen;
      this.tell(draft);
    } else if (!drag.old) this.clicked(this.pointOf(event), size);
  }

  /** Without dragging: the nearest corner of the chosen rectangle goes to where was clicked. @param {Point} point @param {{ width: number, height: number }} size */
  clicked(point, size) {
    const mask = this.masks[this.chosen];
    if (!mask || !covers(mask, this.frame)) return;
    this.focusNext = this.chosen;
    this.replace(cornerAt(mask, nearestCorner(mask, point), point, size));
  }

  onCancel() {
    this.hand.up();
    this.drag = this.draft = null;
  }
}

const ARROWS = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

customElements.define("tokumei-viewer", Viewer);
