// The embedded provider: the DICOMweb service, what its page shows, and faults for tests.
import { fileURLToPath } from "node:url";
import { Archive } from "./archive/archive.mjs";
import { arrivals, attributes } from "./arrivals.mjs";
import { DicomWeb } from "./dicomweb/service.mjs";
import { Faults } from "./faults/faults.mjs";
import { file } from "./files.mjs";
import { drain, end, json, notAllowed } from "./http.mjs";
import { LIMITS } from "./limits.mjs";

const PAGE = fileURLToPath(new URL("./page", import.meta.url));
const PLAN_BYTES = 10_000_000;

/**
 * @typedef {import("node:http").IncomingMessage} Request
 * @typedef {import("node:http").ServerResponse} Response
 */

export class Provider {
  /** @param {{ received: string, faults: boolean, limits: Partial<import("./limits.mjs").Limits> }} how */
  constructor({ received, faults, limits }) {
    const all = { ...LIMITS, ...limits };
    this.archive = new Archive(received, all.headerBytes);
    this.faults = faults ? new Faults() : null;
    this.service = new DicomWeb(this.archive, all, this.faults);
  }

  /** The first parts of the paths that are answered here. */
  get names() {
    return this.faults === null ? ["dicom-web", "provider"] : ["dicom-web", "provider", "faults"];
  }

  /** @param {Request} request @param {Response} response @param {string[]} parts @param {URLSearchParams} query */
  async answer(request, response, parts, query) {
    const [first, ...rest] = parts;
    if (first === "dicom-web") return this.service.answer(request, response, rest, query);
    if (first === "faults" && this.faults !== null && rest.length === 0) {
      return plan(request, response, this.faults);
    }
    if (first === "provider" && rest.length > 0) return this.#page(request, response, rest, query);
    return end(response, 404);
  }

  /** @param {Request} request @param {Response} response @param {string[]} parts @param {URLSearchParams} query */
  async #page(request, response, parts, query) {
    const [name = "", uid = ""] = parts;
    const path = parts.join("/");
    if (path === "received") {
      if (request.method !== "DELETE") return notAllowed(response, "DELETE");
      await this.archive.ready;
      await this.archive.clear();
      return end(response, 204);
    }
    if (request.method !== "GET" && request.method !== "HEAD") {
      return notAllowed(response, "GET, HEAD");
    }
    if (path === "arrivals.json") {
      await this.archive.ready;
      return json(response, 200, arrivals(this.archive, query));
    }
    if (name === "attributes" && parts.length === 2) return this.#attributes(response, uid.replace(/\.json$/, ""));
    return file(request, response, PAGE, parts);
  }

  /** @param {Response} response @param {string} instance */
  async #attributes(response, instance) {
    await this.archive.ready;
    const row = this.archive.catalog.find(instance);
    if (row === null) return end(response, 404);
    json(response, 200, await attributes(this.archive, row));
  }

  close() {
    return this.archive.close();
  }
}

/** @param {Request} request @param {Response} response @param {Faults} faults */
async function plan(request, response, faults) {
  if (request.method === "GET") return json(response, 200, faults.state);
  if (request.method !== "POST") return notAllowed(response, "GET, POST");
  // No page of another origin can send this type unasked.
  if (request.headers["content-type"] !== "application/json") {
    end(response, 415);
    return drain(request);
  }
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) {
    text += chunk;
    if (text.length > PLAN_BYTES) return end(response, 413);
  }
  try {
    faults.set(JSON.parse(text));
  } catch (error) {
    return json(response, 400, { error: /** @type {Error} */ (error).message });
  }
  json(response, 200, faults.state);
}
