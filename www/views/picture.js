/** The picture of an instance, as it is: header rules leave it alone. Where it cannot be drawn rightly, the page says so. */
import { html, LitElement } from "../vendor/lit.js";
import { t } from "../words/words.js";
import { currentSession } from "./current.js";

/** @typedef {{ width: number, height: number, rgba: Uint8ClampedArray } | { none: string }} Preview */

class Picture extends LitElement {
  static properties = { n: { type: Number }, language: {}, drawn: { state: true } };

  constructor() {
    super();
    this.n = -1;
    this.language = "";
    /** @type {{ n: number, preview: Preview } | null} */
    this.drawn = null;
  }

  createRenderRoot() {
    return this;
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has("n")) void this.load(this.n);
  }

  /** @param {number} n */
  async load(n) {
    const preview = await currentSession()?.preview(n, 0);
    if (n === this.n && preview) this.drawn = { n, preview };
  }

  render() {
    const preview = this.drawn?.n === this.n ? this.drawn.preview : null;
    if (!preview) return html`<div class="picture" role="status"><p>${t("picture.loading")}</p></div>`;
    if ("none" in preview) {
      return html`<div class="picture" data-notice="no-preview" data-testid="picture" role="status"><p>${t("picture.none")}</p></div>`;
    }
    return html`<div class="picture" data-testid="picture"><canvas role="img" aria-label=${t("picture.label")} width=${preview.width} height=${preview.height}></canvas></div>`;
  }

  updated() {
    const preview = this.drawn?.n === this.n ? this.drawn.preview : null;
    if (!preview || "none" in preview) return;
    const image = new ImageData(new Uint8ClampedArray(preview.rgba), preview.width, preview.height);
    this.querySelector("canvas")?.getContext("2d")?.putImageData(image, 0, 0);
  }
}

customElements.define("tokumei-picture", Picture);
