/** What the status of an answer asks of the client, and for how long. */

/**
 * `read`: the body says what became of each instance. `halve`: too many bytes. `wait`: the same may pass later.
 * `auth`: sign in. `misconfigured`: this is not a place to store to.
 * @param {number} status
 * @returns {"read" | "auth" | "halve" | "wait" | "misconfigured"}
 */
export function meaningOf(status) {
  if ((status >= 200 && status < 300) || READ.has(status)) return "read";
  if (AUTH.has(status)) return "auth";
  if (status === 413) return "halve";
  if (WAIT.has(status) || (status > 501 && status !== 505)) return "wait";
  return "misconfigured";
}

/** 500 too: some receivers answer it for one bad part among many that were stored. */
const READ = new Set([400, 409, 422, 500]);
const AUTH = new Set([401, 403, 407, 511]);
const WAIT = new Set([408, 425, 429]);

/** Is the destination there, but has no time? @param {number} status */
export const isBusy = (status) => WAIT.has(status) || status === 503 || status === 507;

/**
 * @param {string | null} value  of Retry-After (RFC 9110 10.2.3): seconds or a date
 * @param {number} now  milliseconds
 * @returns {number | null}  milliseconds to wait; null: it does not say, or says nothing that can be waited for
 */
export function retryAfter(value, now) {
  const text = value?.trim() ?? "";
  const wait = /^\d{1,9}$/u.test(text)
    ? Number(text) * 1_000
    : /[A-Za-z]/u.test(text)
      ? Date.parse(text) - now
      : Number.NaN;
  return wait >= 1_000 ? wait : null;
}
