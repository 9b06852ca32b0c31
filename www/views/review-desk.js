/**
 * What a person does at a review: goes from image to image, looks, decides, takes back. Keeps where they are; draws nothing. What is
 * undecided stays so until somebody has looked: an approval needs every frame on the screen.
 */
import { Group } from "./review-group.js";
import { adjusted, Pictures } from "./review-pictures.js";
import { Work } from "./review-work.js";

/**
 * @typedef {import("./review-work.js").Item} Item
 * @typedef {import("./review-masks.js").Mask} Mask
 * @typedef {"image" | "group" | "done"} Mode
 * @typedef {{ key: string, args: Record<string, string | number>, reason?: string }} Said
 */

/** A key that was meant for the picture before decides nothing. */
const SETTLE_MS = 400;
/** Time of a frame while a clip is played. */
const FRAME_MS = 100;

export class Desk {
  /** Reason to which the sheet is kept; empty: all. */
  reason = "";
  at = 0;
  frame = 0;
  /** @type {Mode} */
  mode = "image";
  playing = false;
  showMasks = true;
  /** How light grey values are; a window holds for one image, all values for all. @type {import("./review-pictures.js").Levels} */
  levels = null;
  group = new Group([], 12);
  /** Are the images of a group laid over each other beside its tiles? */
  overlaid = false;
  /** Pixels of the screen that one of the picture takes. */
  scale = 0;
  /** What was done last, for a person to read. @type {Said | null} */
  said = null;
  /** Has the person said that images may leave as they are? */
  mayPass = false;
  /** Grows with every change. */
  revision = 0;
  #changed;
  #since = performance.now();
  #shown = "";
  /** The picture that was painted last. @type {import("./review-pictures.js").Picture | null} */
  #painted = null;
  #busy = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer = undefined;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #settling = undefined;

  /**
   * @param {import("../api/session.js").TokumeiSession} session
   * @param {() => void} changed
   * @param {boolean} bulk the policy lets many be approved at once, after all were looked at
   */
  constructor(session, changed, bulk) {
    this.#changed = changed;
    this.bulk = bulk;
    this.work = new Work(session);
    this.pictures = new Pictures(
      (n, frame, levels) => session.preview(n, frame, levels),
      () => this.change(),
    );
  }

  change() {
    this.revision += 1;
    this.#changed();
  }

  /** Begins, or goes on, with what waits now. @param {import("./model.js").View} seen */
  open(seen) {
    this.work.take(seen);
    this.said = null;
    if (!this.item || this.work.decision(this.item.n)) this.#next(0);
    else this.go(this.at);
  }

  /** Images of the sheet. */
  get list() {
    const { items } = this.work;
    return this.reason === "" ? items : items.filter(({ reason }) => reason === this.reason);
  }

  get item() {
    return this.list[this.at] ?? null;
  }

  /** Keeps the sheet to one reason. @param {string} reason */
  only(reason) {
    this.reason = reason;
    this.#next(0);
  }

  /** @param {number} at place in the sheet */
  go(at) {
    this.mode = "image";
    this.at = Math.max(0, Math.min(this.list.length - 1, at));
    this.frame = 0;
    if (this.levels?.length === 2) this.levels = null;
    this.#stop();
    const { item } = this;
    if (item) void this.work.propose(item.n).then(() => this.change());
    // The next one is on its way while this one is looked at.
    const after = this.list[this.at + 1];
    if (after) this.pictures.full(after.n, 0, this.levels);
    this.change();
  }

  /** To the first undecided from a place on, or the end. @param {number} from */
  #next(from) {
    const { list } = this;
    const open = (/** @type {number} */ at) => {
      const item = list[at];
      return item !== undefined && this.work.decision(item.n) === null;
    };
    const places = list.map((_, i) => (from + i) % list.length);
    const at = places.find(open);
    if (at !== undefined) return this.go(at);
    if (this.reason !== "" && this.work.open.length > 0) return this.only("");
    this.mode = "done";
    this.#stop();
    this.change();
  }

  /** The picture that is looked at; null while it is on its way. */
  get picture() {
    return this.item && this.pictures.full(this.item.n, this.frame, this.levels);
  }

  /** All values of a picture, or the window of its file. */
  toggleWhole() {
    this.levels = this.levels?.length === 0 ? null : [];
    this.change();
  }

  /** Grey values through another window. @param {number} lighter share of its width @param {number} [wider] power of two */
  adjust(lighter, wider = 0) {
    const levels = adjusted(this.levels, this.picture ?? this.#painted, lighter, wider);
    if (!levels) return;
    this.levels = levels;
    this.pictures.forgetWishes(false);
    this.change();
  }

  /** It was painted, so large. @param {number} scale */
  painted(scale) {
    this.scale = scale;
    const { item, picture } = this;
    if (this.mode !== "image" || !item || !picture) return;
    this.#painted = picture;
    if (!("none" in picture)) this.work.see(item.n, this.frame, this.scale);
    const key = `${item.n}/${this.frame}`;
    if (key === this.#shown) return;
    this.work.looks.show([item.n]);
    if (!this.playing) this.settle();
    this.#shown = key;
    if ("none" in picture) return;
    this.change();
    if (!this.playing) return;
    const [next] = this.work.unseen(item);
    if (next !== undefined) this.pictures.full(item.n, next, this.levels);
    this.#timer = setTimeout(() => this.#play(), FRAME_MS);
  }

  /** Shows the frames that nobody has seen, one after the other. */
  play() {
    if (!this.item || this.playing) return;
    this.playing = true;
    this.#play();
  }

  #play() {
    const [next] = this.item ? this.work.unseen(this.item) : [];
    if (next === undefined) this.#stop();
    else this.frame = next;
    this.change();
  }

  #stop() {
    clearTimeout(this.#timer);
    this.playing = false;
    this.#shown = "";
    this.work.looks.show([]);
    this.settle();
  }

  /** @param {number} by frames */
  step(by) {
    if (!this.item) return;
    this.#stop();
    this.pictures.forgetWishes(false);
    this.frame = Math.max(0, Math.min(this.item.frames - 1, this.frame + by));
    this.change();
  }

  /** Frames of the image that nobody has seen. */
  get unseen() {
    return this.item ? this.work.unseen(this.item).length : 0;
  }

  /** From now on a person looks anew. */
  settle() {
    this.#since = performance.now();
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => this.change(), SETTLE_MS);
  }

  /** Was there time to look? */
  get isSettled() {
    return !this.#busy && performance.now() - this.#since >= SETTLE_MS - 1;
  }

  /** @param {string} key of the words */
  say(key) {
    this.said = { key, args: {} };
    this.change();
  }

  /** @param {Mask[]} masks @param {boolean} joins */
  draw(masks, joins) {
    const { item } = this;
    if (!item || this.work.decision(item.n)) return;
    this.work.draw([item.n], masks, joins ? `${item.n}/${masks.length}` : "");
    this.said = null;
    this.change();
  }

  /** Approves the image, once it was looked at. @param {"masked" | "pass"} how */
  async approve(how) {
    const { item, picture } = this;
    if (!item || !picture || "none" in picture || !this.isSettled || this.work.decision(item.n)) return;
    if (this.unseen > 0) return this.play();
    if (how === "masked" ? this.work.masks(item.n).length === 0 : this.work.masks(item.n).length > 0) return;
    await this.#decide([item], "approve", () => this.#next(this.at + 1));
  }

  async refuse() {
    const { item } = this;
    if (!item || !this.isSettled || this.work.decision(item.n)) return;
    await this.#decide([item], "refuse", () => this.#next(this.at + 1));
  }

  /** @param {Item[]} items @param {"approve" | "refuse"} what @param {() => void} goOn where nothing stands in the way */
  async #decide(items, what, goOn) {
    if (this.#busy || items.length === 0) return;
    this.#busy = true;
    const numbers = items.map(({ n }) => n);
    const [not, ...others] = await this.work.decide(numbers, what);
    this.#busy = false;
    if (not) {
      this.said = { key: "review.said.not", args: { n: 1 + others.length }, reason: not.reason };
      this.change();
    } else {
      this.said = { key: `review.said.${what}`, args: { n: items.length } };
      goOn();
    }
  }

  /** The decision on the image is taken back. */
  async reopen() {
    const { item } = this;
    if (!item) return;
    const ok = await this.work.reopen(item.n);
    this.said = { key: ok ? "review.said.reopened" : "review.said.gone", args: { n: 1 } };
    this.go(this.at);
  }

  /** @param {"undo" | "redo"} what */
  async takeBack(what) {
    if (this.#busy) return;
    this.#busy = true;
    const step = await this.work[what]();
    this.#busy = false;
    if (!step) return;
    this.said = { key: step.ok ? `review.said.${what}` : "review.said.gone", args: { n: step.items.length } };
    const n = step.items[0] ?? 0;
    const at = this.#placeOf(n);
    // A group stays where it is, with what was taken back in it.
    if (this.mode === "group" && this.group.items.some((item) => item.n === n)) this.change();
    else if (at >= 0) this.go(at);
    else this.change();
  }

  /** Undecided images beside this one that its rectangles fit. @param {"series" | "device"} scope */
  others(scope) {
    return this.item ? this.work.like(this.item, scope) : [];
  }

  /** This image's rectangles for others too, which are then looked at. @param {"series" | "device"} scope */
  apply(scope) {
    const { item } = this;
    const others = this.others(scope);
    if (!item || others.length === 0 || this.work.decision(item.n)) return;
    const masks = this.work.masks(item.n).filter(({ frames }) => frames === "all");
    if (masks.length > 0)
      this.work.draw(
        others.map(({ n }) => n),
        masks,
      );
    this.together([item, ...others]);
  }

  /** Looks at many images together. @param {Item[]} items @param {boolean} [overlaid] laid over each other too */
  together(items, overlaid = this.overlaid) {
    this.#stop();
    this.mode = "group";
    this.said = null;
    this.overlaid = overlaid;
    this.group = new Group(items, this.group.page);
    for (const { n } of items.slice(0, 60)) void this.work.propose(n).then(() => this.change());
    this.change();
  }

  /** What a decision on the group would hold for now. @returns {Item[]} */
  get selected() {
    const fits = (/** @type {Item} */ item) => item.stays === null && this.work.unseen(item).length === 0;
    return this.group.chosen(this.bulk).filter((item) => this.work.decision(item.n) === null && fits(item));
  }

  /** What would be refused. @returns {Item[]} */
  get refusable() {
    return this.group.chosen(false).filter(({ n }) => this.work.decision(n) === null);
  }

  /** Does approval only turn the page? */
  get turns() {
    return this.selected.length === 0 || (this.bulk && this.group.left > 0);
  }

  /** @param {{ n: number, frame: number, scale: number }[]} frames */
  seen(frames) {
    for (const { n, frame, scale } of frames) this.work.see(n, frame, scale);
    this.change();
  }

  /** Approves what was looked at, or goes on to what was not. */
  async approveGroup() {
    if (!this.isSettled || !this.group.seen) return;
    if (this.turns) return this.turn();
    await this.#decide(this.selected, "approve", () => this.turn());
  }

  async refuseGroup() {
    if (!this.isSettled) return;
    await this.#decide(this.refusable, "refuse", () => this.turn());
  }

  /** The next page, or the first image that was left out. */
  turn() {
    if (this.group.left === 0) return this.#next(0);
    this.group.turn();
    this.settle();
    for (const { n } of this.group.onPage) void this.work.propose(n).then(() => this.change());
    this.change();
  }

  /** @param {number} at place in the group */
  focusAt(at) {
    if (this.group.focusAt(at)) this.change();
  }

  /** Takes an image of the group out, or in again. @param {number} at */
  toggle(at) {
    if (this.work.decision(this.group.items[at]?.n ?? 0)) return;
    this.group.toggle(at);
    this.change();
  }

  /** @param {number} page @param {boolean} seen */
  paged(page, seen) {
    this.work.looks.show(this.group.onPage.map(({ n }) => n));
    if (this.group.paged(page, seen)) this.change();
  }

  /** From a tile to the image by itself. */
  openTile() {
    const n = this.group.items[this.group.at]?.n;
    if (n !== undefined) this.go(this.#placeOf(n));
  }

  /** Its place in the sheet, which shows all reasons if it must. @param {number} n */
  #placeOf(n) {
    if (!this.list.some((item) => item.n === n)) this.reason = "";
    return this.list.findIndex((item) => item.n === n);
  }

  close() {
    this.#stop();
  }
}
