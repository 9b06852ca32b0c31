/** Dialogs: what cannot be taken back is asked once; the safe answer has the focus and is what Esc means. */
import { html, nothing } from "../vendor/lit.js";
import { t } from "../words/words.js";
import { actions } from "./actions.js";
import { getState } from "./store.js";

/** @typedef {{ safe: string, act: string, danger: boolean, go: () => void }} Question */

/** @type {Record<string, Question>} */
const QUESTIONS = {
  "stop-asked": { safe: "stop-no", act: "stop-yes", danger: true, go: () => actions.stop() },
  "mapping-ask": { safe: "mapping-no", act: "mapping-yes", danger: true, go: () => actions.saveMapping() },
  "key-new": { safe: "key-cancel", act: "key-make", danger: false, go: () => actions.makeKey() },
  "clear-ask": { safe: "clear-no", act: "clear-yes", danger: true, go: () => actions.clearNow() },
  "resume-forget": { safe: "forget-no", act: "forget-yes", danger: true, go: () => actions.forgetUnfinished() },
  "review-pass": { safe: "review-pass-no", act: "review-pass-yes", danger: false, go: () => actions.reviewPass() },
  unsaved: { safe: "stay", act: "leave-anyway", danger: true, go: () => actions.leave() },
};

/** @param {import("./store.js").State["dialog"]} dialog */
export function dialogs(dialog) {
  if (dialog?.kind === "passphrase") return passphraseDialog(dialog.args?.wrong === 1);
  const question = dialog ? QUESTIONS[dialog.kind] : undefined;
  if (!dialog || !question) return nothing;
  const sending = dialog.kind === "stop-asked" && getState().run.way === "upload";
  const text = t(`dialog.${sending ? "stop-sending" : dialog.kind}.text`, dialog.args);
  return html`<dialog data-notice=${dialog.kind} aria-labelledby="dialog-title" aria-describedby="dialog-text" @cancel=${closed} @close=${closed}>
    <h2 id="dialog-title">${t(`dialog.${dialog.kind}.title`, dialog.args)}</h2>
    <p id="dialog-text">${text}</p>
    <div class="acts">
      <button class="main" autofocus data-testid=${question.safe} @click=${actions.closeDialog}>${t(`dialog.${question.safe}`)}</button>
      <button class=${question.danger ? "danger" : ""} data-testid=${question.act} @click=${question.go}>${t(`dialog.${question.act}`, dialog.args)}</button>
    </div>
  </dialog>`;
}

/** @param {boolean} wrong */
function passphraseDialog(wrong) {
  return html`<dialog data-notice="passphrase" aria-labelledby="dialog-title" aria-describedby="dialog-text" @cancel=${closed} @close=${closed}>
    <form @submit=${actions.unlockKey}>
      <h2 id="dialog-title">${t("dialog.passphrase.title")}</h2>
      <p id="dialog-text" role=${wrong ? "alert" : nothing}>${t(wrong ? "dialog.passphrase.wrong" : "dialog.passphrase.text")}</p>
      <label class="field">${t("dialog.passphrase.label")}<input type="password" name="passphrase" autocomplete="off" required autofocus data-testid="passphrase" /></label>
      <div class="acts">
        <button class="main" type="submit" data-testid="passphrase-open">${t("dialog.passphrase-open")}</button>
        <button type="button" data-testid="key-cancel" @click=${actions.closeDialog}>${t("dialog.key-cancel")}</button>
      </div>
    </form>
  </dialog>`;
}

/** @param {Event} event */
function closed(event) {
  event.preventDefault();
  actions.closeDialog();
}
