// Instances on disk: `STUDY/SERIES/INSTANCE.dcm` below one folder. A file appears there whole or not at all, is never
// written over, and is on disk before its sender is told so.
import { createHash, randomUUID } from "node:crypto";
import { constants, createReadStream } from "node:fs";
import { copyFile, link, mkdir, open, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { makeFolders } from "../../cli/folders.js";
import { check, isUid } from "../dicomweb/check.mjs";
import { Refusal } from "../dicomweb/reasons.mjs";
import { Catalog } from "./catalog.mjs";
import { Journal } from "./journal.mjs";

/** What has not come in whole; a folder a process. */
const INCOMING = ".incoming";
const JOURNAL = ".journal.jsonl";
const END = ".dcm";
/** Refused instances that are remembered. */
const REMEMBERED = 500;

/**
 * @typedef {import("./catalog.mjs").Row} Row
 * @typedef {{ path: string, file: import("node:fs/promises").FileHandle }} Incoming
 */

export class Archive {
  catalog = new Catalog();
  refused = 0;
  /** The latest first. @type {{ at: string, reason: string, bytes: number }[]} */
  refusals = [];
  /** @type {Map<string, Promise<unknown>>} instances that are being published, one after the other */
  #busy = new Map();
  /** @type {Promise<unknown>} */
  #clearing = Promise.resolve();

  /** @param {string} folder @param {number} headerBytes limit for files whose line of the journal is lost */
  constructor(folder, headerBytes) {
    this.folder = folder;
    this.headerBytes = headerBytes;
    this.incoming = join(folder, INCOMING, `${process.pid}-${randomUUID()}`);
    this.journal = new Journal(join(folder, JOURNAL));
    this.ready = this.#open();
    // Whoever waits for it is told.
    this.ready.catch(() => {});
  }

  async #open() {
    makeFolders(this.folder, 0o700);
    await removeOrphans(join(this.folder, INCOMING));
    await mkdir(this.incoming, { recursive: true, mode: 0o700 });
    const known = new Map(
      (await this.journal.read()).map((row) => [`${row.study}/${row.series}/${row.instance}`, row]),
    );
    /** @type {Row[]} */
    const lost = [];
    const found = new Set();
    for await (const { name, path } of this.#files()) {
      const row = known.get(name);
      if (row !== undefined && (await stat(path)).size === row.bytes) found.add(name);
      else lost.push(...(await this.#reread(path)));
    }
    for (const [name, row] of known) if (found.has(name)) this.catalog.add(row);
    for (const row of lost) {
      await this.journal.append(row);
      this.catalog.add(row);
    }
  }

  /** Files of instances, with their names as UIDs. */
  async *#files() {
    for (const study of await names(this.folder)) {
      for (const series of await names(join(this.folder, study))) {
        for (const file of await names(join(this.folder, study, series))) {
          const instance = file.slice(0, -END.length);
          if (!file.endsWith(END) || ![study, series, instance].every(isUid)) continue;
          yield { name: `${study}/${series}/${instance}`, path: join(this.folder, study, series, file) };
        }
      }
    }
  }

  /** The row of a file that the journal does not name; none for a file that is no instance. @param {string} path @returns {Promise<Row[]>} */
  async #reread(path) {
    const file = await open(path, "r");
    try {
      const { size, mtime } = await file.stat();
      const facts = await check(file, size, { study: null, limit: this.headerBytes, known: () => {} });
      if (path !== this.path(facts)) return [];
      return [rowOf(facts, { sha256: await digestOf(path), bytes: size, at: mtime.toISOString() })];
    } catch (error) {
      if (error instanceof Refusal) return [];
      throw error;
    } finally {
      await file.close();
    }
  }

  /** @param {{ study: string, series: string, instance: string }} uids */
  path({ study, series, instance }) {
    return join(this.folder, study, series, `${instance}${END}`);
  }

  /** A file for what comes in. @returns {Promise<Incoming>} */
  async begin() {
    const path = join(this.incoming, randomUUID());
    return { path, file: await open(path, "wx+", 0o600) };
  }

  /** @param {Incoming} incoming */
  async discard({ path, file }) {
    await file.close();
    await rm(path, { force: true });
  }

  /**
   * Makes an instance that came in whole one of those that are there. True when it was there already, byte for byte; refuses
   * other bytes under a known UID.
   * @param {Incoming} incoming @param {Row} row
   */
  async publish(incoming, row) {
    const before = this.#busy.get(row.instance) ?? this.#clearing;
    const work = before.then(() => this.#publish(incoming, row));
    const settled = work.catch(() => {});
    this.#busy.set(row.instance, settled);
    try {
      return await work;
    } finally {
      if (this.#busy.get(row.instance) === settled) this.#busy.delete(row.instance);
    }
  }

  /** @param {Incoming} incoming @param {Row} row */
  async #publish(incoming, row) {
    const known = this.catalog.find(row.instance);
    if (known !== null) {
      if (known.sha256 !== row.sha256) throw new Refusal("duplicate-differs");
      return true;
    }
    await incoming.file.datasync();
    const path = this.path(row);
    await mkdir(join(this.folder, row.study, row.series), { recursive: true, mode: 0o700 });
    const there = await place(incoming.path, path);
    // Another process may have placed it, or one that died before it could write the line.
    if (there && (await digestOf(path)) !== row.sha256) throw new Refusal("duplicate-differs");
    await this.journal.append(row);
    this.catalog.add(row);
    return there;
  }

  /** @param {string} reason @param {number} bytes */
  refuse(reason, bytes) {
    this.refused += 1;
    this.refusals.unshift({ at: new Date().toISOString(), reason, bytes });
    this.refusals.length = Math.min(this.refusals.length, REMEMBERED);
  }

  /** Deletes all that arrived. */
  clear() {
    const busy = [...this.#busy.values(), this.#clearing];
    this.#clearing = Promise.all(busy).then(async () => {
      for (const name of await names(this.folder)) {
        if (isUid(name)) await rm(join(this.folder, name), { recursive: true, force: true });
      }
      await this.journal.clear();
      this.catalog.clear();
      this.refusals = [];
      this.refused = 0;
    });
    return this.#clearing;
  }

  async close() {
    await this.ready.catch(() => {});
    await Promise.all(this.#busy.values());
    await this.journal.close();
    await rm(this.incoming, { recursive: true, force: true });
  }
}

/**
 * @param {import("../dicomweb/facts.mjs").Facts} facts @param {{ sha256: string, bytes: number, at: string }} file
 * @returns {Row}
 */
export function rowOf({ study, series, instance, sopClass, transferSyntax, attributes }, file) {
  return { study, series, instance, sopClass, transferSyntax, ...file, attributes };
}

/** Gives a file its name, unless the name is taken: then true. @param {string} from @param {string} to */
async function place(from, to) {
  try {
    await link(from, to);
    return false;
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code === "EEXIST") return true;
    if (code !== "EPERM" && code !== "ENOTSUP" && code !== "ENOSYS" && code !== "EMLINK") throw error;
  }
  // A file system without links. A crash in between leaves a file that the next start does not take for an instance.
  return copyFile(from, to, constants.COPYFILE_EXCL).then(
    () => false,
    (error) => {
      if (error.code === "EEXIST") return true;
      throw error;
    },
  );
}

/** @param {string} path */
async function digestOf(path) {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest("hex");
}

/** Names in a folder, none for what is no folder. @param {string} folder */
async function names(folder) {
  return readdir(folder).catch(() => /** @type {string[]} */ ([]));
}

/** What processes that are gone have left. @param {string} folder */
async function removeOrphans(folder) {
  for (const name of await names(folder)) {
    if (!alive(Number(name.split("-", 1)[0]))) await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** @param {number} pid */
function alive(pid) {
  if (pid === process.pid) return true;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === "EPERM";
  }
}
