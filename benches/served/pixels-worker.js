// A rectangle in every frame of a native file, and the same file copied: both end as bytes in memory.
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

/** @param {Blob} blob */
const bytesOf = (blob) => new FileReaderSync().readAsArrayBuffer(blob).byteLength;

const kinds = {
  copy: (file) => bytesOf(new Blob([new FileReaderSync().readAsArrayBuffer(file)])),
  mask: (file, area) => {
    const settled = { reason: "decided-masked", text: true, masks: [{ frames: "all", ...area }], clear: false };
    const made = maskedBy({ mask }, { data: file }, settled, { limits: LIMITS, transferSyntax: null });
    if ("stop" in made) throw new Error(made.stop);
    const { value } = made.how.pixels;
    const parts = made.resolve(value).map((p) => (p instanceof Uint8Array ? p : file.slice(p[0], p[0] + p[1])));
    return bytesOf(new Blob(parts));
  },
};

self.onmessage = async ({ data: { kind, file, area } }) => {
  const { memory } = await ready;
  const begun = performance.now();
  const bytes = kinds[kind](file, area);
  postMessage({ ms: performance.now() - begun, bytes, memory: memory.buffer.byteLength });
};
