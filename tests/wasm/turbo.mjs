// JPEGs decoded by libjpeg-turbo, as cornerstone builds it.
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/** Gives what decodes a JPEG of 8 bits. @returns {Promise<(jpeg: Buffer) => Uint8Array>} */
export async function libjpegTurbo() {
  const library = await require("@cornerstonejs/codec-libjpeg-turbo-8bit")();
  return (jpeg) => {
    const decoder = new library.JPEGDecoder();
    decoder.getEncodedBuffer(jpeg.length).set(jpeg);
    decoder.decode();
    const out = decoder.getDecodedBuffer().slice();
    decoder.delete();
    return out;
  };
}
