/**
 * Start of the page. The modules first, with both cores: every file that is read beside them makes a person wait longer for the
 * first thing that works. Until then the document's own words stand there.
 */
import { tokumei } from "./api/tokumei.js";
import { loadWords } from "./words/words.js";

// What goes wrong here is told by the page.
await tokumei.ready.catch(() => undefined);
const [{ start }] = await Promise.all([import("./views/start.js"), loadWords()]);
await start();
const { warmUp } = await import("./session/warmth.js");
void warmUp().catch(() => undefined);
