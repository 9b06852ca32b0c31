/** What a run waits at while it is paused. */
export class Gate {
  /** @type {{opened: Promise<void>, open: () => void} | null} */
  #shut = null;

  get isShut() {
    return this.#shut !== null;
  }

  shut() {
    if (this.#shut !== null) return;
    let open = () => {};
    const opened = /** @type {Promise<void>} */ (
      new Promise((resolve) => {
        open = () => resolve();
      })
    );
    this.#shut = { opened, open };
  }

  open() {
    this.#shut?.open();
    this.#shut = null;
  }

  /** Resolves when the gate is open. */
  async passed() {
    while (this.#shut !== null) await this.#shut.opened;
  }
}
