/** What the provider's page knows, and what a person can do with it. */
import { otherLanguage, setLanguage } from "./words.js";

/** Instances on one page of their list. */
export const PAGE = 50;

/**
 * @typedef {{ study: string, patient: unknown, date: unknown, modalities: string[], series: number, instances: number,
 *   bytes: number, last: string }} Study
 * @typedef {{ studies: number, series: number, instances: number, bytes: number, last: string | null, refused: number,
 *   refusals: { at: string, reason: string, bytes: number }[], list: Study[] }} Arrivals
 * @typedef {Record<string, { vr: string, Value?: unknown[] }>} Found
 * @typedef {{ tag: string, vr: string, depth: number, value: string | null, bytes: number }} Attribute
 *
 * @typedef {object} State
 * @property {Arrivals | null} arrivals null until the first answer
 * @property {boolean} reached the server answered last time
 * @property {string | null} study that is open
 * @property {Found[]} series of it
 * @property {string | null} chosen series
 * @property {Found[]} instances of it, one page
 * @property {number} offset of that page
 * @property {string | null} instance whose attributes are shown
 * @property {Attribute[] | null} attributes null: cannot be shown
 * @property {boolean} asking whether all is to be deleted
 */

/** @type {State} */
export const state = {
  arrivals: null,
  reached: true,
  study: null,
  series: [],
  chosen: null,
  instances: [],
  offset: 0,
  instance: null,
  attributes: null,
  asking: false,
};

let draw = () => {};

/** @param {() => void} next is called whenever the state has changed */
export function onChange(next) {
  draw = next;
}

export const actions = {
  async language() {
    setLanguage(otherLanguage());
    draw();
  },
  /** @param {string} study */
  async study(study) {
    Object.assign(state, { study, chosen: null, instances: [], offset: 0, instance: null, attributes: null });
    await refresh();
    const only = state.series.length === 1 ? uidOf(state.series[0], "0020000E") : null;
    if (only) await actions.series(only);
  },
  /** @param {string} series */
  async series(series) {
    Object.assign(state, { chosen: series, offset: 0, instance: null, attributes: null });
    await refresh();
  },
  /** @param {number} by pages */
  async turn(by) {
    state.offset = Math.max(0, state.offset + by * PAGE);
    await refresh();
  },
  /** @param {string} instance */
  async instance(instance) {
    state.instance = instance;
    state.attributes = await ask(`attributes/${instance}.json`);
    draw();
    document.getElementById("attributes")?.focus();
  },
  askDelete() {
    state.asking = true;
    draw();
    document.querySelector("dialog")?.showModal();
  },
  keep() {
    state.asking = false;
    draw();
    document.getElementById("delete")?.focus();
  },
  async delete() {
    await fetch("received", { method: "DELETE" });
    Object.assign(state, { study: null, series: [], chosen: null, instances: [], instance: null, attributes: null });
    state.asking = false;
    await refresh();
    document.querySelector("h1")?.focus();
  },
};

/** @param {Found | undefined} found @param {string} tag */
export function uidOf(found, tag) {
  return String(found?.[tag]?.Value?.[0] ?? "");
}

/** @param {string} path @returns {Promise<any>} */
async function ask(path) {
  const answer = await fetch(path);
  if (!answer.ok) throw new Error("no-answer");
  return answer.json();
}

/** Asks for all that is on the screen. */
export async function refresh() {
  try {
    const { study, chosen, offset } = state;
    const base = `../dicom-web/studies/${study}`;
    const [arrivals, series, instances] = await Promise.all([
      ask("arrivals.json"),
      study === null ? [] : ask(`${base}/series`),
      chosen === null ? [] : ask(`${base}/series/${chosen}/instances?limit=${PAGE}&offset=${offset}`),
    ]);
    // What the person has opened in the meantime is asked for next time.
    if (study !== state.study || chosen !== state.chosen || offset !== state.offset) return;
    Object.assign(state, { arrivals, series, instances, reached: true });
  } catch {
    // The server ended, or is not there for a moment: said on the screen until it answers.
    state.reached = false;
  }
  draw();
}
