/** 送る内容: one instance at a time, attribute by attribute: value in the hospital, value that arrives, rule. */
import { html, nothing } from "../vendor/lit.js";
import { formatSize, reasonText, t, tOr } from "../words/words.js";
import { actions } from "./actions.js";
import { currentSession } from "./current.js";
import { nameOn } from "./model.js";
import { mark } from "./verdicts.js";
import { WindowedGrid } from "./windowed.js";

/** @typedef {NonNullable<ReturnType<import("../api/session.js").TokumeiSession["file"]>>} Instance */
/** @typedef {import("../workers/types.js").Change} Change */

/** The rule of what stands before the data set: no attribute of it is shown by itself. */
const FILE_META = "file-meta";

/** @param {import("./store.js").State} state @param {import("./model.js").View} seen */
export function inspectPanel(state, seen) {
  if (state.panel?.kind !== "inspect") return nothing;
  const { key, items, at } = state.panel;
  const instance = currentSession()?.file(items[at] ?? -1);
  const node = seen.byKey.get(key);
  const title = nameOn(node, state.hideNames);
  return html`<div class="head">
      <div class="grow"><h1 tabindex="-1">${t("inspect.title")}</h1>
        <p class="lead">${title ? html`<bdi>${title}</bdi>　` : nothing}${t("inspect.text")}</p></div>
      <button class="small" data-testid="attr-only-changed" aria-pressed=${String(state.onlyChanged)} @click=${actions.toggleOnlyChanged}>${t("inspect.only-changed")}</button>
      <button class="small" data-testid="panel-close" @click=${actions.closePanel}>${t("panel.close")} <kbd>Esc</kbd></button>
    </div>
    <div class="inspect" data-testid="what-is-sent">
      <tokumei-instances .rows=${items} .chosen=${at} .language=${state.language} @choose=${(/** @type {CustomEvent} */ e) => actions.inspectAt(e.detail)}></tokumei-instances>
      <tokumei-attributes .n=${items[at] ?? -1} .revision=${state.revision} .onlyChanged=${state.onlyChanged} .hideNames=${state.hideNames} .language=${state.language}></tokumei-attributes>
      <aside aria-label=${t("inspect.about")}>
        <tokumei-picture .n=${items[at] ?? -1} .language=${state.language}></tokumei-picture>
        ${instance ? aboutCard(instance, state) : nothing}
      </aside>
    </div>`;
}

/** @param {Instance} instance @param {import("./store.js").State} state */
function aboutCard(instance, { hideNames, policies, policyId }) {
  const looked = policies.find(({ id }) => id === policyId)?.pixels ?? false;
  const text = reasonText(instance.reason, looked);
  return html`<div class="card about" data-testid="about">
    ${mark(/** @type {import("./verdicts.js").Verdict} */ (instance.verdict))}
    <div class="why ${instance.verdict}"><p>${text.what}</p><p class="small">${text.do}</p></div>
    <dl class="kv">
      <dt>${t("inspect.file")}</dt><dd><bdi>${hideNames ? t("inspect.file-n", { n: instance.n }) : instance.path}</bdi><small>${formatSize(instance.bytes)}</small></dd>
      ${instance.tag ? html`<dt>${t("inspect.tag")}</dt><dd><code>${instance.tag}</code></dd>` : nothing}
    </dl>
  </div>`;
}

/** @extends {WindowedGrid<number>} */
class InstanceList extends WindowedGrid {
  static properties = { ...WindowedGrid.properties, chosen: { type: Number } };

  constructor() {
    super();
    this.chosen = 0;
  }

  kind() {
    return "instances";
  }

  testId() {
    return "instances";
  }

  label() {
    return t("inspect.instances");
  }

  heads() {
    return html`<div role="row" aria-rowindex="1"><span role="columnheader" class="num">${t("inspect.number")}</span><span role="columnheader">${t("inspect.verdict")}</span></div>`;
  }

  /** @param {number} n @param {number} index @param {number} stop */
  row(n, index, stop) {
    const instance = currentSession()?.file(n);
    return html`<div role="row" tabindex=${stop} data-index=${index} aria-rowindex=${index + 2} aria-selected=${index === this.chosen ? "true" : "false"} @click=${() => this.choose(index)}>
      <span role="gridcell" class="num">${instance?.instanceNumber ?? index + 1}</span>
      <span role="gridcell">${instance ? mark(/** @type {import("./verdicts.js").Verdict} */ (instance.verdict)) : nothing}</span>
    </div>`;
  }

  /** Moving through the list shows each instance. @param {number} index */
  go(index) {
    super.go(index);
    this.choose(this.current);
  }

  /** @param {number} index */
  choose(index) {
    this.current = index;
    this.dispatchEvent(new CustomEvent("choose", { detail: index }));
  }
}

/** @extends {WindowedGrid<Change>} */
class AttributeTable extends WindowedGrid {
  static properties = {
    ...WindowedGrid.properties,
    n: { type: Number },
    revision: { type: Number },
    onlyChanged: { type: Boolean },
    hideNames: { type: Boolean },
    loaded: { state: true },
  };

  constructor() {
    super();
    this.n = -1;
    this.revision = 0;
    this.onlyChanged = true;
    this.hideNames = false;
    /** @type {{ n: number, changes: Change[] | null, reason: string }} */
    this.loaded = { n: -1, changes: null, reason: "" };
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has("n")) void this.load(this.n);
    const all = this.loaded.n === this.n ? (this.loaded.changes ?? []) : [];
    this.rows = this.onlyChanged ? all.filter(({ changed }) => changed) : all;
    if (changed.has("n") || changed.has("onlyChanged")) {
      this.current = 0;
      this.first = 0;
    }
  }

  /** @param {number} n */
  async load(n) {
    try {
      const changes = (await currentSession()?.changes(n)) ?? [];
      if (n === this.n) this.loaded = { n, changes, reason: "" };
    } catch (error) {
      if (n === this.n) this.loaded = { n, changes: null, reason: codeOf(error) };
    }
  }

  kind() {
    return "attributes";
  }

  testId() {
    return "attributes";
  }

  label() {
    return t("inspect.attributes");
  }

  heads() {
    const names = ["tag", "item", "before", "after", "action"];
    return html`<div role="row" aria-rowindex="1">${names.map((name) => html`<span role="columnheader">${t(`inspect.head.${name}`)}</span>`)}</div>`;
  }

  /** @param {Change} change @param {number} index @param {number} stop */
  row(change, index, stop) {
    return html`<div role="row" tabindex=${stop} data-index=${index} aria-rowindex=${index + 2} aria-selected=${index === this.current ? "true" : "false"} data-path=${change.path} @click=${() => (this.current = index)}>
      <span role="gridcell"><code>${change.path}</code></span>
      <span role="gridcell">${attributeName(change)}</span>
      <span role="gridcell" class="was"><bdi>${this.shownBefore(change)}</bdi></span>
      <span role="gridcell"><bdi>${after(change)}</bdi></span>
      <span role="gridcell">${actionWord(change)}</span>
    </div>`;
  }

  /** @param {Change} change */
  shownBefore({ before, action, added, rule }) {
    if (added) return t("inspect.none");
    if (before === null) return t(rule === FILE_META ? "inspect.whole" : "inspect.not-text");
    if (before === "") return t("inspect.empty");
    return this.hideNames && action !== "K" ? t("inspect.hidden") : before;
  }

  /** The row with the tab stop, in full: values too long for their column are read here. */
  foot() {
    const change = this.rows[this.current];
    if (this.loaded.n !== this.n) return html`<div class="detail" role="status">${t("inspect.loading")}</div>`;
    if (this.loaded.changes === null) return stopped(reasonText(this.loaded.reason, false));
    if (!change) return html`<div class="detail">${t("inspect.no-changes")}</div>`;
    return html`<div class="detail" data-testid="attribute-detail" tabindex="0" role="group" aria-label=${t("inspect.detail")}><dl>
      <dt>${t("inspect.head.item")}</dt><dd>${change.keyword ?? attributeName(change)} <code>${change.path}</code></dd>
      <dt>${t("inspect.rule")}</dt><dd>${tOr(`rule.${change.rule}`, change.rule)}${change.section ? html`　<span class="quiet">${change.section}</span>` : nothing}</dd>
      <dt>${t("inspect.head.before")}</dt><dd><bdi>${this.shownBefore(change)}</bdi></dd>
      <dt>${t("inspect.head.after")}</dt><dd><bdi>${after(change)}</bdi></dd>
    </dl></div>`;
  }
}

/** Why an instance has no such list, and what can be done. @param {{what: string, do: string}} text */
function stopped({ what, do: advice }) {
  return html`<div class="detail" role="status"><p>${what}</p><p class="small quiet">${advice}</p></div>`;
}

/** @param {unknown} error of a session: it has a code, or it is a fault of the program */
function codeOf(error) {
  if (error instanceof Error && "code" in error) return String(error.code);
  throw error;
}

/** The common attributes have a name in plain words; the others the standard's keyword. @param {Change} change */
function attributeName({ keyword, rule }) {
  if (rule === FILE_META) return t("inspect.file-meta");
  if (!keyword) return t("inspect.private");
  return tOr(`attribute.${keyword}`, keyword);
}

/** @param {Change} change */
function after({ after: sent, action }) {
  if (action === "X") return t("inspect.none");
  if (sent === null) return t(action === "Z" ? "inspect.empty" : "inspect.not-text");
  return sent === "" ? t("inspect.empty") : sent;
}

/** @param {Change} change */
function actionWord({ action, added, changed, rule }) {
  if (added) return t("action.added");
  if (action === "C" && !changed) return t("action.checked");
  return t(action === "C" && rule === "date" ? "action.shift" : `action.${action}`);
}

customElements.define("tokumei-instances", InstanceList);
customElements.define("tokumei-attributes", AttributeTable);
