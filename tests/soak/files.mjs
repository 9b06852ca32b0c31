// Many small instances on disk: slices of 64×64, each with its own samples, in studies as they come from a scanner.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PEOPLE, slice } from "../browser/dicom.mjs";

/** Instances of one study. */
const STUDY = 500;
const SIZE = 64;

/** @param {string} folder @param {number} count of instances; about 9 kB each */
export function writeStudies(folder, count) {
  for (let done = 0; done < count; done += STUDY) {
    const study = done / STUDY;
    const path = join(folder, `P${study % PEOPLE.length}`, `ST${study}`);
    mkdirSync(path, { recursive: true });
    const most = Math.min(STUDY, count - done);
    for (let number = 1; number <= most; number += 1) {
      const pixels = Buffer.alloc(SIZE * SIZE * 2, Buffer.from([number & 0xff, (number >> 8) & 0x0f]));
      const bytes = slice({ person: study % PEOPLE.length, study: study + 1, series: 1, number, size: SIZE, pixels });
      writeFileSync(join(path, `IM${number}`), bytes);
    }
  }
}
