// The way to a destination that a page cannot reach by itself, since it answers no preflight: `to/N/…` is sent on to the Nth
// destination's base, streaming both ways, and nothing but what lies below that base.
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { pipeline } from "node:stream";
import { drain, end, notAllowed } from "./http.mjs";

/** Headers of one connection (RFC 9110 7.6.1). */
const HOP_BY_HOP = [
  "connection",
  "keep-alive",
  "proxy-connection",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];
/** Of a page, and nothing to another server. */
const OURS = ["host", "cookie", "origin", "referer"];
/** Of a page's origin, which the answer of another server has no say in. */
const NOT_THEIRS = ["set-cookie", "location", "content-security-policy", "clear-site-data", "refresh", "link"];
/** One part of a path. No escapes: no UID needs one, and none can mean something else to the other server. */
const PART = /^(?!\.{1,2}$)[\w.~-]+$/;
/** Without a byte in either direction: longer than the page waits for an answer to what it sent. */
const IDLE_MS = 11 * 60_000;

/**
 * @typedef {import("node:http").IncomingMessage} Request
 * @typedef {import("node:http").ServerResponse} Response
 */

/** @param {Request} request @param {Response} response @param {import("./settings.mjs").Settings} settings */
export function forward(request, response, { destinations }) {
  const target = targetOf(request.url ?? "", destinations);
  if (target === null) {
    end(response, 404);
    return drain(request);
  }
  if (!["GET", "HEAD", "POST"].includes(request.method ?? "")) {
    notAllowed(response, "GET, HEAD, POST");
    return drain(request);
  }
  const { url, authorization } = target;
  const send = url.protocol === "https:" ? requestHttps : requestHttp;
  const headers = passed(request, OURS);
  if (authorization !== undefined) headers.authorization = authorization;
  // A length would be wrong beside chunks; Node writes what the body needs.
  const upstream = send(url, { method: request.method, headers, timeout: IDLE_MS });
  upstream.on("timeout", () => upstream.destroy());
  upstream.on("response", (answer) => give(answer, response, authorization !== undefined));
  upstream.on("error", () => {
    if (response.headersSent) response.destroy();
    else {
      end(response, 502);
      drain(request);
    }
  });
  // Whoever asked went away.
  response.on("close", () => upstream.destroy());
  pipeline(request, upstream, () => {
    // An answer may come before the body was taken; what is left of it is not wanted.
    drain(request);
  });
}

/** @param {Request} answer of the destination @param {Response} response @param {boolean} known the server has credentials of its own */
function give(answer, response, known) {
  // Credentials that the server adds are not for the person to type in.
  const headers = passed(answer, known ? [...NOT_THEIRS, "www-authenticate"] : NOT_THEIRS);
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !name.startsWith("access-control-")) response.setHeader(name, value);
  }
  // Whatever it is, it is no page of ours.
  response.setHeader("Content-Security-Policy", "default-src 'none'; sandbox");
  response.setHeader("X-Content-Type-Options", "nosniff");
  response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
  response.writeHead(answer.statusCode ?? 502);
  pipeline(answer, response, () => {
    // Whoever reads sees a body that is cut short.
  });
}

/** @param {string} path @param {import("./settings.mjs").Destination[]} destinations */
function targetOf(path, destinations) {
  const [, number = "", rest = "", query = ""] =
    /^\/to\/([1-9]\d{0,3})\/([^?#]*)(\?[\x21\x23-\x7e]*)?$/.exec(path) ?? [];
  const { forward: base, authorization } = destinations[Number(number) - 1] ?? {};
  if (base === undefined || !rest.split("/").every((part) => PART.test(part))) return null;
  return { url: new URL(`${base.replace(/\/+$/, "")}/${rest}${query}`), authorization };
}

/** The headers that go on. @param {Request} message @param {string[]} without */
function passed({ headers }, without) {
  const named = (headers.connection ?? "").split(",").map((name) => name.trim().toLowerCase());
  const gone = new Set([...HOP_BY_HOP, ...named, ...without]);
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !gone.has(name)));
}
