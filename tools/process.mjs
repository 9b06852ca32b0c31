// Running programs, and stamps: a step is done again only when what it was made from has changed.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's folder. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");

/** Says what is going on. @param {string} text */
export function say(text) {
  process.stderr.write(`${text}\n`);
}

/** Ends the program with a message for a person. @param {string} text @returns {never} */
export function fail(text) {
  say(`\n${text}`);
  process.exit(1);
}

/** Where a program is, or null. @param {string} name @returns {string | null} */
export function which(name) {
  const ends = process.platform === "win32" ? [".exe", ".cmd"] : [""];
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    for (const end of ends) {
      const path = join(folder, name + end);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        // Not here: the next folder.
      }
    }
  }
  return null;
}

/**
 * Runs a program in the project's folder with its output shown; true when it ends well.
 * @param {string} program @param {string[]} args @param {Record<string, string>} [env]
 */
export function run(program, args, env = {}) {
  // npm is a script on Windows, which only a shell starts.
  const shell = process.platform === "win32" && program === "npm";
  const done = spawnSync(program, args, { cwd: root, stdio: ["ignore", 2, 2], env: { ...process.env, ...env }, shell });
  return done.status === 0;
}

/** What a program prints, or null when it fails. @param {string} program @param {string[]} args */
export function output(program, args) {
  const done = spawnSync(program, args, { cwd: root, encoding: "utf8" });
  return done.status === 0 ? done.stdout.trim() : null;
}

/**
 * Digest of files and folders, relative to the project: names and contents. What is not there counts as empty.
 * @param {string[]} paths @param {(path: string) => boolean} [skip]
 */
export function digest(paths, skip = () => false) {
  const hash = createHash("sha256");
  for (const path of paths) addTo(hash, path, skip);
  return hash.digest("hex");
}

/** @param {import("node:crypto").Hash} hash @param {string} path @param {(path: string) => boolean} skip */
function addTo(hash, path, skip) {
  const open = [path];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const full = join(root, next);
    if (skip(next) || !existsSync(full)) continue;
    const names = entries(full);
    if (names) {
      for (const name of names.sort().reverse()) open.push(`${next}/${name}`);
    } else {
      const bytes = readFileSync(full);
      hash.update(`${next}\0${bytes.length}\0`).update(bytes);
    }
  }
}

/** Names in a folder, or null for a file. @param {string} path */
function entries(path) {
  try {
    return readdirSync(path);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "ENOTDIR") return null;
    throw error;
  }
}

/**
 * Does a step unless its stamp file holds the digest of what it is made from.
 * @param {{ title: string, stamp: string, from: string, needs?: string[], work: () => void | Promise<void> }} step
 *   `needs`: results that must be there too
 */
export async function step({ title, stamp, from, needs = [], work }) {
  const file = join(root, stamp);
  const there = needs.every((path) => existsSync(join(root, path)));
  if (there && existsSync(file) && readFileSync(file, "utf8") === from) return;
  say(`· ${title}`);
  rmSync(file, { force: true });
  await work();
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, from);
}
