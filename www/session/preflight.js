/** What forbids a run before anything leaves: codes of the reasons' table with scope `run`. */

/**
 * @typedef {{id: string, version: string, mapping?: string, key?: {required?: boolean, keyId?: string}, optOut?: {required?: boolean}}} Policy
 */

/**
 * @param {Policy} policy
 * @param {{keyId: string, keyKept: boolean, optOut: string[] | null}} given
 * @returns {string | null}
 */
export function forbids(policy, { keyId, keyKept, optOut }) {
  if (policy.key?.required && !keyKept) return "key-missing";
  if (policy.key?.keyId && policy.key.keyId !== keyId) return "key-mismatch";
  if (policy.optOut?.required && optOut === null) return "optout-list-missing";
  return null;
}
