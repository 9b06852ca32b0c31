// Serves the page as it is, and its settings. No dependencies, no listing, nothing outside the folder, nothing hidden.
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer as createHttpServer } from "node:http";
import { extname, join } from "node:path";
import { pipeline } from "node:stream";
import { headers } from "./headers.mjs";
import { origins } from "./settings.mjs";

/** What is served; other endings are not. @type {Record<string, string>} */
const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".webmanifest": "application/manifest+json",
  ".txt": "text/plain; charset=utf-8",
};

/** A part of a path that may be served: no dot in front, no separators, no control characters. */
const PART = /^[^.\\/:\p{Cc}][^\\/:\p{Cc}]*$/u;

/**
 * @typedef {import("node:http").IncomingMessage} Request
 * @typedef {import("node:http").ServerResponse} Response
 */

/**
 * The server of the page.
 * @param {{ folder: string, settings: import("./settings.mjs").Settings }} options
 */
export function createServer({ folder, settings }) {
  const common = headers(origins(settings));
  const settingsText = JSON.stringify(settings);
  return createHttpServer((request, response) => {
    for (const [name, value] of Object.entries(common)) response.setHeader(name, value);
    answer(request, response, folder, settingsText).catch(() => {
      if (!response.headersSent) end(response, 500);
      else response.destroy();
    });
  });
}

/** @param {Request} request @param {Response} response @param {string} folder @param {string} settings */
async function answer(request, response, folder, settings) {
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.setHeader("Allow", "GET, HEAD");
    return end(response, 405);
  }
  const parts = split(request.url ?? "/");
  if (parts === null) return end(response, 404);
  if (parts.join("/") === "settings.json") {
    response.setHeader("Content-Type", TYPES[".json"] ?? "");
    return end(response, 200, settings);
  }
  return file(request, response, join(folder, ...parts));
}

/** The path's parts, or null when it is none that is served. @param {string} url */
function split(url) {
  try {
    const path = decodeURIComponent(url.split(/[?#]/, 1)[0] ?? "");
    const parts = path.slice(1).split("/");
    if (parts.at(-1) === "") parts[parts.length - 1] = "index.html";
    return path.startsWith("/") && parts.every((part) => PART.test(part)) ? parts : null;
  } catch {
    // Not a valid escape.
    return null;
  }
}

/** @param {Request} request @param {Response} response @param {string} path */
async function file(request, response, path) {
  const type = TYPES[extname(path)];
  const found = type === undefined ? null : await stat(path).catch(() => null);
  if (type === undefined || !found?.isFile()) return end(response, 404);
  const tag = `"${found.size.toString(36)}-${Math.trunc(found.mtimeMs).toString(36)}"`;
  response.setHeader("ETag", tag);
  if (request.headers["if-none-match"] === tag) return end(response, 304);
  response.writeHead(200, { "Content-Type": type, "Content-Length": found.size });
  if (request.method === "HEAD") return response.end();
  pipeline(createReadStream(path), response, () => {
    // A reader that went away is no fault of the server.
  });
}

/** @param {Response} response @param {number} status @param {string} [text] */
function end(response, status, text = "") {
  response.statusCode = status;
  response.end(text);
}
