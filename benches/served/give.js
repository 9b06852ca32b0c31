// Outputs on their way into a sink, as a run of the page gives them.
import { OpenWrites } from "../session/window.js";

/** As many at once as the sink's window allows, as a run of the page does. */
export async function give(sink, outputs, hashed = []) {
  const open = new OpenWrites(sink);
  const written = [];
  for (const [i, output] of outputs.entries()) {
    await hashed[i];
    while (!open.fits(output.bytes)) await open.nextChange();
    written.push(open.write(output).finally(() => open.changed()));
  }
  sink.flush();
  await Promise.all(written);
  await sink.close();
}
