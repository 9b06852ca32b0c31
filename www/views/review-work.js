/**
 * The work of a review: what waits for a person, which rectangles were drawn, what was decided, what was looked at; all of it can
 * be taken back until it leaves. Holds numbers of files, never names: views ask the session for those while they draw.
 */
import { Looks } from "./review-looks.js";
import { copied } from "./review-masks.js";

/**
 * @typedef {import("./review-masks.js").Mask} Mask
 * @typedef {"pass" | "masked" | "refused"} Kind
 * @typedef {{ n: number, place: number, reason: string, device: string, size: string, stays: string | null, frames: number, study: string, series: string }} Item
 *   `place`: as people count them, from 1; `stays`: why a look does not settle it; `study`, `series`: keys of the tree
 * @typedef {{ items: number[], move: string, back: () => Promise<boolean>, again: () => Promise<boolean> }} Step
 *   `move`: what goes on in steps and is taken back as one
 * @typedef {Pick<import("../api/session.js").TokumeiSession, "held" | "file" | "decide" | "undecide" | "drawn" | "boxes" | "outside" | "devices">} Session
 */

export class Work {
  /** In the order of the sheet. @type {Item[]} */
  items = [];
  /** @type {Map<number, Mask[]>} */
  #masks = new Map();
  /** Images whose rectangles a rule proposed and no person has touched. @type {Set<number>} */
  #proposed = new Set();
  /** @type {Map<number, Kind>} */
  #decided = new Map();
  looks = new Looks();
  /** @type {Step[]} */
  #done = [];
  /** @type {Step[]} */
  #undone = [];
  #session;

  /** @param {Session} session */
  constructor(session) {
    this.#session = session;
  }

  /** Takes in what waits now; what was decided here stays in the sheet. @param {import("./model.js").View} seen */
  take({ roots }) {
    const before = new Map(this.items.map((item) => [item.n, item]));
    /** @type {Map<number, { reason: string, device: string, size: string, stays: string | null }>} */
    const held = new Map();
    for (const { items, reason, device, size, stays } of this.#session.held()) {
      for (const n of items) held.set(n, { reason, device, size, stays });
    }
    this.items = [];
    for (const study of roots.flatMap(({ children }) => children)) {
      for (const series of study.children) {
        for (const n of series.items) {
          const waits = held.get(n);
          const known = before.get(n);
          if (waits) {
            const frames = this.#session.file(n)?.frames ?? 1;
            this.#decided.delete(n);
            this.items.push({ n, place: 0, ...waits, frames, study: study.key, series: series.key });
          } else if (known && this.#decided.has(n)) this.items.push(known);
        }
      }
    }
    this.items = this.items.map((item, i) => ({ ...item, place: i + 1 }));
  }

  /** @param {number} n @returns {Mask[]} */
  masks(n) {
    return this.#masks.get(n) ?? [];
  }

  /** @param {number} n */
  decision(n) {
    return this.#decided.get(n) ?? null;
  }

  /** Still to be decided. */
  get open() {
    return this.items.filter(({ n }) => !this.#decided.has(n));
  }

  /** How many there are for each reason, the most frequent first. @returns {[string, number][]} */
  get reasons() {
    /** @type {Map<string, number>} */
    const counts = new Map();
    for (const { reason } of this.items) counts.set(reason, (counts.get(reason) ?? 0) + 1);
    return [...counts].sort((a, b) => b[1] - a[1]);
  }

  /** Others that are open, of the same size and kind of question. @param {Item} item @param {"series" | "device"} scope @returns {Item[]} */
  like(item, scope) {
    if (item.size === "") return [];
    return this.open.filter(
      (each) =>
        each.n !== item.n &&
        each.size === item.size &&
        (each.stays === null) === (item.stays === null) &&
        (scope === "series" ? each.series === item.series : each.device === item.device),
    );
  }

  /** How many were decided so. @param {Kind[]} kinds */
  count(...kinds) {
    return [...this.#decided.values()].filter((kind) => kinds.includes(kind)).length;
  }

  /** Rectangles that a rule or a detector proposes, where the person has drawn none. @param {number} n */
  async propose(n) {
    if (this.#isDrawn(n)) return;
    const boxes = await this.#session.boxes(n);
    if (this.#isDrawn(n)) return;
    this.#proposed.add(n);
    if (boxes.length > 0) this.#masks.set(n, copied(boxes));
    else this.#masks.delete(n);
  }

  /** What lies outside the image, on all frames. @param {Item} item */
  outside({ n, frames }) {
    return this.#session.outside(n, frames > 1 ? null : 0);
  }

  /** @param {number} n */
  #isDrawn(n) {
    return this.#decided.has(n) || (this.#masks.has(n) && !this.#proposed.has(n));
  }

  /** The rectangles of an image for all of its device and size. @param {Item} item @returns {Promise<boolean>} false: it names no device */
  async remember(item) {
    const masks = this.masks(item.n).filter(({ frames }) => frames === "all");
    const ok = this.#session.devices.remember(item.n, masks);
    if (ok) await this.#proposeAgain(item);
    return ok;
  }

  /** They are proposed no more. @param {Item} item */
  async forget(item) {
    const rule = this.#session.devices.of(item.n);
    if (rule) this.#session.devices.forget(rule);
    await this.#proposeAgain(item);
    return rule !== null;
  }

  /** @param {Item} item */
  async #proposeAgain(item) {
    const others = this.open.filter(({ device, size }) => device === item.device && size === item.size);
    await Promise.all(others.map(({ n }) => this.propose(n)));
  }

  /** Are its rectangles those that are remembered for its device? @param {number} n */
  isRemembered(n) {
    const rule = this.#session.devices.of(n);
    const key = (/** @type {{ x: number, y: number, w: number, h: number }[]} */ all) =>
      JSON.stringify(all.map(({ x, y, w, h }) => [x, y, w, h]));
    return rule !== null && key(rule.masks) === key(this.masks(n).filter(({ frames }) => frames === "all"));
  }

  /** A frame was on the screen. @param {number} n @param {number} frame from 0 @param {number} scale pixels of the screen for one of it */
  see(n, frame, scale) {
    const before = this.looks.frames(n)?.has(frame) ?? false;
    this.looks.see(n, frame, scale);
    if (!before) this.#session.drawn(n, frame);
  }

  /** Frames that nobody has looked at. @param {Item} item @returns {number[]} */
  unseen({ n, frames }) {
    const seen = this.looks.frames(n);
    return Array.from({ length: frames }, (_, frame) => frame).filter((frame) => !seen?.has(frame));
  }

  /** Other rectangles for some images. @param {number[]} items @param {Mask[]} masks @param {string} [move] goes on from the last step of this name */
  draw(items, masks, move = "") {
    const before = items.map((n) => /** @type {const} */ ([n, this.#masks.get(n)]));
    const proposed = items.filter((n) => this.#proposed.has(n));
    const set = () => {
      for (const n of items) {
        this.#masks.set(n, copied(masks));
        this.#proposed.delete(n);
      }
    };
    const reset = () => {
      for (const [n, old] of before) {
        if (old) this.#masks.set(n, old);
        else this.#masks.delete(n);
      }
      for (const n of proposed) this.#proposed.add(n);
    };
    const step = (/** @type {() => void} */ work) => async () => {
      if (items.some((n) => this.#decided.has(n))) return false;
      work();
      return true;
    };
    set();
    const last = this.#done.at(-1);
    if (move !== "" && last?.move === move) last.again = step(set);
    else this.#push({ items, move, back: step(reset), again: step(set) });
  }

  /**
   * Decides; where rectangles are drawn, approval means that they are masked.
   * @param {number[]} items
   * @param {"approve" | "refuse"} what
   * @returns {Promise<{ n: number, reason: string }[]>} what could not be decided so, and why
   */
  async decide(items, what) {
    const answers = await this.#tell(items, what);
    const done = answers.filter(({ ok }) => ok).map(({ n }) => n);
    if (done.length > 0) {
      const again = async () => (await this.#tell(done, what)).every(({ ok }) => ok);
      this.#push({ items: done, move: "", back: () => this.#takeBack(done), again });
    }
    return answers.filter(({ ok }) => !ok);
  }

  /** Takes the decision on one image back. @param {number} n */
  async reopen(n) {
    const kind = this.#decided.get(n);
    if (!kind || !(await this.#takeBack([n]))) return false;
    const again = async () => (await this.#tell([n], kind === "refused" ? "refuse" : "approve")).every(({ ok }) => ok);
    this.#push({ items: [n], move: "", back: again, again: () => this.#takeBack([n]) });
    return true;
  }

  /** @returns {Promise<{ items: number[], ok: boolean } | null>} null: there is nothing to take back */
  async undo() {
    const step = this.#done.pop();
    if (!step) return null;
    const ok = await step.back();
    if (ok) this.#undone.push(step);
    return { items: step.items, ok };
  }

  /** @returns {Promise<{ items: number[], ok: boolean } | null>} */
  async redo() {
    const step = this.#undone.pop();
    if (!step) return null;
    const ok = await step.again();
    if (ok) this.#done.push(step);
    return { items: step.items, ok };
  }

  get canUndo() {
    return this.#done.length > 0;
  }

  /** @param {Step} step */
  #push(step) {
    this.#done.push(step);
    this.#undone = [];
  }

  /** One call for all images with the same rectangles. @param {number[]} items @param {"approve" | "refuse"} what */
  async #tell(items, what) {
    /** @type {Map<string, number[]>} */
    const alike = new Map();
    for (const n of items) {
      const key = what === "refuse" ? "" : JSON.stringify(this.masks(n));
      const group = alike.get(key);
      if (group) group.push(n);
      else alike.set(key, [n]);
    }
    const answers = [];
    for (const group of alike.values()) {
      const masks = what === "refuse" ? [] : copied(this.masks(group[0] ?? 0));
      /** @type {Kind} */
      const kind = what === "refuse" ? "refused" : masks.length > 0 ? "masked" : "pass";
      const looks = this.looks.of(group);
      const told = await this.#session.decide(group, masks.length > 0 ? { kind, masks, looks } : { kind, looks });
      for (const { n, ok } of told) if (ok) this.#decided.set(n, kind);
      answers.push(...told);
    }
    return answers;
  }

  /** @param {number[]} items */
  async #takeBack(items) {
    const answers = await this.#session.undecide(items);
    for (const { n, ok } of answers) if (ok) this.#decided.delete(n);
    return answers.every(({ ok }) => ok);
  }
}
