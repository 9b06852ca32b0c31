// Why an instance or a request is not taken. Codes are ours, Failure Reasons (0008,1197) are those of PS3.18 10.5.3 and PS3.7 C.

/**
 * Failure Reason by code: A7xx out of resources, A9xx does not fit its SOP Class, Cxxx cannot be understood, 0110
 * processing failure, 0111 duplicate SOP Instance, 0124 not authorised.
 */
export const REASONS = /** @type {const} */ ({
  "part-type": 0xc005,
  "not-part10": 0xc000,
  "header-unreadable": 0xc001,
  truncated: 0xc002,
  "uid-invalid": 0xc003,
  "meta-mismatch": 0xc004,
  "too-large": 0xc006,
  "transfer-syntax": 0xc122,
  "patient-id-missing": 0xa900,
  "not-deidentified": 0x0124,
  "method-missing": 0x0124,
  "study-mismatch": 0x0110,
  "duplicate-differs": 0x0111,
  "out-of-resources": 0xa700,
});

/** Warning Reason (0008,1196) of an instance that was there already, byte for byte: the value that Azure's service uses. */
export const THERE = 0xb00e;

/** @typedef {keyof typeof REASONS} Reason */

/** An instance that is not taken. Never holds a value of it. */
export class Refusal extends Error {
  /** @param {Reason} code */
  constructor(code) {
    super(code);
    this.name = "Refusal";
    this.code = code;
  }
}

/** A request that is not taken, or not to its end. */
export class BadRequest extends Error {
  /** @param {number} status @param {string} code */
  constructor(status, code) {
    super(code);
    this.name = "BadRequest";
    this.status = status;
    this.code = code;
  }
}
