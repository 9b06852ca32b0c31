// Archives with any byte changed: what is opened is what was put in, or it is refused by a code; nothing else happens.
import assert from "node:assert/strict";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { nodeEnvironment } from "../../cli/environment.js";
import { membersOf } from "../../www/intake/zip/inputs.js";
import { initSync } from "../../www/pkg/core.js";
import { membersIn } from "../../www/workers/members.js";
import { scratch } from "../cli/command.mjs";
import { archive, crc32, unicodePath } from "./archive.mjs";

const CASES = 4_000;
const CODES = new Set(["zip-damaged", "zip-encrypted", "zip-unsupported", "zip-too-large"]);

const wasm = readFileSync(new URL("../../www/pkg/core.wasm", import.meta.url));
initSync({ module: new WebAssembly.Module(wasm) });
const environment = nodeEnvironment({});

/** Numbers below `most`, the same in every run (xorshift32). @param {number} seed */
function random(seed) {
  let state = seed;
  return (/** @type {number} */ most) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % most;
  };
}

const text = (/** @type {number} */ n) => Buffer.from(`member ${n} `.repeat(30 + n));
const LIMITS = { zipMemberBytes: 1_000_000 };

const SEEDS = [
  archive([
    { name: "1", data: text(1) },
    { name: "患者", data: text(2), stored: true },
    { name: "3", data: text(3), descriptor: true },
    { name: "4", data: text(4), zip64: true, extra: unicodePath("四", Buffer.from("4")) },
    { name: "5/" },
    { name: "6", data: Buffer.alloc(50_000) },
  ]),
  archive([{ name: "1", data: text(5), stored: true, zip64: true }, { name: "2" }], {
    zip64: true,
    comment: Buffer.from("comment"),
    before: Buffer.from("PK00"),
  }),
];

/** @param {Buffer} seed @param {(most: number) => number} below */
function mutated(seed, below) {
  let bytes = Buffer.from(seed);
  for (let change = below(3); change >= 0; change -= 1) {
    const at = below(bytes.length);
    const kind = below(8);
    // Most of what a reader believes stands at the end.
    const place = kind < 4 ? Math.max(0, bytes.length - 1 - below(400)) : at;
    if (kind === 7 && below(4) === 0) bytes = bytes.subarray(0, Math.max(1, at));
    else if (kind === 6) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(below(at + 1))]);
    else if (kind === 5) bytes.fill(below(2) * 255, place, Math.min(bytes.length, place + 1 + below(8)));
    else bytes[place] = below(2) ? below(256) : (bytes[place] ?? 0) ^ (1 << below(8));
  }
  return bytes;
}

/** Opens a member and reads all of it. @param {import("../../www/workers/types.js").Input} input @param {boolean} whole */
async function bytesOf(input, whole) {
  const source = /** @type {any} */ (await environment.open(input, whole));
  try {
    const bytes = Buffer.alloc(source.size);
    source.read(0, bytes);
    return bytes;
  } finally {
    source.close();
  }
}

test("any archive with bytes changed, lost or doubled is read rightly or refused by a code", async (t) => {
  const fsPath = join(scratch(t), "a.zip");
  const below = random(20261125);
  const seen = { archives: 0, refused: 0, opened: 0, members: 0 };
  for (let n = 0; n < CASES; n += 1) {
    const bytes = mutated(SEEDS[n % SEEDS.length] ?? Buffer.alloc(1), below);
    writeFileSync(fsPath, bytes);
    const { size, mtimeMs: lastModified } = statSync(fsPath);
    const input = { path: "a.zip", size, lastModified, fsPath };
    const source = /** @type {any} */ (environment.open(input, false));
    const table = membersIn(source.data, LIMITS);
    source.close();
    seen.archives += 1;
    if ("fault" in table) {
      assert.ok(CODES.has(table.fault), `case ${n}: ${table.fault}`);
      seen.refused += 1;
      continue;
    }
    for (const member of membersOf(input, table)) {
      seen.members += 1;
      if (member.fault !== undefined) assert.ok(CODES.has(member.fault), `case ${n}: ${member.fault}`);
      else await readOrRefused(member, n, seen);
    }
  }
  // The mutations reach every way: whole archives refused, members refused, members read.
  assert.ok(seen.refused > CASES / 20 && seen.opened > CASES && seen.opened < seen.members, JSON.stringify(seen));
});

/** @param {import("../../www/workers/types.js").Input} member @param {number} n @param {{opened: number}} seen */
async function readOrRefused(member, n, seen) {
  try {
    const read = await bytesOf(member, true);
    assert.equal(read.length, member.size, `case ${n}`);
    assert.equal(crc32(read), member.member?.crc32, `case ${n}`);
    seen.opened += 1;
  } catch (error) {
    if (error instanceof assert.AssertionError) throw error;
    assert.equal(error instanceof Error && error.name, "SourceFault", `case ${n}: ${error}`);
    assert.equal(error.code, "zip-damaged", `case ${n}`);
  }
}
