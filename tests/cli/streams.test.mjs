// Code streams that hold more than samples: bits above Bits Stored, bytes behind JPEG XL. Found by decoding, whatever says nothing.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { deid, newKey, root, scratch } from "./command.mjs";
import { instance, plant } from "./dicom.mjs";

const SIZE = 16;
const corpus = join(process.env.TOKUMEI_SHARED ?? resolve(root, "../shared"), "corpus");

/** Literal runs of a plane of bytes (PS3.5 G.3.1). @param {Buffer} plane */
const packed = (plane) =>
  Buffer.concat([0, 128].map((at) => Buffer.concat([Buffer.from([127]), plane.subarray(at, at + 128)])));

/**
 * The samples of a native instance in RLE, 12 of 16 bits.
 * @param {string} uid
 * @param {(i: number) => number} value
 * @param {{signed?: boolean, padding?: number}} [more]
 */
function rle(uid, value, { signed = false, padding } = {}) {
  const native = instance({ uid, size: SIZE });
  const samples = Array.from({ length: SIZE * SIZE }, (_, i) => value(i));
  const planes = [8, 0].map((shift) => packed(Buffer.from(samples.map((sample) => (sample >> shift) & 0xff))));
  const header = Buffer.alloc(64);
  [2, 64, 64 + (planes[0]?.length ?? 0)].forEach((n, i) => {
    header.writeUInt32LE(n, 4 * i);
  });
  const stream = Buffer.concat([header, ...planes]);
  const item = Buffer.from([0xfe, 0xff, 0, 0xe0, 0, 0, 0, 0]);
  item.writeUInt32LE(stream.length, 4);
  const fragments = Buffer.concat([
    Buffer.from("e07f10004f420000fffffffffeff00e000000000", "hex"),
    item,
    stream,
    Buffer.from("feffdde000000000", "hex"),
  ]);
  const bytes = Buffer.concat([native.subarray(0, native.length - SIZE * SIZE * 2 - 12), fragments]);
  bytes[bytes.indexOf("1.2.840.10008.1.2.1\0") + 18] = 0x35;
  const sign = bytes.indexOf(Buffer.from("28000301555302000000", "hex"));
  bytes[sign + 8] = signed ? 1 : 0;
  if (padding === undefined) return bytes;
  const element = Buffer.from("2800200155530200ffff", "hex");
  element.writeUInt16LE(padding, 8);
  return Buffer.concat([bytes.subarray(0, sign + 10), element, bytes.subarray(sign + 10)]);
}

/** @param {ReturnType<typeof deid>} run */
const reasons = (run) =>
  Object.fromEntries(
    run.mapping.files.map(({ n, path }) => [path, run.report.files.find((row) => row.n === n).reason]),
  );

test("bits above Bits Stored in RLE hold an image; signs and padding do not", (t) => {
  const dir = scratch(t);
  const text = (i) => (i === 200 ? 0x2123 : i);
  const files = plant(join(dir, "in"), {
    clean: rle("1.2.3.11", (i) => i * 16),
    signed: rle("1.2.3.12", (i) => (i * 16 - 2000) & 0xffff, { signed: true }),
    "signed-hidden": rle("1.2.3.13", (i) => (i === 3 ? 0x8fff : (i * 16 - 2000) & 0xffff), { signed: true }),
    padding: rle("1.2.3.14", (i) => (i < 40 ? 0xf830 : i), { padding: 0xf830 }),
    "padding-hidden": rle("1.2.3.15", text, { padding: 0xf830 }),
    hidden: rle("1.2.3.16", text),
  });
  const run = deid(dir, [files]);
  assert.equal(run.status, 3, run.text);
  assert.deepEqual(reasons(run), {
    clean: "clean",
    hidden: "overlay-in-pixels",
    padding: "clean",
    "padding-hidden": "overlay-in-pixels",
    signed: "clean",
    "signed-hidden": "overlay-in-pixels",
  });
  for (const row of run.report.files.filter(({ reason }) => reason !== "clean"))
    assert.deepEqual([row.verdict, row.tag, row.sha256], ["review", "7FE0,0010", null]);
});

/** Streams of 16 bits, 8 to 14 of them stored, as devices and archives write them. */
const ROOM = [
  "real/weasis-dicom-tools/CT-JPEGLosslessSV1.dcm",
  "real/weasis-dicom-tools/MR-JPEGLosslessSV1.dcm",
  "real/pylibjpeg-data/emri_small_jpeg_ls_lossless.dcm",
  "real/anonymizer/JPEG-LS_Lossy.dcm",
  "real/dicom-test-files/XA1_JPLY",
  "real/orthanc-tests/2021-02-19-MalaterreCP246.dcm",
];

test("images whose code streams have room and do not use it leave", {
  skip: !existsSync(join(corpus, "real")) && "no shared data",
}, (t) => {
  for (const name of ROOM) {
    const run = deid(scratch(t), [join(corpus, name)]);
    assert.ok(!["overlay-in-pixels", "pixels-not-maskable", "damaged"].includes(run.report.files[0].reason), name);
  }
});

test("bytes behind a stream of JPEG XL go, and the stream stays", {
  skip: !existsSync(join(corpus, "real")) && "no shared data",
}, (t) => {
  const dir = scratch(t);
  const plain = readFileSync(join(corpus, "real/orthanc-jxl/test_ct1_jxl.dcm"));
  const key = newKey(dir);
  const [one, other] = ["", "FUKUZATSU^GONBEI 123"].map((text, i) => {
    const run = deid(scratch(t), [plant(join(dir, `in${i}`), { file: unboxed(plain, text) })], ["--key", key]);
    assert.deepEqual([run.status, run.report.files[0].reason], [0, "clean"], run.text);
    return readFileSync(join(run.folder, run.report.files[0].out));
  });
  assert.ok(other && !other.includes("FUKUZATSU"));
  const content = plain.indexOf("jxlc") + 4;
  const stream = plain.subarray(content, content - 8 + plain.readUInt32BE(content - 8));
  assert.ok(one?.includes(stream) && other.includes(stream));
  // The table of offsets is written anew.
  assert.equal(other.length - (one?.length ?? 0), 4);
});

/**
 * A frame without boxes, and a text behind its stream.
 * @param {Buffer} file
 * @param {string} text
 */
function unboxed(file, text) {
  const from = file.indexOf("JXL \r\n\x87\n", "latin1") - 4;
  const content = file.indexOf("jxlc") + 4;
  const length = file.readUInt32BE(content - 8);
  const frame = Buffer.concat([file.subarray(content, content - 8 + length), Buffer.from(text)]);
  const item = Buffer.alloc(4);
  item.writeUInt32LE(frame.length + (frame.length % 2));
  const rest = [frame, Buffer.alloc(frame.length % 2), Buffer.from("feffdde000000000", "hex")];
  return Buffer.concat([file.subarray(0, from - 4), item, ...rest]);
}
