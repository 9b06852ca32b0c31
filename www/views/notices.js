/** Notices: what happened, whether anything is lost or sent, what to do. They never vanish by themselves. */
import { html, nothing } from "../vendor/lit.js";
import { t } from "../words/words.js";
import { actions } from "./actions.js";
import { noticeIcon } from "./icons.js";

/** @typedef {{ testId: string, key: string, act: () => void }} Offer */

const RETRY = { testId: "retry-now", key: "run.retry-now", act: () => actions.retryNow() };
const INSTEAD = { testId: "save-instead", key: "run.save-instead", act: () => actions.saveInstead() };
const DETAILS = { testId: "scan-details", key: "check.scan-details", act: () => actions.showOthers() };

/** What a notice offers, by its code. @type {Record<string, Offer[]>} */
const OFFERS = {
  "blocked-folder": [{ testId: "pick-folder", key: "choose.pick-folder", act: () => actions.pickFolder() }],
  "policy-bad": [{ testId: "policy-load", key: "settings.policy-load", act: () => actions.loadPolicy() }],
  "key-bad": [{ testId: "key-load", key: "settings.key-load", act: () => actions.loadKey() }],
  "optout-bad": [{ testId: "optout-load", key: "settings.optout-load", act: () => actions.loadOptOut() }],
  nothing: [DETAILS],
  "partly-unreadable": [DETAILS],
  "password-zip": [DETAILS],
  "zip-unread": [DETAILS],
  "ready-nothing-leaves": [
    { testId: "show-attention", key: "tree.only-attention", act: () => actions.onlyAttention(true) },
  ],
  offline: [INSTEAD],
  "provider-down": [RETRY, INSTEAD],
  auth: [INSTEAD],
  blocked: [RETRY, INSTEAD],
  unreachable: [RETRY, INSTEAD],
  "send-failed": [RETRY, INSTEAD],
  "disk-full": [{ testId: "choose-place", key: "run.choose-place", act: () => actions.run() }],
  "write-denied": [{ testId: "choose-place", key: "run.choose-place", act: () => actions.run() }],
  resume: [{ testId: "resume-forget", key: "resume-forget", act: () => actions.askForget() }],
  "resume-key": [
    { testId: "key-load", key: "settings.key-load", act: () => actions.loadKey() },
    { testId: "resume-forget", key: "resume-forget", act: () => actions.askForget() },
  ],
};

/** Notices of a destination that does not let us in: it may want an access code; and what is done with it. @type {Record<string, string>} */
const ASKS_CODE = { auth: "run.retry-now", "dest-auth": "dest.test" };

/** Notices about the files that were read; they stand with the files. */
const OF_FILES = new Set([
  "nothing",
  "ready-nothing-leaves",
  "partly-unreadable",
  "no-patient-id",
  "password-zip",
  "zip-unread",
]);

/** Notices that are no matter of one screen. @param {import("./store.js").Notice[]} list */
export function elsewhere(list) {
  return list.filter(({ code }) => !OF_FILES.has(code));
}

/** @param {import("./store.js").Notice[]} list */
export function notices(list) {
  return list.map((notice) => {
    const text = t(`notice.${notice.code}.text`, notice.args);
    const offers = OFFERS[notice.code] ?? [];
    const counts = notice.args?.sec === undefined ? nothing : "off";
    return html`<div class="note ${notice.level}" role=${notice.level === "error" ? "alert" : "status"} data-notice=${notice.code}>
      ${noticeIcon(notice.level)}<div class="says"><b>${t(`notice.${notice.code}.title`, notice.args)}</b>${text === "" ? nothing : html`<p aria-live=${counts}>${text}</p>`}</div>
      ${offers.length > 0 ? html`<div class="acts">${offers.map(({ testId, key, act }) => html`<button class="tiny" data-testid=${testId} @click=${act}>${t(key)}</button>`)}</div>` : nothing}
      ${ASKS_CODE[notice.code] ? codeForm(ASKS_CODE[notice.code] ?? "", notice.args?.tried === 1) : nothing}
    </div>`;
  });
}

/** Asked for only where a destination refused; what is typed goes into memory and nowhere else. @param {string} act @param {boolean} tried a code was refused */
function codeForm(act, tried) {
  return html`<form class="code" @submit=${actions.retryNow}>
    <label for="access-code">${t("token.label")}</label>
    <input id="access-code" type="password" name="code" autocomplete="off" spellcheck="false" data-testid="token" aria-describedby="access-code-text" />
    <button class="tiny" type="submit" data-testid="retry-now">${t(act)}</button>
    <p class="small quiet" id="access-code-text">${t(tried ? "token.refused" : "token.text")}</p>
  </form>`;
}

/** The standing banner of a policy that does not look at pixels. */
export function pixelsBanner() {
  return html`<div class="note warn" role="status" data-notice="pixels-not-checked" data-testid="pixels-banner">
    ${noticeIcon("warn")}<div class="says"><b>${t("notice.pixels-not-checked.title")}</b><p>${t("notice.pixels-not-checked.text")}</p></div>
  </div>`;
}
