// A rival from the package registry on the same files in the same browser, with its own defaults, on the page's thread, as its
// README shows: bytes in, bytes out. It brings no hash and no ZIP; it gets the page's.
import init, { Crc32 } from "../pkg/core.js";
import { BasicProfile, DicomDeidentifier } from "./peer-bundle.js";
import { zipWriter } from "./writer.js";

const ready = init({ module_or_path: new URL("../pkg/core.wasm", import.meta.url) });

globalThis.peer = async (files, handle) => {
  await ready;
  const begun = performance.now();
  const zip = zipWriter(await handle.createWritable());
  const deidentifier = new DicomDeidentifier({ profileOptions: [BasicProfile] });
  let [done, processing] = [0, 0];
  for (const file of files) {
    let bytes;
    try {
      const input = new Uint8Array(await file.arrayBuffer());
      const started = performance.now();
      bytes = deidentifier.deidentify(input);
      processing += performance.now() - started;
    } catch {
      continue;
    }
    const blob = new Blob([bytes]);
    await crypto.subtle.digest("SHA-256", bytes);
    const crc = new Crc32();
    crc.update(bytes);
    await zip.write({ name: file.name, blob, crc32: crc.value() });
    crc.free();
    done += 1;
  }
  await zip.close();
  return { ms: performance.now() - begun, done, processing };
};
