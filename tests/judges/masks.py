"""Whole instances, masked by the command line: `masks.py INPUT OUTPUT MAPPING REPORT FOLDER`.

Every output that the report calls masked is decoded beside its input by the same independent decoder (pydicom for native
samples; gdcm, dcmtk or the library of its coding for code streams) and compared sample by sample, in every frame; and it
is read whole by whoever reads the input. Prints one JSON object: what was compared by transfer syntax, depth and
photometric interpretation, and by whom; what no decoder reads in the input either; and what is wrong.
"""

import json
import subprocess
import sys
import warnings
import zlib
from collections import Counter
from pathlib import Path

import decoders
import numpy as np
import pydicom
from pydicom.encaps import generate_frames

warnings.filterwarnings("ignore")

# JPEG DCT is masked by whole MCUs; smooth upsampling of chroma reaches one pixel further.
MCU, RING = 16, 1
TOOLS = [["gdcmconv", "--raw"], ["dcmdjpeg", "+cn"], ["dcmdjpls"], ["dcmdrle"], ["library"]]
# Frames without a code stream: as they are, deflated.
PLAIN = {"1.98": bytes, "8.1": lambda frame: zlib.decompressobj(-15).decompress(frame)}


def is_native(ds):
    return not isinstance(ds.PixelData, bytes) or not ds["PixelData"].is_undefined_length


def fragments(ds):
    return list(generate_frames(ds.PixelData, number_of_frames=int(ds.get("NumberOfFrames") or 1)))


def by_library(ds):
    """The data set with the samples that the library of its coding gives; none where it does not read every frame."""
    uid = ds.file_meta.TransferSyntaxUID.removeprefix(decoders.UID)
    signed = int(ds.get("PixelRepresentation") or 0)
    geometry = {"rows": ds.Rows, "columns": ds.Columns, "samples": ds.SamplesPerPixel, "allocated": ds.BitsAllocated}
    if uid in PLAIN:
        values = [PLAIN[uid](frame)[: frame_bytes(ds)] for frame in fragments(ds)]
        ds.PixelData = b"".join(values)
    else:
        values = [decoders.library(uid, geometry, frame) for frame in fragments(ds)]
        if any(frame is None for frame in values):
            return None
        ds.PixelData = np.stack(values).astype(f"<{'i' if signed else 'u'}{-(-ds.BitsAllocated // 8)}").tobytes()
        ds.PlanarConfiguration, ds.PhotometricInterpretation = 0, "RGB" if geometry["samples"] == 3 else "MONOCHROME2"
    ds.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.1"
    return ds


def frame_bytes(ds):
    samples = 2 if ds.PhotometricInterpretation == "YBR_FULL_422" else ds.SamplesPerPixel
    return ds.Rows * ds.Columns * samples * ds.BitsAllocated // 8


def native(path, folder, tools):
    """The data set with native samples, and the tool that decoded it; none where no tool does."""
    ds = pydicom.dcmread(path, force=True)
    if is_native(ds):
        return ds, None
    for tool in tools:
        if tool == ["library"]:
            read = by_library(ds)
            return (None, None) if read is None else (read, tool)
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
    if is_native(ds):
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


def opens(path):
    """Who reads the file whole: dcmtk its elements, pydicom its frames too."""
    told = subprocess.run(["dcmdump", "-q", path], stdin=subprocess.DEVNULL, capture_output=True).returncode
    names = ["dcmtk"] if told == 0 else []
    try:
        pydicom.dcmread(path).pixel_array
        names.append("pydicom")
    except Exception:  # any failure of a reader is the answer
        pass
    return names


def judge(before, after, masks, dct, most):
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
    near = abs(before[:, outside].astype(np.int64) - after[:, outside]) <= most
    return None if near.all() else "changed outside"


def main():
    source, output, mapping, report, folder = map(Path, sys.argv[1:6])
    paths = {f["n"]: f["path"] for f in json.loads(mapping.read_text())["files"]}
    compared, readers, unread, wrong = Counter(), Counter(), Counter(), []
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
            whole = pydicom.dcmread(path, force=True)
            # The report says what the output is.
            syntax = str(whole.file_meta.TransferSyntaxUID)
            uid = syntax.removeprefix(decoders.UID)
            most = decoders.tolerance(uid, b"" if is_native(whole) else fragments(whole)[0])
            out, _ = native(output / row["out"], folder, TOOLS if tool is None else [tool])
            dct = uid == "4.111" or is_dct(whole)
            fault = "not read" if out is None else judge(before, samples(out), row["masks"], dct, most)
            able = opens(path)
            unable = [] if fault else [name for name in able if name not in opens(output / row["out"])]
            fault = fault or (f"no longer read by {' '.join(unable)}" if unable else None)
            readers.update(f"{uid} {name}" for name in able)
        except Exception as error:
            fault = type(error).__name__
        if fault:
            wrong.append([paths[row["n"]], fault])
        compared[f"{syntax} {ds.BitsAllocated}/{ds.BitsStored} {ds.PhotometricInterpretation}"] += 1
    print(json.dumps({"compared": compared, "readers": readers, "unread": unread, "wrong": wrong}))


main()
