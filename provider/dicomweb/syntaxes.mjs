// Transfer syntaxes of Part 10 files that are known here (PS3.6 Table A-1), retired ones too.

const BASE = "1.2.840.10008.1.2";
const JPEG = [50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64, 65, 66, 70, 80, 81];
const JPEG_2000 = [90, 91, 92, 93, 94, 201, 202, 203, 204];
const VIDEO = [100, 101, 102, 103, 104, 105, 106].flatMap((number) => [`${number}`, `${number}.1`]);
const HEVC = [107, 108];
const JPEG_XL = [110, 111, 112];

export const DEFLATED = `${BASE}.1.99`;

/** @type {ReadonlySet<string>} */
export const SYNTAXES = new Set([
  BASE,
  ...["1", "1.98", "1.99", "2", "5", "7.1", "7.2", "7.3", "8.1"].map((end) => `${BASE}.${end}`),
  ...[...JPEG, ...JPEG_2000, ...VIDEO, ...HEVC, ...JPEG_XL].map((number) => `${BASE}.4.${number}`),
]);
