/** The members of a ZIP as files that came in: each has a path below the archive's, and the archive to be read from. */

/**
 * @typedef {import("../../workers/types.js").Input} Input
 *
 * @typedef {{names: string[], numbers: Float64Array}} MemberTable
 *   Members in the order of the central directory. `numbers` holds COLUMNS for each: as one array they cross to the page at once.
 */

/** Columns of a table: fault (index of FAULTS), then what `Member` says. */
export const COLUMNS = 8;

/** Why a member can't be opened, known from the central directory; 0: nothing is known against it. */
export const FAULTS = Object.freeze(["", "zip-damaged", "zip-encrypted", "zip-unsupported", "zip-too-large"]);

/**
 * @param {Input} archive
 * @param {MemberTable} table
 * @returns {Generator<Input>}
 */
export function* membersOf(archive, { names, numbers }) {
  const { path, lastModified, size: length, file, fsPath, refresh } = archive;
  const place = { ...(file && { file }), ...(fsPath && { fsPath }), ...(refresh && { refresh }) };
  for (const [index, name] of names.entries()) {
    const at = index * COLUMNS;
    const [fault = 0, size = 0, packed = 0, offset = 0, end = 0, method = 0, crc32 = 0, named = 0] = numbers.subarray(
      at,
      at + COLUMNS,
    );
    yield {
      path: `${path}!/${name}`,
      size,
      lastModified,
      ...place,
      ...(fault > 0 && { fault: FAULTS[fault] ?? "zip-damaged" }),
      member: { archive: length, offset, end, packed, method, crc32, named },
    };
  }
}
