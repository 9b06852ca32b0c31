// Streams that were masked, read by CharLS, OpenJPEG and OpenJPH as cornerstone builds them.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import test from "node:test";
import { corpus, missing, python, root, scratch, shared } from "./judge.mjs";

const skip = missing();
const require = createRequire(import.meta.url);
const run = ["run", "--quiet", "--package", "tokumei-codecs", "--example", "run", "--"];
const RECT = [5, 3, 20, 7];

/** Transfer syntaxes (1.2.840.10008.1.2.4…), who reads them, and how many frames of vectors and corpus are compared. */
const FAMILIES = [
  { module: "codec-charls", decoder: "JpegLSDecoder", uids: ["80", "81"], prefixes: ["jls_"], frames: 36 },
  { module: "codec-openjpeg", decoder: "J2KDecoder", uids: ["90", "91"], prefixes: ["j2k_"], frames: 50 },
  { module: "codec-openjph", decoder: "HTJ2KDecoder", uids: ["201", "202", "203"], prefixes: ["htj2k_"], frames: 12 },
];

for (const { module, decoder, uids, prefixes, frames } of FAMILIES) {
  test(`${module} reads what was masked: outside the same, inside constant`, { skip }, async (t) => {
    const library = await load(module);
    const dir = scratch(t);
    const jobs = [...vectors(prefixes), ...ofCorpus(dir, uids)].map((job, n) => ({
      ...job,
      rects: [RECT],
      out: join(dir, `out-${n}`),
    }));
    // There is no vector of the syntax with duties, so its family's are written as such, too.
    const recoded = jobs.filter(({ transferSyntax }) => transferSyntax.endsWith(".201"));
    for (const job of recoded) {
      jobs.push({ ...job, name: `${job.name}, RPCL`, transferSyntax: uid("202"), out: `${job.out}-rpcl` });
    }
    writeFileSync(join(dir, "jobs.json"), JSON.stringify(jobs));
    const told = execFileSync("cargo", [...run, join(dir, "jobs.json")], { cwd: root, encoding: "utf8" });
    const answers = told
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const refused = jobs.filter((_, n) => answers[n].error).map(({ name }) => name);
    assert.deepEqual(
      refused.filter((name) => !broken.test(name)),
      [],
    );
    let compared = 0;
    for (const [n, job] of jobs.entries()) {
      if (answers[n].error || misread.test(job.name)) continue;
      compare(job, answers[n], read(library[decoder], readFileSync(job.out)));
      compared++;
    }
    assert.equal(compared, frames);
  });
}

/** Made to be broken: a profile of part 2, and bytes that are no code stream. */
const broken = /JPEG2000-embedded-sequence-delimiter|delimiter_bytes_in_fragment/;

/** Signed samples of 8 bits, which OpenJPEG as built by cornerstone gives wrong from any stream; tests in Rust compare them. */
const misread = /^j2k_g8s$/;

/** @param {string} number */
const uid = (number) => `1.2.840.10008.1.2.4.${number}`;

/** A library without its messages. @param {string} name */
async function load(name) {
  const quiet = { print: () => {}, printErr: () => {} };
  return require(`@cornerstonejs/${name}`)(quiet);
}

/** Jobs of the vectors whose names begin so. @param {string[]} prefixes */
function vectors(prefixes) {
  const { vectors } = JSON.parse(readFileSync(join(shared, "codecs/vectors.json"), "utf8"));
  return vectors
    .filter(({ name }) => prefixes.some((prefix) => name.startsWith(prefix)))
    .map((of) => ({
      name: of.name,
      stream: join(shared, "codecs", of.file),
      transferSyntax: of.ts,
      geometry: {
        rows: of.rows,
        columns: of.cols,
        samples: of.components,
        allocated: of.bits > 8 ? 16 : 8,
        stored: of.bits,
        signed: Number(of.signed),
        photometric: of.components === 1 ? "MONOCHROME2" : "RGB",
      },
    }));
}

/** @param {string} dir @param {string[]} numbers */
function ofCorpus(dir, numbers) {
  const { status, text } = python(join(root, "tests/judges/frames.py"), [corpus, dir, ...numbers.map(uid)]);
  assert.equal(status, 0, text);
  return JSON.parse(text.trim().split("\n").pop());
}

/** Frame and samples as a decoder gives them, by pixel. */
function read(Decoder, bytes) {
  const decoder = new Decoder();
  decoder.getEncodedBuffer(bytes.length).set(bytes);
  decoder.decode();
  const info = decoder.getFrameInfo();
  const raw = decoder.getDecodedBuffer().slice();
  // CharLS gives streams of a scan for each component as planes.
  const planar = decoder.getInterleaveMode?.() === 0 && info.componentCount > 1;
  decoder.delete();
  const wide = info.bitsPerSample > 8;
  const samples = wide ? new Uint16Array(raw.buffer, 0, raw.length / 2) : raw;
  return { info, samples: planar ? byPixel(samples, info.componentCount) : samples };
}

function byPixel(samples, components) {
  const pixels = samples.length / components;
  return samples.map((_, n) => samples[(n % components) * pixels + Math.floor(n / components)]);
}

/** Samples of what was masked against those of the source: as our decoder has them, which the vectors hold to others'. */
function compare({ name, geometry, out }, { bits }, { info, samples }) {
  const { rows, columns, samples: components } = geometry;
  assert.deepEqual([info.width, info.height, info.componentCount], [columns, rows, components], name);
  assert.equal(info.bitsPerSample, bits, name);
  const before = new Int32Array(new Uint8Array(readFileSync(`${out}.raw`)).buffer);
  assert.equal(samples.length, before.length, name);
  const [x, y, width, height] = RECT;
  const mask = bits > 8 ? 0xffff : 0xff;
  const first = samples.subarray((y * columns + x) * components).slice(0, components);
  for (let n = 0; n < samples.length; n++) {
    const pixel = Math.floor(n / components);
    const [column, row] = [pixel % columns, Math.floor(pixel / columns)];
    const inside = column >= x && column < x + width && row >= y && row < y + height;
    const expected = inside ? first[n % components] : before[n] & mask;
    if (samples[n] !== expected) assert.fail(`${name}: ${column},${row}, ${inside ? "inside" : "outside"}`);
  }
}
