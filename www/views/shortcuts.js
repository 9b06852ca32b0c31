/** Keys that work anywhere. None of them releases anything but Ctrl+Enter on 確認する. */
import { actions } from "./actions.js";
import { getState } from "./store.js";

export function watchKeys() {
  window.addEventListener("keydown", (event) => {
    const { dialog } = getState();
    if (dialog || event.repeat) return;
    const act = meaning(event);
    if (!act) return;
    event.preventDefault();
    act();
  });
}

/** @param {KeyboardEvent} event @returns {(() => void) | null} */
function meaning({ key, ctrlKey, shiftKey, altKey, code }) {
  const { screen, panel, busy, state } = getState();
  if (key === "Escape") {
    if (screen === "settings") return actions.closeSettings;
    if (screen === "review") return null;
    if (panel) return actions.closePanel;
    return screen === "check" && busy ? actions.stopScan : null;
  }
  if (ctrlKey && code === "KeyO")
    return screen === "choose" && state !== "loading" ? (shiftKey ? actions.pickFiles : actions.pickFolder) : null;
  if (ctrlKey && key === "Enter") return screen === "check" && !panel ? actions.runIfReady : null;
  if (altKey && code === "KeyH") return screen === "check" ? () => actions.hideNames(!getState().hideNames) : null;
  if (altKey && code === "KeyA")
    return screen === "check" ? () => actions.onlyAttention(!getState().onlyAttention) : null;
  return null;
}
