/**
 * The page's one Trusted Types policy, which the CSP names `tokumei`: scripts of workers come from our own origin and from
 * nowhere else.
 */

/** @typedef {{createScriptURL: (url: string) => string}} ScriptPolicy */

/** @type {ScriptPolicy | null} */
let policy = null;

/**
 * @param {string | URL} url  of a script of this origin
 * @returns {string}  a TrustedScriptURL where the browser has Trusted Types
 */
export function scriptUrl(url) {
  policy ??= makePolicy();
  return policy.createScriptURL(String(url));
}

/** @returns {ScriptPolicy} */
function makePolicy() {
  const rules = {
    createScriptURL(/** @type {string} */ url) {
      const absolute = new URL(url, globalThis.location.href);
      if (absolute.origin !== globalThis.location.origin) throw new TypeError("script of another origin");
      return absolute.href;
    },
  };
  const factory = /** @type {{trustedTypes?: {createPolicy: (name: string, rules: object) => ScriptPolicy}}} */ (
    globalThis
  ).trustedTypes;
  return factory ? factory.createPolicy("tokumei", rules) : rules;
}
