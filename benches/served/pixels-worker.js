// A rectangle in every frame of a native file, and the same file copied: of both a Blob is made and read, as what leaves is.
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

/** What is read at once: a Blob made of a whole file in memory is more than Chromium takes. */
const WINDOW = 8 * 1024 * 1024;
const reader = new FileReaderSync();

/** @param {Blob} blob @param {(bytes: ArrayBuffer) => void} [use] */
function read(blob, use = () => undefined) {
  for (let at = 0; at < blob.size; at += WINDOW) use(reader.readAsArrayBuffer(blob.slice(at, at + WINDOW)));
  return blob.size;
}

const kinds = {
  read,
  // What does not refer to the file has to become a Blob of its own bytes.
  copy: (file) => read(file, (bytes) => reader.readAsArrayBuffer(new Blob([bytes]))),
  mask: (file, area) => {
    const settled = { reason: "decided-masked", text: true, masks: [{ frames: "all", ...area }], clear: false };
    const made = maskedBy({ mask }, { data: file }, settled, { limits: LIMITS, transferSyntax: null });
    if ("stop" in made) throw new Error(made.stop);
    const { value } = made.how.pixels;
    const parts = made.resolve(value).map((p) => (p instanceof Uint8Array ? p : file.slice(p[0], p[0] + p[1])));
    return read(new Blob(parts));
  },
};

self.onmessage = async ({ data: { kind, file, area } }) => {
  try {
    const { memory } = await ready;
    const begun = performance.now();
    const bytes = kind === "mask" ? kinds.mask(file, area) : kinds[kind](file);
    postMessage({ ms: performance.now() - begun, bytes, memory: memory.buffer.byteLength });
  } catch (error) {
    postMessage({ failed: String(error) });
  }
};
