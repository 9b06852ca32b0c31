/** The page itself: its frame, and what leads from files dropped to files saved. Nothing more is loaded later but pictures. */
import "../api/session.js";
import "../session/open.js";
import { actions } from "./actions.js";
import "./app.js";
import { watchDrops } from "./drops.js";
import { watchKeys } from "./shortcuts.js";
import { getState, setState } from "./store.js";

/** Begins once the words are there. */
export async function start() {
  actions.setLanguage(null);
  document.body.replaceChildren(document.createElement("tokumei-app"));
  watchDrops();
  watchKeys();
  watchNetwork();
  await actions.start();
}

function watchNetwork() {
  const tell = () => {
    const { onLine } = navigator;
    setState({ online: onLine });
    const { screen, run } = getState();
    if (onLine && screen === "run" && run.halted === "destination-unreachable") void actions.retryNow();
  };
  window.addEventListener("online", tell);
  window.addEventListener("offline", tell);
  tell();
}
