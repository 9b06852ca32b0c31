// The ZIP that the page writes, read by Python's zipfile: many members, members beyond 4 GiB (as holes in a file), names.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { zipBlobSink } from "../../www/deliver/zip.js";
import { centralDirectory, localHeader } from "../../www/deliver/zip-format.js";

const READ = `
import json, sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
i = z.infolist()
print(json.dumps({"count": len(i), "bad": z.testzip() if sys.argv[2] == "all" else None, "last": z.read(i[-1]).decode(),
  "names": [i[0].filename, i[-1].filename], "sizes": [i[0].file_size, i[-1].file_size], "offset": i[-1].header_offset,
  "dates": list({x.date_time[:3] for x in i}), "stored": all(x.compress_type == 0 for x in i)}))`;

function readByPython(path, what) {
  return JSON.parse(execFileSync("python3", ["-c", READ, path, what], { encoding: "utf8" }));
}

function scratch(t) {
  const folder = mkdtempSync(join(tmpdir(), "tokumei-zip-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** CRC-32 by the bit, so that no library is asked that the product uses. @param {Uint8Array} bytes */
function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let i = 0; i < 8; i++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

async function zipOf(names) {
  const sink = zipBlobSink();
  for (const name of names) {
    const bytes = new TextEncoder().encode(`member ${name}`);
    await sink.write({ name, blob: new Blob([bytes]), crc32: crc32(bytes) });
  }
  await sink.close();
  return Buffer.from(await (await sink.blob()).arrayBuffer());
}

test("members are stored, dated alike, whole; UTF-8 names; equal contents give equal bytes", async (t) => {
  const path = join(scratch(t), "a.zip");
  const names = ["A/1/2/3.dcm", "検査/画像.dcm"];
  const bytes = await zipOf(names);
  writeFileSync(path, bytes);
  const seen = readByPython(path, "all");
  assert.deepEqual([seen.count, seen.bad, seen.names, seen.dates, seen.stored], [2, null, names, [[1980, 1, 1]], true]);
  assert.equal(seen.last, "member 検査/画像.dcm");
  assert.ok(bytes.equals(await zipOf(names)));
});

test("an empty ZIP, and more members than 16 bits count", async (t) => {
  const folder = scratch(t);
  writeFileSync(join(folder, "empty.zip"), await zipOf([]));
  assert.equal(
    execFileSync(
      "python3",
      ["-c", "import sys,zipfile;print(len(zipfile.ZipFile(sys.argv[1]).infolist()))", join(folder, "empty.zip")],
      { encoding: "utf8" },
    ).trim(),
    "0",
  );
  for (const count of [65_534, 65_535, 70_001]) {
    const path = join(folder, `${count}.zip`);
    const bytes = await zipOf(Array.from({ length: count }, (_, i) => `${i}`));
    writeFileSync(path, bytes);
    // 65,535 in the plain end record means: look into the Zip64 one (APPNOTE.TXT 4.4.1.4).
    const zip64 = bytes.lastIndexOf(Buffer.from("PK\x06\x06", "latin1"));
    assert.equal(zip64 < 0 ? null : Number(bytes.readBigUInt64LE(zip64 + 32)), count < 65_535 ? null : count);
    const seen = readByPython(path, count === 70_001 ? "all" : "few");
    assert.deepEqual([seen.count, seen.bad, seen.last], [count, null, `member ${count - 1}`]);
  }
});

test("a member of 4 GiB and more, and a member behind it", (t) => {
  for (const size of [0xfffffffe, 0xffffffff, 0x100000000, 5_000_000_000]) {
    const path = join(scratch(t), "large.zip");
    const small = new TextEncoder().encode("behind");
    const first = { name: new TextEncoder().encode("large"), size, crc32: 0, offset: 0 };
    const header = localHeader(first);
    const second = {
      name: new TextEncoder().encode("small"),
      size: small.length,
      crc32: crc32(small),
      offset: header.length + size,
    };
    // The large member is a hole: no disk is needed for it.
    const fd = openSync(path, "w");
    let at = second.offset;
    writeSync(fd, header, 0, header.length, 0);
    const put = (part) => {
      writeSync(fd, part, 0, part.length, at);
      at += part.length;
    };
    put(localHeader(second));
    put(small);
    centralDirectory([first, second], at).forEach(put);
    closeSync(fd);
    const seen = readByPython(path, "few");
    assert.deepEqual([seen.count, seen.sizes, seen.offset, seen.last], [2, [size, 6], second.offset, "behind"]);
  }
});

test("a member without a check sum is refused, not written wrong", async () => {
  const sink = zipBlobSink();
  await assert.rejects(sink.write({ name: "a", blob: new Blob(["x"]) }), { code: "engine-fault" });
});
