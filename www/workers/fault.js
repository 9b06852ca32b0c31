/** A file that can't be opened or read: a code of the reasons' table. */
export class SourceFault extends Error {
  /** @param {string} code */
  constructor(code) {
    super(code);
    this.name = "SourceFault";
    this.code = code;
  }
}
