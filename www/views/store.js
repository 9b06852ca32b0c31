/**
 * The page's one store. State is a plain object that is replaced, never changed in place; elements subscribe and draw.
 * Names and identifiers of patients are not in it: they stay in the session, and views ask for them while they draw.
 */

/**
 * @typedef {"choose" | "check" | "review" | "run" | "record" | "settings"} Screen
 * @typedef {{ code: string, level: "info" | "ok" | "warn" | "error", args?: Record<string, string | number> }} Notice
 * @typedef {{ kind: "why", key: string } | { kind: "inspect", key: string, items: number[], at: number }} Panel
 * @typedef {{ id: string, version: string, title: Record<string, string>, text: Record<string, string>, pixels: boolean,
 *   sha256: string, document: object }} PolicyChoice
 * @typedef {{ files: number, byVerdict: Record<string, number>, byReason: Record<string, number> }} Totals of a report
 * @typedef {{ id: string, kept: boolean }} KeyChoice
 * @typedef {{ name: string, people: number, loaded: Date }} OptOutChoice
 * @typedef {{ name: string | Record<string, string>, url: string }} Destination
 * @typedef {"upload" | "zip" | "folder"} Way
 * @typedef {{ n: number, reason: string, bytes: number }} Failed an image that did not arrive and may be sent again
 * @typedef {{ state: string, way: Way, sent: number, saved: number, left: number, confirmed: number, target: string, kind: string, started: Date,
 *   ended: Date, totals: Totals, receipt: string, failed: Failed[] }} Outcome
 *   `left`: images that were to leave and have not; `confirmed`: by destinations, in all runs of the session; `receipt`: its number, empty where nothing was sent
 */

export const initialState = {
  /** @type {Screen} */
  screen: "choose",
  /** Value of `data-state`. */
  state: "loading",
  busy: false,
  /** Where settings return to. @type {Screen} */
  back: "choose",
  /** Where a review returns to. @type {"check" | "record"} */
  reviewFrom: "check",
  /** @type {"policy" | "key" | "optout" | "dest"} */
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
  /** Where the settings of the server let this page send. @type {Destination[]} */
  destinations: [],
  /** Place of the chosen one in that list. */
  destination: 0,
  /** @type {Way} */
  delivery: "zip",
  online: true,
  /** Place of the destination whose connection is being checked. */
  testing: /** @type {number | null} */ (null),
  /** Grows whenever the session has something new to show. */
  revision: 0,
  scan: { found: 0, done: 0, bytes: 0, walking: false, left: /** @type {number | null} */ (null) },
  run: {
    way: /** @type {Way} */ ("zip"),
    total: 0,
    /** Processed and checked again. */
    done: 0,
    /** Receipts confirmed; files written. */
    saved: 0,
    held: 0,
    /** How often it had to be tried again. */
    retries: 0,
    /** Images that had arrived at a destination before this run. */
    before: 0,
    /** Bytes that went to the network. */
    bytes: 0,
    paused: false,
    /** What stopped the sending, until the person goes on. @type {string | null} */
    halted: null,
    left: /** @type {number | null} */ (null),
    log: /** @type {{ time: Date, code: string, n: number }[]} */ ([]),
  },
  /** @type {Outcome | null} */
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

/** Shows a notice; one of a code at a time, which keeps its place. @param {Notice} notice */
export function notify(notice) {
  const there = state.notices.some(({ code }) => code === notice.code);
  const notices = there
    ? state.notices.map((each) => (each.code === notice.code ? notice : each))
    : [...state.notices, notice];
  setState({ notices });
}

/** @param {string[]} codes */
export function dismiss(...codes) {
  setState({ notices: state.notices.filter(({ code }) => !codes.includes(code)) });
}
