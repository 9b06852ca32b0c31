/** A file that can't be opened or read: a code of the reasons' table. */
export class SourceFault extends Error {
  /** @param {string} code */
  constructor(code) {
    super(code);
    this.name = "SourceFault";
    this.code = code;
  }
}

/** Code that is needed can't be fetched now; it can be had later. */
export class Unreachable extends Error {
  constructor() {
    super("code cannot be fetched");
    this.name = "Unreachable";
  }
}
