/** A session of the page: the engine's session, with the browser's ways of putting files in and taking them out. */
import { DeliveryError } from "../deliver/sink.js";
import { takeDrop, walkDrop, walkFiles, walkHandle } from "../intake/walk.js";
import { SessionError } from "../session/session.js";
import { openSink } from "./sinks.js";

/**
 * @typedef {import("../session/session.js").Session} Session
 * @typedef {import("./upload.js").Uploader} Uploader
 * @typedef {import("../workers/types.js").Input} Input
 * @typedef {Iterable<File | FileSystemHandle | Input> | AsyncIterable<Input> | DataTransfer | FileSystemHandle} Added
 */

export class TokumeiSession {
  #session;
  #key;
  /** Of the destination that was named last, though it may still be opening. @type {Promise<Uploader | null>} */
  #uploader;
  /** Of all that were named. @type {Set<Promise<Uploader | null>>} */
  #uploaders;

  /** @param {Session} session @param {import("./key.js").HeldKey} key @param {Uploader | null} [uploader] */
  constructor(session, key, uploader = null) {
    this.#session = session;
    this.#key = key;
    this.#uploader = Promise.resolve(uploader);
    this.#uploaders = new Set([this.#uploader]);
  }

  get keyId() {
    return this.#session.keyId;
  }

  /** @param {"progress" | "notice" | "held" | "file"} event @param {(detail: any) => void} listener @returns {() => void} */
  on(event, listener) {
    return this.#session.on(event, listener);
  }

  /**
   * Takes files in and reads their headers. A DataTransfer must be given inside its drop event.
   * @param {Added} added
   * @param {{ signal?: AbortSignal }} [how]
   * @returns {Promise<number>} files taken in
   */
  add(added, how = {}) {
    return this.#session.add(inputsOf(added), how);
  }

  /** Numbers the files and decides what will happen to each. @returns {Promise<{ totals: Record<string, number> }>} */
  plan() {
    return this.#session.plan();
  }

  /**
   * Processes what is planned to leave. Without a sink the outputs wait, by reference, for `save` or `upload`.
   * @param {{ signal?: AbortSignal, sink?: import("../deliver/sink.js").Sink }} [how]
   * @returns {Promise<{ stopped: boolean }>}
   */
  run(how = {}) {
    return this.#session.run(how);
  }

  /**
   * Delivers into a place: what an earlier `run` left waiting, what an `upload` could not deliver, and what is still to be processed.
   * @param {import("./sinks.js").Place & { signal?: AbortSignal }} how
   * @returns {Promise<{ stopped: boolean, written: number, blob: Blob | null }>} `blob`: the ZIP, where no handle was given
   */
  async save({ signal, ...place }) {
    for (;;) {
      const sink = await openSink(place);
      try {
        const { stopped } = await this.#session.run({ sink, ...(signal && { signal }) });
        return { stopped, written: sink.written(), blob: (await sink.blob?.()) ?? null };
      } catch (error) {
        // A run that could not begin has let go of nothing.
        await sink.abort();
        // A file that is gone since it was processed can't be taken out of a ZIP: it is refused now, and the ZIP begun again.
        if (!(place.kind === "zip" && isOfSource(error))) throw error;
      }
    }
  }

  /**
   * Sends what has not arrived yet to the destination of `open`; after a stop or a failure again, just the rest.
   * @param {{ signal?: AbortSignal, token?: import("./upload.js").Token, only?: number[] }} [how] `only`: these files alone
   * @returns {Promise<{ stopped: boolean, sent: number, there: number, failed: number }>}
   */
  async upload({ signal, token = () => null, only } = {}) {
    const uploader = await this.#uploader;
    if (uploader === null) throw new DeliveryError("destination-not-allowed");
    return this.#session.upload({
      place: async (notice) => uploader.sink(token, notice),
      destination: uploader.url,
      ...(signal && { signal }),
      ...(only && { only }),
    });
  }

  /** Names another destination of the settings, for every `upload` from now on. @param {string} destination name or address */
  async sendTo(destination) {
    this.#uploader = import("./upload.js").then(({ Uploader }) => Uploader.open(destination, this.#key.copy()));
    this.#uploaders.add(this.#uploader);
    await this.#uploader;
  }

  /** Finishes what is under way; then nothing more is processed, sent or written. */
  pause() {
    this.#session.pause();
  }

  /** Goes on after a pause; where the network is waited for, it is tried at once. */
  resume() {
    this.#session.resume();
  }

  /** What a destination or a place did not take; another `upload` or `save` offers it again. */
  failed() {
    return this.#session.failed();
  }

  /** `tokumei.receipt/1` of what the destination that was named last has confirmed, or null. */
  async receipt() {
    const uploader = await this.#uploader.catch(() => null);
    return uploader && this.#session.receipt(uploader.url);
  }

  /** Images that a destination has confirmed. */
  confirmed() {
    return this.#session.confirmed();
  }

  /** Images that are to leave and have not arrived. */
  remaining() {
    return this.#session.remaining();
  }

  /** The record is kept: this browser no longer remembers what was delivered. */
  async finish() {
    for (const opening of this.#uploaders) await (await opening.catch(() => null))?.finish();
  }

  /** What waits for a person, in groups. */
  held() {
    return this.#session.held();
  }

  /**
   * An approval counts only for an image whose every frame was drawn.
   * @param {number[]} items
   * @param {import("../session/decisions.js").PersonsDecision} decision
   */
  decide(items, decision) {
    return this.#session.decide(items, decision);
  }

  /** Takes decisions back, as long as nothing has left. @param {number[]} items */
  undecide(items) {
    return this.#session.undecide(items);
  }

  /** A frame was on the screen. @param {number} n @param {number} frame from 0 */
  drawn(n, frame) {
    this.#session.drawn(n, frame);
  }

  /** Masks that a rule would draw, bars of a screen capture, and those of `devices`. @param {number} n */
  boxes(n) {
    return this.#session.boxes(n);
  }

  /**
   * Everything outside the image of a frame, in pixels: a proposal for a person. Nothing where no image stands out.
   * @param {number} n
   * @param {number | null} [frame]  from 0; null: the images of the first, the middle and the last frame stay
   */
  outside(n, frame = null) {
    return this.#session.outside(n, frame);
  }

  /** Rectangles that a person wants for all images of a device and size. */
  get devices() {
    return this.#session.devices;
  }

  /** `tokumei.report/1`: every file once, no identity. */
  report() {
    return this.#session.report();
  }

  /** `tokumei.mapping/1`, or null where the policy forbids it. Identifying: for a local file only. */
  mapping() {
    return this.#session.mapping();
  }

  /** The key as a key file; from now on the report says that the key is kept. @param {string | null} [passphrase] */
  async keyFile(passphrase = null) {
    const file = await this.#key.toFile(passphrase);
    this.#key.kept = true;
    this.#session.keepKey();
    return file;
  }

  /** Attributes of one file before and after, with the rule. Identifying: for the screen only. @param {number} n */
  changes(n) {
    return this.#session.changes(n);
  }

  /** @param {number} n @param {number} [frame] from 0 @param {number[] | null} [levels] center and width of a window; empty: the whole range */
  preview(n, frame = 0, levels = null) {
    return this.#session.preview(n, frame, levels);
  }

  /** Patients, studies, series with counts. Identifying: for the screen only. */
  tree() {
    return this.#session.tree();
  }

  /** One file as it stands. Identifying: for the screen only. @param {number} n */
  file(n) {
    return this.#session.file(n);
  }

  /** Ends the workers and lets go of everything. */
  async close() {
    const arrived = this.#session.remaining() === 0;
    await this.#session.close();
    if (arrived) await this.finish();
  }
}

/** @param {unknown} error */
function isOfSource(error) {
  return error instanceof SessionError && (error.code === "source-unreadable" || error.code === "source-changed");
}

/** @param {Added} added @returns {Iterable<Input> | AsyncIterable<Input>} */
function inputsOf(added) {
  if (added instanceof DataTransfer) return walkDrop(takeDrop(added));
  if (added instanceof FileSystemHandle) return walkHandle(added);
  if (Symbol.asyncIterator in added) return added;
  return eachInput(added);
}

/** @param {Iterable<File | FileSystemHandle | Input>} things @returns {AsyncGenerator<Input>} */
async function* eachInput(things) {
  for (const thing of things) {
    if (thing instanceof File) yield* walkFiles([thing]);
    else if (thing instanceof FileSystemHandle) yield* walkHandle(thing);
    else yield thing;
  }
}
