// What is there, in memory, in order of arrival.

/**
 * @typedef {object} Row one instance that was stored
 * @property {string} study
 * @property {string} series
 * @property {string} instance
 * @property {string} sopClass
 * @property {string} transferSyntax
 * @property {string} sha256 of the file, hexadecimal
 * @property {number} bytes
 * @property {string} at when it arrived, ISO 8601
 * @property {Record<string, import("../dicomweb/facts.mjs").Attribute>} attributes for queries
 *
 * @typedef {object} Study
 * @property {string} study
 * @property {Map<string, Row[]>} series rows by Series Instance UID
 * @property {Row[]} rows
 * @property {number} bytes
 * @property {string} last arrival
 */

export class Catalog {
  /** @type {Map<string, Row>} by SOP Instance UID */
  #rows = new Map();
  /** @type {Map<string, Study>} */
  studies = new Map();
  bytes = 0;
  /** @type {string | null} */
  last = null;
  series = 0;

  get instances() {
    return this.#rows.size;
  }

  /** @param {string} instance SOP Instance UID */
  find(instance) {
    return this.#rows.get(instance) ?? null;
  }

  /** @param {Row} row */
  add(row) {
    this.#rows.set(row.instance, row);
    /** @type {Study} */
    const study = this.studies.get(row.study) ?? { study: row.study, series: new Map(), rows: [], bytes: 0, last: "" };
    this.studies.set(row.study, study);
    const series = study.series.get(row.series);
    if (series) series.push(row);
    else {
      study.series.set(row.series, [row]);
      this.series += 1;
    }
    study.rows.push(row);
    study.bytes += row.bytes;
    study.last = row.at;
    this.bytes += row.bytes;
    this.last = row.at;
  }

  clear() {
    this.#rows.clear();
    this.studies.clear();
    this.bytes = 0;
    this.series = 0;
    this.last = null;
  }
}
