/** 検査ごとの進み具合: how far each study is. Holds the studies' names while it runs, and no longer. */
import { html } from "../vendor/lit.js";
import { formatNumber, t } from "../words/words.js";
import { currentSession } from "./current.js";
import { nameOn } from "./model.js";
import { LEAVES, sum } from "./verdicts.js";
import { WindowedGrid } from "./windowed.js";

/** @typedef {import("./model.js").TreeNode} TreeNode */
/** @typedef {{ patient: TreeNode, study: TreeNode, modality: string, done: number, total: number }} StudyRow */

/** @type {StudyRow[]} */
let studies = [];
/** The study of a file. @type {Map<number, StudyRow>} */
const studyOf = new Map();

/** Takes the studies of which anything is to leave. @param {import("./model.js").View} seen */
export function beginStudies({ roots }) {
  endStudies();
  for (const patient of roots) {
    for (const study of patient.children) {
      const { modality, counts, items } = study;
      const total = sum(counts, LEAVES);
      if (total === 0) continue;
      const row = { patient, study, modality, done: 0, total };
      studies.push(row);
      for (const n of items) studyOf.set(n, row);
    }
  }
}

/** @param {number} n a file that is done */
export function studyDone(n) {
  const row = studyOf.get(n);
  if (row) row.done += 1;
}

export function endStudies() {
  studies = [];
  studyOf.clear();
}

/** @extends {WindowedGrid<StudyRow>} */
class StudyProgress extends WindowedGrid {
  static properties = {
    ...WindowedGrid.properties,
    hideNames: { type: Boolean },
    sending: { type: Boolean },
    still: { type: Boolean },
    done: { type: Number },
  };

  constructor() {
    super();
    this.hideNames = false;
    /** Done is what the destination has confirmed. */
    this.sending = false;
    /** A person or a fault has stopped it for now. */
    this.still = false;
    /** Grows with the run: what is drawn changes though the rows are the same. */
    this.done = 0;
    /** The study that is under way though none of it is done yet. @type {StudyRow | undefined} */
    this.next = undefined;
  }

  willUpdate() {
    this.rows = currentSession() ? studies : [];
    const left = this.rows.filter(({ done, total }) => done < total);
    this.next = left.reduce((first, row) => (firstOf(row) < firstOf(first) ? row : first), left[0]);
  }

  kind() {
    return "studies";
  }

  testId() {
    return "study-progress";
  }

  label() {
    return t("progress.label");
  }

  heads() {
    return html`<div role="row" aria-rowindex="1">
      <span role="columnheader">${t("progress.head.study")}</span>
      <span role="columnheader">${t("tree.head.modality")}</span>
      <span role="columnheader" class="num">${t(this.sending ? "progress.head.confirmed" : "progress.head.done")}</span>
      <span role="columnheader">${t("progress.head.progress")}</span>
      <span role="columnheader">${t("progress.head.state")}</span>
    </div>`;
  }

  /** @param {StudyRow} row @param {number} index @param {number} stop */
  row(row, index, stop) {
    const { patient, study, modality, done, total } = row;
    const begun = done > 0 || row === this.next;
    const who = nameOn(patient, this.hideNames) || t("tree.no-name");
    const state = done === total ? "finished" : begun && !this.still ? "working" : "waiting";
    return html`<div role="row" tabindex=${stop} data-index=${index} aria-rowindex=${index + 2}>
      <span role="gridcell"><bdi>${who}</bdi>　<bdi>${nameOn(study, this.hideNames)}</bdi></span>
      <span role="gridcell">${modality}</span>
      <span role="gridcell" class="num">${formatNumber(done)} / ${formatNumber(total)}</span>
      <span role="gridcell"><progress class="thin" max=${total} value=${done} aria-label=${t("progress.head.progress")}></progress></span>
      <span role="gridcell" class=${state}>${state === "finished" ? "✓ " : ""}${t(`progress.${this.word(state)}`)}</span>
    </div>`;
  }

  /** @param {"finished" | "working" | "waiting"} state */
  word(state) {
    if (!this.sending || state === "waiting") return state;
    return state === "finished" ? "confirmed" : "sending";
  }
}

/** Files go in the order of their numbers. @param {StudyRow | undefined} row */
function firstOf(row) {
  return row?.study.items[0] ?? Number.POSITIVE_INFINITY;
}

customElements.define("tokumei-progress", StudyProgress);
