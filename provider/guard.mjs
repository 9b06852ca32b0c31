// Who may ask for what arrived, send to it or delete it: pages of this server, and programs. Not pages of other origins, nor
// pages that another name was pointed at this machine for.

const LOOPBACK = ["127.0.0.1", "localhost", "[::1]"];

/**
 * @param {import("node:http").IncomingMessage} request @param {string[]} hosts names beside those of the machine itself
 */
export function foreign({ headers }, hosts) {
  const name = (headers.host ?? "").replace(/:\d+$/, "").toLowerCase();
  if (![...LOOPBACK, ...hosts].includes(name)) return true;
  // Programs do not say where they come from; browsers always do.
  const site = headers["sec-fetch-site"];
  return site !== undefined && site !== "same-origin" && site !== "none";
}
