// A rival from the package registry on the same files in the same browser, with its own defaults, on the page's thread.
import { zipSink } from "../deliver/zip.js";
import { BasicProfile, DicomDeidentifier } from "./peer-bundle.js";

globalThis.peer = async (files, handle) => {
  const begun = performance.now();
  const sink = zipSink(await handle.createWritable());
  const deidentifier = new DicomDeidentifier({ profileOptions: [BasicProfile] });
  let done = 0;
  for (const file of files) {
    let bytes;
    try {
      bytes = deidentifier.deidentify(new Uint8Array(await file.arrayBuffer()));
    } catch {
      continue;
    }
    const blob = new Blob([bytes]);
    await crypto.subtle.digest("SHA-256", await blob.arrayBuffer());
    await sink.write({ name: file.name, blob, sha256: "" });
    done += 1;
  }
  await sink.close();
  return { ms: performance.now() - begun, done };
};
