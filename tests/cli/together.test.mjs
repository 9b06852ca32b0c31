// Files read together in a worker of the page: each gets its own bytes, and none those of another.
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { Together } from "../../www/workers/together.js";

let reads = 0;

/** A Blob that counts how often it is read, and may not be readable. */
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

  async arrayBuffer() {
    reads += 1;
    if (this.broken) throw new DOMException("", "NotReadableError");
    return Uint8Array.from(this.bytes).buffer;
  }
}

const { Blob: itself } = globalThis;

beforeEach(() => {
  reads = 0;
  Object.assign(globalThis, { Blob: Bytes });
});

afterEach(() => {
  Object.assign(globalThis, { Blob: itself });
});

/** Files of one byte repeated. */
const files = (count, size) => Array.from({ length: count }, (_, n) => new Bytes([new Uint8Array(size).fill(n + 1)]));

const wanted = (all, length) => all.map((file) => ({ file, length: length ?? file.size }));

test("one read brings the wanted bytes of all, each in its turn", async () => {
  const all = files(20, 1_000);
  const together = new Together();
  together.expect(wanted(all, 600));
  for (const [n, file] of all.entries()) {
    assert.deepEqual(await together.take(file, 600), new Uint8Array(600).fill(n + 1));
  }
  assert.equal(reads, 1);
});

test("no more is read at once than eight mebibytes, and no more than two reads are ahead", async () => {
  const all = files(9, 3 << 20);
  const together = new Together();
  together.expect(wanted(all));
  for (const [n, file] of all.entries()) {
    assert.equal((await together.take(file, file.size))?.[0], n + 1);
    assert.equal(reads, Math.min(5, Math.floor(n / 2) + 2));
  }
});

test("while the files of one read are taken, the next one comes; what is there is there at once", async () => {
  const [first, second] = [files(3, 10), files(3, 10)];
  const together = new Together();
  together.expect(wanted(first));
  assert.equal(reads, 1);
  together.expect(wanted(second));
  await together.take(first[0], 10);
  assert.equal(reads, 2);
  assert.equal(together.take(first[1], 10)?.[0], 2);
});

test("what is passed over is not kept, and holds nothing up", async () => {
  const groups = [files(2, 3 << 20), files(2, 3 << 20), files(2, 3 << 20)];
  const together = new Together();
  for (const group of groups) together.expect(wanted(group));
  assert.equal((await together.take(groups[0][0], 3 << 20))?.[0], 1);
  assert.equal((await together.take(groups[2][1], 3 << 20))?.[0], 2);
  for (const file of [groups[0][1], ...groups[1]]) assert.equal(await together.take(file, 3 << 20), null);
});

test("a file that can't be read takes nothing from the others, and gets nothing of theirs", async () => {
  const all = files(3, 10);
  all[1].broken = true;
  const together = new Together();
  together.expect(wanted(all));
  for (const file of all) assert.equal(await together.take(file, 10), null);
  assert.equal(reads, 1);
});

test("what was not wanted, or not so much of it, is not there", async () => {
  const [first, second, third] = files(3, 10);
  const together = new Together();
  together.expect(wanted([first, second], 4));
  assert.equal(await together.take(first, 10), null);
  assert.equal(await together.take(third, 10), null);
  assert.equal((await together.take(second, 4))?.length, 4);
  assert.equal(await together.take(second, 4), null);
});
