// A rectangle in every frame of a native file, and the same file copied: of both every byte comes into memory once.
import init, { mask } from "../pkg/pixels.js";
import { maskedBy } from "../workers/masking.js";

const LIMITS = {
  nesting: 64,
  elements: 1e6,
  headerBytes: 2 ** 26,
  textValueBytes: 2 ** 24,
  inflatedBytes: 2 ** 28,
  frames: 1e6,
  frameBytes: 2 ** 29,
};
const ready = init({ module_or_path: new URL("../pkg/pixels.wasm", import.meta.url) });

/** What is read at once. */
const WINDOW = 8 * 1024 * 1024;
const held = new Uint8Array(WINDOW);

/** Every byte into memory, a window after the other: a Blob made of a whole file in memory is more than Chromium takes. @param {Blob} blob */
function copy(blob) {
  const reader = new FileReaderSync();
  for (let at = 0; at < blob.size; at += WINDOW) {
    held.set(new Uint8Array(reader.readAsArrayBuffer(blob.slice(at, at + WINDOW))));
  }
  return blob.size;
}

const kinds = {
  copy,
  mask: (file, area) => {
    const settled = { reason: "decided-masked", text: true, masks: [{ frames: "all", ...area }], clear: false };
    const made = maskedBy({ mask }, { data: file }, settled, { limits: LIMITS, transferSyntax: null });
    if ("stop" in made) throw new Error(made.stop);
    const { value } = made.how.pixels;
    const parts = made.resolve(value).map((p) => (p instanceof Uint8Array ? p : file.slice(p[0], p[0] + p[1])));
    return copy(new Blob(parts));
  },
};

self.onmessage = async ({ data: { kind, file, area } }) => {
  try {
    const { memory } = await ready;
    const begun = performance.now();
    const bytes = kinds[kind](file, area);
    postMessage({ ms: performance.now() - begun, bytes, memory: memory.buffer.byteLength });
  } catch (error) {
    postMessage({ failed: String(error) });
  }
};
