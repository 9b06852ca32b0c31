/** Names of outputs: `PSEUDONYM/STUDY/SERIES/INSTANCE.dcm`, of output UIDs only. */

/** A pseudonym or UID as a name: no separator, no dot first, short. What is not that never becomes part of a path. */
const SEGMENT = /^[0-9A-Za-z][0-9A-Za-z.-]{0,63}$/;

/**
 * @param {{patient: string | null, study: string | null, series: string | null, instance: string | null}} outcome
 * @returns {string | null}  null: an identifier is no safe name
 */
export function outputName(outcome) {
  // A data set without Study or Series UID still has an instance and a place of its own.
  const segments = [outcome.patient, outcome.study || "no-study", outcome.series || "no-series", outcome.instance];
  if (!segments.every((segment) => typeof segment === "string" && SEGMENT.test(segment))) return null;
  return `${segments.join("/")}.dcm`;
}
