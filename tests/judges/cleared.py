"""Bits above Bits Stored in code streams: `cleared.py make FOLDER`, `cleared.py judge INPUT OUTPUT PAIRS`.

`make` writes instances of two frames in every lossless coding, by encoders that are not ours: 12 bits of 16, the second frame
with an overlay in the four above. `judge` reads each pair of PAIRS, `[[input, output]]`, by the libraries of the codings: the
output must hold in every sample what the input holds there without these bits, but for extensions of the sign. Prints what
was compared by transfer syntax.
"""

import json
import sys
import warnings
import zlib
from collections import Counter
from pathlib import Path

import built
import decoders
import imagecodecs
import numpy as np
import pydicom
from pydicom.encaps import encapsulate, generate_frames

warnings.filterwarnings("ignore")

STORED = 12
PLAIN = {"1.98": bytes, "8.1": built.deflated}
READ = {"1.98": bytes, "8.1": lambda frame: zlib.decompressobj(-15).decompress(frame)}


def rle(picture):
    """Every row of every plane of bytes as literal runs (PS3.5 G)."""
    planes = [(picture.astype("<u2") >> shift & 0xFF).astype(np.uint8) for shift in (8, 0)]
    packed = [b"".join(bytes([len(row) - 1]) + row.tobytes() for row in plane) for plane in planes]
    packed = [plane + bytes(len(plane) % 2) for plane in packed]
    header = np.zeros(16, "<u4")
    header[:3] = [2, 64, 64 + len(packed[0])]
    return header.tobytes() + b"".join(packed)


# What a retired overlay says of itself (PS3.3 C.9.2 of 2004).
OVERLAY = [
    (0x60000010, "US", built.ROWS),
    (0x60000011, "US", built.COLUMNS),
    (0x60000040, "CS", "G"),
    (0x60000050, "SS", [1, 1]),
    (0x60000100, "US", 16),
    (0x60000102, "US", STORED),
]
CODED = {
    "5": rle,
    "4.57": lambda p: imagecodecs.jpeg8_encode(p, lossless=True, predictor=6, bitspersample=16),
    "4.70": lambda p: imagecodecs.jpeg8_encode(p, lossless=True, predictor=1, bitspersample=16),
    "4.80": imagecodecs.jpegls_encode,
    "4.90": lambda p: imagecodecs.jpeg2k_encode(p, reversible=True, codecformat="j2k"),
    "4.201": lambda p: imagecodecs.htj2k_encode(p, reversible=True),
    "4.202": lambda p: imagecodecs.htj2k_encode(p, reversible=True),
    "4.110": lambda p: imagecodecs.jpegxl_encode(p, lossless=True, bitspersample=16),
}


def pictures(signed):
    """Twelve bits, and the same under a text of bits above; the sign of some is extended."""
    plain = built.grey(STORED).astype(np.int32)
    if signed:
        plain = plain - 2048
    clean = (plain & 0xFFFF).astype(np.uint16)
    y, x = np.mgrid[0 : built.ROWS, 0 : built.COLUMNS]
    text = ((x // 5 + y // 7) % 3 == 0) * ((x % 3 + 1) << STORED)
    return clean, (clean ^ text).astype(np.uint16)


def make(folder):
    number = 0
    for uid in [*CODED, *PLAIN]:
        for signed in (0, 1):
            frames = pictures(signed)
            encode = CODED.get(uid) or (lambda p: PLAIN[uid](p.astype("<u2").tobytes()))
            geometry = {"rows": built.ROWS, "columns": built.COLUMNS, "samples": 1, "allocated": 16, "stored": STORED}
            geometry |= {"signed": signed, "photometric": "MONOCHROME2"}
            ds = decoders.instance(uid, geometry, bytes(2))
            ds.PixelData = encapsulate([encode(frame) for frame in frames])
            ds.NumberOfFrames = 2
            ds.PatientID, ds.PatientName, ds.Modality = "BUILT-1", "Built^Case", "OT"
            ds.StudyInstanceUID, ds.SeriesInstanceUID = "2.25.11", "2.25.12"
            ds.SOPInstanceUID = ds.file_meta.MediaStorageSOPInstanceUID = f"2.25.3{number:05}"
            if number % 4 < 2:
                for tag, vr, value in OVERLAY:
                    ds.add_new(tag, vr, value)
            ds.preamble = bytes(128)
            known = not uid.startswith(("4.11", "8"))
            encoding = {"implicit_vr": False, "little_endian": True, "force_encoding": True}
            way = {"enforce_file_format": True} if known else encoding
            pydicom.dcmwrite(folder / f"{number:05}.dcm", ds, **way)
            number += 1


def cells(ds):
    uid = ds.file_meta.TransferSyntaxUID.removeprefix(decoders.UID)
    geometry = {"rows": ds.Rows, "columns": ds.Columns, "samples": 1, "allocated": ds.BitsAllocated}
    for frame in generate_frames(ds.PixelData, number_of_frames=int(ds.NumberOfFrames)):
        if uid in READ:
            yield np.frombuffer(READ[uid](frame)[: ds.Rows * ds.Columns * 2], "<u2").astype(np.int64)
        else:
            yield decoders.library(uid, geometry, frame).reshape(-1) & 0xFFFF


def wanted(cell, signed):
    cut = cell & 0x0FFF
    return np.where((cell & 0xF800) == 0xF800, cell, cut) if signed else cut


def judge(source, output, pairs):
    compared, wrong = Counter(), []
    for before, after in pairs:
        one, other = (pydicom.dcmread(path, force=True) for path in (source / before, output / after))
        signed = int(one.PixelRepresentation)
        same = (one.BitsStored, one.HighBit, one.file_meta.TransferSyntaxUID) == (
            other.BitsStored,
            other.HighBit,
            other.file_meta.TransferSyntaxUID,
        )
        changed = 0
        for old, new in zip(cells(one), cells(other), strict=True):
            same &= np.array_equal(new, wanted(old, signed))
            changed += int((old != new).sum())
        if not same or changed == 0 or any(0x6000 <= element.tag.group <= 0x60FF for element in other):
            wrong.append([before, str(one.file_meta.TransferSyntaxUID), changed])
        compared[one.file_meta.TransferSyntaxUID.removeprefix(decoders.UID)] += 1
    print(json.dumps({"compared": compared, "wrong": wrong}))


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(Path(sys.argv[2]))
    else:
        judge(Path(sys.argv[2]), Path(sys.argv[3]), json.loads(Path(sys.argv[4]).read_text()))
