// `npm start`: serves the page and the embedded provider on this machine alone and prints their addresses.
// PORT, TOKUMEI_SETTINGS, TOKUMEI_RECEIVED, TOKUMEI_HOSTS and, for tests, TOKUMEI_FAULTS=1 change it.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createServer } from "./server.mjs";
import { embedded, readSettings } from "./settings.mjs";

const HOST = "127.0.0.1";
const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const { PORT, TOKUMEI_SETTINGS, TOKUMEI_RECEIVED, TOKUMEI_HOSTS, TOKUMEI_FAULTS } = process.env;
const port = Number(PORT ?? 8137);
const settings = readSettings(TOKUMEI_SETTINGS);
const received = embedded(settings) ? (TOKUMEI_RECEIVED ?? join(root, ".cache/received")) : undefined;
const server = createServer({
  folder: join(root, "dist"),
  settings,
  received,
  faults: TOKUMEI_FAULTS === "1",
  hosts: (TOKUMEI_HOSTS ?? "").toLowerCase().split(",").filter(Boolean),
});

/** @param {string} text @returns {never} */
function fail(text) {
  process.stderr.write(`${text}\n`);
  process.exit(1);
}

server.on("error", (error) => {
  const taken = /** @type {NodeJS.ErrnoException} */ (error).code === "EADDRINUSE";
  fail(taken ? `Port ${port} is taken. Try: PORT=8138 npm start` : error.message);
});
server.provider?.archive.ready.catch((error) => fail(`The folder for received files: ${error.message}`));
server.listen(port, HOST, () => {
  const address = server.address();
  const origin = `http://${HOST}:${typeof address === "object" && address ? address.port : port}`;
  process.stdout.write(`${origin}/\n`);
  if (received !== undefined) process.stdout.write(`${origin}/provider/\n`);
});
