/** Where `deid` delivers to: a folder that the workers write into by themselves, one ZIP, or a DICOMweb destination. */

import { realpathSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { UsageError } from "./args.js";
import { makeFolders } from "./folders.js";
import { placeCode } from "./output.js";
import { RunError } from "./run-error.js";
import { isSystemError } from "./source.js";
import { Spool } from "./spool.js";
import { Destination, TRIES } from "./stow.js";
import { ZipFile } from "./zip.js";

/**
 * @typedef {import("../www/deliver/sink.js").Sink} Sink
 * @typedef {import("./args.js").Arguments} Arguments
 * @typedef {{code: string, seconds?: number, bytes?: number}} Notice
 *
 * @typedef {object} Place
 * @property {"folder" | "zip" | "stow"} kind
 * @property {string} named  what a receipt calls it: an address, or only what kind of place it is
 * @property {{out?: string, spool?: Spool}} pool  what the pool needs of it
 * @property {(notice: (notice: Notice) => void) => Sink} sink
 * @property {() => {sent: number, there: number} | null} counts  of a destination
 * @property {(code: string) => string} explain  what a fault of the run really was
 * @property {() => void} close
 */

/** The workers of this sink write by themselves; nothing comes through here. @type {Sink} */
const WORKERS_WRITE = Object.freeze({
  write: async () => undefined,
  close: async () => undefined,
  abort: async () => undefined,
});

/**
 * What must not be read as an input: the folder or the ZIP that is written. A folder is made here.
 * @param {Arguments} args
 * @returns {string | null}  a real path
 * @throws {UsageError | RunError}
 */
export function outputPath({ values: { out, zip }, inputs }) {
  try {
    if (out !== undefined) {
      makeFolders(resolve(out));
      refuseSame(inputs, out);
      return realpathSync(out);
    }
    if (zip === undefined) return null;
    refuseSame(inputs, zip);
    return join(realpathSync(dirname(resolve(zip))), basename(zip));
  } catch (error) {
    if (isSystemError(error)) throw new RunError(placeCode(error));
    throw error;
  }
}

/**
 * @param {Arguments} args
 * @param {string | null} path  of `outputPath`
 * @returns {Place}
 * @throws {RunError}
 */
export function openPlace({ values }, path) {
  if (values.stow !== undefined) return stowPlace(values);
  return values.zip === undefined ? folderPlace(/** @type {string} */ (path)) : zipPlace(values, path ?? "");
}

/** @param {string} out @returns {Place} */
function folderPlace(out) {
  return {
    kind: "folder",
    named: "folder",
    pool: { out },
    sink: () => WORKERS_WRITE,
    counts: () => null,
    explain: (code) => code,
    close: () => undefined,
  };
}

/** @param {Arguments["values"]} values @param {string} path @returns {Place} */
function zipPlace({ spool: parent }, path) {
  const zip = new ZipFile(path);
  const spool = new Spool({ parent, summed: true });
  return {
    kind: "zip",
    named: "zip",
    pool: { spool },
    sink: () => spool.sink(zip.sink()),
    counts: () => null,
    explain: (code) => (zip.taken ? "zip-taken" : spool.failed ? spoolCode(code) : code),
    close: () => {
      zip.close();
      spool.close();
    },
  };
}

/** @param {Arguments["values"]} values @returns {Place} */
function stowPlace({ stow, spool: parent, tries, "token-file": tokenFile }) {
  const url = /** @type {string} */ (stow);
  const destination = new Destination({ url, tokenFile, tries: tries === undefined ? TRIES : Number(tries) });
  const spool = new Spool({ parent });
  return {
    kind: "stow",
    named: url,
    pool: { spool },
    sink: (notice) => spool.sink(destination.sink(notice)),
    counts: () => destination.counts,
    explain: (code) => (spool.failed ? spoolCode(code) : code),
    close: () => {
      destination.close();
      spool.close();
    },
  };
}

/** @param {string} code */
function spoolCode(code) {
  if (code === "disk-full") return "spool-full";
  return code === "write-denied" ? "spool-denied" : code;
}

/**
 * @param {string[]} inputs
 * @param {string} path
 */
function refuseSame(inputs, path) {
  const found = statSync(path, { throwIfNoEntry: false });
  for (const input of inputs) {
    const stat = statSync(input, { throwIfNoEntry: false });
    if (stat && found && stat.ino === found.ino && stat.dev === found.dev) throw new UsageError("out-is-input");
  }
}
