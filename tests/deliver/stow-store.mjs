// A DICOMweb store in memory, written without the product's own reading and writing, with faults on demand. It counts what
// comes twice, so that "exactly once" is seen at the receiver.
import { createHash } from "node:crypto";
import { TransportError } from "../../www/deliver/stow/transport.js";

/** An instance here: its UIDs as the first line, then filler. The store reads them as it would read a header. */
export function makeBlob({ study, series, instance }, bytes, mark = "") {
  const head = `DICM ${study} ${series} ${instance} ${mark}\n`;
  return Buffer.concat([Buffer.from(head), Buffer.alloc(Math.max(0, bytes - head.length), mark || "x")]);
}

export const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

/** @returns {import("../../www/deliver/sink.js").Output} */
export function output(
  n,
  { study = "2.25.1", series = "2.25.2", instance = `2.25.1000${n}`, bytes = 1_000, mark = "" } = {},
) {
  const content = makeBlob({ study, series, instance }, bytes, mark);
  return {
    ...{ n, name: `P/${n}.dcm`, blob: new Blob([content]), sha256: sha256(content), bytes: content.length },
    ...{
      patient: "P",
      study,
      series,
      instance,
      sopClass: "1.2.840.10008.5.1.4.1.1.2",
      transferSyntax: "1.2.840.10008.1.2.1",
    },
  };
}

export class Store {
  /** study → instance → {series, bytes} */
  studies = new Map();
  /** Instances that came though they were there already. */
  again = 0;
  requests = [];
  /** @param {Partial<{fault: (request: any, store: Store) => any, most: number, digests: boolean, queries: boolean}>} [how] */
  constructor(how = {}) {
    this.how = { fault: () => null, most: Number.POSITIVE_INFINITY, digests: true, queries: true, ...how };
  }

  get count() {
    return [...this.studies.values()].reduce((sum, study) => sum + study.size, 0);
  }

  find(study, instance) {
    return this.studies.get(study)?.get(instance);
  }

  put(study, series, instance, bytes) {
    const kept = this.studies.get(study) ?? new Map();
    this.studies.set(study, kept);
    if (kept.has(instance)) this.again += 1;
    else kept.set(instance, { series, bytes });
  }

  /** @returns {{status: number, headers?: Record<string, string>, body?: string | Buffer}} */
  answer({ method, path, headers, body }) {
    if (method === "POST") return this.#store(headers, body);
    if (!this.how.queries) return { status: 404, body: "no such page" };
    const [, study, series, instance] =
      /^\/studies\/([\d.]+)(?:\/series\/([\d.]+))?\/instances(?:\/([\d.]+))?/.exec(path) ?? [];
    if (!study) return { status: 204 };
    if (instance) return this.#retrieve(method, study, series, instance);
    const query = new URL(path, "http://store").searchParams;
    const [offset, limit] = [Number(query.get("offset")), Number(query.get("limit"))];
    const uids = [...(this.studies.get(study)?.keys() ?? [])].slice(offset, offset + limit);
    return json(
      200,
      uids.map((uid) => ({ "00080018": { vr: "UI", Value: [uid] } })),
    );
  }

  #store(headers, body) {
    if (body.length > this.how.most) return { status: 413, body: "<html>too large</html>" };
    const parts = readParts(headers["content-type"], body);
    const uids = parts.map((bytes) => {
      const [, study, series, instance] = /^DICM (\S+) (\S+) (\S+) /.exec(bytes.subarray(0, 400).toString("latin1"));
      this.put(study, series, instance, bytes);
      return instance;
    });
    return json(200, stored(uids));
  }

  #retrieve(method, study, series, instance) {
    const found = this.find(study, instance);
    if (!found || found.series !== series) return { status: 404 };
    const digest = createHash("sha256").update(found.bytes).digest("base64");
    const headers = this.how.digests ? { "repr-digest": `sha-256=:${digest}:` } : {};
    if (method === "HEAD") return { status: 200, headers };
    const boundary = "wado-answer";
    const head = Buffer.from(`--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`);
    return {
      status: 200,
      headers: { "content-type": `multipart/related; type="application/dicom"; boundary="${boundary}"` },
      body: Buffer.concat([head, found.bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]),
    };
  }

  /** A transport that goes straight to this store. `fault` may drop the request or answer in its place. */
  transport() {
    return async ({ method, url, headers, body, signal, onProgress, want, most = Number.POSITIVE_INFINITY }) => {
      await new Promise((done) => setImmediate(done));
      if (signal.aborted) throw new TransportError("no-answer");
      const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
      const bytes = body && Buffer.from(await body.arrayBuffer());
      const request = { method, url, path: url.replace("https://there/dicom-web", ""), headers: lower, body: bytes };
      const parts = method === "POST" ? readParts(lower["content-type"], bytes).length : 0;
      this.requests.push({ method, path: request.path, headers: lower, bytes: bytes?.length ?? 0, parts });
      onProgress?.(bytes?.length ?? 0);
      const fault = this.how.fault(request, this);
      if (fault === "drop") throw new TransportError("no-answer");
      if (fault === "offline") throw new TransportError("offline");
      if (typeof fault?.status === "number") return asAnswer(fault, want, most);
      const answer = this.answer(request);
      if (fault === "drop-after") throw new TransportError("no-answer");
      return asAnswer(fault?.change ? fault.change(answer, this) : answer, want, most);
    };
  }
}

export const json = (status, value) => ({
  status,
  headers: { "content-type": "application/dicom+json" },
  body: JSON.stringify(value),
});

const item = (uid, more = {}) => ({ "00081155": { vr: "UI", Value: [uid] }, ...more });

/** An answer to a store request: what was stored, and what failed with which reason. */
export function stored(uids, failed = []) {
  return {
    "00081199": { vr: "SQ", Value: uids.map((uid) => item(uid)) },
    ...(failed.length > 0 && {
      "00081198": {
        vr: "SQ",
        Value: failed.map(([uid, reason]) => item(uid, { "00081197": { vr: "US", Value: [reason] } })),
      },
    }),
  };
}

function asAnswer({ status, headers = {}, body = "" }, want, most) {
  const header = (name) => headers[name.toLowerCase()] ?? null;
  if (body.length > most) return { status, header, text: "", blob: null, cut: true };
  return want === "blob"
    ? { status, header, text: "", blob: new Blob([body]) }
    : { status, header, text: String(body) };
}

/** As strict as the most careful receiver measured: one form of the headers, CRLF, a closing boundary. */
export function readParts(type, body) {
  const boundary = /^multipart\/related; type="application\/dicom"; boundary=([A-Za-z0-9]{16,70})$/.exec(type)?.[1];
  if (!boundary) throw new Error("content type");
  const text = body.toString("latin1");
  if (!text.startsWith(`--${boundary}\r\n`) || !text.endsWith(`\r\n--${boundary}--\r\n`)) throw new Error("boundary");
  const head = "Content-Type: application/dicom\r\n\r\n";
  return text
    .slice(0, -`\r\n--${boundary}--\r\n`.length)
    .split(new RegExp(`(?:^|\r\n)--${boundary}\r\n`))
    .slice(1)
    .map((part) => {
      if (!part.startsWith(head)) throw new Error("part header");
      return Buffer.from(part.slice(head.length), "latin1");
    });
}
