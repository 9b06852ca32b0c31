// One output many times over as a ZIP, beside the page itself.
import { zipFileSink } from "../deliver/zip.js";
import { give } from "./give.js";

/** One output of a session, `times` over under other names, as a ZIP in a file of the browser's own storage. */
globalThis.zip = async (output, handle, times) => {
  const sink = zipFileSink(await handle.createWritable());
  await give(
    sink,
    Array.from({ length: times }, (_, i) => ({ ...output, name: `${i}/${output.name}` })),
  );
  return (await handle.getFile()).size;
};
