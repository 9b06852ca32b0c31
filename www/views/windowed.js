/**
 * A list of fixed rows of which only those in sight are in the document: a hundred thousand instances cost as many nodes
 * as forty. Rows are reached by one tab stop and arrow keys; subclasses draw them and say what a key does.
 */
import { html, LitElement } from "../vendor/lit.js";

export const ROW_HEIGHT = 35;
/** The heads stay in sight above the rows. */
const HEAD_HEIGHT = 34;
const SPARE_ROWS = 10;

/** @template Row */
export class WindowedGrid extends LitElement {
  static properties = { rows: { attribute: false }, current: { type: Number }, first: { state: true } };

  constructor() {
    super();
    /** @type {Row[]} */
    this.rows = [];
    /** Index of the row that has the tab stop. */
    this.current = 0;
    this.first = 0;
    this.moveFocus = false;
    /** Rows in the document: from the first, up to the second. */
    this.drawn = [0, 0];
  }

  /** Light DOM: labels, ids and the page's styles reach in. */
  createRenderRoot() {
    return this;
  }

  get port() {
    return /** @type {HTMLElement | null} */ (this.querySelector(".port"));
  }

  /** Rows that fit into the port at once. */
  get page() {
    const height = this.port?.clientHeight || 600;
    return Math.max(1, Math.floor((height - HEAD_HEIGHT) / ROW_HEIGHT));
  }

  /** Rows that are wanted in the document; more of them once the port has grown. */
  get window() {
    const from = Math.max(0, Math.min(this.first, this.rows.length) - SPARE_ROWS);
    return [from, Math.min(this.rows.length, this.first + this.page + SPARE_ROWS)];
  }

  render() {
    this.drawn = this.window;
    const [from = 0, to = 0] = this.drawn;
    const stop = this.current >= from && this.current < to ? this.current : from;
    return html`<div class="grid ${this.kind()}">
      <div role=${this.gridRole()} aria-label=${this.label()} aria-rowcount=${this.rows.length + 1} data-testid=${this.testId()} @keydown=${this.onKey}>
        <div class="port" role="presentation" @scroll=${this.onScroll}>
          <div class="heads" role="rowgroup">${this.heads()}</div>
          <div class="space above" aria-hidden="true"></div>
          <div role="rowgroup">
          ${this.rows.slice(from, to).map((row, i) => this.row(row, from + i, from + i === stop ? 0 : -1))}
          </div>
          <div class="space below" aria-hidden="true"></div>
        </div>
      </div>
      ${this.foot()}
    </div>`;
  }

  updated() {
    const [from = 0, to = 0] = this.drawn;
    const [above, below] = /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll(".space"));
    if (above) above.style.height = `${from * ROW_HEIGHT}px`;
    if (below) below.style.height = `${Math.max(0, this.rows.length - to) * ROW_HEIGHT}px`;
    if (to < (this.window[1] ?? 0)) this.requestUpdate();
    if (!this.moveFocus) return;
    this.moveFocus = false;
    const row = /** @type {HTMLElement | null} */ (this.querySelector(`.port [data-index="${this.current}"]`));
    row?.focus({ preventScroll: true });
  }

  onScroll() {
    const first = Math.floor((this.port?.scrollTop ?? 0) / ROW_HEIGHT);
    if (Math.abs(first - this.first) >= SPARE_ROWS / 2 || first === 0) this.first = first;
  }

  /** @param {number} index */
  go(index) {
    if (this.rows.length === 0) return;
    this.current = Math.max(0, Math.min(this.rows.length - 1, index));
    this.moveFocus = true;
    const { port } = this;
    if (port) {
      const top = this.current * ROW_HEIGHT;
      if (top < port.scrollTop) port.scrollTop = top;
      else if (top + ROW_HEIGHT + HEAD_HEIGHT > port.scrollTop + port.clientHeight) {
        port.scrollTop = top + ROW_HEIGHT + HEAD_HEIGHT - port.clientHeight;
      }
      this.first = Math.floor(port.scrollTop / ROW_HEIGHT);
    }
    this.requestUpdate();
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: this.page, PageUp: -this.page };
    const step = steps[/** @type {keyof typeof steps} */ (event.key)];
    if (step) this.go(this.current + step);
    else if (event.key === "Home") this.go(0);
    else if (event.key === "End") this.go(this.rows.length - 1);
    else if (!this.keyOnRow(event)) return;
    event.preventDefault();
  }

  /** @param {KeyboardEvent} _event @returns {boolean} whether the key did something */
  keyOnRow(_event) {
    return false;
  }

  kind() {
    return "";
  }

  gridRole() {
    return "grid";
  }

  label() {
    return "";
  }

  testId() {
    return "";
  }

  heads() {
    return html``;
  }

  /** @returns {unknown} */
  foot() {
    return html``;
  }

  /** @param {Row} _row @param {number} _index @param {number} _stop */
  row(_row, _index, _stop) {
    return html``;
  }
}
