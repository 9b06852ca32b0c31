/**
 * The page's one store. State is a plain object that is replaced, never changed in place; elements subscribe and draw.
 * Names and identifiers of patients are not in it: they stay in the session, and views ask for them while they draw.
 */

/**
 * @typedef {"choose" | "check" | "run" | "record" | "settings"} Screen
 * @typedef {{ code: string, level: "info" | "ok" | "warn" | "error", args?: Record<string, string | number> }} Notice
 * @typedef {{ kind: "why", key: string } | { kind: "inspect", key: string, items: number[], at: number }} Panel
 * @typedef {{ id: string, version: string, title: Record<string, string>, text: Record<string, string>, pixels: boolean,
 *   sha256: string, document: object }} PolicyChoice
 * @typedef {{ files: number, byVerdict: Record<string, number>, byReason: Record<string, number> }} Totals of a report
 * @typedef {{ id: string, kept: boolean }} KeyChoice
 * @typedef {{ name: string, people: number, loaded: Date }} OptOutChoice
 */

export const initialState = {
  /** @type {Screen} */
  screen: "choose",
  /** Value of `data-state`. */
  state: "loading",
  busy: false,
  /** Where settings return to. @type {Screen} */
  back: "choose",
  /** @type {"policy" | "key" | "optout"} */
  tab: "policy",
  language: "ja",
  version: "",
  /** @type {PolicyChoice[]} */
  policies: [],
  policyId: "",
  /** @type {KeyChoice | null} */
  key: null,
  /** @type {OptOutChoice | null} */
  optOut: null,
  /** @type {Notice[]} */
  notices: [],
  /** @type {{ kind: string, args?: Record<string, string | number> } | null} */
  dialog: null,
  /** @type {Panel | null} */
  panel: null,
  hideNames: false,
  onlyAttention: false,
  onlyChanged: true,
  /** Keys of opened rows of the tree. @type {ReadonlySet<string>} */
  opened: new Set(),
  /** @type {"zip" | "folder"} */
  delivery: "zip",
  /** Grows whenever the session has something new to show. */
  revision: 0,
  scan: { found: 0, done: 0, bytes: 0, walking: false, left: /** @type {number | null} */ (null) },
  run: {
    done: 0,
    total: 0,
    saved: 0,
    held: 0,
    left: /** @type {number | null} */ (null),
    log: /** @type {{ time: Date, code: string, n: number }[]} */ ([]),
  },
  /** @type {{ state: string, saved: number, target: string, kind: string, started: Date, ended: Date, totals: Totals } | null} */
  record: null,
};

/** @typedef {typeof initialState} State */

/** @type {State} */
let state = initialState;
/** @type {Set<() => void>} */
const listeners = new Set();

export const getState = () => state;

/** @param {Partial<State>} patch */
export function setState(patch) {
  state = { ...state, ...patch };
  for (const listener of listeners) listener();
}

/** @param {() => void} listener @returns {() => void} ends the subscription */
export function subscribe(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Shows a notice; one of a code at a time. @param {Notice} notice */
export function notify(notice) {
  setState({ notices: [...state.notices.filter(({ code }) => code !== notice.code), notice] });
}

/** @param {string[]} codes */
export function dismiss(...codes) {
  setState({ notices: state.notices.filter(({ code }) => !codes.includes(code)) });
}
