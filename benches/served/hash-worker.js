// Reads a file whole and hashes it, with the check sum that a ZIP needs.
import init, { Crc32 } from "../pkg/core.js";

const ready = init({ module_or_path: new URL("../pkg/core.wasm", import.meta.url) });

self.onmessage = async ({ data: file }) => {
  await ready;
  const bytes = await file.arrayBuffer();
  const crc = new Crc32();
  crc.update(new Uint8Array(bytes));
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  const sha256 = Array.from(new Uint8Array(digest), (b) => b.toString(16).padStart(2, "0")).join("");
  postMessage({ sha256, crc32: crc.value() });
  crc.free();
};
