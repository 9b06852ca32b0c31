// How much memory the page takes: of all renderers that this process has started, the largest one, workers included.
import { readdirSync, readFileSync } from "node:fs";

const EVERY_MS = 1_000;

/** Watches until it is stopped. @returns {{ stop: () => { first: number, most: number } | null }} bytes (PSS); null where it cannot be read */
export function watchMemory() {
  let [first, most] = [0, 0];
  const look = () => {
    const now = rendererMemory();
    if (first === 0) first = now;
    most = Math.max(most, now);
  };
  look();
  const timer = setInterval(look, EVERY_MS);
  return {
    stop() {
      clearInterval(timer);
      look();
      return most === 0 ? null : { first, most };
    },
  };
}

/** Proportional set size of the largest renderer, in bytes; 0 where the system does not tell. */
export function rendererMemory() {
  const sizes = renderers().map((pid) => Number(/^Pss: +(\d+) kB$/m.exec(read(pid, "smaps_rollup"))?.[1] ?? 0) * 1024);
  return Math.max(0, ...sizes);
}

/** @returns {number[]} process ids */
function renderers() {
  const parents = new Map(processes().map((pid) => [pid, parentOf(pid)]));
  const ours = (/** @type {number} */ pid) => {
    for (let at = parents.get(pid); at; at = parents.get(at)) if (at === process.pid) return true;
    return false;
  };
  return [...parents.keys()].filter((pid) => ours(pid) && read(pid, "cmdline").includes("--type=renderer"));
}

function processes() {
  try {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    // Not Linux.
    return [];
  }
}

/** @param {number} pid */
function parentOf(pid) {
  const stat = read(pid, "stat");
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1] ?? 0);
}

/** @param {number} pid @param {string} name */
function read(pid, name) {
  try {
    return readFileSync(`/proc/${pid}/${name}`, "latin1");
  } catch {
    // It has ended.
    return "";
  }
}
