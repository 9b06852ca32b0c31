// STOW-RS: Store Instances (PS3.18 10.5). What the body says is stored is on disk.
import { createHash } from "node:crypto";
import { rowOf } from "../archive/archive.mjs";
import { storeResponse, storeStatus } from "./answer.mjs";
import { check } from "./check.mjs";
import { mediaType } from "./media.mjs";
import { split } from "./parts.mjs";
import { BadRequest, Refusal } from "./reasons.mjs";

/**
 * @typedef {import("./answer.mjs").Outcome} Outcome
 * @typedef {{ archive: import("../archive/archive.mjs").Archive, limits: import("../limits.mjs").Limits }} Place
 * @typedef {{ status: number, body: Record<string, unknown>, stored: number }} Stored
 */

/**
 * Takes the parts of a body.
 * @param {AsyncIterable<Buffer>} body @param {string} boundary @param {string | null} study of the request's path
 * @param {string} base address of the service @param {Place} place
 * @returns {Promise<Stored>}
 */
export async function store(body, boundary, study, base, place) {
  /** @type {Outcome[]} */
  const outcomes = [];
  let status = 0;
  try {
    await split(body, boundary, place.limits, async (type, part) => {
      // In the order of the parts, whichever is done first.
      const outcome = /** @type {Outcome} */ ({ reference: null });
      outcomes.push(outcome);
      await take(type, part, study, place, outcome).catch((error) => {
        outcomes.splice(outcomes.indexOf(outcome), 1);
        throw error;
      });
    });
  } catch (error) {
    if (!(error instanceof BadRequest)) throw error;
    // What came before it is stored: the answer says so, whatever the status.
    status = error.status;
  }
  // A part of which not even the name came to the disk: the sender shall wait, and ask what there is.
  if (outcomes.some(({ reference, reason }) => reference === null && reason === "out-of-resources")) status ||= 507;
  const stored = outcomes.filter(({ row }) => row !== undefined).length;
  return { status: status || storeStatus(outcomes), body: storeResponse(outcomes, base, study), stored };
}

/**
 * One part, to its end.
 * @param {string | null} type @param {import("node:stream").Readable} part @param {string | null} study @param {Place} place
 * @param {Outcome} outcome is filled in
 */
async function take(type, part, study, { archive, limits }, outcome) {
  const incoming = await archive.begin();
  let bytes = 0;
  try {
    const came = await receive(part, incoming.file, limits.instanceBytes);
    bytes = came.bytes;
    if (came.fault) throw came.fault;
    if (mediaType(type ?? "")?.essence !== "application/dicom") throw new Refusal("part-type");
    const facts = await check(incoming.file, bytes, {
      study,
      limit: limits.headerBytes,
      known: (reference) => {
        outcome.reference = reference;
      },
    });
    const row = rowOf(facts, { sha256: came.sha256, bytes, at: new Date().toISOString() });
    outcome.there = await archive.publish(incoming, row);
    outcome.row = row;
  } catch (error) {
    // A broken body is the request's fault, not the instance's.
    if (error instanceof BadRequest) throw error;
    outcome.reason = reasonOf(error);
    archive.refuse(outcome.reason, bytes);
  } finally {
    await archive.discard(incoming);
  }
}

/**
 * Writes a part to a file. The part is read to its end even when it cannot be written: those after it may be.
 * @param {import("node:stream").Readable} part @param {import("node:fs/promises").FileHandle} file @param {number} limit
 */
async function receive(part, file, limit) {
  const hash = createHash("sha256");
  let bytes = 0;
  /** @type {unknown} */
  let fault = null;
  for await (const chunk of part) {
    bytes += chunk.length;
    if (bytes > limit) fault ??= new Refusal("too-large");
    if (fault) continue;
    hash.update(chunk);
    try {
      await file.writeFile(chunk);
    } catch (error) {
      fault = error;
    }
  }
  return { bytes, fault, sha256: hash.digest("hex") };
}

/** @param {unknown} error */
function reasonOf(error) {
  if (error instanceof Refusal) return error.code;
  const { code } = /** @type {NodeJS.ErrnoException} */ (error);
  // A full disk, a folder that went away: nothing that the instance can help.
  if (typeof code === "string") return "out-of-resources";
  throw error;
}
