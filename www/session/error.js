/** What stops a whole run: a code of the reasons' table with scope `run`. */
export class SessionError extends Error {
  /** @param {string} code */
  constructor(code) {
    super(code);
    this.name = "SessionError";
    this.code = code;
  }
}
