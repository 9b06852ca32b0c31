// The server of the page, of its settings, of the embedded provider, and of the ways to other destinations.
import { createServer as createHttpServer } from "node:http";
import { file, split } from "./files.mjs";
import { forward } from "./forward.mjs";
import { foreign } from "./guard.mjs";
import { headers } from "./headers.mjs";
import { drain, end, json, notAllowed } from "./http.mjs";
import { Provider } from "./provider.mjs";
import { origins, publicSettings } from "./settings.mjs";

/** Request lines and headers must be there by then; bodies may take as long as they move. */
const HEADERS_MS = 20_000;

/**
 * @typedef {import("node:http").IncomingMessage} Request
 * @typedef {import("node:http").ServerResponse} Response
 *
 * @typedef {object} Options
 * @property {string} folder of the page
 * @property {import("./settings.mjs").Settings} settings
 * @property {string} [received] folder of what arrives; without it there is no embedded provider
 * @property {boolean} [faults] tests may switch faults on at `faults`
 * @property {string[]} [hosts] names of this server beside those of the machine itself
 * @property {Partial<import("./limits.mjs").Limits>} [limits] of the receiver
 */

/**
 * The server; not yet listening. Closing it closes the provider too: `closed` resolves when its files are.
 * @param {Options} options
 */
export function createServer({ folder, settings, received, faults = false, hosts = [], limits = {} }) {
  const common = headers(origins(settings));
  const shown = publicSettings(settings);
  const provider = received === undefined ? null : new Provider({ received, faults, limits });

  /** @param {Request} request @param {Response} response */
  async function answer(request, response) {
    const url = request.url ?? "/";
    const first = url.split(/[/?#]/, 2)[1] ?? "";
    if (first === "to" || provider?.names.includes(first)) {
      if (foreign(request, hosts)) {
        end(response, 403);
        return drain(request);
      }
      if (first === "to") return forward(request, response, settings);
    }
    const parts = split(url);
    if (parts === null) return end(response, 404);
    if (provider?.names.includes(parts[0] ?? "")) return provider.answer(request, response, parts, queryOf(url));
    if (request.method !== "GET" && request.method !== "HEAD") return notAllowed(response, "GET, HEAD");
    if (parts.join("/") === "settings.json") return json(response, 200, shown);
    return file(request, response, folder, parts);
  }

  const server = createHttpServer((request, response) => {
    for (const [name, value] of Object.entries(common)) response.setHeader(name, value);
    answer(request, response).catch(() => {
      if (!response.headersSent) end(response, 500);
      else response.destroy();
    });
  });
  server.requestTimeout = 0;
  server.headersTimeout = HEADERS_MS;
  const closed = new Promise((resolve) => server.once("close", resolve)).then(() => provider?.close());
  return Object.assign(server, { closed, provider });
}

/** @param {string} url */
function queryOf(url) {
  return new URLSearchParams(url.split("#", 1)[0]?.split("?").slice(1).join("?"));
}
