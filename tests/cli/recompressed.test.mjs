// JPEGs inside JPEG XL: they are given back in every frame, masked or not, and leave as JPEGs of the same pictures.
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import * as jxl from "../../www/pkg/jxl.js";
import * as jpeg from "../../www/pkg/pixels.js";
import { source } from "../wasm/dicom.mjs";
import { libjpegTurbo } from "../wasm/turbo.mjs";
import { deid, root, scratch } from "./command.mjs";
import { plant } from "./dicom.mjs";

const shared = process.env.TOKUMEI_SHARED ?? join(root, "../shared");
const skip = existsSync(shared) ? false : "the shared data are not here";
if (skip && process.env.CI) throw new Error(skip);

const BASELINE = "1.2.840.10008.1.2.4.50";
const RECOMPRESSED = "1.2.840.10008.1.2.4.111";
const ITEM = Buffer.from("feff00e0", "hex");
const DELIMITER = Buffer.from("feffdde000000000", "hex");
/** Pixel Data of undefined length. */
const PIXEL_DATA = Buffer.from("e07f10004f420000ffffffff", "hex");

/** @param {Buffer} content */
function item(content) {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(content.length + (content.length % 2));
  return Buffer.concat([ITEM, length, content, Buffer.alloc(content.length % 2)]);
}

/** The items of a file's Pixel Data: the Basic Offset Table, then the frames. @param {Buffer} file */
function items(file) {
  const found = [];
  let at = file.lastIndexOf(PIXEL_DATA) + PIXEL_DATA.length;
  for (; file.subarray(at, at + 4).equals(ITEM); at += 8 + file.readUInt32LE(at + 4)) {
    found.push(file.subarray(at + 8, at + 8 + file.readUInt32LE(at + 4)));
  }
  assert.ok(file.subarray(at).equals(DELIMITER), "the delimiter ends the file");
  return found;
}

/** What the meta information says. @param {Buffer} file */
const transferSyntax = (file) => {
  const at = file.indexOf(Buffer.from("020010005549", "hex"));
  return file.toString("latin1", at + 8, at + 8 + file.readUInt16LE(at + 6)).replace("\0", "");
};

/** The vector with the UIDs that it lacks. @param {Buffer} file */
function complete(file) {
  const uid = (/** @type {string} */ tag, /** @type {string} */ value) =>
    Buffer.concat([Buffer.from(`${tag}55490600`, "hex"), Buffer.from(`${value}\0`)]);
  const at = file.indexOf(Buffer.from("280002005553", "hex"));
  return Buffer.concat([file.subarray(0, at), uid("20000d00", "1.2.3"), uid("20000e00", "1.2.4"), file.subarray(at)]);
}

/** The JPEG instance as its JPEG XL. @param {Buffer} file @param {Buffer} stream */
function wrapped(file, stream) {
  const at = file.indexOf(Buffer.from("020010005549", "hex"));
  const length = file.readUInt16LE(at + 6);
  const head = Buffer.from(file.subarray(0, at + 8));
  head.writeUInt16LE(RECOMPRESSED.length + 1, at + 6);
  // (0002,0000) is the first element.
  head.writeUInt32LE(head.readUInt32LE(140) + RECOMPRESSED.length + 1 - length, 140);
  const rest = file.subarray(at + 8 + length, file.lastIndexOf(PIXEL_DATA) + PIXEL_DATA.length);
  return Buffer.concat([head, Buffer.from(`${RECOMPRESSED}\0`), rest, item(Buffer.alloc(0)), item(stream), DELIMITER]);
}

/**
 * @param {string} dir
 * @param {object} rule
 */
function policyWith(dir, rule) {
  const path = join(dir, "policy.json");
  const policy = {
    schema: "tokumei.policy/1",
    extends: "headers-only",
    id: "areas",
    version: "1",
    title: { ja: "装置", en: "Devices" },
    pixels: { devices: [{ name: "r", ...rule }] },
  };
  writeFileSync(path, JSON.stringify(policy));
  return path;
}

/** Neither comments nor segments of applications but JFIF's and Adobe's. @param {Buffer} jpeg */
function isClean(jpeg) {
  for (let at = 2; jpeg[at] === 0xff && jpeg[at + 1] !== 0xda; at += 2 + jpeg.readUInt16BE(at + 2)) {
    const code = /** @type {number} */ (jpeg[at + 1]);
    if (code === 0xfe || (code > 0xe0 && code < 0xf0 && code !== 0xee)) return false;
  }
  return (
    jpeg.subarray(0, 3).equals(Buffer.from("ffd8ff", "hex")) && jpeg.lastIndexOf("\xff\xd9", undefined, "latin1") > 0
  );
}

test("a JPEG in JPEG XL is masked as that JPEG by itself", { skip }, async (t) => {
  const single = complete(readFileSync(join(shared, "codecs/dcm/c_jpg420_ybr422.dcm")));
  const stream = readFileSync(join(shared, "codecs/streams/jxl_from_jpeg420.jxl"));
  const masks = [{ x: 18, y: 10, w: 32, h: 17 }];
  const [alone, within] = [single, wrapped(single, stream)].map((file) => {
    const dir = scratch(t);
    const policy = policyWith(dir, { when: [{ tag: "0028,0010", value: "61" }], masks });
    const run = deid(dir, [plant(join(dir, "in"), { a: file })], ["--policy", policy]);
    const [row] = run.report.files;
    const masked = { x: 16, y: 0, w: 48, h: 32 };
    assert.deepEqual([row.verdict, row.masks], ["masked", [{ frames: "all", ...masks[0], by: "rule", masked }]]);
    const out = readFileSync(join(run.folder, row.out));
    assert.equal(transferSyntax(out), BASELINE);
    return items(out);
  });
  const samples = await libjpegTurbo();
  const [picture, other] = [alone, within].map(([, frame]) => samples(/** @type {Buffer} */ (frame)));
  assert.deepEqual(other, picture);
});

test("all frames of a clip come back as JPEGs, whether anything is masked or not", { skip }, (t) => {
  const input = join(shared, "corpus/real/dcm4che/will-jxl.dcm");
  const source = readFileSync(input);
  assert.equal(transferSyntax(source), RECOMPRESSED);
  const when = [
    ["0008,0060", "US"],
    ["0008,0070", "GE Vingmed Ultrasound"],
    ["0008,1090", "Vivid E95"],
    ["0028,0010", "708"],
    ["0028,0011", "1016"],
  ].map(([tag, value]) => ({ tag, value }));
  const dirs = [scratch(t), scratch(t)];
  const policy = policyWith(dirs[0], { when, masks: [{ x: 0, y: 0, w: 400, h: 40 }], complete: true });
  const runs = [deid(dirs[0], [input], ["--policy", policy]), deid(dirs[1], [input], ["--policy", "headers-only"])];
  const frames = runs.map(({ report, folder, status, text }) => {
    assert.equal(status, 0, text);
    const [row] = report.files;
    const out = readFileSync(join(folder, row.out));
    assert.equal(transferSyntax(out), BASELINE);
    assert.equal(out.includes("113047"), row.verdict === "masked");
    assert.ok(!out.includes("jbrd") && !out.includes("JXL "));
    const [table, ...streams] = items(out);
    assert.deepEqual([streams.length, table?.length], [27, 27 * 4]);
    assert.ok(streams.every(isClean));
    return streams;
  });
  const [masked, plain] = runs.map(({ report }) => report.files[0]);
  assert.deepEqual([masked.verdict, masked.reason, masked.masks.length], ["masked", "device-rule-masked", 1]);
  assert.deepEqual([plain.verdict, plain.reason, plain.masks], ["pass", "clean", []]);
  assert.ok(frames[0]?.every((stream, i) => !stream.equals(/** @type {Buffer} */ (frames[1]?.[i]))));
});

test("a person sees the picture that leaves", { skip }, (t) => {
  const input = join(shared, "corpus/real/dcm4che/will-jxl.dcm");
  const run = deid(scratch(t), [input], ["--policy", "headers-only"]);
  const output = join(run.folder, run.report.files[0].out);
  const [before, after] = [
    { module: jxl, name: "jxl", path: input },
    { module: jpeg, name: "pixels", path: output },
  ].map(({ module, name, path }) => {
    module.initSync({ module: readFileSync(join(root, `www/pkg/${name}.wasm`)) });
    return module.preview(source(readFileSync(path)), 26);
  });
  assert.deepEqual([before.width, before.height], [1016, 708]);
  assert.equal(after.rgba.length, before.rgba.length);
  // Two decoders of one lossy picture, chroma subsampled.
  let sum = 0;
  for (let i = 0; i < after.rgba.length; i += 1) sum += Math.abs(after.rgba[i] - before.rgba[i]);
  assert.ok(sum / after.rgba.length < 1, `${sum / after.rgba.length}`);
  assert.ok(new Set(before.rgba).size > 100);
});
