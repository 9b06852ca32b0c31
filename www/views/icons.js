/** Inline drawings. Verdicts differ by shape, so that colour is never the only sign. */
import { html, svg } from "../vendor/lit.js";

const drawings = {
  pass: svg`<circle cx="10" cy="10" r="8" fill="currentColor"/><path d="M6 10.4l2.8 2.8L14.2 7.4" fill="none" stroke="#fff" stroke-width="2.2"/>`,
  masked: svg`<rect x="2" y="3" width="16" height="14" rx="1.5" fill="none" stroke="currentColor" stroke-width="2"/><rect x="4.5" y="6" width="11" height="5" fill="currentColor"/>`,
  defaced: svg`<circle cx="10" cy="10" r="8" fill="none" stroke="currentColor" stroke-width="2"/><path d="M5 14L14 5M8 16l8-8M4 10l6-6" stroke="currentColor" stroke-width="1.8"/>`,
  review: svg`<path d="M10 1.5L18.8 17.5H1.2Z" fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round"/><path d="M10 7v5.4M10 14v1.8" stroke="currentColor" stroke-width="2.2"/>`,
  refused: svg`<path d="M6.4 1.8h7.2l4.6 4.6v7.2l-4.6 4.6H6.4L1.8 13.6V6.4z" fill="currentColor"/><path d="M6.6 6.6l6.8 6.8M13.4 6.6l-6.8 6.8" stroke="#fff" stroke-width="2.2"/>`,
  excluded: svg`<circle cx="10" cy="10" r="8" fill="none" stroke="currentColor" stroke-width="2.2"/><path d="M4.4 15.6L15.6 4.4" stroke="currentColor" stroke-width="2.2"/>`,
  skipped: svg`<circle cx="10" cy="10" r="8" fill="none" stroke="currentColor" stroke-width="2" stroke-dasharray="3 2.2"/><path d="M6 10h8" stroke="currentColor" stroke-width="2.2"/>`,
  info: svg`<circle cx="10" cy="10" r="8" fill="none" stroke="currentColor" stroke-width="2"/><path d="M10 9v6M10 5v2" stroke="currentColor" stroke-width="2.2"/>`,
  lock: svg`<rect x="4" y="9" width="12" height="9" rx="1.5" fill="none" stroke="currentColor" stroke-width="2"/><path d="M6.5 9V6.5a3.5 3.5 0 017 0V9" fill="none" stroke="currentColor" stroke-width="2"/>`,
  up: svg`<path d="M10 17V4M4.5 9.5L10 4l5.5 5.5" fill="none" stroke="currentColor" stroke-width="2.4"/>`,
  folder: svg`<path d="M2 5h6l2 2h8v9H2z" fill="none" stroke="currentColor" stroke-width="1.4" stroke-linejoin="round"/><path d="M10 9v5M7.8 11.8L10 14l2.2-2.2" fill="none" stroke="currentColor" stroke-width="1.4"/>`,
  open: svg`<path d="M3 6l7 9 7-9z" fill="currentColor"/>`,
  closed: svg`<path d="M6 3l9 7-9 7z" fill="currentColor"/>`,
};

/** @param {keyof typeof drawings} name */
export function icon(name) {
  return html`<svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" focusable="false">${drawings[name]}</svg>`;
}

const NOTICE_ICONS = { info: "info", ok: "pass", warn: "review", error: "refused" };

/** The drawing of a notice's level. @param {"info" | "ok" | "warn" | "error"} level */
export function noticeIcon(level) {
  return icon(/** @type {keyof typeof drawings} */ (NOTICE_ICONS[level]));
}
