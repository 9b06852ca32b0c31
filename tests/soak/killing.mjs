// Workers of the page that are killed at their work, as a fault of the engine kills them: some when a batch comes in, some a moment
// later. A job that is done once more comes alone, and is let be.

/** One batch of so many ends its worker. */
const ONE_IN = 12;

const SCRIPT = `{
  const killed = new BroadcastChannel("killed");
  const hash = (text) => [...text].reduce((sum, letter) => (Math.imul(sum, 31) + letter.charCodeAt(0)) >>> 0, 7);
  const die = () => {
    killed.postMessage(1);
    throw new Error("killed");
  };
  addEventListener("message", (event) => {
    const { tickets = [] } = event.data;
    const [first] = tickets;
    if (tickets.length < 2 || first.job.kind !== "transform") return;
    const drawn = hash(first.job.input.path);
    if (drawn % ${ONE_IN} > 0) return;
    if ((drawn / ${ONE_IN}) & 1) {
      setTimeout(die, 3);
      return;
    }
    event.stopImmediatePropagation();
    die();
  });
}`;

/** For `visit`: the page counts in `globalThis.killed`. @param {import("playwright-core").BrowserContext} context */
export async function killing(context) {
  await context.addInitScript(() => {
    const browser = /** @type {any} */ (globalThis);
    browser.killed = 0;
    new BroadcastChannel("killed").onmessage = () => {
      browser.killed += 1;
    };
  });
  // Fetched once: hundreds of workers follow.
  /** @type {{ status: number, headers: Record<string, string>, body: string } | null} */
  let served = null;
  await context.route("**/workers/worker.js", async (route) => {
    if (served === null) {
      const response = await route.fetch();
      const [status, headers] = [response.status(), response.headers()];
      delete headers["content-length"];
      served = { status, headers, body: `${SCRIPT}\n${await response.text()}` };
    }
    await route.fulfill(served);
  });
}
