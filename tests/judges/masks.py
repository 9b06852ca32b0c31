"""Whole instances, masked by the command line: `masks.py INPUT OUTPUT MAPPING REPORT FOLDER`.

Every output that the report calls masked is decoded beside its input by the same independent decoder (pydicom for native
samples; gdcm or dcmtk for code streams) and compared sample by sample, in every frame. Prints one JSON object: what was
compared by transfer syntax, depth and photometric interpretation, what no decoder reads in the input either, and what is
wrong.
"""

import json
import subprocess
import sys
import warnings
from collections import Counter
from pathlib import Path

import numpy as np
import pydicom
from pydicom.encaps import generate_frames

warnings.filterwarnings("ignore")

# JPEG DCT is masked by whole MCUs; smooth upsampling of chroma reaches one pixel further.
MCU, RING = 16, 1
TOOLS = [["gdcmconv", "--raw"], ["dcmdjpeg", "+cn"], ["dcmdjpls"], ["dcmdrle"]]


def native(path, folder, tools):
    """The data set with native samples, and the tool that decoded it; none where no tool does."""
    ds = pydicom.dcmread(path, force=True)
    if not ds.file_meta.TransferSyntaxUID.is_encapsulated:
        return ds, None
    for tool in tools:
        out = folder / "native.dcm"
        out.unlink(missing_ok=True)
        try:
            done = subprocess.run([*tool, path, out], capture_output=True, timeout=60)
        except subprocess.TimeoutExpired:
            continue
        if done.returncode == 0 and out.is_file():
            return pydicom.dcmread(out), tool
    return None, None


def samples(ds):
    """Stored values by frame, row, column and sample."""
    count = int(ds.get("NumberOfFrames") or 1)
    rows, columns, depth = int(ds.Rows), int(ds.Columns), int(ds.get("SamplesPerPixel", 1))
    big = ds.file_meta.TransferSyntaxUID == "1.2.840.10008.1.2.2"
    cell = int(ds.BitsAllocated)
    data = ds.PixelData
    if cell == 1:
        bits = np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little")
        return bits[: count * rows * columns].reshape(count, rows, columns, 1)
    if ds.PhotometricInterpretation in ("YBR_FULL_422", "YBR_PARTIAL_422") and depth == 3:
        if len(data) < count * rows * columns * 3 * cell // 8:
            depth = 2
    values = np.frombuffer(data, np.dtype(f"{'>' if big else '<'}u{cell // 8}"))
    values = values[: count * rows * columns * depth]
    if depth > 1 and int(ds.get("PlanarConfiguration") or 0) == 1:
        return values.reshape(count, depth, rows, columns).transpose(0, 2, 3, 1)
    return values.reshape(count, rows, columns, depth)


def is_dct(ds):
    """By the stream itself: one file of the corpus says lossless of a DCT stream."""
    if not ds.file_meta.TransferSyntaxUID.is_encapsulated:
        return False
    stream = next(generate_frames(ds.PixelData, number_of_frames=int(ds.get("NumberOfFrames") or 1)))
    at = 2
    while stream[:2] == b"\xff\xd8" and at + 4 <= len(stream):
        if stream[at + 1] in (0xC0, 0xC1, 0xC2):
            return True
        if stream[at + 1] in (0xC3, 0xF7, 0xDA):
            return False
        at += 2 + int.from_bytes(stream[at + 2 : at + 4], "big")
    return False


def grown(mask, dct):
    x, y, w, h = mask["x"], mask["y"], mask["w"], mask["h"]
    if not dct:
        return x, y, x + w, y + h
    down, up = (lambda n: n // MCU * MCU - RING), (lambda n: -(-n // MCU) * MCU + RING)
    return max(down(x), 0), max(down(y), 0), up(x + w), up(y + h)


def judge(before, after, masks, dct):
    if before.shape != after.shape:
        return "another shape"
    outside = np.ones(before.shape[1:3], bool)
    for mask in masks:
        left, top, right, bottom = grown(mask, dct)
        if before.shape[3] == 2:
            left, right = left // 2 * 2, -(-right // 2) * 2
        outside[top:bottom, left:right] = False
        inside = after[:, mask["y"] : mask["y"] + mask["h"], mask["x"] : mask["x"] + mask["w"]]
        # Of pixels that share chroma each pair has the same two values.
        if inside.size and any((inside[..., c] != inside[:1, :1, :1, c]).any() for c in range(inside.shape[3])):
            if before.shape[3] != 2 or (inside[:, :, 0::2] != inside[:1, :1, :1]).any():
                return "not constant inside"
    return None if (before[:, outside] == after[:, outside]).all() else "changed outside"


def main():
    source, output, mapping, report, folder = map(Path, sys.argv[1:6])
    paths = {f["n"]: f["path"] for f in json.loads(mapping.read_text())["files"]}
    compared, unread, wrong = Counter(), Counter(), []
    for row in json.loads(report.read_text())["files"]:
        if row["verdict"] != "masked":
            continue
        path = source / paths[row["n"]]
        try:
            ds, tool = native(path, folder, TOOLS)
            before = None if ds is None else samples(ds)
        except Exception:
            before = None
        syntax = row["transferSyntax"]
        if before is None:
            unread[syntax] += 1
            continue
        try:
            dct = is_dct(pydicom.dcmread(path, force=True))
            out, _ = native(output / row["out"], folder, TOOLS if tool is None else [tool])
            fault = "not read" if out is None else judge(before, samples(out), row["masks"], dct)
        except Exception as error:
            fault = type(error).__name__
        if fault:
            wrong.append([paths[row["n"]], fault])
        compared[f"{syntax} {ds.BitsAllocated}/{ds.BitsStored} {ds.PhotometricInterpretation}"] += 1
    print(json.dumps({"compared": compared, "unread": unread, "wrong": wrong}))


main()
