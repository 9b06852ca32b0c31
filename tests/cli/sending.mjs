// The command line beside a provider in this process: runs that do not block it, and what the provider saw.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { provide } from "../provider/kit.mjs";
import { json, root } from "./command.mjs";

/**
 * A run that goes on while the test does. Its spool has a place of its own, which must be empty afterwards.
 * @param {string} dir
 * @param {string[]} args
 * @param {Record<string, string>} [env]
 */
export function begin(dir, args, env = {}) {
  const spools = mkdtempSync(join(dir, "spools-"));
  const child = spawn(process.execPath, [join(root, "cli/tokumei.mjs"), ...args], {
    env: { ...process.env, LANG: "C", LC_ALL: "", LC_MESSAGES: "", TMPDIR: spools, ...env },
  });
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk) => {
    out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    err += chunk;
  });
  const done = new Promise((resolve) =>
    child.on("close", (status, signal) =>
      resolve({ status, signal, out, err, text: out + err, left: readdirSync(spools) }),
    ),
  );
  return { child, spools, done };
}

/** @param {string} dir @param {string[]} args @param {Record<string, string>} [env] */
export const run = (dir, args, env) => begin(dir, args, env).done;

/**
 * `deid --stow` with report and receipt.
 * @param {string} dir
 * @param {string} input
 * @param {string} url
 * @param {string[]} [more]
 */
export async function send(dir, input, url, more = []) {
  const place = mkdtempSync(join(dir, "run-"));
  const [report, receipt] = [join(place, "report.json"), join(place, "receipt.json")];
  const ended = await run(dir, ["deid", input, "--stow", url, "--report", report, "--receipt", receipt, ...more]);
  return { ...ended, report: json(report), receipt: json(receipt), receiptFile: receipt };
}

/** @param {import("node:test").TestContext} t @param {Partial<import("../../provider/server.mjs").Options>} [how] */
export async function receiver(t, how = {}) {
  const provider = await provide(t, { faults: true, ...how });
  const { archive, faults } = /** @type {NonNullable<typeof provider.server.provider>} */ (provider.server.provider);
  /** @type {string[]} */
  const arrivals = [];
  let [from, free] = [Number.POSITIVE_INFINITY, () => undefined];
  const freed = new Promise((done) => {
    free = () => done(undefined);
  });
  t.after(() => free());
  const studies = new Set();
  const publish = archive.publish.bind(archive);
  archive.publish = async (incoming, row) => {
    studies.add(row.study);
    if ([...studies].indexOf(row.study) + 1 >= from) await freed;
    arrivals.push(row.instance);
    return publish(incoming, row);
  };
  let stores = 0;
  provider.server.prependListener("request", ({ method }) => {
    stores += method === "POST" ? 1 : 0;
  });
  return {
    url: `${provider.origin}/dicom-web`,
    folder: provider.received,
    /** SOP Instance UIDs in the order in which they came in whole, again where they came again. */
    arrivals,
    stores: () => stores,
    faults: (plan) => faults?.set(plan),
    /** Takes this study and later ones, but finishes them only once it is freed. @param {number} study  from 1, as they come */
    standStill: (study) => {
      from = study;
    },
    free: () => free(),
    /** SHA-256 by SOP Instance UID of what it has. */
    has: () =>
      Object.fromEntries(
        [...archive.catalog.studies.values()].flatMap(({ rows }) =>
          [...rows.values()].map(({ instance, sha256 }) => [instance, sha256]),
        ),
      ),
    close: provider.close,
  };
}

/** SHA-256 by SOP Instance UID of what left. */
export const leftOf = (report) =>
  Object.fromEntries(report.files.filter(({ out }) => out !== null).map(({ instance, sha256 }) => [instance, sha256]));

/** Waits until something is so. @param {() => boolean} so */
export async function until(so) {
  for (const end = Date.now() + 30_000; !so(); ) {
    if (Date.now() > end) throw new Error("it never came");
    await new Promise((done) => setTimeout(done, 10));
  }
}

/** @param {string} dir @param {string} name */
export function folder(dir, name) {
  const path = join(dir, name);
  mkdirSync(path);
  return path;
}
