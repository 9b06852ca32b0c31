// `npm run bench:pixels`: masks against copying, and against the npm codecs that decode or code the same picture. Every figure is a
// ratio of two things measured in turn in one run: native frames in the page, code streams in Node.

import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { big, root } from "./data.mjs";
import { median, withServed } from "./page.mjs";

const require = createRequire(import.meta.url);
const ROUNDS = 7;
const WARM = 5;
const SIDE = 1024;
const LIMITS = {
  nesting: 64,
  elements: 1_000_000,
  headerBytes: 2 ** 26,
  textValueBytes: 2 ** 24,
  inflatedBytes: 2 ** 28,
  frames: 1_000_000,
  frameBytes: 2 ** 29,
};

/** A rectangle in every frame of a file of 524 MB, against copying it. */
function benchNative() {
  const entries = readdirSync(big(), { recursive: true, withFileTypes: true });
  const name = entries.find((e) => e.isFile() && e.name.startsWith("IM"));
  return withServed(async (context, address) => {
    const page = await context.newPage();
    await page.goto(`${address}bench/pixels.html`);
    await page.setInputFiles("#one", join(name.parentPath, name.name));
    const area = { x: 0, y: 0, w: 200, h: 40 };
    const { times, memory } = await page.evaluate(
      ([where, rounds]) => globalThis.pixels(document.getElementById("one").files[0], where, rounds),
      [area, ROUNDS],
    );
    const ms = Object.fromEntries(Object.entries(times).map(([what, list]) => [what, median(list)]));
    return {
      "ms (medians)": ms,
      "speed of copying (goal ≥ 0.5)": ms.copy / ms.mask,
      "speed of reading alone": ms.read / ms.mask,
      "module memory, MB": memory / 1e6,
    };
  });
}

/** A picture with edges, gradients and noise. @param {number} bits @param {number} samples @param {number} [noise] of 4,096 */
function picture(bits, samples, noise = 64) {
  const most = 2 ** bits - 1;
  const values = bits > 8 ? new Uint16Array(SIDE * SIDE) : new Uint8Array(SIDE * SIDE * samples);
  let seed = 1;
  for (let i = 0; i < values.length; i += 1) {
    const pixel = Math.floor(i / samples);
    const [x, y] = [pixel % SIDE, Math.floor(pixel / SIDE)];
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    const body = Math.hypot(x - 500, y - 520) < 400 ? 0.55 + 0.25 * Math.sin(x / 40) * Math.cos(y / 57) : 0.05;
    values[i] = Math.min(most, Math.max(0, Math.round(most * (body + ((seed >> 16) % noise) / 4_096))));
  }
  return new Uint8Array(values.buffer);
}

/** A build of an npm codec: in WebAssembly, which cornerstone uses, or in JavaScript, which some packages export first. */
async function npm(name, build) {
  return require(`@cornerstonejs/codec-${name}${build}`)({ print: () => undefined, printErr: () => undefined });
}

/**
 * What the codecs are measured by; `both`: decoding and coding, else decoding alone. No npm codec knows 12 bits: what is masked has
 * 12 bits, quality 90 and noise of 64 values like the other pictures of 12 bits; what is decoded is the picture of 8 bits.
 */
const CASES = [
  { name: "JPEG 8 bit", codec: "libjpeg-turbo-8bit", kind: "JPEG", ts: "4.50", bits: 8, goal: 1.5, both: false },
  {
    name: "JPEG 12 bit",
    codec: "libjpeg-turbo-8bit",
    kind: "JPEG",
    ts: "4.51",
    bits: 8,
    goal: 4,
    both: false,
    deep: true,
  },
  { name: "JPEG 2000", codec: "openjpeg", kind: "J2K", ts: "4.90", bits: 12, goal: 1.5, both: true },
  { name: "HTJ2K", codec: "openjph", kind: "HTJ2K", ts: "4.201", bits: 12, goal: 1.5, both: true },
  { name: "JPEG-LS", codec: "charls", kind: "JpegLS", ts: "4.80", bits: 12, goal: 1.5, both: true },
];

async function benchCodecs() {
  const { initSync, mask } = await import("../www/pkg/pixels.js");
  initSync({ module: new WebAssembly.Module(readFileSync(join(root, "www/pkg/pixels.wasm"))) });
  const figures = {};
  for (const { name, codec, kind, ts, bits, goal, both, deep } of CASES) {
    const samples = picture(bits, 1);
    const rivals = await Promise.all(["/wasmjs", ""].map(async (build) => coder(await npm(codec, build), kind, bits)));
    const stream = rivals[0].code(samples);
    const held = deep ? deepened(rivals[0].code(picture(8, 1, 1024), 90)) : stream;
    const bytes = new Uint8Array(instance(ts, deep ? 12 : bits, held));
    const source = { size: bytes.length, read: (at, into) => void into.set(bytes.subarray(at, at + into.length)) };
    const request = { masks: [{ frames: "all", x: 64, y: 64, w: 320, h: 64 }], clear: false };
    const masked = () => {
      const made = mask(source, request, LIMITS);
      if ("stop" in made) throw new Error(`${name}: ${made.stop}`);
    };
    const [wasm, script] = rivals.map((rival) => () => {
      rival.decode(stream);
      if (both) rival.code(samples);
    });
    const ms = cpu({ wasm, script, masked });
    figures[`${name}, CPU ms`] = ms;
    figures[`${name}: ratio (goal ≤ ${goal})`] = ms.masked / ms.wasm;
    figures[`${name}: ratio to the build in JavaScript`] = ms.masked / ms.script;
  }
  return figures;
}

/** A codec for one frame of the picture. @param {string} kind @param {number} bits */
function coder(module, kind, bits) {
  const frame = {
    width: SIDE,
    height: SIDE,
    bitsPerSample: bits,
    componentCount: 1,
    isSigned: false,
    isUsingColorTransform: false,
  };
  return {
    code: (samples, quality = 0) => {
      const encoder = new module[`${kind}Encoder`]();
      encoder.getDecodedBuffer(frame).set(samples);
      // Left alone it writes progressive streams, which hardly any device does.
      if (kind === "JPEG") encoder.setProgressive(false);
      if (quality) encoder.setQuality(quality);
      if (kind === "J2K") encoder.setQuality(true, 1);
      if (kind === "HTJ2K") encoder.setQuality(true, 0);
      encoder.encode();
      const stream = Uint8Array.from(encoder.getEncodedBuffer());
      encoder.delete();
      return stream;
    },
    decode: (stream) => {
      const decoder = new module[`${kind}Decoder`]();
      decoder.getEncodedBuffer(stream.length).set(stream);
      decoder.decode();
      decoder.getDecodedBuffer();
      decoder.delete();
    },
  };
}

/** Milliseconds of CPU of each work, in turn; the first rounds are those in which V8 still compiles. */
function cpu(works) {
  const times = Object.fromEntries(Object.keys(works).map((what) => [what, []]));
  for (let i = 0; i < WARM + ROUNDS; i += 1) {
    for (const [what, work] of Object.entries(works)) {
      const begun = process.cpuUsage();
      work();
      const { user, system } = process.cpuUsage(begun);
      if (i >= WARM) times[what].push((user + system) / 1_000);
    }
  }
  return Object.fromEntries(Object.entries(times).map(([what, list]) => [what, median(list)]));
}

/** Calls a baseline stream one of 12 bits, whose samples have 2,048 for 128. @param {Uint8Array} stream */
function deepened(stream) {
  const deep = Uint8Array.from(stream);
  const at = deep.findIndex((byte, i) => byte === 0xff && deep[i + 1] === 0xc0);
  [deep[at + 1], deep[at + 4]] = [0xc1, 12];
  return deep;
}

/** One frame in a data set that holds what masking asks for. @param {string} ts @param {number} bits @param {Uint8Array} stream */
function instance(ts, bits, stream) {
  const element = (tag, vr, value, undefinedLength = false) => {
    const long = ["OB", "OW"].includes(vr);
    const head = Buffer.alloc(long ? 12 : 8);
    head.writeUInt16LE(tag >>> 16, 0);
    head.writeUInt16LE(tag & 0xffff, 2);
    head.write(vr, 4, "latin1");
    if (long) head.writeUInt32LE(undefinedLength ? 0xffffffff : value.length, 8);
    else head.writeUInt16LE(value.length, 6);
    return Buffer.concat([head, value]);
  };
  const text = (value, pad = " ") => Buffer.from(value.length % 2 ? value + pad : value, "latin1");
  const number = (value) => Buffer.from(Uint16Array.of(value).buffer);
  const item = (tag, value) => {
    const head = Buffer.alloc(8);
    head.writeUInt16LE(0xfffe, 0);
    head.writeUInt16LE(tag, 2);
    head.writeUInt32LE(value.length, 4);
    return Buffer.concat([head, value]);
  };
  const even = Buffer.concat([stream, Buffer.alloc(stream.length % 2)]);
  const meta = element(0x00020010, "UI", text(`1.2.840.10008.1.2.${ts}`, "\0"));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(meta.length);
  const fragments = [item(0xe000, Buffer.alloc(0)), item(0xe000, even), item(0xe0dd, Buffer.alloc(0))];
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from("DICM"),
    element(0x00020000, "UL", length),
    meta,
    element(0x00280002, "US", number(1)),
    element(0x00280004, "CS", text("MONOCHROME2")),
    element(0x00280010, "US", number(SIDE)),
    element(0x00280011, "US", number(SIDE)),
    element(0x00280100, "US", number(bits > 8 ? 16 : 8)),
    element(0x00280101, "US", number(bits)),
    element(0x00280102, "US", number(bits - 1)),
    element(0x00280103, "US", number(0)),
    element(0x7fe00010, "OB", Buffer.concat(fragments), true),
  ]);
}

const all = { codecs: benchCodecs, native: benchNative };
const wanted = process.argv.slice(2);
for (const [name, bench] of Object.entries(all)) {
  if (wanted.length && !wanted.includes(name)) continue;
  process.stdout.write(`\n== ${name}\n${JSON.stringify(await bench(), null, 2)}\n`);
}
