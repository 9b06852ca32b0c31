#!/usr/bin/env python3
"""Writes src/dicom/src/charset/single_byte.bin: the single-byte character sets, as Python's codecs have them.

Each has 96 cells (bytes A0 to FF). A cell is a UTF-16 code unit, little endian, 0 where nothing is assigned.
"""

import pathlib
import struct
import sys

PATH = pathlib.Path(__file__).resolve().parent.parent / "src/dicom/src/charset/single_byte.bin"

# Order as in tables.rs.
SETS = [
    "iso8859-1", "iso8859-2", "iso8859-3", "iso8859-4", "iso8859-5", "iso8859-6", "iso8859-7", "iso8859-8",
    "iso8859-9", "iso8859-15", "iso8859-11",
]


def cell(byte: int, codec: str) -> int:
    try:
        return ord(bytes([byte]).decode(codec))
    except UnicodeDecodeError:
        return 0


def main() -> None:
    data = b"".join(struct.pack("<H", cell(byte, codec)) for codec in SETS for byte in range(0xA0, 0x100))
    if "--check" not in sys.argv:
        PATH.write_bytes(data)
    elif PATH.read_bytes() != data:
        sys.exit(f"{PATH.name} differs: run {pathlib.Path(__file__).name}")


if __name__ == "__main__":
    main()
