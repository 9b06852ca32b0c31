"""Bits above Bits Stored in code streams: `cleared.py make FOLDER`, `cleared.py judge INPUT OUTPUT PAIRS`.

`make` writes instances of two frames in every coding, by encoders that are not ours: 12 bits of 16, the second frame with
an overlay in the four above; those with a loss are called `.lossy`. `judge` reads each pair of PAIRS, `[[input, output]]`,
by the libraries of the codings: the output must hold in every sample what the input holds there without these bits, but
for extensions of the sign. Prints what was compared by transfer syntax.
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
LOSSES = ("4.81", "4.91", "4.203", "4.112")
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

JPEG_2000 = {"reversible": True, "codecformat": "j2k"}
GREY = {
    "5": rle,
    "4.57": lambda p: imagecodecs.jpeg8_encode(p, lossless=True, predictor=6, bitspersample=16),
    "4.70": lambda p: imagecodecs.jpeg8_encode(p, lossless=True, predictor=1, bitspersample=16),
    "4.80": imagecodecs.jpegls_encode,
    "4.110": lambda p: imagecodecs.jpegxl_encode(p, lossless=True, bitspersample=16),
    "1.98": lambda p: p.astype("<u2").tobytes(),
    "8.1": lambda p: built.deflated(p.astype("<u2").tobytes()),
}
# Streams that say themselves whether they have a sign.
BY_SIGN = {
    "4.90": lambda p: imagecodecs.jpeg2k_encode(p, **JPEG_2000),
    "4.201": lambda p: imagecodecs.htj2k_encode(p, reversible=True),
    "4.202": lambda p: imagecodecs.htj2k_encode(p, reversible=True),
}
COLOUR = [
    ("4.70", "RGB", lambda p: imagecodecs.jpeg8_encode(p, lossless=True, predictor=1, bitspersample=16)),
    ("4.80", "RGB", imagecodecs.jpegls_encode),
    ("4.90", "RGB", lambda p: imagecodecs.jpeg2k_encode(p, mct=False, **JPEG_2000)),
    ("4.90", "YBR_RCT", lambda p: imagecodecs.jpeg2k_encode(p, mct=True, **JPEG_2000)),
    ("4.201", "YBR_RCT", lambda p: imagecodecs.htj2k_encode(p, reversible=True, rgb=True)),
    ("4.110", "RGB", lambda p: imagecodecs.jpegxl_encode(p, lossless=True)),
]
LOSSY = [
    ("4.81", "MONOCHROME2", lambda p: imagecodecs.jpegls_encode(p, level=2)),
    ("4.91", "MONOCHROME2", lambda p: imagecodecs.jpeg2k_encode(p, level=60, reversible=False, codecformat="j2k")),
    ("4.203", "MONOCHROME2", lambda p: imagecodecs.htj2k_encode(p, level=0.001, reversible=False)),
    ("4.112", "MONOCHROME2", lambda p: imagecodecs.jpegxl_encode(p, level=90, lossless=False)),
]


def cases():
    """Transfer syntax (1.2.840.10008.1.2…), Photometric Interpretation, sign, and the encoder of a frame."""
    for signed in (0, 1):
        for uid, encode in GREY.items():
            yield uid, "MONOCHROME2", signed, encode
        for uid, encode in BY_SIGN.items():
            yield uid, "MONOCHROME2", signed, lambda p, e=encode, s=signed: e(p.view(np.int16) if s else p)
    for uid, photometric, encode in [*COLOUR, *LOSSY]:
        yield uid, photometric, 0, lambda p, e=encode, c=photometric: e(p if c == "MONOCHROME2" else coloured(p))


def coloured(picture):
    return np.ascontiguousarray(np.stack([picture, np.roll(picture, 9, 1), picture[::-1]], -1))


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
    for number, (uid, photometric, signed, encode) in enumerate(cases()):
        geometry = {"rows": built.ROWS, "columns": built.COLUMNS, "allocated": 16, "stored": STORED, "signed": signed}
        geometry |= {"samples": 1 if photometric == "MONOCHROME2" else 3, "photometric": photometric}
        ds = decoders.instance(uid, geometry, bytes(2))
        ds.PixelData = encapsulate([encode(frame) for frame in pictures(signed)])
        ds.NumberOfFrames = 2
        ds.PatientID, ds.PatientName, ds.Modality = "BUILT-1", "Built^Case", "OT"
        ds.StudyInstanceUID, ds.SeriesInstanceUID = "2.25.11", "2.25.12"
        ds.SOPInstanceUID = ds.file_meta.MediaStorageSOPInstanceUID = f"2.25.3{number:05}"
        if number % 2:
            for tag, vr, value in OVERLAY:
                ds.add_new(tag, vr, value)
        ds.preamble = bytes(128)
        known = not uid.startswith(("4.11", "8"))
        encoding = {"implicit_vr": False, "little_endian": True, "force_encoding": True}
        way = {"enforce_file_format": True} if known else encoding
        pydicom.dcmwrite(folder / f"{number:05}.{'lossy' if uid in LOSSES else 'whole'}", ds, **way)


def cells(ds):
    uid = ds.file_meta.TransferSyntaxUID.removeprefix(decoders.UID)
    geometry = {"rows": ds.Rows, "columns": ds.Columns, "samples": ds.SamplesPerPixel, "allocated": ds.BitsAllocated}
    for frame in generate_frames(ds.PixelData, number_of_frames=int(ds.NumberOfFrames)):
        if uid in READ:
            yield np.frombuffer(READ[uid](frame)[: ds.Rows * ds.Columns * 2], "<u2").astype(np.int64)
        else:
            yield decoders.library(uid, geometry, frame).reshape(-1) & 0xFFFF


def wanted(cell, signed):
    cut = cell & 0x0FFF
    return np.where((cell & 0xF800) == 0xF800, cell, cut) if signed else cut


def says(ds):
    return ds.BitsStored, ds.HighBit, ds.PhotometricInterpretation, ds.file_meta.TransferSyntaxUID


def judge(source, output, pairs):
    compared, wrong = Counter(), []
    for before, after in pairs:
        one, other = (pydicom.dcmread(path, force=True) for path in (source / before, output / after))
        signed = int(one.PixelRepresentation)
        same = says(one) == says(other)
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
