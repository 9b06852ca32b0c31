/** The session that the page is working on. It holds names; the store does not. */

/** @type {import("../api/session.js").TokumeiSession | null} */
let session = null;

export const currentSession = () => session;

/** @param {import("../api/session.js").TokumeiSession | null} next */
export function setSession(next) {
  session = next;
}
