// Gives files to the page's ZIP writer as a run of the page does: as many at once as the writer's window allows.
import { zipFileSink } from "../deliver/zip.js";
import { OpenWrites } from "../session/window.js";

export function zipWriter(file) {
  const sink = zipFileSink(file);
  const open = new OpenWrites(sink);
  const written = [];
  return {
    /** Resolves when the next file may come. */
    async write({ name, blob, crc32 }) {
      const output = { name, blob, crc32, bytes: blob.size };
      while (!open.fits(output.bytes)) await open.nextChange();
      written.push(open.write(output).finally(() => open.changed()));
    },
    async close() {
      sink.flush();
      await Promise.all(written);
      await sink.close();
    },
  };
}
