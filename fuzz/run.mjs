// `npm run fuzz [-- TARGET… --seconds N]`: cargo-fuzz on every target, seeded with the shared corpus where it is there.
// Needs a nightly toolchain and `cargo install cargo-fuzz`; `npm test` replays the corpus without either.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const TARGETS = [
  "tokenizer",
  "charset",
  "splice",
  "profile",
  "structured",
  "cleaner",
  "document",
  "verify",
  "jpeg",
  "rle",
  "jpeg2000",
  "jxl",
  "pixels",
];
/** Targets that take a code stream begin with the shared vectors of their coding, all others with files of the corpus. */
const STREAMS = new Map([
  ["jpeg", /\.(jpg|jls)$/],
  ["rle", /\.rle$/],
  ["jpeg2000", /\.(j2k|jp2|jhc)$/],
  ["jxl", /\.jxl$/],
]);
const LARGEST_SEED = 64 << 10;
const here = dirname(fileURLToPath(import.meta.url));
const shared = process.env.TOKUMEI_SHARED ?? join(here, "..", "..", "shared");

/** @param {string[]} words */
function options(words) {
  const at = words.indexOf("--seconds");
  const seconds = at < 0 ? 60 : Number(words[at + 1]);
  const named = words.filter((_, i) => at < 0 || (i !== at && i !== at + 1));
  const unknown = named.find((name) => !TARGETS.includes(name));
  if (unknown || !(seconds > 0)) {
    process.stderr.write(`usage: npm run fuzz [-- TARGET… --seconds N], targets: ${TARGETS.join(", ")}\n`);
    process.exit(2);
  }
  return { seconds, targets: named.length ? named : TARGETS };
}

/** What is put behind a seed: for JPEG 2000 the byte that chooses what is written. @param {string} target @param {string} name */
function endings(target, name) {
  if (target !== "jpeg2000") return [[]];
  return name.endsWith(".jhc") ? [[1], [2]] : [[0]];
}

/** Copies small files of the shared folder to where a target looks for its seeds. @param {string} target */
function seed(target) {
  const into = join(here, "corpus", target);
  mkdirSync(into, { recursive: true });
  const streams = STREAMS.get(target);
  const from = join(shared, streams ? "codecs/streams" : "corpus");
  if (!existsSync(from)) return;
  for (const [n, name] of readdirSync(from, { recursive: true, encoding: "utf8" }).sort().entries()) {
    const path = join(from, name);
    const is = statSync(path);
    if (!is.isFile() || is.size >= LARGEST_SEED || (streams && !streams.test(name))) continue;
    for (const ending of endings(target, name)) {
      writeFileSync(
        join(into, ["seed", n, ...ending].join("-")),
        Buffer.concat([readFileSync(path), Buffer.from(ending)]),
      );
    }
  }
}

/** @param {string[]} words */
function cargo(words) {
  return spawnSync("cargo", ["+nightly", "fuzz", ...words], { cwd: here, stdio: "inherit" }).status === 0;
}

const { seconds, targets } = options(process.argv.slice(2));
if (spawnSync("cargo", ["+nightly", "fuzz", "--version"], { stdio: "ignore" }).status !== 0) {
  process.stderr.write(
    "cargo-fuzz is missing: rustup toolchain install nightly && cargo install cargo-fuzz --locked\n",
  );
  process.exit(1);
}
for (const target of targets) {
  process.stdout.write(`\n== ${target}, ${seconds} s\n`);
  seed(target);
  const limits = [`-max_total_time=${seconds}`, `-max_len=${LARGEST_SEED}`, "-timeout=10", "-rss_limit_mb=1024"];
  // Without debug assertions: openjp2 frees null pointers, which those of Rust above 1.95 stop at.
  if (!cargo(["run", "-O", "--fuzz-dir", ".", target, "--", ...limits])) process.exit(1);
}
