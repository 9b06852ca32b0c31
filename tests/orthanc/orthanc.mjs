// Debian's Orthanc with its DICOMweb plugin, on loopback and in a folder that goes away.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { orthanc } from "../../tools/judges.mjs";

const STARTS_WITHIN_MS = 60_000;

/** Reason to skip, or false. With CI set, a missing Orthanc is a failure and never a skip. */
export function missing() {
  if (orthanc() !== null) return false;
  if (process.env.CI) throw new Error("Orthanc or its DICOMweb plugin is missing");
  return "Orthanc or its DICOMweb plugin is missing";
}

/**
 * @typedef {object} Orthanc
 * @property {string} url base of its DICOMweb service
 * @property {() => Promise<{ instance: string, sha256: string }[]>} stored every file that it has, by UID and digest
 * @property {() => Promise<number>} count instances that it has
 * @property {() => Promise<void>} stop
 *
 * Starts one that takes no DICOM associations, asks nobody for a password and can be reached from this machine alone.
 * @returns {Promise<Orthanc>}
 */
export async function startOrthanc() {
  const found = orthanc();
  if (found === null) throw new Error("Orthanc is missing");
  const folder = mkdtempSync(join(tmpdir(), "tokumei-orthanc-"));
  const port = await freePort();
  const settings = join(folder, "orthanc.json");
  writeFileSync(settings, JSON.stringify(configuration(folder, port, found.plugin)));
  const child = spawn(found.program, [settings], { stdio: "ignore" });
  const ended = new Promise((done) => child.once("exit", () => done(undefined)));
  const base = `http://127.0.0.1:${port}`;
  const stop = async () => {
    child.kill();
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await answering(`${base}/system`, child);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: `${base}/dicom-web`,
    stored: () => digests(base),
    count: async () => (await json(`${base}/statistics`)).CountInstances,
    stop,
  };
}

/** @param {string} folder @param {number} port @param {string} plugin */
function configuration(folder, port, plugin) {
  return {
    StorageDirectory: join(folder, "storage"),
    IndexDirectory: join(folder, "index"),
    HttpPort: port,
    DicomServerEnabled: false,
    RemoteAccessAllowed: false,
    AuthenticationEnabled: false,
    Plugins: [plugin],
    DicomWeb: { Enable: true, Root: "/dicom-web/" },
  };
}

/** @returns {Promise<number>} a port that nothing listens on */
function freePort() {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
      server.close(() => resolve(port));
    });
  });
}

/** @param {string} url @param {import("node:child_process").ChildProcess} child */
async function answering(url, child) {
  const until = Date.now() + STARTS_WITHIN_MS;
  while (child.exitCode === null && Date.now() < until) {
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok) return;
    await sleep(50);
  }
  throw new Error("Orthanc did not start");
}

/** By Orthanc's own interface, not by the one that is tested. @param {string} base */
async function digests(base) {
  const found = [];
  for (const { ID, MainDicomTags } of await json(`${base}/instances?expand`)) {
    const bytes = await (await fetch(`${base}/instances/${ID}/file`)).arrayBuffer();
    const sha256 = createHash("sha256").update(Buffer.from(bytes)).digest("hex");
    found.push({ instance: MainDicomTags.SOPInstanceUID, sha256 });
  }
  return found;
}

/** @param {string} url @returns {Promise<any>} */
async function json(url) {
  return (await fetch(url)).json();
}
