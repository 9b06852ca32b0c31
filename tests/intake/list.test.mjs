// What a ZIP holds, by its central directory: names, numbers, and what is refused before anything is opened.
import assert from "node:assert/strict";
import { test } from "node:test";
import { membersOf } from "../../www/intake/zip/inputs.js";
import { listMembers, ZIP_LIMITS } from "../../www/intake/zip/list.js";
import { archive, crc32, record, unicodePath } from "./archive.mjs";

const SMALL = Buffer.from("a file\n".repeat(40));

/** @param {Buffer} bytes */
const source = (bytes) => ({
  size: bytes.length,
  read(offset, into) {
    if (offset < 0 || offset + into.length > bytes.length) throw new RangeError("beyond the end");
    bytes.copy(into, 0, offset);
  },
});

/** @param {Buffer} bytes */
function list(bytes, limits = {}) {
  const table = listMembers(source(bytes), { ...ZIP_LIMITS, ...limits }, crc32);
  return [...membersOf({ path: "a.zip", size: bytes.length, lastModified: 1, fsPath: "/a.zip" }, table)];
}

/** Why the archive, or else each member, is refused. @param {Buffer} bytes */
function refused(bytes, limits = {}) {
  try {
    return list(bytes, limits).map(({ fault }) => fault ?? "");
  } catch (error) {
    assert.equal(error.name, "SourceFault", String(error));
    return error.code;
  }
}

const names = (bytes) => list(bytes).map(({ path }) => path.slice("a.zip!/".length));

test("members are files below the archive's path, with all that is needed to open them; folders are no files", () => {
  const bytes = archive([{ name: "検査/" }, { name: "検査/1", data: SMALL }, { name: "2", data: SMALL, stored: true }]);
  const [first, second] = list(bytes);
  assert.deepEqual(names(bytes), ["検査/1", "2"]);
  assert.equal(first.size, SMALL.length);
  assert.equal(first.fsPath, "/a.zip");
  assert.equal(first.member.archive, bytes.length);
  assert.equal(first.member.end, second.member.offset);
  assert.deepEqual([first.member.method, second.member.method], [8, 0]);
  assert.deepEqual([first.fault, first.member.crc32, second.member.packed], [undefined, crc32(SMALL), SMALL.length]);
});

test("a name is text by its flag, its Unicode Path, as UTF-8, as cp932; else it shows its bytes", () => {
  // 表 and ソ end in the byte of a backslash.
  const cp932 = Buffer.from([0x95, 0x5c, 0x83, 0x5c, 0x2e, 0x64]);
  const eucjp = Buffer.from([0xb4, 0xb5, 0xff, 0x41]);
  const named = (name, more = {}) => names(archive([{ name, ...more }]))[0];
  assert.equal(named("患者/画像", { flags: 0x800 }), "患者/画像");
  assert.equal(named("患者/画像"), "患者/画像");
  assert.equal(named(cp932), "表ソ.d");
  assert.equal(named(Buffer.concat([cp932, Buffer.from("\\1")])), "表ソ.d/1");
  assert.equal(named(cp932, { flags: 0x800 }), "表ソ.d");
  assert.equal(named(eucjp), "\\xb4\\xb5\\xffA");
  assert.equal(named("plain", { extra: unicodePath("患者", Buffer.from("plain")) }), "患者");
  // A tool that knows nothing of the field has renamed the member.
  assert.equal(named("plain", { extra: unicodePath("患者", Buffer.from("older")) }), "plain");
  assert.equal(named("plain", { extra: record([2, 0x7075], [2, 900], [1, 1]) }), "plain");
});

test("names that lead elsewhere, and names twice, only name rows", () => {
  const all = ["../../etc/passwd", "/abs", "C:\\x", "same", "same", ""];
  const bytes = archive(all.map((name) => ({ name, data: SMALL })));
  assert.deepEqual(names(bytes), ["../../etc/passwd", "/abs", "C:/x", "same", "same", ""]);
});

test("archives are found with a comment, bytes before or after, Zip64, an old count, a comment that looks like an end", () => {
  const members = [
    { name: "1", data: SMALL },
    { name: "2", data: SMALL },
  ];
  const plain = list(archive(members));
  const wide = members.map((member) => ({ ...member, zip64: true }));
  const before = Buffer.from("PK00");
  for (const [what, bytes, shift] of [
    ["comment", archive(members, { comment: Buffer.from("作成者") }), 0],
    ["longest comment", archive(members, { comment: Buffer.alloc(0xffff, 0x50) }), 0],
    ["an end in the comment", archive(members, { comment: archive([]) }), 0],
    ["an end in the comment that leads nowhere", archive(members, { comment: archive([], { offset: 9 }) }), 0],
    ["padding", Buffer.concat([archive(members), Buffer.alloc(512)]), 0],
    ["before", archive(members, { before }), 4],
    ["zip64", archive(members, { zip64: true }), 0],
    ["zip64 before", archive(members, { zip64: true, before }), 4],
    ["streamed", archive(members.map((member) => ({ ...member, descriptor: true }))), 0],
  ]) {
    const found = list(bytes);
    assert.deepEqual(
      found.map(({ path }) => path),
      ["a.zip!/1", "a.zip!/2"],
      what,
    );
    assert.equal(found[0].member.offset, plain[0].member.offset + shift, what);
  }
  assert.deepEqual(
    list(archive(wide, { zip64: true })).map(({ size }) => size),
    [SMALL.length, SMALL.length],
  );
  assert.equal(names(archive(wide, { zip64: true, before })).length, 2);
  assert.deepEqual(names(archive([])), []);
  const many = archive(Array.from({ length: 70_000 }, (_, i) => ({ name: `${i}`, stored: true })));
  assert.equal(list(many).length, 70_000);
});

test("what is no whole archive is damaged, one part of several is unsupported", () => {
  const good = archive([{ name: "1", data: SMALL }]);
  for (const cut of [1, 4, 30, 70, good.length - 1])
    assert.equal(refused(good.subarray(0, cut)), "zip-damaged", `${cut}`);
  assert.equal(refused(archive([{ name: "1" }], { count: 2 })), "zip-damaged");
  assert.equal(refused(archive([{ name: "1" }], { offset: 1_000_000 })), "zip-damaged");
  assert.equal(refused(archive([{ name: "1" }], { disk: 3 })), "zip-unsupported");
  const long = Buffer.from(good);
  long.writeUInt16LE(0xffff, good.lastIndexOf("PK\x01\x02") + 30);
  assert.equal(refused(long), "zip-damaged");
});

test("members are refused one by one: encrypted, of other methods, beyond the archive, of two sizes", () => {
  assert.deepEqual(
    refused(
      archive([
        { name: "good", data: SMALL },
        { name: "encrypted", data: SMALL, flags: 1 },
        { name: "aes", data: SMALL, method: 99 },
        { name: "zstd", data: SMALL, method: 93 },
        { name: "two sizes", data: SMALL, stored: true, size: 9 },
        { name: "beyond", data: SMALL, at: 1_000_000 },
      ]),
    ),
    ["", "zip-encrypted", "zip-encrypted", "zip-unsupported", "zip-damaged", "zip-damaged"],
  );
  const locked = { data: SMALL, flags: 1 };
  assert.equal(refused(archive([{ name: "1", ...locked }, { name: "2/" }, { name: "3", ...locked }])), "zip-encrypted");
  const lacking = archive([{ name: "1", data: SMALL, extra: record([2, 1], [2, 0]), size: 0xffffffff }]);
  assert.deepEqual(refused(lacking), ["zip-damaged"]);
});

test("members that share bytes are damaged, all of them", () => {
  const bomb = { data: Buffer.alloc(100_000) };
  assert.deepEqual(
    refused(
      archive([
        { name: "1", ...bomb },
        { name: "2", ...bomb, at: 0 },
        { name: "3", data: SMALL },
      ]),
    ),
    ["zip-damaged", "zip-damaged", ""],
  );
  // Each begins within the one before, as local headers quoted by stored blocks do.
  const kernel = archive([
    { name: "1", data: Buffer.alloc(2_000, 1), stored: true },
    { name: "2", at: 500, data: SMALL },
  ]);
  assert.deepEqual(refused(kernel), ["zip-damaged", "zip-damaged"]);
});

test("limits: members, bytes of one, ratio of one and of all; what is small may have any ratio", () => {
  const zeros = (/** @type {number} */ size) => ({ name: "z", size, packed: Buffer.alloc(1_000) });
  const MiB = 1024 * 1024;
  assert.deepEqual(refused(archive([zeros(8 * MiB)])), [""]);
  assert.deepEqual(refused(archive([zeros(8 * MiB + 1), { name: "good", data: SMALL }])), ["zip-too-large", ""]);
  assert.deepEqual(refused(archive([{ name: "z", size: 512 * MiB + 1, packed: Buffer.alloc(3 * MiB) }])), [
    "zip-too-large",
  ]);
  assert.deepEqual(refused(archive([{ name: "z", size: 512 * MiB, packed: Buffer.alloc(3 * MiB) }])), [""]);
  assert.equal(refused(archive(Array.from({ length: 40 }, () => zeros(8 * MiB)))), "zip-too-large");
  const three = archive([{ name: "1" }, { name: "2" }, { name: "3" }]);
  assert.equal(refused(three, { zipMembers: 2 }), "zip-too-large");
  assert.deepEqual(refused(archive([{ name: "1", data: SMALL }]), { zipMemberBytes: 99 }), ["zip-too-large"]);
  // A stored member is a slice: it takes no memory of its own.
  assert.deepEqual(refused(archive([{ name: "1", data: SMALL, stored: true }]), { zipMemberBytes: 99 }), [""]);
});
