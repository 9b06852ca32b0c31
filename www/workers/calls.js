/** The calls of a pool, the same for page and Node, over a scheduler. */

/**
 * @typedef {import("./types.js").Input} Input
 * @typedef {import("./types.js").ScanRow} ScanRow
 * @typedef {import("./types.js").Decision} Decision
 * @typedef {import("./types.js").Result} Result
 * @typedef {import("./types.js").Change} Change
 * @typedef {import("./protocol.js").Job} Job
 *
 * @typedef {{fault: string}} Fault  a reason code: nothing else is known
 *
 * @typedef {object} Pool
 * @property {number} size
 * @property {(input: Input) => Promise<(ScanRow & {identities?: string}) | Fault>} scan
 * @property {(input: Input, row: ScanRow, dry?: boolean, others?: import("./types.js").Others | null,
 *   settled?: import("./types.js").Settled | null, crc32?: boolean) =>
 *   Promise<Result | Fault>} transform
 * @property {(input: Input, row: ScanRow) => Promise<{changes: Change[]} | Fault>} changes
 * @property {(input: Input) => Promise<{sha256: string} | Fault>} digest
 * @property {(input: Input) => Promise<import("../intake/zip/inputs.js").MemberTable | Fault>} members  what a ZIP holds
 * @property {(input: Input, frame: number, levels?: number[] | null) => Promise<import("./types.js").Preview | Fault>} preview
 * @property {(input: Input, frames: number[]) => Promise<import("./types.js").Around | Fault>} around  of frames from 0
 * @property {(rows: ScanRow[], optout: string[] | null) => Promise<Decision[] | Fault>} plan
 * @property {() => void} drop  takes back what no worker has begun (`stopped`)
 * @property {() => Promise<void>} close
 */

/**
 * @param {{size: number, submit: (job: Job) => Promise<import("./scheduler.js").Ending>, drop: () => void}} scheduler
 * @param {() => Promise<void>} close
 * @returns {Pool}
 */
export function poolCalls(scheduler, close) {
  /** @param {Job} job */
  const call = async (job) => {
    const ending = await scheduler.submit(job);
    return /** @type {any} */ (ending.ok ? ending.value : { fault: ending.code });
  };
  return {
    size: scheduler.size,
    scan: (input) => call({ kind: "scan", input: portable(input) }),
    transform: (input, row, dry = false, others = null, settled = null, crc32 = false) =>
      call({ kind: "transform", input: portable(input), row: lean(row), dry, others, settled, crc32 }),
    changes: (input, row) => call({ kind: "changes", input: portable(input), row: lean(row) }),
    digest: (input) => call({ kind: "digest", input: portable(input) }),
    members: (input) => call({ kind: "members", input: portable(input) }),
    preview: (input, frame, levels = null) => call({ kind: "preview", input: portable(input), frame, levels }),
    around: (input, frames) => call({ kind: "around", input: portable(input), frames }),
    plan: (rows, optout) => call({ kind: "plan", rows: rows.map(lean), optout }),
    drop: () => scheduler.drop(),
    close,
  };
}

/**
 * What a worker needs of an input; functions can't travel.
 * @param {Input} input
 * @returns {Input}
 */
function portable({ path, size, lastModified, file, fsPath, member }) {
  return { path, size, lastModified, ...(file && { file }), ...(fsPath && { fsPath }), ...(member && { member }) };
}

/**
 * Values for the operator's eyes stay where they are shown: no other call needs them.
 * @param {ScanRow} row
 * @returns {ScanRow}
 */
function lean(row) {
  return { ...row, screen: NOTHING_SHOWN };
}

/** @type {import("./types.js").Screen} */
const NOTHING_SHOWN = {};
