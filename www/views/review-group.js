/** Images that are looked at together, a page at a time: which are on the screen, which were taken out. Decides nothing. */

/** @typedef {import("./review-work.js").Item} Item */

export class Group {
  /** Place of the first on this page. */
  first = 0;
  /** Place of the one that has the focus. */
  at = 0;
  /** Numbers of those that were taken out. @type {Set<number>} */
  out = new Set();
  /** What is on this page was looked at. */
  seen = false;

  /** @param {Item[]} items @param {number} page how many the screen holds */
  constructor(items, page) {
    this.items = items;
    this.page = page;
  }

  get onPage() {
    return this.items.slice(this.first, this.first + this.page);
  }

  /** Images after this page. */
  get left() {
    return Math.max(0, this.items.length - this.first - this.page);
  }

  /** On this page and not taken out; with those of the pages before. @param {boolean} before */
  chosen(before) {
    const of = before ? this.items.slice(0, this.first + this.page) : this.onPage;
    return of.filter(({ n }) => !this.out.has(n));
  }

  turn() {
    this.first += this.page;
    this.at = this.first;
    this.seen = false;
  }

  /** None is skipped unseen: only pages before the one that is looked at are open. @param {number} at */
  focusAt(at) {
    const to = Math.max(0, Math.min(this.items.length - 1, this.first + this.page - 1, at));
    if (to === this.at) return false;
    if (to < this.first) this.first = Math.floor(to / this.page) * this.page;
    this.at = to;
    return true;
  }

  /** Takes one out, or in again. @param {number} at */
  toggle(at) {
    const n = this.items[at]?.n;
    if (n === undefined) return;
    if (!this.out.delete(n)) this.out.add(n);
    this.out = new Set(this.out);
    this.at = at;
  }

  /** What the screen holds now. @param {number} page @param {boolean} seen */
  paged(page, seen) {
    if (page === this.page && seen === this.seen) return false;
    if (page !== this.page) this.first = Math.floor(this.first / page) * page;
    this.page = page;
    this.seen = seen;
    return true;
  }
}
