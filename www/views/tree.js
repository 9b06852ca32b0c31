/** The tree of patients, studies and series, with what will happen to each. Instances are not rows of it. */
import { html, nothing } from "../vendor/lit.js";
import { formatNumber, formatStudyDate, t } from "../words/words.js";
import { icon } from "./icons.js";
import { nameOn } from "./model.js";
import { marks, needsAttention } from "./verdicts.js";
import { WindowedGrid } from "./windowed.js";

/**
 * @typedef {import("./model.js").TreeNode} TreeNode
 * @typedef {{ node: TreeNode, open: boolean | null }} TreeRow
 */

/**
 * The rows in sight of the tree: opened nodes show their children.
 * @param {TreeNode[]} roots
 * @param {ReadonlySet<string>} opened
 * @param {boolean} onlyAttention
 * @returns {TreeRow[]}
 */
export function visibleRows(roots, opened, onlyAttention) {
  /** @type {TreeRow[]} */
  const rows = [];
  const waiting = [...roots].reverse();
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (onlyAttention && !needsAttention(node.counts)) continue;
    const open = node.children.length > 0 ? opened.has(node.key) : null;
    rows.push({ node, open });
    if (open) waiting.push(...[...node.children].reverse());
  }
  return rows;
}

/** @extends {WindowedGrid<TreeRow>} */
class StudyTree extends WindowedGrid {
  static properties = { ...WindowedGrid.properties, hideNames: { type: Boolean }, footer: { attribute: false } };

  constructor() {
    super();
    this.hideNames = false;
    /** @type {unknown} */
    this.footer = nothing;
  }

  kind() {
    return "tree";
  }

  gridRole() {
    return "treegrid";
  }

  testId() {
    return "tree";
  }

  label() {
    return t("tree.label");
  }

  heads() {
    return html`<div role="row" aria-rowindex="1">
      <span role="columnheader">${t("tree.head.name")}</span>
      <span role="columnheader">${t("tree.head.date")}</span>
      <span role="columnheader">${t("tree.head.modality")}</span>
      <span role="columnheader" class="num">${t("tree.head.images")}</span>
      <span role="columnheader">${t("tree.head.plan")}</span>
      <span role="columnheader"><span class="vh">${t("tree.head.actions")}</span></span>
    </div>`;
  }

  foot() {
    return this.footer;
  }

  /** @param {TreeRow} row @param {number} index @param {number} stop */
  row({ node, open }, index, stop) {
    return html`<div
      role="row"
      class="level-${node.level}"
      tabindex=${stop}
      data-index=${index}
      aria-rowindex=${index + 2}
      aria-level=${node.level}
      aria-expanded=${open === null ? nothing : String(open)}
      @click=${() => this.toggle(node, open)}
      @focus=${() => (this.current = index)}
    >
      ${this.heading(node, open)}
      <span role="gridcell" class="num">${formatNumber(node.files)}</span>
      <span role="gridcell">${marks(node.counts)}</span>
      <span role="gridcell" class="acts">${this.acts(node, stop)}</span>
    </div>`;
  }

  /** A name has the room of date and kinds too, where a patient's row has none. @param {TreeNode} node @param {boolean | null} open */
  heading(node, open) {
    const name = html`${this.twist(open)}${this.name(node)}`;
    if (node.level === 1) return html`<span role="gridcell" class="over" aria-colspan="3">${name}</span>`;
    return html`<span role="gridcell">${name}</span>
      <span role="gridcell">${formatStudyDate(node.date)}</span>
      <span role="gridcell" class="kinds" title=${node.modality}>${node.modality}</span>`;
  }

  /** @param {boolean | null} open */
  twist(open) {
    if (open === null) return nothing;
    return html`<button class="toggle" tabindex="-1" aria-label=${t(open ? "tree.close" : "tree.open")}>${icon(open ? "open" : "closed")}</button>`;
  }

  /** @param {TreeNode} node */
  name(node) {
    if (this.hideNames || node.kind !== "patient") return html`<bdi>${nameOn(node, this.hideNames)}</bdi>`;
    const name = node.title === "" ? t("tree.no-name") : node.title;
    const id = node.patientId === "" ? t("tree.no-id") : `ID ${node.patientId}`;
    return html`<bdi>${name}</bdi><span class="pid"><bdi>${id}</bdi></span>`;
  }

  /** Tab leads from a row to what it offers. @param {TreeNode} node @param {number} stop */
  acts(node, stop) {
    const name = nameOn(node, this.hideNames);
    const act = (/** @type {string} */ kind, /** @type {Event} */ event) => {
      event.stopPropagation();
      this.act(kind, node);
    };
    const why = needsAttention(node.counts)
      ? html`<button class="tiny" tabindex=${stop} data-testid="row-why" aria-label=${t("tree.why-of", { name })} @click=${(/** @type {Event} */ e) => act("why", e)}>${t("tree.why")}</button>`
      : nothing;
    const look =
      node.items.length > 0
        ? html`<button class="tiny" tabindex=${stop} data-testid="row-look" aria-label=${t("tree.look-at", { name })} @click=${(/** @type {Event} */ e) => act("look", e)}>${t("tree.look")}</button>`
        : nothing;
    return html`${why}${look}`;
  }

  /** @param {string} kind @param {TreeNode} node */
  act(kind, node) {
    this.dispatchEvent(new CustomEvent(kind, { detail: node.key }));
  }

  /** @param {TreeNode} node @param {boolean | null} open */
  toggle(node, open) {
    if (open !== null) this.act(open ? "shut" : "expand", node);
  }

  /** @param {KeyboardEvent} event */
  keyOnRow(event) {
    const row = this.rows[this.current];
    if (!row) return false;
    if (event.key === "ArrowRight") this.right(row);
    else if (event.key === "ArrowLeft") this.left(row);
    else if (event.key === "Enter") this.enter(event, row);
    else if (event.key.length === 1 && event.key !== " ") this.find(event.key);
    else return false;
    return true;
  }

  /** @param {TreeRow} row */
  right({ node, open }) {
    if (open === false) this.act("expand", node);
    else if (open) this.go(this.current + 1);
  }

  /** @param {TreeRow} row */
  left({ node, open }) {
    if (open) {
      this.act("shut", node);
      return;
    }
    const parent = this.rows.slice(0, this.current).findLastIndex((other) => other.node.level < node.level);
    if (parent >= 0) this.go(parent);
  }

  /** @param {KeyboardEvent} event @param {TreeRow} row */
  enter(event, { node, open }) {
    if (event.target instanceof HTMLButtonElement) event.target.click();
    else if (node.items.length > 0) this.act("look", node);
    else if (needsAttention(node.counts)) this.act("why", node);
    else this.toggle(node, open);
  }

  /** Typing goes to the next row that begins with the letter. @param {string} letter */
  find(letter) {
    if (this.hideNames) return;
    const order = [...this.rows.keys()].map((i) => (this.current + 1 + i) % this.rows.length);
    const hit = order.find((i) => this.rows[i]?.node.title.toLocaleLowerCase().startsWith(letter.toLocaleLowerCase()));
    if (hit !== undefined) this.go(hit);
  }
}

customElements.define("tokumei-tree", StudyTree);
