// Files as they are: no listing, nothing outside the folder, nothing hidden.
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { extname, join } from "node:path";
import { pipeline } from "node:stream";
import { end } from "./http.mjs";

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
  ".bin": "application/octet-stream",
  ".txt": "text/plain; charset=utf-8",
};

/** A part of a path that may be served: no dot in front, no separators, no control characters. */
const PART = /^[^.\\/:\p{Cc}][^\\/:\p{Cc}]*$/u;

/** The parts of a path, `index.html` for a folder; null when it is none that is served. @param {string} url */
export function split(url) {
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

/**
 * @param {import("node:http").IncomingMessage} request @param {import("node:http").ServerResponse} response
 * @param {string} folder @param {string[]} parts
 */
export async function file(request, response, folder, parts) {
  const path = join(folder, ...parts);
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
