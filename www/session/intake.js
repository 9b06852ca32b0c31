/**
 * Takes files in: each is scanned, a bounded number ahead of the workers. Archives are known by their content, as the scan sees
 * it; what they hold is taken in after the files themselves, each member as a file of its own.
 */

import { membersOf } from "../intake/zip/inputs.js";
import { newEntry } from "./entry.js";

/**
 * @typedef {import("../workers/types.js").Input} Input
 * @typedef {import("../workers/types.js").ScanRow} ScanRow
 * @typedef {import("./entry.js").Entry} Entry
 *
 * @typedef {object} Reception
 * @property {import("../workers/calls.js").Pool} pool
 * @property {import("./progress.js").Progress} progress
 * @property {AbortSignal | undefined} signal
 * @property {import("./others.js").Identities} identities
 * @property {(entry: Entry) => void} keep  given every entry once, before it is scanned
 */

/** Scans handed to the pool ahead of its workers, for each of them. */
const SCANS_AHEAD = 60;

/** Said of a file that a read failed on. */
export const UNREADABLE = "source-unreadable";

/**
 * @param {Iterable<Input> | AsyncIterable<Input>} inputs
 * @param {Reception} reception
 * @returns {Promise<number>}  files taken in, members among them
 */
export async function takeIn(inputs, { pool, progress, signal, identities, keep }) {
  /** @type {Set<Promise<void>>} */
  const open = new Set();
  /** @type {Entry[]} */
  const archives = [];
  let taken = 0;

  /** @param {Input} input @param {Entry | null} archive */
  const take = async (input, archive) => {
    const entry = newEntry(input, archive);
    keep(entry);
    taken += 1;
    progress.expect(1);
    if (entry.fault !== null || signal?.aborted) {
      entry.fault ??= "stopped";
      progress.step(0);
      return;
    }
    const scanned = scan(entry, pool, identities).then(() => {
      if (entry.row?.kind === "container") archives.push(entry);
      progress.step(input.size);
    });
    open.add(scanned);
    void scanned.finally(() => open.delete(scanned));
    if (open.size >= pool.size * SCANS_AHEAD) await Promise.race(open);
  };

  for await (const input of inputs) await take(input, null);
  await Promise.all(open);
  // Members of members are not opened: this list grows no more.
  for (const archive of archives.splice(0)) {
    const table = await pool.members(archive.input);
    if ("fault" in table) archive.fault = await explained(archive.input, table.fault);
    else for (const member of membersOf(archive.input, table)) await take(member, archive);
  }
  await Promise.all(open);
  for (const archive of archives) archive.fault = "zip-nested";
  return taken;
}

/**
 * @param {Entry} entry
 * @param {import("../workers/calls.js").Pool} pool
 * @param {import("./others.js").Identities} identities
 */
async function scan(entry, pool, identities) {
  const found = await pool.scan(entry.input);
  const fault = "fault" in found ? found.fault : found.reason === UNREADABLE ? UNREADABLE : null;
  if (fault !== null) entry.fault = await explained(entry.input, fault);
  else Object.assign(entry, identities.take(/** @type {ScanRow} */ (found)));
}

/**
 * A browser says the same of a changed file and of an unreadable one; the disk knows.
 * @param {Input} input
 * @param {string} fault
 */
export async function explained(input, fault) {
  if (fault !== UNREADABLE || input.refresh === undefined) return fault;
  const now = await input.refresh();
  const seen = { size: input.member?.archive ?? input.size, lastModified: input.lastModified };
  const same = now === null || (now.size === seen.size && now.lastModified === seen.lastModified);
  return same ? fault : "source-changed";
}
