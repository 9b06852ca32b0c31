// A session with a pool that is no engine, and sinks that answer when a test says so.
import { openSession } from "../../www/session/session.js";

export const PASS = { verdict: "pass", reason: "clean", tag: null };

/** @param {string} path */
export const input = (path, more = {}) => ({ path, size: 10, lastModified: 1, ...more });
export const inputs = (count, more = {}) =>
  Array.from({ length: count }, (_, i) => input(`f${String(i).padStart(6, "0")}`, more));

const rowOf = (path) => ({
  kind: "dicom",
  sopInstance: `1.${path}`,
  study: "1",
  series: "1",
  patient: "7",
  namespace: "",
  modality: "CT",
  concatenation: null,
  screen: {},
});

const CT = "1.2.840.10008.5.1.4.1.1.2";
const LITTLE = "1.2.840.10008.1.2.1";

export const output = (path, { blob = new Blob(["123456789"]), ...more } = {}) => ({
  ...PASS,
  bytesOut: blob?.size ?? 9,
  sha256: path.length.toString(16).padStart(64, "0"),
  sopClass: CT,
  modality: "CT",
  transferSyntax: LITTLE,
  patient: "PSEUDO",
  study: "2.25.1",
  series: "2.25.2",
  instance: `2.25.3${path.replaceAll(/\D/g, "")}`,
  frameOfReference: null,
  out: `PSEUDO/2.25.1/2.25.2/${path}.dcm`,
  actions: { X: 1, Z: 0, D: 0, U: 0, C: 0, K: 0 },
  checked: { text: false, face: false },
  ms: 1,
  readBy: "dicom-object",
  crc32: 1,
  own: 3,
  ...(blob && { blob }),
  ...more,
});

/** A pool of workers that take a turn for each transform; what none of them has begun can be dropped. */
export function poolOf({ size = 2, transform = async ({ path }) => output(path), row = rowOf } = {}) {
  const seen = { transformed: [], dropped: 0 };
  let queue = [];
  let busy = 0;
  const work = () => {
    while (busy < size && queue.length > 0) {
      const { given, dry, more, end } = queue.shift();
      busy += 1;
      setImmediate(async () => {
        if (!dry) seen.transformed.push(given.path);
        end(await transform(given, dry, more));
        busy -= 1;
        work();
      });
    }
  };
  const drop = () => {
    const dropped = queue;
    queue = [];
    seen.dropped += dropped.length;
    for (const { end } of dropped) end({ fault: "stopped" });
  };
  return {
    size,
    seen,
    scan: async ({ path }) => row(path),
    plan: async (rows) => rows.map(() => PASS),
    transform: (given, _row, dry, _others, _settled, crc32) =>
      new Promise((end) => {
        queue.push({ given, dry, more: { crc32 }, end });
        work();
      }),
    digest: async ({ path }) => ({ sha256: path }),
    drop,
    close: async () => drop(),
  };
}

export async function sessionOf(pool, files, more = {}) {
  let clock = Date.UTC(2024, 0, 1);
  const session = openSession({
    pool,
    policy: { id: "p", version: "1" },
    policySha256: "a".repeat(64),
    keyId: "0123456789abcdef",
    keyKept: true,
    optOut: null,
    tool: "tokumei 0.0.0",
    now() {
      clock += 1000;
      return new Date(clock);
    },
    ...more,
  });
  await session.add(files);
  await session.plan();
  return session;
}

/**
 * A destination with a window; `answer` decides how each write ends: `undefined`, "there", an Error, or a promise of these.
 */
export function sinkOf({ window, whole, answer = () => undefined, ...more } = {}) {
  const seen = {
    names: [],
    given: [],
    open: 0,
    most: 0,
    bytes: 0,
    closed: 0,
    aborted: 0,
    flushed: 0,
    paused: 0,
    resumed: 0,
  };
  return {
    seen,
    ...(window && { window }),
    ...(whole && { whole }),
    async write(one) {
      seen.given.push(one.n);
      seen.open += 1;
      seen.bytes += one.bytes;
      seen.most = Math.max(seen.most, seen.open);
      try {
        const end = await answer(one);
        if (end instanceof Error) throw end;
        seen.names.push(one.name);
        return end;
      } finally {
        seen.open -= 1;
        seen.bytes -= one.bytes;
      }
    },
    flush: () => {
      seen.flushed += 1;
    },
    pause: () => {
      seen.paused += 1;
    },
    resume: () => {
      seen.resumed += 1;
    },
    async close() {
      seen.closed += 1;
    },
    async abort() {
      seen.aborted += 1;
    },
    ...more,
  };
}

export const code = (name) => Object.assign(new Error(name), { code: name });
export const never = () => new Promise(() => undefined);
export const turns = async (count = 20) => {
  for (let i = 0; i < count; i += 1) await new Promise((done) => setImmediate(done));
};
