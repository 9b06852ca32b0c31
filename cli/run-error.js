/** A run that can't begin, or that ended: `code` of the reasons' table or of `words.js`; `detail` holds no path and no value. */
export class RunError extends Error {
  /**
   * @param {string} code
   * @param {string} [detail]
   */
  constructor(code, detail = "") {
    super(code);
    this.name = "RunError";
    this.code = code;
    this.detail = detail;
  }
}
