/** What the mouse does at a picture beside drawing: moves it, changes how light it is, turns frames, comes nearer. */

/**
 * @typedef {object} Held what a hand takes hold of
 * @property {HTMLElement | null} port that scrolls
 * @property {number} frames
 * @property {(by: number, at: { x: number, y: number }) => void} magnify `at`: of the window
 * @property {(lighter: number, wider: number) => void} levels shares of the window of grey values; powers of two of its width
 * @property {(by: number) => void} turn frames
 */

/** Pixels of the screen for once or half the window. */
const FAR = 300;
/** A wheel that runs smoothly turns one frame after so much. */
const NOTCH = 40;
const NEARER = 1.2;

export class Hand {
  /** Where the mouse was last; `from`: where what is moved would stand were it at the window's corner. @type {{ x: number, y: number, from: { x: number, y: number } | null } | null} */
  #last = null;
  #wheeled = 0;

  get isBusy() {
    return this.#last !== null;
  }

  /** Takes a press with the right button, the middle one, or Alt. @param {PointerEvent} event @param {Held} held */
  down({ button, altKey, clientX, clientY }, { port }) {
    const pans = button === 1 || (button === 0 && altKey);
    if (!pans && button !== 2) return false;
    const from = pans && port ? { x: port.scrollLeft + clientX, y: port.scrollTop + clientY } : null;
    this.#last = { x: clientX, y: clientY, from };
    return true;
  }

  /** @param {PointerEvent} event @param {Held} held */
  move({ clientX, clientY }, { port, levels }) {
    const last = this.#last;
    if (!last) return;
    const [dx, dy] = [clientX - last.x, clientY - last.y];
    this.#last = { ...last, x: clientX, y: clientY };
    if (last.from) port?.scrollTo(last.from.x - clientX, last.from.y - clientY);
    else if (dx !== 0 || dy !== 0) levels(-dy / FAR, dx / FAR);
  }

  up() {
    this.#last = null;
  }

  /** Frames where there are some, with Ctrl the scale; else the page's own scrolling. @param {WheelEvent} event @param {Held} held */
  wheel(event, { frames, magnify, turn }) {
    const { deltaY, ctrlKey, metaKey, clientX, clientY } = event;
    const nearer = ctrlKey || metaKey;
    if (!nearer && frames < 2) return;
    event.preventDefault();
    if (nearer) return magnify(deltaY < 0 ? NEARER : 1 / NEARER, { x: clientX, y: clientY });
    this.#wheeled += deltaY;
    const frame = Math.trunc(this.#wheeled / NOTCH);
    if (frame === 0) return;
    this.#wheeled = 0;
    turn(Math.sign(frame));
  }
}
