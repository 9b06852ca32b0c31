"""Streams and instances of the forms that corpus and vectors lack, made by encoders that are not ours.

`built.py FOLDER` writes instances of two frames: of every stream, and of native samples of all kinds.
"""

import io
import sys
import zlib
from pathlib import Path

import decoders
import imagecodecs
import numpy as np
import pydicom
from PIL import Image
from pydicom.encaps import encapsulate

ROWS, COLUMNS = 61, 97
# Lossless, lossless and progressive by resolution, lossy or not: the same streams may stand under each.
HTJ2K = ("4.201", "4.202", "4.203")


def grey(bits, signed=False):
    """A ramp that uses all bits, with noise."""
    y, x = np.mgrid[0:ROWS, 0:COLUMNS]
    noise = np.random.default_rng(bits).integers(0, max(1 << bits >> 6, 2), (ROWS, COLUMNS))
    values = ((x * 37 + y * 91) * (1 << bits) // 4096 + noise) % (1 << bits)
    if signed:
        return (values - (1 << (bits - 1))).astype(np.int8 if bits <= 8 else np.int16)
    return values.astype(np.uint8 if bits <= 8 else np.uint16)


def colour(bits):
    plane = grey(bits)
    return np.ascontiguousarray(np.stack([plane, np.roll(plane, 9, 1), plane[::-1]], -1))


def pillow(picture, **options):
    out = io.BytesIO()
    Image.fromarray(picture).save(out, "JPEG", quality=85, **options)
    return out.getvalue()


def streams():
    """Name, transfer syntax (1.2.840.10008.1.2…), geometry and stream."""
    for uid, photometric, bits, signed, stream in [*greys(), *colours()]:
        samples = 1 if photometric in ("MONOCHROME1", "MONOCHROME2", "PALETTE COLOR") else 3
        geometry = {
            "rows": ROWS,
            "columns": COLUMNS,
            "samples": samples,
            "allocated": 8 if bits <= 8 else 16,
            "stored": bits,
            "signed": int(signed),
            "photometric": photometric,
        }
        yield f"built {uid} {photometric} {bits} {signed}", uid, geometry, stream


def greys():
    for bits in (8, 10, 12, 16):
        picture = grey(bits)
        lossless = {
            "4.57": imagecodecs.jpeg8_encode(picture, lossless=True, predictor=4, bitspersample=bits),
            "4.70": imagecodecs.jpeg8_encode(picture, lossless=True, predictor=1, bitspersample=bits),
            "4.80": imagecodecs.jpegls_encode(picture),
            "4.90": imagecodecs.jpeg2k_encode(picture, reversible=True, codecformat="j2k", bitspersample=bits),
            "4.201": imagecodecs.htj2k_encode(picture, reversible=True),
            "4.110": imagecodecs.jpegxl_encode(picture, lossless=True, bitspersample=bits),
        }
        lossy = {
            "4.81": imagecodecs.jpegls_encode(picture, level=2),
            "4.91": imagecodecs.jpeg2k_encode(picture, level=40, reversible=False, codecformat="j2k", bitspersample=bits),
            "4.203": imagecodecs.htj2k_encode(picture, level=0.001, reversible=False),
            "4.112": imagecodecs.jpegxl_encode(picture, level=90, lossless=False, bitspersample=bits),
        }
        for uid, stream in lossless.items():
            for photometric in ("MONOCHROME1", "MONOCHROME2", *(["PALETTE COLOR"] if bits in (8, 16) else [])):
                yield uid, photometric, bits, False, stream
        for uid, stream in lossy.items():
            yield uid, "MONOCHROME2", bits, False, stream
        for uid in HTJ2K[1:]:
            yield uid, "MONOCHROME2", bits, False, lossless["4.201"]
    for bits in (8, 16):
        picture = grey(bits, signed=True)
        yield "4.90", "MONOCHROME2", bits, True, imagecodecs.jpeg2k_encode(picture, reversible=True, codecformat="j2k")
        yield "4.201", "MONOCHROME2", bits, True, imagecodecs.htj2k_encode(picture, reversible=True)
    for photometric in ("MONOCHROME1", "MONOCHROME2"):
        yield "4.50", photometric, 8, False, imagecodecs.jpeg8_encode(grey(8), level=85)
        yield "4.51", photometric, 12, False, imagecodecs.jpeg8_encode(grey(12), level=85, bitspersample=12)
        for progressive in (False, True):
            yield "4.111", photometric, 8, False, recompressed(pillow(grey(8), progressive=progressive))


def colours():
    for bits in (8, 16):
        picture = colour(bits)
        yield "4.70", "RGB", bits, False, imagecodecs.jpeg8_encode(picture, lossless=True, predictor=1, bitspersample=bits)
        yield "4.80", "RGB", bits, False, imagecodecs.jpegls_encode(picture)
        yield "4.81", "RGB", bits, False, imagecodecs.jpegls_encode(picture, level=1)
        for uid, reversible, mct, photometric in (
            ("4.90", True, True, "YBR_RCT"),
            ("4.90", True, False, "RGB"),
            ("4.91", False, True, "YBR_ICT"),
            ("4.91", True, True, "YBR_RCT"),
        ):
            encode = imagecodecs.jpeg2k_encode
            stream = encode(picture, level=0 if reversible else 40, reversible=reversible, mct=mct, codecformat="j2k")
            yield uid, photometric, bits, False, stream
        for uid in HTJ2K:
            yield uid, "YBR_RCT", bits, False, imagecodecs.htj2k_encode(picture, reversible=True, rgb=True)
        yield "4.201", "RGB", bits, False, imagecodecs.htj2k_encode(picture, reversible=True, rgb=False)
        yield "4.110", "RGB", bits, False, imagecodecs.jpegxl_encode(picture, lossless=True)
    picture = colour(8)
    yield "4.112", "RGB", 8, False, imagecodecs.jpegxl_encode(picture, lossless=True)
    yield "4.112", "XYB", 8, False, imagecodecs.jpegxl_encode(picture, level=90, lossless=False)
    for sampling, photometric in ((0, "YBR_FULL"), (1, "YBR_FULL_422"), (2, "YBR_FULL_422")):
        yield "4.50", photometric, 8, False, pillow(picture, subsampling=sampling)
        for progressive in (False, True):
            stream = pillow(picture, subsampling=sampling, progressive=progressive)
            yield "4.111", photometric, 8, False, recompressed(stream)
    rgb = imagecodecs.jpeg8_encode(picture, level=85, colorspace="RGB", outcolorspace="RGB")
    yield "4.50", "RGB", 8, False, rgb
    yield "4.111", "RGB", 8, False, recompressed(rgb)


def recompressed(jpeg):
    return imagecodecs.jpegxl_encode_jpeg(jpeg, usecontainer=True)


def natives():
    """Photometric Interpretation, Bits Allocated, Bits Stored, sign, planes, and samples of two frames as bytes."""
    bits = np.random.default_rng(1).integers(0, 2, 2 * ROWS * COLUMNS).astype(np.uint8)
    yield "MONOCHROME2", 1, 1, 0, 0, np.packbits(bits, bitorder="little").tobytes()
    for allocated, stored in ((8, 8), (16, 10), (16, 12), (16, 16)):
        for photometric in ("MONOCHROME1", "MONOCHROME2", *(["PALETTE COLOR"] if stored in (8, 16) else [])):
            yield photometric, allocated, stored, 0, 0, grey(stored).tobytes() * 2
        yield "MONOCHROME2", allocated, stored, 1, 0, grey(stored, signed=True).tobytes() * 2
    yield "MONOCHROME2", 32, 32, 0, 0, (grey(16).astype("<u4") * 65537).tobytes() * 2
    for stored in (8, 16):
        for photometric in ("RGB", "YBR_FULL"):
            yield photometric, stored, stored, 0, 0, colour(stored).tobytes() * 2
            yield photometric, stored, stored, 0, 1, colour(stored).transpose(2, 0, 1).tobytes() * 2
    # Pairs of pixels share their colour differences (PS3.3 C.7.6.3.1.2).
    pairs = colour(8)[:, :96].reshape(ROWS, 48, 2, 3)
    shared = np.stack([pairs[:, :, 0, 0], pairs[:, :, 1, 0], pairs[:, :, 0, 1], pairs[:, :, 0, 2]], -1)
    yield "YBR_FULL_422", 8, 8, 0, 0, shared.tobytes() * 2


def uncompressed():
    """Instances of native samples in every transfer syntax that holds them."""
    for photometric, allocated, stored, signed, planar, data in natives():
        geometry = {
            "rows": ROWS,
            "columns": 96 if photometric == "YBR_FULL_422" else COLUMNS,
            "samples": 1 if photometric in ("MONOCHROME1", "MONOCHROME2", "PALETTE COLOR") else 3,
            "allocated": allocated,
            "stored": stored,
            "signed": signed,
            "photometric": photometric,
            "planar": planar,
        }
        frames = [data[: len(data) // 2], data[len(data) // 2 :]]
        whole = allocated > 1
        for uid in ("", ".1", ".1.99", ".2", *([".1.98", ".8.1"] if whole else [])):
            ds = decoders.instance(uid.removeprefix("."), geometry, bytes(2))
            ds.file_meta.TransferSyntaxUID = f"1.2.840.10008.1.2{uid}"
            if uid in (".1.98", ".8.1"):
                ds.PixelData = encapsulate([deflated(frame) for frame in frames] if uid == ".8.1" else frames)
            else:
                swapped = np.frombuffer(data, f"<u{max(allocated // 8, 1)}").byteswap().tobytes()
                ds["PixelData"] = pydicom.DataElement(0x7FE00010, "OW" if allocated > 8 else "OB", data)
                ds.PixelData = (swapped if uid == ".2" else data) + bytes(len(data) % 2)
            yield ds


def deflated(frame):
    raw = zlib.compressobj(wbits=-15)
    return raw.compress(frame) + raw.flush()


def main(folder):
    coded = []
    for _, uid, geometry, stream in streams():
        ds = decoders.instance(uid, geometry, stream)
        # A frame of JPEG XL is one fragment.
        ds.PixelData = encapsulate([stream, stream], fragments_per_frame=1 if uid.startswith("4.11") else 2)
        coded.append(ds)
    for number, ds in enumerate([*coded, *uncompressed()]):
        ds.NumberOfFrames = 2
        ds.PatientID, ds.PatientName, ds.Modality = "BUILT-1", "Built^Case", "OT"
        ds.StudyInstanceUID, ds.SeriesInstanceUID = "2.25.11", "2.25.12"
        ds.SOPInstanceUID = ds.file_meta.MediaStorageSOPInstanceUID = f"2.25.2{number:05}"
        # pydicom knows no transfer syntax of JPEG XL and of deflated frames.
        known = not ds.file_meta.TransferSyntaxUID.startswith((decoders.UID + "4.11", decoders.UID + "8"))
        encoding = {"implicit_vr": False, "little_endian": True, "force_encoding": True}
        way = {"enforce_file_format": True} if known else encoding
        ds.preamble = bytes(128)
        pydicom.dcmwrite(folder / f"{number:05}.dcm", ds, **way)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
