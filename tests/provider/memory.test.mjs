// 524 MB as one instance: the receiver's memory stays flat, and every byte arrives.
import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import test from "node:test";
import { head, instance } from "./dicom.mjs";
import { askAt, BOUNDARY, DICOM, STOW } from "./kit.mjs";

const PIXELS = 524_288_000;
const BLOCK = 1 << 20;
/** Growth of the whole process, with what Node keeps for files and sockets. */
const FLAT = 128e6;

test("524 MB in one instance: memory flat, digest right", async (t) => {
  const received = mkdtempSync(join(tmpdir(), "tokumei-memory-"));
  t.after(() => rmSync(received, { recursive: true, force: true }));
  const child = fork(new URL("./server.mjs", import.meta.url), [received]);
  t.after(() => child.kill());
  const port = Number(await new Promise((resolve) => child.once("message", resolve)));
  /** @type {number[]} */
  const sizes = [];
  child.on("message", (bytes) => sizes.push(Number(bytes)));
  await new Promise((resolve) => setTimeout(resolve, 300));
  const base = Math.max(...sizes);

  const hash = createHash("sha256");
  const start = instance({ pixels: [head(0x7fe00010, "OW", PIXELS)] });
  hash.update(start);
  const body = Readable.from(
    (function* () {
      yield Buffer.from(`--${BOUNDARY}\r\n${DICOM}\r\n\r\n`);
      yield start;
      for (let at = 0; at < PIXELS; at += BLOCK) {
        const block = Buffer.alloc(Math.min(BLOCK, PIXELS - at), at / BLOCK);
        hash.update(block);
        yield block;
      }
      yield Buffer.from(`\r\n--${BOUNDARY}--\r\n`);
    })(),
  );
  const { status } = await askAt(port, "/dicom-web/studies", { method: "POST", headers: STOW, body });
  assert.equal(status, 200);
  const path = "/dicom-web/studies/1.2.3/series/1.2.3.9/instances/1.2.3.9.1";
  const { headers } = await askAt(port, path, { method: "HEAD" });
  assert.equal(headers["repr-digest"], `sha-256=:${hash.digest("base64")}:`);
  assert.equal(headers["content-length"], String(start.length + PIXELS));
  const grown = Math.max(...sizes) - base;
  assert.ok(grown < FLAT, `${Math.round(grown / 1e6)} MB more`);
});
