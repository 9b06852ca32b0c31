/** Covers what shows patients once nobody has touched the page for a while; the next key or click uncovers it and does nothing else. */

const EVENTS = /** @type {const} */ (["keydown", "pointerdown", "pointermove", "wheel"]);

export class Cover {
  covered = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer = undefined;
  #minutes;
  #changed;

  /** @param {number} minutes @param {() => void} changed */
  constructor(minutes, changed) {
    this.#minutes = minutes;
    this.#changed = changed;
  }

  watch() {
    for (const name of EVENTS) window.addEventListener(name, this.#touched, { capture: true });
    this.#wait();
  }

  end() {
    clearTimeout(this.#timer);
    this.covered = false;
    for (const name of EVENTS) window.removeEventListener(name, this.#touched, { capture: true });
  }

  #wait() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#set(true), this.#minutes * 60_000);
  }

  /** @param {boolean} covered */
  #set(covered) {
    this.covered = covered;
    this.#changed();
  }

  #touched = (/** @type {Event} */ event) => {
    this.#wait();
    if (!this.covered) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    // A mouse that is bumped shows no names.
    if (event.type === "keydown" || event.type === "pointerdown") this.#set(false);
  };
}
