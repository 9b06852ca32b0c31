/** The provider's page: asks every other second what arrived, and what the person has opened of it. */
import { render } from "../vendor/lit.js";
import { onChange, refresh, state } from "./store.js";
import { view } from "./view.js";
import { loadWords } from "./words.js";

const EVERY_MS = 2_000;

async function watch() {
  if (!document.hidden) await refresh();
  setTimeout(watch, EVERY_MS);
}

await loadWords();
onChange(() => render(view(state), document.body));
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) refresh();
});
await watch();
