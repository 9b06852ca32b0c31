/**
 * 確認: every image that needs a person, one after the other or many at once. Loaded when the first of them is looked at; everything
 * can be done by keys, which act on a decision only while the focus is on pictures.
 */
import { html, LitElement, nothing } from "../vendor/lit.js";
import { formatStudyDate, reasonText, t } from "../words/words.js";
import { actions } from "./actions.js";
import { currentSession } from "./current.js";
import { nameOn, view } from "./model.js";
import { doneCard, groupActs, imageActs } from "./review-act.js";
import { Cover } from "./review-cover.js";
import { Desk } from "./review-desk.js";
import { keyMeans } from "./review-keys.js";
import { maskOutside, remember } from "./review-proposals.js";
import "./review-sheet.js";
import { groupView, imageView } from "./review-views.js";
import { dismiss, getState, setState, subscribe } from "./store.js";

/** @typedef {import("../api/session.js").TokumeiSession} Session */

/** The desk of a session stays as it was left: decisions can be taken back as long as nothing has left. @type {WeakMap<Session, Desk>} */
const desks = new WeakMap();
/** The one on the screen. @type {Review | null} */
let shown = null;

/** A person says once that images may leave as they are; then the one that was asked for does. */
export function passAllowed() {
  shown?.allowPass();
}

export class Review extends LitElement {
  static properties = { language: {}, hideNames: { type: Boolean }, large: { state: true }, kind: { state: true } };

  constructor() {
    super();
    this.language = "";
    this.hideNames = false;
    this.large = false;
    /** How images that are laid over each other are shown. @type {import("./review-layers.js").Kind} */
    this.kind = "brightest";
    const session = /** @type {Session} */ (currentSession());
    this.desk = desks.get(session) ?? new Desk(session, () => shown?.requestUpdate(), rule().bulkApprove === true);
    desks.set(session, this.desk);
    this.acts = this.actsOf(this.desk);
    this.cover = new Cover(rule().idleMinutes ?? IDLE_MINUTES, () => this.uncovered());
    /** Place in the sheet that was in sight last. */
    this.revealed = "";
    /** @type {{ n: number, picture: import("./review-pictures.js").Picture } | null} */
    this.last = null;
    this.onKey = this.onKey.bind(this);
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    shown = this;
    this.desk.open(view(getState()));
    window.addEventListener("keydown", this.onKey);
    document.addEventListener("visibilitychange", this.onHidden);
    this.cover.watch();
    this.end = subscribe(() => this.requestUpdate());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    shown = null;
    window.removeEventListener("keydown", this.onKey);
    document.removeEventListener("visibilitychange", this.onHidden);
    this.cover.end();
    this.end?.();
    this.desk.close();
  }

  firstUpdated() {
    this.focusPictures();
  }

  get viewer() {
    return /** @type {any} */ (this.querySelector("tokumei-viewer"));
  }

  get tiles() {
    return /** @type {any} */ (this.querySelector("tokumei-tiles"));
  }

  get sheet() {
    return /** @type {any} */ (this.querySelector("tokumei-sheet"));
  }

  /** The policy looks at text and faces. */
  get looked() {
    const { policies, policyId } = getState();
    return policies.find(({ id }) => id === policyId)?.pixels ?? false;
  }

  /** What buttons and keys do. @param {Desk} desk @returns {import("./review-act.js").Acts} */
  actsOf(desk) {
    const then = async (/** @type {unknown} */ work) => {
      await work;
      this.focusPictures();
    };
    return {
      approve: (how) => void this.approve(how),
      refuse: () => void then(desk.refuse()),
      later: () => void then(desk.go(desk.at + 1)),
      reopen: () => void then(desk.reopen()),
      undo: () => void then(desk.takeBack("undo")),
      add: () => this.viewer?.addMask(),
      remove: () => this.viewer?.removeMask(),
      frames: () => this.viewer?.toggleFrames(),
      apply: (scope) => void then(desk.apply(scope)),
      together: (overlaid) => void then(desk.item && desk.together([desk.item, ...desk.others("device")], overlaid)),
      overlay: () => this.toggleOverlay(),
      outside: () => void then(maskOutside(desk)),
      remember: () => void then(remember(desk)),
      savePolicy: actions.savePolicy,
      approveGroup: () => void this.approveGroup(),
      refuseGroup: () => void then(desk.refuseGroup()),
      openTile: () => void then(desk.openTile()),
      backToImage: () => void then(desk.go(desk.at)),
      close,
    };
  }

  /** @param {"masked" | "pass"} how */
  async approve(how) {
    const { desk } = this;
    const { item } = desk;
    if (!item || item.stays !== null) return;
    if (how === "pass" && !desk.mayPass && desk.unseen === 0 && desk.work.masks(item.n).length === 0) {
      if (desk.isSettled && !desk.work.decision(item.n)) setState({ dialog: { kind: "review-pass" } });
      return;
    }
    await desk.approve(how);
    this.focusPictures();
  }

  async approveGroup() {
    const { desk } = this;
    const passes = desk.selected.some(({ n }) => desk.work.masks(n).length === 0);
    if (passes && !desk.mayPass && !desk.turns) {
      if (desk.isSettled && desk.group.seen) setState({ dialog: { kind: "review-pass" } });
      return;
    }
    await desk.approveGroup();
    this.focusPictures();
  }

  allowPass() {
    this.desk.mayPass = true;
    setState({ dialog: null });
    if (this.desk.mode === "group") void this.approveGroup();
    else void this.approve("pass");
  }

  /** To where keys decide. */
  focusPictures() {
    void this.updateComplete.then(() => {
      if (getState().dialog) return;
      const inSheet = document.activeElement instanceof HTMLElement && document.activeElement.closest("tokumei-sheet");
      if (this.desk.mode === "done")
        /** @type {HTMLElement | null} */ (this.querySelector('[data-testid="review-back"]'))?.focus();
      else if (this.desk.mode === "group") this.tiles?.focus();
      else if (inSheet) this.sheet?.reveal(this.desk.at, true);
      else this.viewer?.focus();
    });
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    if (getState().dialog || event.defaultPrevented) return;
    const act = keyMeans(event, this);
    if (!act) return;
    event.preventDefault();
    act();
  }

  /** Time counts while somebody can see the screen. */
  onHidden = () => this.desk.work.looks.hide(document.hidden || this.cover.covered);

  /** Covered now, or not any more: what a key meant before is not meant for what is seen again. */
  uncovered() {
    this.onHidden();
    this.desk.settle();
    this.requestUpdate();
    if (!this.cover.covered) this.focusPictures();
  }

  /** Once it has gone, the page's state is another's. */
  shouldUpdate() {
    return this.isConnected;
  }

  willUpdate() {
    const { desk } = this;
    const { mode, item, picture } = desk;
    const none = picture !== null && "none" in picture;
    const state = this.cover.covered
      ? "idle"
      : mode !== "image"
        ? mode
        : item && !picture
          ? "loading"
          : none
            ? "no-preview"
            : "image";
    document.documentElement.dataset.state = state;
    // While the next frame is on its way the one before stays.
    if (picture && item) this.last = { n: item.n, picture };
  }

  render() {
    const { desk } = this;
    const decided = desk.work.items.length - desk.work.open.length;
    if (this.cover.covered) {
      return html`<div class="cover" data-notice="idle" role="status"><h1 tabindex="-1">${t("review.idle.title")}</h1><p>${t("review.idle.text")}</p></div>`;
    }
    return html`<div class="desk ${desk.mode} ${desk.mode === "group" && desk.overlaid ? "overlaid" : ""}" data-settled=${String(desk.isSettled)}>
      <section class="sheet" aria-labelledby="review-title">
        <div class="head"><h1 id="review-title" class="grow" tabindex="-1">${this.heading()}</h1>
          <button class="small" data-testid="review-close" @click=${this.acts.close}>${t("review.close")}${desk.mode === "group" ? nothing : html`<kbd>Esc</kbd>`}</button></div>
        <progress class="thin" max=${Math.max(1, desk.work.items.length)} value=${decided} aria-label=${t("review.progress", { n: decided, total: desk.work.items.length })}></progress>
        ${this.reasonSelect()}
        <tokumei-sheet .items=${desk.list} .at=${desk.at} .work=${desk.work} .pictures=${desk.pictures} .titleOf=${this.titleOf} .language=${this.language} .hideNames=${this.hideNames} .drawn=${desk.revision}
          @choose=${this.onChoose}></tokumei-sheet>
      </section>
      <section class="view" aria-label=${t("review.picture")}>${desk.mode === "done" ? doneCard(desk, this.acts) : desk.mode === "group" ? groupView(this) : imageView(this)}</section>
      ${desk.mode === "done" ? nothing : html`<section class="act" aria-label=${t("review.decision")}>${desk.mode === "group" ? groupActs(desk, this.acts, this.looked) : imageActs(desk, this.acts, this.chosen())}</section>`}
    </div>`;
  }

  updated() {
    const { desk } = this;
    const place = `${desk.reason}/${desk.at}`;
    if (place !== this.revealed) {
      this.revealed = place;
      void this.sheet?.updateComplete.then(() => this.sheet?.reveal(desk.at));
    }
    // The viewer paints in its own turn, after this one.
    const { viewer } = this;
    void viewer?.updateComplete.then(() => desk.painted(viewer.scale));
  }

  chosen() {
    const { viewer, desk } = this;
    const mask = desk.item && desk.work.masks(desk.item.n)[viewer?.chosen ?? -1];
    const rules = currentSession()?.devices.rules.length ?? 0;
    return { looked: this.looked, chosen: Boolean(mask), allFrames: mask?.frames === "all", rules };
  }

  heading() {
    const { desk } = this;
    if (desk.mode === "done") return t("review.title.done");
    if (desk.mode === "group") return t("review.title.group", { n: desk.group.items.length });
    return t("review.title", { i: desk.item?.place ?? 0, n: desk.work.items.length });
  }

  reasonSelect() {
    const { desk, looked } = this;
    if (desk.work.reasons.length < 2) return nothing;
    return html`<select class="reason" aria-label=${t("review.reasons")} data-testid="review-reason" @change=${(/** @type {any} */ e) => desk.only(e.target.value)}>
      <option value="" ?selected=${desk.reason === ""}>${t("review.reasons.all", { n: desk.work.items.length })}</option>
      ${desk.work.reasons.map(([reason, n]) => html`<option value=${reason} ?selected=${desk.reason === reason}>${t("review.reasons.one", { text: reasonText(reason, looked).what, n })}</option>`)}
    </select>`;
  }

  /** Who and which study; without the name where names are hidden. @param {string} study key of the tree */
  titleOf = (study) => {
    const seen = view(getState());
    const node = seen.byKey.get(study);
    const patient = seen.roots.find(({ children }) => children.some(({ key }) => key === study));
    if (!node || !patient) return "";
    const name = nameOn(patient, this.hideNames) || patient.unnamed;
    return [name, formatStudyDate(node.date), node.modality].filter(Boolean).join("　");
  };

  /** All of the group laid over each other, beside its tiles. */
  toggleOverlay() {
    this.desk.overlaid = !this.desk.overlaid;
    this.desk.change();
    this.focusPictures();
  }

  toggleMasks() {
    this.desk.showMasks = !this.desk.showMasks;
    this.desk.change();
  }

  toggleSize() {
    this.large = !this.large;
  }

  /** @param {CustomEvent<number>} event */
  onChoose({ detail }) {
    this.desk.go(detail);
    this.sheet?.reveal(detail, true);
  }

  /** @param {CustomEvent<{ masks: import("./review-masks.js").Mask[], joins: boolean }>} event */
  onDraw({ detail }) {
    this.desk.draw(detail.masks, detail.joins);
  }

  onScaled() {
    this.desk.painted(this.viewer.scale);
  }

  /** @param {CustomEvent<number>} event */
  onTurn({ detail }) {
    this.desk.step(detail);
  }

  /** @param {CustomEvent<{ lighter: number, wider: number }>} event */
  onLevels({ detail }) {
    this.desk.adjust(detail.lighter, detail.wider);
  }

  /** @param {CustomEvent<import("./review-layers.js").Kind>} event */
  onKind({ detail }) {
    this.kind = detail;
  }

  /** @param {CustomEvent<{ n: number, frame: number, scale: number }[]>} event */
  onSeen({ detail }) {
    this.desk.seen(detail);
  }

  /** @param {CustomEvent<{ page: number, seen: boolean }>} event */
  onPaged({ detail }) {
    this.desk.paged(detail.page, detail.seen);
  }

  /** @param {CustomEvent<number>} event */
  onFocusAt({ detail }) {
    this.desk.focusAt(detail);
  }

  /** @param {CustomEvent<number>} event */
  onPressed({ detail }) {
    this.desk.toggle(detail);
  }
}

/** Back to where it was begun; after a run to what may leave now. */
function close() {
  const { reviewFrom, record, revision } = getState();
  const remaining = currentSession()?.remaining() ?? 0;
  dismiss(...(remaining > 0 ? ["ready-nothing-leaves"] : []));
  const back = reviewFrom === "record" && remaining === 0;
  setState({
    screen: back ? "record" : "check",
    state: back ? (record?.state ?? "") : "ready",
    revision: revision + 1,
  });
}

/** As the policy schema has it. */
const IDLE_MINUTES = 10;

/** What the policy says of reviews (policy `review`). @returns {{ bulkApprove?: boolean, idleMinutes?: number }} */
function rule() {
  const { policies, policyId } = getState();
  const document = /** @type {{ review?: object } | undefined} */ (
    policies.find(({ id }) => id === policyId)?.document
  );
  return document?.review ?? {};
}

/** The screen. @param {import("./store.js").State} state */
export function reviewScreen({ language, hideNames }) {
  return html`<tokumei-review .language=${language} .hideNames=${hideNames}></tokumei-review>`;
}

customElements.define("tokumei-review", Review);
