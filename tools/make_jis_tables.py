#!/usr/bin/env python3
"""Writes the tables of src/dicom/src/charset: JIS X 0208 and the single-byte sets, as Python's codecs have them.

JIS X 0208 has 94 x 94 cells, each single-byte table 96 (bytes A0 to FF). A cell is a UTF-16 code unit, 0 where nothing is
assigned: little endian in single-byte tables; in JIS X 0208, which weighs most, 0 or one more than the folded distance
from the last assigned cell, packed as src/dicom/src/packed.rs reads it. Cells of JIS X 0208 that the standard leaves empty
follow the vendor rows of Windows-31J (row 13 and rows 89 to 92), which Japanese devices write.
"""

import pathlib
import struct
import sys

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "src/dicom/src/charset"

# Order as in tables.rs.
SINGLE = [
    "iso8859-1", "iso8859-2", "iso8859-3", "iso8859-4", "iso8859-5", "iso8859-6", "iso8859-7", "iso8859-8",
    "iso8859-9", "iso8859-15", "iso8859-11",
]


def cell(raw: bytes, *codecs: str) -> int:
    for codec in codecs:
        try:
            text = raw.decode(codec)
        except UnicodeDecodeError:
            continue
        # Private use stands for user-defined characters: nothing that can be read.
        if len(text) == 1 and ord(text) < 0x10000 and not 0xE000 <= ord(text) < 0xF900:
            return ord(text)
    return 0


def shift_jis(row: int, column: int) -> bytes:
    lead = (row - 1) // 2 + (0x81 if row < 63 else 0xC1)
    if row % 2:
        return bytes([lead, column + (0x3F if column < 64 else 0x40)])
    return bytes([lead, column + 0x9E])


def jis_0208(row: int, column: int) -> int:
    return cell(bytes([0xA0 + row, 0xA0 + column]), "euc_jp") or cell(shift_jis(row, column), "cp932")


def table(cells) -> bytes:
    return b"".join(struct.pack("<H", c) for c in cells)


def packed(cells) -> bytes:
    out, last = bytearray(), 0
    for c in cells:
        number = 0
        if c:
            # From -8000 to 7FFF: the way round is the shorter one where the distance does not fit.
            distance = (c - last + 0x8000) % 0x10000 - 0x8000
            number, last = (distance * 2 if distance >= 0 else -distance * 2 - 1) + 1, c
        while number > 0x7F:
            out.append(number & 0x7F | 0x80)
            number >>= 7
        out.append(number)
    return bytes(out)


def main() -> None:
    cells = [(row, column) for row in range(1, 95) for column in range(1, 95)]
    files = {
        "jis_x_0208.bin": packed(jis_0208(*c) for c in cells),
        "single_byte.bin": table(cell(bytes([b]), codec) for codec in SINGLE for b in range(0xA0, 0x100)),
    }
    for name, data in files.items():
        path = FOLDER / name
        if "--check" in sys.argv:
            if path.read_bytes() != data:
                sys.exit(f"{name} differs: run {pathlib.Path(__file__).name}")
        else:
            path.write_bytes(data)


if __name__ == "__main__":
    main()
