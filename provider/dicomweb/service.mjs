// The DICOMweb service of the provider: which resource a path names, and what may be done with it (PS3.18 10).
import { drain, end, json, notAllowed } from "../http.mjs";
import { isUid } from "./check.mjs";
import { accepted, boundaryOf } from "./media.mjs";
import { paced } from "./pace.mjs";
import { search } from "./query.mjs";
import { BadRequest } from "./reasons.mjs";
import { retrieve } from "./retrieve.mjs";
import { store } from "./store.mjs";

const DICOM_JSON = "application/dicom+json";

/**
 * @typedef {import("node:http").IncomingMessage} Request
 * @typedef {import("node:http").ServerResponse} Response
 * @typedef {{ level: import("./query.mjs").Level, study: string | null, series: string | null, instance: string | null }} Resource
 */

export class DicomWeb {
  #open = 0;

  /**
   * @param {import("../archive/archive.mjs").Archive} archive @param {import("../limits.mjs").Limits} limits
   * @param {import("../faults/faults.mjs").Faults | null} faults
   */
  constructor(archive, limits, faults) {
    this.archive = archive;
    this.limits = limits;
    this.faults = faults;
  }

  /** @param {Request} request @param {Response} response @param {string[]} parts of the path below the service @param {URLSearchParams} query */
  async answer(request, response, parts, query) {
    try {
      await this.archive.ready;
      await this.#route(request, response, parts, query);
    } catch (error) {
      if (!(error instanceof BadRequest)) throw error;
      if (request.method === "POST") this.archive.refuse(error.code, 0);
      refuse(request, response, error);
    }
  }

  /** @param {Request} request @param {Response} response @param {string[]} parts @param {URLSearchParams} query */
  async #route(request, response, parts, query) {
    const resource = resourceOf(parts);
    if (resource === null) return end(response, 404);
    const { level, study, series, instance } = resource;
    const base = `http://${request.headers.host ?? "localhost"}/dicom-web`;
    if (request.method === "POST" && level === "study") return this.#store(request, response, study, base);
    if (request.method !== "GET" && request.method !== "HEAD") {
      return notAllowed(response, level === "study" ? "GET, HEAD, POST" : "GET, HEAD");
    }
    if (instance !== null) return this.#retrieve(request, response, resource);
    if (level === "study" && study !== null) return end(response, 404);
    if (this.faults && (await this.faults.meet("query", request, response))) return;
    if (accepted(request.headers.accept, [DICOM_JSON, "application/json"]) === null) {
      throw new BadRequest(406, "not-acceptable");
    }
    const { found, more } = search(this.archive.catalog, level, { study, series }, query, base);
    if (more > 0)
      response.setHeader("Warning", `299 tokumei "There are ${more} additional results that can be requested"`);
    json(response, 200, found, DICOM_JSON);
  }

  /** @param {Request} request @param {Response} response @param {Resource} resource */
  async #retrieve(request, response, { study, series, instance }) {
    if (this.faults && (await this.faults.meet("retrieve", request, response))) return;
    const row = this.archive.catalog.find(instance ?? "");
    if (row === null || row.study !== study || row.series !== series) return end(response, 404);
    await retrieve(request, response, this.archive, row);
  }

  /** @param {Request} request @param {Response} response @param {string | null} study @param {string} base */
  async #store(request, response, study, base) {
    const fault = this.faults?.next("store", request) ?? null;
    if (fault && (await fault.before(request, response))) return;
    const boundary = boundaryOf(request.headers);
    if (accepted(request.headers.accept, [DICOM_JSON, "application/json"]) === null) {
      throw new BadRequest(406, "not-acceptable");
    }
    if (Number(request.headers["content-length"] ?? 0) > this.limits.requestBytes)
      throw new BadRequest(413, "too-large");
    if (this.#open >= this.limits.open) throw new BadRequest(503, "busy");
    this.#open += 1;
    try {
      const body = paced(request, this.limits);
      const stored = await store(fault?.pace(body) ?? body, boundary, study, base, this);
      if (fault && (await fault.after(request, response, stored))) return;
      if (stored.status >= 400 && stored.status !== 409)
        refuse(request, response, new BadRequest(stored.status, "body"), stored.body);
      else json(response, stored.status, stored.body, DICOM_JSON);
    } finally {
      this.#open -= 1;
    }
  }
}

/** What a path names; null for nothing. @param {string[]} parts @returns {Resource | null} */
function resourceOf(parts) {
  const [studies, study, series, seriesUid, instances, instance] = parts;
  if (studies !== "studies" || ![study, seriesUid, instance].every((uid) => uid === undefined || isUid(uid))) {
    // A study's instances stand where a series' UID does not.
    return null;
  }
  const none = { study: study ?? null, series: null, instance: null };
  if (parts.length <= 2) return { level: "study", ...none };
  if (parts.length === 3 && series === "series") return { level: "series", ...none };
  if (parts.length === 3 && series === "instances") return { level: "instance", ...none };
  if (series !== "series" || instances !== "instances" || parts.length > 6) return null;
  return { level: "instance", study: study ?? null, series: seriesUid ?? null, instance: instance ?? null };
}

/** @param {Request} request @param {Response} response @param {BadRequest} error @param {Record<string, unknown>} [body] */
function refuse(request, response, error, body = {}) {
  if (error.status === 503) response.setHeader("Retry-After", "5");
  // A sender that is too slow, or whose end of the body is unknown, is not listened to any longer.
  if (error.status === 408) response.setHeader("Connection", "close");
  json(response, error.status, body, DICOM_JSON);
  if (error.status === 408) response.once("finish", () => request.destroy());
  else drain(request);
}
