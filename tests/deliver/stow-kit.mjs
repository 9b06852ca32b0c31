// What the tests of the STOW client share: a sink without waiting, and how its writes ended.
import { stowSink } from "../../www/deliver/stow/sink.js";

/** @param {import("./stow-store.mjs").Store} store @param {object} [more] */
export function sinkTo(store, more = {}) {
  const [waits, notices] = [[], []];
  const sink = stowSink({
    url: "https://there/dicom-web",
    transport: store.transport(),
    notice: (notice) => notices.push(notice),
    random: () => 0.5,
    sleep: async (ms) => {
      waits.push(ms);
    },
    ...more,
  });
  return { sink, waits, notices, codes: () => notices.map(({ code }) => code) };
}

/** Gives all outputs at once, closes, and says how each write ended: "sent", "there" or the code. */
export async function writeAll(sink, outputs) {
  const ends = outputs.map((one) => ended(sink.write(one)));
  await sink.close();
  return Promise.all(ends);
}

/** @param {Promise<void | "there">} write */
export function ended(write) {
  return write.then(
    (how) => how ?? "sent",
    (error) => error.code,
  );
}

/** A ledger like the page's, in memory. */
export function ledger() {
  const states = new Map();
  const name = ({ instance, sha256 }) => `${instance} ${sha256}`;
  return {
    states,
    has: async (one) => states.get(name(one)) ?? null,
    intend: async (many) => {
      for (const one of many) if (!states.has(name(one))) states.set(name(one), "intended");
    },
    confirm: async (one) => {
      states.set(name(one), "confirmed");
    },
  };
}

export const tick = () => new Promise((done) => setImmediate(done));
