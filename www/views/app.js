/** The whole page: frame, notices, one screen, one dialog. Marks the root for tests and moves the focus on a change of screen. */
import { html, LitElement, nothing } from "../vendor/lit.js";
import { t } from "../words/words.js";
import { actions } from "./actions.js";
import { checkScreen } from "./check.js";
import { chooseScreen } from "./choose.js";
import { dialogs } from "./dialogs.js";
import { header, trustLine } from "./frame.js";
import "./inspect.js";
import { elsewhere, notices, pixelsBanner } from "./notices.js";
import "./picture.js";
import { recordScreen } from "./record.js";
import { runScreen } from "./run.js";
import { settingsScreen } from "./settings.js";
import { getState, subscribe } from "./store.js";
import "./tree.js";

/** @type {Record<string, (state: import("./store.js").State) => unknown>} */
const SCREENS = {
  choose: chooseScreen,
  check: checkScreen,
  run: runScreen,
  record: recordScreen,
  settings: settingsScreen,
};

/** A screen that is loaded when it is first needed. @param {"review"} name @param {(state: import("./store.js").State) => unknown} screen */
export function addScreen(name, screen) {
  SCREENS[name] = screen;
}

class App extends LitElement {
  constructor() {
    super();
    this.shown = "";
    /** @type {HTMLElement | null} What had the focus before a dialog opened. */
    this.returnTo = null;
    /** What has it while the page is drawn anew. @type {Element | null} */
    this.focused = null;
    /** There is a field for an access code. */
    this.asks = false;
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    this.end = subscribe(() => this.requestUpdate());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.end?.();
  }

  willUpdate() {
    const state = getState();
    const root = document.documentElement;
    root.dataset.screen = state.screen;
    // A review says by itself how far it is.
    if (state.screen !== "review") {
      root.dataset.state = state.panel?.kind === "inspect" ? "what-is-sent" : state.state;
    }
    root.dataset.busy = String(state.busy);
    document.title = title(state);
    this.focused = document.activeElement;
  }

  render() {
    const state = getState();
    const policy = state.policies.find(({ id }) => id === state.policyId);
    return html`<a class="skip" href="#main">${t("frame.skip")}</a>
      ${header(state)}${trustLine(state)}
      <main id="main">
        ${policy && !policy.pixels && state.panel?.kind !== "inspect" && state.screen !== "review" ? pixelsBanner() : nothing}
        ${state.screen === "check" || state.screen === "review" ? nothing : notices(elsewhere(state.notices))}
        ${SCREENS[state.screen]?.(state)}
      </main>
      ${dialogs(state.dialog)}
      ${state.state === "dragging" && state.screen !== "choose" ? html`<div class="veil" aria-hidden="true">${t("choose.dragging")}</div>` : nothing}`;
  }

  updated() {
    this.follow();
    this.askForCode();
    // A notice that goes takes its focus with it.
    const lost = this.focused?.isConnected === false && document.activeElement === document.body;
    if (lost && !getState().dialog) /** @type {HTMLElement | null} */ (this.querySelector("main h1"))?.focus();
  }

  /** A run that stopped for want of a code goes on in its field, as after a code that was refused. */
  askForCode() {
    const field = /** @type {HTMLElement | null} */ (this.querySelector('[data-notice="auth"] [data-testid="token"]'));
    const idle = document.activeElement === document.body || document.activeElement?.id === "run-title";
    if (field && !this.asks && idle) field.focus();
    this.asks = field !== null;
  }

  /** Opens a dialog that was drawn, and moves the focus to what is new. */
  follow() {
    const { screen, panel, dialog, tab, busy } = getState();
    const dialogElement = this.querySelector("dialog");
    if (dialogElement && !dialogElement.open) {
      this.returnTo ??= /** @type {HTMLElement | null} */ (document.activeElement);
      dialogElement.showModal();
    }
    const now = [
      screen,
      panel?.kind ?? "",
      panel?.key ?? "",
      screen === "settings" ? tab : "",
      dialog?.kind ?? "",
      busy,
    ].join("/");
    if (now === this.shown) return;
    const before = this.shown;
    this.shown = now;
    if (dialog || before === "") return;
    const { returnTo } = this;
    this.returnTo = null;
    if (returnTo?.isConnected && returnTo !== document.body && screen === before.split("/")[0]) {
      returnTo.focus();
      if (document.activeElement === returnTo) return;
    }
    this.moveFocus(before.split("/"), screen, panel?.kind ?? "");
  }

  /**
   * To the heading of a new screen, to that of a panel, and back to where the person was when it closes.
   * @param {string[]} before @param {string} screen @param {string} panel
   */
  moveFocus([oldScreen, oldPanel], screen, panel) {
    if (screen === oldScreen && screen === "settings") return;
    // A heading that was drawn anew takes its focus with it; anything else the person chose keeps it.
    if (screen === oldScreen && panel === oldPanel && panel === "" && document.activeElement !== document.body) return;
    if (screen === oldScreen && panel === "" && actions.focusReturn()) return;
    const target = panel === "why" ? "#reason-title" : screen === "record" ? '[data-testid="save-report"]' : "h1";
    /** @type {HTMLElement | null} */ (this.querySelector(`main ${target}`))?.focus();
  }
}

/** Percent only, so that a tab tells from afar how far it is; never a name. @param {import("./store.js").State} state */
function title({ screen, run }) {
  const percent = run.total > 0 ? Math.floor((100 * (run.saved + run.held)) / run.total) : 0;
  return `${screen === "run" ? t("title.run", { n: percent }) : t(`title.${screen}`)} | tokumei`;
}

customElements.define("tokumei-app", App);
