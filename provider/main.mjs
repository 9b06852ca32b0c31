// `npm start`: serves the page on this machine alone and prints its address. PORT and TOKUMEI_SETTINGS change it.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createServer } from "./server.mjs";
import { readSettings } from "./settings.mjs";

const HOST = "127.0.0.1";
const port = Number(process.env.PORT ?? 8137);
const folder = join(dirname(fileURLToPath(import.meta.url)), "../dist");
const server = createServer({ folder, settings: readSettings(process.env.TOKUMEI_SETTINGS) });

server.on("error", (error) => {
  const taken = /** @type {NodeJS.ErrnoException} */ (error).code === "EADDRINUSE";
  process.stderr.write(taken ? `Port ${port} is taken. Try: PORT=8138 npm start\n` : `${error.message}\n`);
  process.exit(1);
});
server.listen(port, HOST, () => {
  const address = server.address();
  const actual = typeof address === "object" && address ? address.port : port;
  process.stdout.write(`http://${HOST}:${actual}/\n`);
});
