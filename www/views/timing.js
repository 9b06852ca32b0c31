/** Time left, and drawing no more often than people can read. */

/** Too early, a rate says nothing. */
const LEAST_SECONDS = 20;
const LEAST_SHARE = 0.02;

/**
 * Seconds left at the rate so far; null while the rate is unknown.
 * @param {number} begun as `performance.now()` gives it
 * @param {number} done
 * @param {number} total
 */
export function leftSeconds(begun, done, total) {
  const spent = (performance.now() - begun) / 1000;
  if (spent < LEAST_SECONDS || done === 0 || done / total < LEAST_SHARE) return null;
  return (spent / done) * (total - done);
}

/** @param {number} ms @param {() => void} act @returns {() => void} at most once in that time */
export function throttled(ms, act) {
  let last = Number.NEGATIVE_INFINITY;
  return () => {
    const now = performance.now();
    if (now - last < ms) return;
    last = now;
    act();
  };
}
