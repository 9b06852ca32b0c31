// Codecs in their modules: exact, no memory from frame to frame, no trap on damaged streams.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join as path } from "node:path";
import test from "node:test";
import { root } from "../../tools/process.mjs";
import * as jxl from "../../www/pkg/jxl.js";
import * as pixels from "../../www/pkg/pixels.js";
import { element, file, join, source, us } from "./dicom.mjs";

const shared = process.env.TOKUMEI_SHARED ?? path(root, "../shared");
const list = path(shared, "codecs/vectors.json");
if (process.env.CI && !existsSync(list)) throw new Error("the shared data are missing");
const skip = existsSync(list) ? false : "the shared folder is missing";
const vectors = skip ? [] : JSON.parse(readFileSync(list, "utf8")).vectors;

const limits = {
  nesting: 64,
  elements: 1_000_000,
  headerBytes: 64 << 20,
  textValueBytes: 16 << 20,
  inflatedBytes: 256 << 20,
  frames: 1_000_000,
  frameBytes: 512 << 20,
};
const request = { masks: [{ frames: "all", x: 3, y: 5, w: 40, h: 11 }], clear: false };

/** Families of vectors, the module that is for them, and how many frames go through it in a row. */
const FAMILIES = [
  { of: /^jls_/, name: "pixels", repeats: 500 },
  { of: /^htj2k_/, name: "pixels", repeats: 500 },
  { of: /^j2k_/, name: "pixels", repeats: 100 },
  { of: /^jxl_g/, name: "jxl", repeats: 500 },
];

for (const { of, name, repeats } of FAMILIES) {
  const family = vectors.filter((vector) => of.test(vector.name));

  test(`${of.source}: every vector is masked, and ${repeats} frames take no more memory than the first ones`, {
    skip,
  }, () => {
    const { mask, memory } = load(name);
    for (const vector of [...family, ...family, ...family]) {
      assert.equal(mask(instance(vector), request, limits).frames, 1, vector.name);
    }
    const before = memory.buffer.byteLength;
    for (let n = 0; n < repeats; n++) mask(instance(family[n % family.length]), request, limits);
    assert.equal(memory.buffer.byteLength, before);
  });

  test(`${of.source}: damaged streams are refused or masked, and nothing traps`, { skip }, () => {
    const { mask } = load(name);
    const random = numbers(7);
    const codes = new Set();
    for (let n = 0; n < 600; n++) {
      const vector = family[n % family.length];
      const stream = Uint8Array.from(read(vector));
      for (let changes = 1 + random(6); changes > 0; changes--) {
        const reach = random(3) > 0 ? Math.min(200, stream.length) : stream.length;
        stream[random(reach)] = random(4) > 0 ? random(256) : 255;
      }
      codes.add(mask(instance(vector, stream), request, limits).stop ?? "masked");
    }
    assert.ok(codes.has("masked") && codes.size > 1, [...codes].join());
  });
}

/** What masks, and its memory. @param {string} name */
function load(name) {
  const module = name === "jxl" ? jxl : pixels;
  const { memory } = module.initSync({ module: readFileSync(path(root, `www/pkg/${name}.wasm`)) });
  return { mask: module.mask, memory };
}

function read({ file: name }) {
  return readFileSync(path(shared, "codecs", name));
}

/** An image of one frame whose stream is the vector's. */
function instance(vector, stream = read(vector)) {
  const { rows, cols, components, bits, signed, ts } = vector;
  const item = (bytes) => {
    const head = Uint8Array.of(0xfe, 0xff, 0x00, 0xe0, 0, 0, 0, 0);
    const even = bytes.length + (bytes.length % 2);
    new DataView(head.buffer).setUint32(4, even, true);
    return join([head, bytes, new Uint8Array(even - bytes.length)]);
  };
  const pixelData = Uint8Array.of(0xe0, 0x7f, 0x10, 0, 0x4f, 0x42, 0, 0, 0xff, 0xff, 0xff, 0xff);
  const end = Uint8Array.of(0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0);
  const elements = [
    element("0008,0016", "UI", "1.2.840.10008.5.1.4.1.1.7"),
    element("0008,0018", "UI", "1.2.3.4"),
    element("0028,0002", "US", us(components)),
    element("0028,0004", "CS", components === 1 ? "MONOCHROME2" : "RGB"),
    ...(components === 1 ? [] : [element("0028,0006", "US", us(0))]),
    element("0028,0010", "US", us(rows)),
    element("0028,0011", "US", us(cols)),
    element("0028,0100", "US", us(bits > 8 ? 16 : 8)),
    element("0028,0101", "US", us(bits)),
    element("0028,0102", "US", us(bits - 1)),
    element("0028,0103", "US", us(Number(signed))),
    join([pixelData, item(new Uint8Array(0)), item(stream), end]),
  ];
  return source(file(elements, "1.2.3.4", ts));
}

/** Numbers that follow from a seed. @param {number} seed */
function numbers(seed) {
  let state = seed;
  return (/** @type {number} */ below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % below;
  };
}
