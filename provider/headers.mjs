// Headers of every answer. A worker obeys the policy sent with its own script, so no answer goes without.

/**
 * The content security policy: nothing but our own origin, and the destinations of the settings.
 * @param {string[]} destinations origins that uploads may go to
 */
export function contentSecurityPolicy(destinations) {
  return [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "img-src 'self' blob:",
    "font-src 'self'",
    ["connect-src 'self'", ...destinations].join(" "),
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types tokumei lit-html",
  ].join("; ");
}

/** @param {string[]} destinations */
export function headers(destinations) {
  return {
    "Content-Security-Policy": contentSecurityPolicy(destinations),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",
  };
}
