// The ZIP that the page writes, read by Python's zipfile: many members, members beyond 4 GiB (as holes in a file), names.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { closeSync, fstatSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { zipBlobSink, zipFileSink } from "../../www/deliver/zip.js";
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
    await sink.write({ name, bytes: bytes.length, blob: new Blob([bytes]), crc32: crc32(bytes) });
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
    if (count === 70_001) assert.equal(walkStrictly(path), count);
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

/**
 * A disk that keeps holes: of what it is given it reads the ends, and takes the middle for zeros.
 * @param {number} fd
 */
function sparse(fd) {
  const END = 4096;
  let [at, most] = [0, 0];
  return {
    get most() {
      return most;
    },
    async write(part) {
      most = Math.max(most, part.size);
      const cut = Math.max(END, part.size - END);
      for (const [from, to] of [
        [0, END],
        [cut, part.size],
      ]) {
        const bytes = new Uint8Array(await part.slice(from, to).arrayBuffer());
        writeSync(fd, bytes, 0, bytes.length, at + from);
      }
      at += part.size;
    },
    close: async () => closeSync(fd),
    abort: async () => closeSync(fd),
  };
}

/** Every local header as strict readers want it: where the central directory says, with the same name, sizes and flags. */
function walkStrictly(path) {
  const fd = openSync(path, "r");
  const bytes = (at, length) => {
    const buffer = Buffer.alloc(length);
    readSync(fd, buffer, 0, length, at);
    return buffer;
  };
  const { size } = fstatSync(fd);
  const end = bytes(size - 22, 22);
  const locator = bytes(size - 42, 20);
  const zip64 = locator.readUInt32LE(0) === 0x07064b50 ? bytes(Number(locator.readBigUInt64LE(8)), 56) : null;
  const count = zip64 ? Number(zip64.readBigUInt64LE(32)) : end.readUInt16LE(10);
  let at = zip64 ? Number(zip64.readBigUInt64LE(48)) : end.readUInt32LE(16);
  let next = 0;
  for (let i = 0; i < count; i++) {
    const head = bytes(at, 46);
    assert.equal(head.readUInt32LE(0), 0x02014b50);
    const [named, more] = [head.readUInt16LE(28), head.readUInt16LE(30)];
    const [name, extra] = [bytes(at + 46, named), bytes(at + 46 + named, more)];
    const [shown, far] = [head.readUInt32LE(24), head.readUInt32LE(42)];
    // Size twice, then offset, as far as they are not in the header itself (APPNOTE.TXT 4.5.3).
    const length = shown === 0xffffffff ? Number(extra.readBigUInt64LE(4)) : shown;
    const offset = far === 0xffffffff ? Number(extra.readBigUInt64LE(shown === 0xffffffff ? 20 : 4)) : far;
    assert.equal(offset, next, "members stand one after the other");
    const local = bytes(offset, 30);
    assert.equal(local.readUInt32LE(0), 0x04034b50);
    assert.ok(bytes(offset + 30, local.readUInt16LE(26)).equals(name));
    // Version for Zip64, flags, method, time, date, CRC-32 and both sizes are alike in both headers, but for a far offset's version.
    assert.ok(local.subarray(6, 26).equals(head.subarray(8, 28)));
    assert.equal(head.readUInt16LE(6), extra.length > 0 ? 45 : 20);
    next = offset + 30 + local.readUInt16LE(26) + local.readUInt16LE(28) + length;
    at += 46 + named + more;
  }
  closeSync(fd);
  return count;
}

test("4.8 GB by reference into a file: nothing is read, windows are bounded, strict readers agree", async (t) => {
  const path = join(scratch(t), "large.zip");
  const disk = sparse(openSync(path, "w"));
  const sink = zipFileSink(disk);
  const megabyte = new Blob([new Uint8Array(1 << 20)]);
  const large = new Blob(Array.from({ length: 600 }, () => megabyte));
  const before = process.memoryUsage().rss;
  const writes = [];
  for (let i = 0; i < 8; i++)
    writes.push(sink.write({ name: `検査/大きい${i}.dcm`, bytes: large.size, blob: large, crc32: 0 }));
  const text = new TextEncoder().encode("behind");
  const last = sink.write({
    name: "検査/表示能力.dcm",
    bytes: new Blob([text]).size,
    blob: new Blob([text]),
    crc32: crc32(text),
  });
  sink.flush();
  await Promise.all([...writes, last]);
  await sink.close();
  assert.ok(process.memoryUsage().rss - before < 64 << 20);
  assert.equal(walkStrictly(path), 9);
  const seen = readByPython(path, "few");
  assert.deepEqual([seen.count, seen.names[1], seen.last], [9, "検査/表示能力.dcm", "behind"]);
  assert.ok(seen.offset > 0xffffffff);
});

test("a write resolves when the file has it, and a full disk is told to all that wait", async () => {
  let full = false;
  const written = [];
  const file = {
    async write(part) {
      if (full) throw new DOMException("", "QuotaExceededError");
      written.push(part.size);
    },
    close: async () => undefined,
    abort: async () => undefined,
  };
  const sink = zipFileSink(file);
  let done = 0;
  const give = (name) => sink.write({ name, bytes: 1, blob: new Blob(["x"]), crc32: 0 });
  const first = ["a", "b"].map((name) => give(name).then(() => (done += 1)));
  await new Promise((later) => setImmediate(later));
  assert.equal(done, 0);
  sink.flush();
  await Promise.all(first);
  assert.equal(done, 2);
  full = true;
  const rest = ["c", "d"].map(give);
  sink.flush();
  for (const each of rest) await assert.rejects(each, { code: "disk-full" });
  await assert.rejects(sink.close(), { code: "disk-full" });
  assert.equal(written.length, 1);
});

test("a file that is gone is told from a place that takes nothing", async () => {
  const gone = new Blob(["x"]);
  gone.stream = () => new ReadableStream({ pull: (c) => c.error(new DOMException("", "NotReadableError")) });
  for (const [blob, codes] of [
    [gone, ["stopped", "source-unreadable", "stopped", "stopped"]],
    [new Blob(["x"]), ["write-denied", "write-denied", "write-denied", "write-denied"]],
  ]) {
    const fail = async () => {
      throw new DOMException("", "NotReadableError");
    };
    const sink = zipFileSink({ write: fail, close: fail, abort: fail });
    const ends = [new Blob(["y"]), blob, new Blob(["z"])].map((each, i) =>
      sink.write({ name: `${i}`, bytes: each.size, blob: each, crc32: 0 }).catch(({ code }) => code),
    );
    sink.flush();
    ends.push(sink.write({ name: "later", bytes: 1, blob: new Blob(["y"]), crc32: 0 }).catch(({ code }) => code));
    sink.flush();
    assert.deepEqual(await Promise.all(ends), codes);
  }
});

test("a member without a check sum is refused, not written wrong", async () => {
  const sink = zipBlobSink();
  await assert.rejects(sink.write({ name: "a", bytes: 1, blob: new Blob(["x"]) }), { code: "engine-fault" });
});
