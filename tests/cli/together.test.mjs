// Files read together in a worker of the page: each gets its own bytes, and none those of another.
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { Together } from "../../www/workers/together.js";

/** A Blob whose bytes can be read at once, as in a worker of a page. */
class Bytes {
  /** @param {(Bytes | Uint8Array)[]} parts */
  constructor(parts) {
    this.broken = parts.some((part) => part instanceof Bytes && part.broken);
    this.bytes = Buffer.concat(parts.map((part) => (part instanceof Bytes ? part.bytes : part)));
    this.size = this.bytes.length;
  }

  slice(from, to) {
    const part = new Bytes([this.bytes.subarray(from, to)]);
    part.broken = this.broken;
    return part;
  }
}

const { Blob: itself } = globalThis;
let reads = 0;

beforeEach(() => {
  reads = 0;
  Object.assign(globalThis, {
    Blob: Bytes,
    FileReaderSync: class {
      readAsArrayBuffer({ bytes, broken }) {
        reads += 1;
        if (broken) throw new DOMException("", "NotReadableError");
        return Uint8Array.from(bytes).buffer;
      }
    },
  });
});

afterEach(() => {
  Object.assign(globalThis, { Blob: itself });
  Reflect.deleteProperty(globalThis, "FileReaderSync");
});

/** Files of one byte repeated. */
const files = (count, size) => Array.from({ length: count }, (_, n) => new Bytes([new Uint8Array(size).fill(n + 1)]));

test("one read brings the wanted bytes of all, each in its turn", () => {
  const all = files(20, 1_000);
  const together = new Together();
  together.expect(all.map((file) => ({ file, length: 600 })));
  for (const [n, file] of all.entries()) {
    assert.deepEqual(together.take(file, 600), new Uint8Array(600).fill(n + 1));
  }
  assert.equal(reads, 1);
});

test("no more is held than eight mebibytes", () => {
  const all = files(9, 3 << 20);
  const together = new Together();
  together.expect(all.map((file) => ({ file, length: file.size })));
  for (const [n, file] of all.entries()) assert.equal(together.take(file, file.size)?.[0], n + 1);
  assert.equal(reads, 5);
});

test("a file that can't be read takes nothing from the others, and gets nothing of theirs", () => {
  const all = files(3, 10);
  all[1].broken = true;
  const together = new Together();
  together.expect(all.map((file) => ({ file, length: 10 })));
  assert.deepEqual(
    all.map((file) => together.take(file, 10)),
    [null, null, null],
  );
  assert.equal(reads, 1);
});

test("what was not wanted, or not so much of it, is not there", () => {
  const [first, second, third] = files(3, 10);
  const together = new Together();
  together.expect([
    { file: first, length: 4 },
    { file: second, length: 4 },
  ]);
  assert.equal(together.take(first, 10), null);
  assert.equal(together.take(third, 10), null);
  assert.equal(together.take(second, 4)?.length, 4);
  assert.equal(together.take(second, 4), null);
});
