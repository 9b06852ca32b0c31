// One ZIP with all that can be wrong with a member, and what must be said of each: the same in the page and at the command line.
import { deflateRawSync } from "node:zlib";
import { instance } from "../cli/dicom.mjs";
import { archive, crc32 } from "./archive.mjs";

export function oddArchive() {
  const image = (n) => instance({ uid: `1.2.3.1.${n}`, number: n });
  const packed = deflateRawSync(image(5));
  const wrong = Buffer.from(image(6));
  wrong[wrong.length - 9] ^= 1;
  return archive([
    { name: "good", data: image(1) },
    { name: "../../good", data: image(2), stored: true },
    { name: "encrypted", data: image(3), flags: 1 },
    { name: "bzip2", data: image(4), method: 12 },
    { name: "cut", data: image(5), packed: packed.subarray(0, -9) },
    { name: "goes on", data: image(5), packed: Buffer.concat([packed, Buffer.from("more")]) },
    { name: "no deflate", data: image(5), packed: Buffer.alloc(600, 0xff) },
    { name: "wrong crc stored", data: wrong, crc: crc32(image(6)), stored: true },
    { name: "wrong crc deflated", data: wrong, crc: crc32(image(6)) },
    { name: "more than said", data: image(7), size: 900 },
    { name: "less than said", data: image(7), size: 9_000 },
    { name: "other name", data: image(7), local: { name: "othername2" } },
    { name: "other size", data: image(7), local: { size: 12 } },
    { name: "other method", data: image(7), local: { method: 0 } },
    { name: "twice", data: image(8) },
    { name: "again", data: image(8), at: 0 },
    { name: "inner.zip", data: archive([{ name: "1", data: image(9) }]) },
    { name: "viewer.jar", data: archive([{ name: "META-INF/MANIFEST.MF" }, { name: "a.class" }]) },
    { name: "zeros", data: Buffer.alloc(20 * 1024 * 1024) },
    { name: "text", data: Buffer.from("no image") },
    { name: "none", stored: true },
  ]);
}

const damaged = "refused zip-damaged";

/** Verdict and reason by name. */
export const ODD_ROWS = Object.freeze({
  // Shares its bytes with "again".
  good: damaged,
  "../../good": "pass clean",
  encrypted: "refused zip-encrypted",
  bzip2: "refused zip-unsupported",
  cut: damaged,
  "goes on": damaged,
  "no deflate": damaged,
  "wrong crc stored": damaged,
  "wrong crc deflated": damaged,
  "more than said": damaged,
  "less than said": damaged,
  "other name": damaged,
  "other size": damaged,
  "other method": damaged,
  twice: "pass clean",
  again: damaged,
  "inner.zip": "refused zip-nested",
  "viewer.jar": "skipped not-dicom",
  zeros: "refused zip-too-large",
  text: "skipped not-dicom",
  none: "skipped empty-file",
});

/** An instance with samples that don't compress much. @param {Buffer} bytes */
export function noisy(bytes) {
  // The header is shorter than this.
  for (let at = 4_000; at < bytes.length; at += 2) bytes.writeUInt16LE((at * 2_654_435_761) % 4_093, at);
  return bytes;
}
