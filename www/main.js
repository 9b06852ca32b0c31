/** Start of the page: words, then the frame, then the engine; the person sees each as soon as it is there. */
import "./api/tokumei.js";
import { actions } from "./views/actions.js";
import "./views/app.js";
import { watchDrops } from "./views/drops.js";
import { watchKeys } from "./views/shortcuts.js";
import { loadWords } from "./words/words.js";

await loadWords();
actions.setLanguage(null);
document.body.append(document.createElement("tokumei-app"));
watchDrops();
watchKeys();
await actions.start();
