// A plan of faults as JSON: what `POST /faults` takes. Unknown keys are errors.

const KINDS = /** @type {const} */ ([
  "drop-before", // the line breaks before anything is stored, after `bytes` of the body
  "drop-after", // all is stored, then the line breaks in place of an answer
  "status", // `status` with `retryAfter` seconds, as a date if `date`
  "slow", // `bytesPerSecond` of the body, and the answer `delayMs` later
  "empty", // 200 with an empty body, nothing stored
  "html", // 200 with a page of HTML, nothing stored
  "nothing-stored", // 200 with no sequence, nothing stored
  "stored-empty", // all is stored, 200 with an empty body
  "other-uids", // all is stored, the answer names other instances
  "wrong-sequence", // all is stored, the answer lists it as failed
]);
const ON = /** @type {const} */ (["store", "query", "retrieve"]);

/**
 * @typedef {object} Fault
 * @property {(typeof KINDS)[number]} kind
 * @property {(typeof ON)[number]} on the requests that it is for
 * @property {number} status
 * @property {number | null} retryAfter seconds
 * @property {boolean} date
 * @property {number} bytes
 * @property {number} bytesPerSecond
 * @property {number} delayMs
 *
 * @typedef {object} Plan
 * @property {(Fault | null)[]} script one for each of the next requests of its kind; null: none for the next STOW-RS request
 * @property {(Fault & { p: number })[]} random once the script is done: each with its probability
 * @property {number} seed
 * @property {string | null} token 401 for all that do not bear it
 * @property {number | null} maxBytes 413 for all that say that they bring more
 */

/** @param {unknown} value @returns {Plan} */
export function checkPlan(value) {
  const plan = fields(value, ["script", "random", "seed", "token", "maxBytes"]);
  return {
    script: list(plan.script).map((entry) => (entry === null ? null : fault(entry, []))),
    random: list(plan.random).map((entry) => ({
      ...fault(entry, ["p"]),
      p: number(/** @type {Record<string, unknown>} */ (entry).p, 0),
    })),
    seed: number(plan.seed, 1),
    token: plan.token === undefined || plan.token === null ? null : String(plan.token),
    maxBytes: plan.maxBytes === undefined || plan.maxBytes === null ? null : number(plan.maxBytes, 0),
  };
}

/** @param {unknown} value @param {string[]} more keys @returns {Fault} */
function fault(value, more) {
  const given = fields(value, [
    ...["kind", "on", "status", "retryAfter", "date", "bytes", "bytesPerSecond", "delayMs"],
    ...more,
  ]);
  const kind = KINDS.find((name) => name === given.kind);
  const on = ON.find((name) => name === (given.on ?? "store"));
  if (kind === undefined) throw new Error(`faults: kind must be one of ${KINDS.join(", ")}`);
  if (on === undefined) throw new Error(`faults: on must be one of ${ON.join(", ")}`);
  return {
    kind,
    on,
    status: number(given.status, 503),
    retryAfter: given.retryAfter === undefined || given.retryAfter === null ? null : number(given.retryAfter, 0),
    date: given.date === true,
    bytes: number(given.bytes, 0),
    bytesPerSecond: number(given.bytesPerSecond, 0),
    delayMs: number(given.delayMs, 0),
  };
}

/** @param {unknown} value @param {number} other when there is none */
function number(value, other) {
  const found = value ?? other;
  if (typeof found !== "number" || !Number.isFinite(found) || found < 0) throw new Error("faults: not a number");
  return found;
}

/** @param {unknown} value @returns {unknown[]} */
function list(value) {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new Error("faults: not a list");
  return value;
}

/** @param {unknown} value @param {string[]} keys @returns {Record<string, unknown>} */
function fields(value, keys) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error("faults: not an object");
  const unknown = Object.keys(value).find((key) => !keys.includes(key));
  if (unknown !== undefined) throw new Error(`faults: unknown key ${unknown}; allowed: ${keys.join(", ")}`);
  return /** @type {Record<string, unknown>} */ (value);
}
