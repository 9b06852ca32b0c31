/**
 * The shapes that travel between the page (or the command line), the workers and the session. No code.
 *
 * Rows and outcomes come from the core module; the session adds what the report needs.
 *
 * @typedef {{path: string, size: number, lastModified: number, file?: Blob, fsPath?: string | Uint8Array,
 *   member?: Member, fault?: string, refresh?: () => Promise<{size: number, lastModified: number} | null>}} Input
 *   One file that came in. `path` uses "/"; `file` in the page, `fsPath` in Node: of a member of a ZIP, the ZIP's. `fault` is
 *   the reason why it can't be opened at all, known from the walk. `refresh` asks the disk for the file's present size and time,
 *   to tell a changed file from an unreadable one; it stays on the page's side.
 *
 * @typedef {{archive: number, offset: number, end: number, packed: number, method: number, crc32: number, named: number}} Member
 *   Where a ZIP holds a file: length of the ZIP; offset of the local header, and of what comes next in the ZIP; bytes of the member's
 *   data and how they are compressed (APPNOTE.TXT 4.4.5: 0 stored, 8 deflated); CRC-32 of the file and of its name as it stands.
 *
 * @typedef {{patientName?: string, patientId?: string, birthDate?: string, sex?: string, studyDate?: string,
 *   studyDescription?: string, accession?: string, seriesDescription?: string, bodyPart?: string, device?: string, maker?: string, model?: string}} Screen
 *   Original values for the operator's eyes only; never stored or reported.
 *
 * @typedef {{kind: string, reason: string | null, tag: string | null, bytes: number, transferSyntax: string | null,
 *   sopClass: string | null, sopInstance: string | null, study: string | null, series: string | null,
 *   frameOfReference: string | null, concatenation: string | null, modality: string | null, patient: string,
 *   patientStatus: string, namespace: string | null, birthDate: string | null, sex: string | null, rows: number | null,
 *   columns: number | null, frames: number | null, masks?: (Omit<Mask, "frames"> & Partial<Mask>)[], masksComplete?: boolean, seriesNumber: number | null, instanceNumber: number | null,
 *   ownOutput: boolean, digest?: string | null, screen: Screen}} ScanRow
 *
 * @typedef {{number: number, lines?: string}} Others
 *   What other files of a patient say about who it is, as verify wrote it when they were scanned; a worker that has been told it
 *   gets its number alone. Never stored or reported.
 *
 * @typedef {{verdict: string, reason: string, tag: string | null, looked?: Decision}} Decision
 *   `looked`: what it comes to once a person has looked at the pixels, where it waits for that
 *
 * @typedef {{frames: "all" | number[], x: number, y: number, w: number, h: number, by: "rule" | "region" | "bar" | "file" | "person"}} Mask
 *   A rectangle in pixels of the stored matrix, on frames from 0; `by`: what found it. A `bar` is proposed only.
 * @typedef {Mask & {masked: Area | null}} Drawn  `masked`: what became constant; null: it lies outside the matrix
 * @typedef {{reason: string, text: boolean, masks: Mask[], clear: boolean}} Settled
 *   What is settled of an instance's pixels: the reason that it leaves with; whether burned-in text was looked for; what is made
 *   black; whether bits that belong to no sample are cleared.
 * @typedef {{value: Pieces, own: Uint8Array[], offsetTable: "keep" | "remove" | [Uint8Array, Uint8Array],
 *   photometric: string | null, transferSyntax: string | null, frames: number, areas: (Area | null)[], cleared: boolean}} NewPixels
 *   New Pixel Data. `value`: ranges of the source or, from 2^52 on, of the bytes `own` one after the other. `areas`: what
 *   became constant for each mask, grown to what the coding holds together; null where it lies outside the matrix. `cleared`:
 *   no frame holds bits that belong to no sample.
 *
 * @typedef {(Uint8Array | [number, number])[]} Pieces  Own bytes, or [offset, length] of the source.
 *
 * @typedef {{X: number, Z: number, D: number, U: number, C: number, K: number}} Actions
 * @typedef {{text: boolean, face: boolean}} Checked
 *
 * @typedef {{verdict: string, reason: string, tag: string | null, toLookAt: boolean, pieces: Pieces, bytesOut: number, sopClass: string | null,
 *   modality: string | null, transferSyntax: string | null, patient: string | null, study: string | null,
 *   series: string | null, instance: string | null, frameOfReference: string | null, actions: Actions, checked: Checked,
 *   dateShiftDays: number | null, patientIdOriginal: string | null, uids: [string, string][],
 *   samples: import("./samples.js").Samples | null}} Outcome
 *
 * @typedef {{patientId: string, dateShiftDays: number | null, uids: [string, string][]}} MappingPart
 *
 * @typedef {{verdict: string, reason: string, tag: string | null, bytesOut: number | null, sha256: string | null,
 *   sopClass: string | null, modality: string | null, transferSyntax: string | null, patient: string | null,
 *   study: string | null, series: string | null, instance: string | null, frameOfReference: string | null,
 *   out: string | null, actions: Actions | null, checked: Checked | null, masks?: Drawn[], ms: number, readBy: string | null,
 *   blob?: Blob, pieces?: Pieces, own?: number, crc32?: number, delivered?: boolean, there?: boolean, spooled?: string, mapping?: MappingPart}} Result
 *   What a worker says of one instance. `blob` or `pieces` in the page (the composed output, by
 *   reference, but for `own` bytes of it; pieces refer to the input's file); `delivered` where the worker itself has written it, `there` where it was there with equal bytes; `spooled` where it waits as a
 *   file of this name in the pool's spool.
 *
 * @typedef {{path: string, keyword: string | null, vr: string | null, before: string | null, after: string | null,
 *   added: boolean, changed: boolean, action: string, rule: string, section: string}} Change  `added`: it did not stand in the instance
 *
 * @typedef {{width: number, height: number, rgba: Uint8ClampedArray, window: [number, number] | null, inverted: boolean,
 *   grid: [number, number] | null} | {none: string}} Preview
 *   `window`: center and width, of grey values; `inverted`: larger ones are darker; `grid`: columns and rows that masks of this frame
 *   grow to outwards, null where that is known only when it is masked; `none`: why there is no picture
 *
 * @typedef {{x: number, y: number, w: number, h: number}} Area  A rectangle in pixels of the stored matrix.
 * @typedef {{outside: Area[], written: Area[]} | {none: string}} Around
 *   What stands around the image of a frame, and which areas of it hold anything; a proposal for a person.
 *
 * @typedef {object} PixelsModule
 * @property {(source: OpenedSource["data"], frames: Uint32Array) => Around} around
 * @property {(source: OpenedSource["data"], frame: number, window?: Float64Array) => Preview} preview
 * @property {(source: OpenedSource["data"], request: object, limits: object) => NewPixels | {stop: string}} mask
 * @property {(source: OpenedSource["data"], limits: object) => {behind: boolean} | {stop: string}} look
 * @property {{buffer: ArrayBufferLike}} memory
 *
 * @typedef {object} OpenedSource  A file while a worker holds it.
 * @property {Blob | {size: number, read(offset: number, into: Uint8Array): void}} data  what the modules read
 * @property {string | null} fault  why a read failed (`source-unreadable`, `source-changed`), if one did
 * @property {boolean} [short]  a read went beyond what a source that was not opened whole has: it is to be opened again
 * @property {() => void} close
 *
 * @typedef {object} Composed  What would leave, not yet delivered.
 * @property {Blob | {size: number, read(offset: number, into: Uint8Array): void}} data
 * @property {number} size
 *
 * @typedef {{sha256: string, blob?: Blob, pieces?: Pieces, own?: number, crc32?: number, delivered?: boolean, there?: boolean, spooled?: string} |
 *   {code: string, verdict?: string, tag?: string}} Delivery
 *
 * @typedef {{name: string, crc32: boolean}} Leaving  Under which name an output leaves, and whether it has to bring its CRC-32.
 *
 * @typedef {object} Environment  What differs between page and Node.
 * @property {(openings: {input: Input, whole: boolean}[]) => void} [expect]  what a batch will open, in order
 * @property {(input: Input, whole: boolean) => OpenedSource | Promise<OpenedSource>} open  promised of a member of a ZIP; `whole`:
 *   most of its bytes will be wanted
 * @property {(pieces: Pieces, source: OpenedSource) => Composed} compose
 * @property {(composed: Composed, source: OpenedSource, leaving: Leaving, watch: import("./samples.js").Watch) =>
 *   Delivery | Promise<Delivery>} deliver  shows the watch every byte, and asks it before the output is there for anyone
 * @property {(source: OpenedSource) => string | Promise<string>} digest  SHA-256 of a whole source, hex
 * @property {(name: "pixels" | "jxl") => Promise<PixelsModule>} [pixels]  the module of masks and previews, or the one for
 *   JPEG XL, loaded when first wanted
 * @property {(source: OpenedSource) => boolean} changed  whether the source is no longer what was seen at the start
 * @property {() => Record<string, number>} [timing]  milliseconds spent in the environment's own stages
 */

export {};
