// What one request may ask of the receiver. Tests make them smaller.

/**
 * @typedef {object} Limits
 * @property {number} open STOW-RS requests that are read at once; more are asked to wait
 * @property {number} parts parts of one request
 * @property {number} requestBytes bytes of one request
 * @property {number} instanceBytes bytes of one instance
 * @property {number} partHeaderBytes bytes of one part's header, and before the first part
 * @property {number} headerBytes bytes before Pixel Data, inflated ones too
 * @property {number} slowBytes a request that brings less than this …
 * @property {number} slowMs … in this time, while we wait for it, is given up
 */

/** @type {Readonly<Limits>} */
export const LIMITS = Object.freeze({
  open: 64,
  parts: 10_000,
  requestBytes: 16_000_000_000,
  instanceBytes: 8_000_000_000,
  partHeaderBytes: 16_384,
  headerBytes: 64_000_000,
  slowBytes: 1_024,
  slowMs: 60_000,
});
