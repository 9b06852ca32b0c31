/** Notices: what happened, whether anything is lost or sent, what to do. They never vanish by themselves. */
import { html, nothing } from "../vendor/lit.js";
import { t } from "../words/words.js";
import { actions } from "./actions.js";
import { noticeIcon } from "./icons.js";

/** What a notice offers, by its code. @type {Record<string, { testId: string, key: string, act: () => void }>} */
const OFFERS = {
  "blocked-folder": { testId: "pick-folder", key: "choose.pick-folder", act: () => actions.pickFolder() },
  "policy-bad": { testId: "policy-load", key: "settings.policy-load", act: () => actions.loadPolicy() },
  "key-bad": { testId: "key-load", key: "settings.key-load", act: () => actions.loadKey() },
  "optout-bad": { testId: "optout-load", key: "settings.optout-load", act: () => actions.loadOptOut() },
  nothing: { testId: "scan-details", key: "check.scan-details", act: () => actions.showOthers() },
  "partly-unreadable": { testId: "scan-details", key: "check.scan-details", act: () => actions.showOthers() },
  "zip-not-opened": { testId: "scan-details", key: "check.scan-details", act: () => actions.showOthers() },
  "ready-nothing-leaves": {
    testId: "show-attention",
    key: "tree.only-attention",
    act: () => actions.onlyAttention(true),
  },
};

/** Notices about the files that were read; they stand with the files. */
const OF_FILES = new Set(["nothing", "ready-nothing-leaves", "partly-unreadable", "no-patient-id", "zip-not-opened"]);

/** Notices that are no matter of one screen. @param {import("./store.js").Notice[]} list */
export function elsewhere(list) {
  return list.filter(({ code }) => !OF_FILES.has(code));
}

/** @param {import("./store.js").Notice[]} list */
export function notices(list) {
  return list.map((notice) => {
    const text = t(`notice.${notice.code}.text`, notice.args);
    const offer = OFFERS[notice.code];
    return html`<div class="note ${notice.level}" role=${notice.level === "error" ? "alert" : "status"} data-notice=${notice.code}>
      ${noticeIcon(notice.level)}<div class="says"><b>${t(`notice.${notice.code}.title`, notice.args)}</b>${text === "" ? nothing : html`<p>${text}</p>`}</div>
      ${offer ? html`<div class="acts"><button class="tiny" data-testid=${offer.testId} @click=${offer.act}>${t(offer.key)}</button></div>` : nothing}
    </div>`;
  });
}

/** The standing banner of a policy that does not look at pixels. */
export function pixelsBanner() {
  return html`<div class="note warn" role="status" data-notice="pixels-not-checked" data-testid="pixels-banner">
    ${noticeIcon("warn")}<div class="says"><b>${t("notice.pixels-not-checked.title")}</b><p>${t("notice.pixels-not-checked.text")}</p></div>
  </div>`;
}
