/** What a ZIP holds, listed in a worker: an archive of a hundred thousand members keeps no screen waiting. */

import { listMembers, ZIP_LIMITS } from "../intake/zip/list.js";
import { Crc32 } from "../pkg/core.js";
import { SourceFault } from "./fault.js";
import { BlobRanges } from "./ranges.js";

/** Bytes of a Blob that are read ahead: the records at its end. */
const AHEAD = 64 * 1024;

/**
 * @param {Blob | {size: number, read(offset: number, into: Uint8Array): void}} archive
 * @param {Partial<import("../intake/zip/list.js").ZipLimits>} limits  the policy's
 * @returns {import("../intake/zip/inputs.js").MemberTable | {fault: string}}
 */
export function membersIn(archive, limits) {
  const source = archive instanceof Blob ? new BlobRanges(archive, AHEAD) : archive;
  try {
    return listMembers(source, { ...ZIP_LIMITS, ...limits }, crc32Of);
  } catch (error) {
    if (error instanceof SourceFault) return { fault: error.code };
    throw error;
  }
}

/** @param {Uint8Array} bytes */
export function crc32Of(bytes) {
  const crc = new Crc32();
  crc.update(bytes);
  const value = crc.value();
  crc.free();
  return value;
}
