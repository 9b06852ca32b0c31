"""Decoders that are not ours: dcmtk's tools, and the libraries that imagecodecs links (libjpeg-turbo, CharLS, OpenJPEG,
OpenJPH, libjxl). Each gives samples by row, column and component, or None where it does not read a stream."""

import subprocess

import imagecodecs
import numpy as np
import pydicom
from pydicom.encaps import encapsulate

UID = "1.2.840.10008.1.2."
LOSSY = {"4.91": 1, "4.203": 1, "4.112": 1}
DCMTK = {"5": ["dcmdrle"], "4.80": ["dcmdjpls"], "4.81": ["dcmdjpls"]}
DCMTK.update({uid: ["dcmdjpeg", "+cn"] for uid in ("4.50", "4.51", "4.53", "4.55", "4.57", "4.70")})


def instance(uid, geometry, stream):
    """A data set of one frame."""
    one = pydicom.Dataset()
    one.Rows, one.Columns = geometry["rows"], geometry["columns"]
    one.SamplesPerPixel, one.PhotometricInterpretation = geometry["samples"], geometry["photometric"]
    one.BitsAllocated, one.BitsStored = geometry["allocated"], geometry["stored"]
    one.HighBit, one.PixelRepresentation = geometry["stored"] - 1, geometry["signed"]
    if geometry["samples"] > 1:
        one.PlanarConfiguration = geometry.get("planar", 0)
    if geometry["photometric"] == "PALETTE COLOR":
        for colour in ("Red", "Green", "Blue"):
            setattr(one, f"{colour}PaletteColorLookupTableDescriptor", [256, 0, 16])
            setattr(one, f"{colour}PaletteColorLookupTableData", bytes(512))
    one.file_meta = pydicom.dataset.FileMetaDataset()
    one.file_meta.TransferSyntaxUID = UID + uid
    one.SOPClassUID = one.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.7"
    one.SOPInstanceUID = one.file_meta.MediaStorageSOPInstanceUID = "2.25.1"
    one.PixelData = encapsulate([stream])
    one["PixelData"].VR = "OB"
    one["PixelData"].is_undefined_length = True
    return one


def dcmtk(uid, geometry, stream, folder):
    """Without a change of colours."""
    if uid not in DCMTK:
        return None
    source, native = folder / "one.dcm", folder / "native.dcm"
    native.unlink(missing_ok=True)
    pydicom.dcmwrite(source, instance(uid, geometry, stream), enforce_file_format=True)
    if subprocess.run([*DCMTK[uid], source, native], capture_output=True).returncode != 0 or not native.is_file():
        return None
    ds = pydicom.dcmread(native)
    width = {8: "u1", 16: "<u2", 32: "<u4"}[ds.BitsAllocated]
    samples = np.frombuffer(ds.PixelData, width, int(ds.Rows) * int(ds.Columns) * int(ds.SamplesPerPixel))
    if ds.SamplesPerPixel > 1 and ds.PlanarConfiguration == 1:
        samples = samples.reshape(ds.SamplesPerPixel, -1).T
    return shaped(samples, geometry)


def library(uid, geometry, stream):
    """By the library of the coding."""
    try:
        if uid == "5":
            cell = np.dtype(f"<u{geometry['allocated'] // 8}")
            planes = np.frombuffer(imagecodecs.dicomrle_decode(stream, cell), cell).reshape(geometry["samples"], -1)
            return shaped(planes.T, geometry)
        if uid == "4.111":
            jpeg = imagecodecs.jpegxl_decode_jpeg(stream)
            return shaped(imagecodecs.jpeg8_decode(jpeg), geometry)
        # Where the wavelet 9/7 gives more than the largest value, OpenJPH's comes back from below.
        high_throughput = imagecodecs.htj2k_decode if is_reversible(stream) else imagecodecs.jpeg2k_decode
        decode = {
            "4.80": imagecodecs.jpegls_decode,
            "4.81": imagecodecs.jpegls_decode,
            "4.90": imagecodecs.jpeg2k_decode,
            "4.91": imagecodecs.jpeg2k_decode,
            "4.201": high_throughput,
            "4.202": high_throughput,
            "4.203": high_throughput,
            "4.110": imagecodecs.jpegxl_decode,
            "4.112": imagecodecs.jpegxl_decode,
        }.get(uid, imagecodecs.jpeg8_decode)
        return shaped(decode(stream), geometry)
    except Exception:  # any failure of a reader is the answer
        return None


def tolerance(uid, stream):
    """What decoders of two libraries may differ by where the source is lossy; elsewhere they do not differ at all."""
    return 0 if uid in ("4.91", "4.203") and is_reversible(stream) else LOSSY.get(uid, 0)


def is_reversible(stream):
    """A stream of JPEG 2000 of the wavelet 5/3 (T.800 A.6.1)."""
    at = stream.find(b"\xff\x52")
    return at > 0 and stream[at + 13] == 1


def shaped(samples, geometry):
    rows, columns, count = geometry["rows"], geometry["columns"], geometry["samples"]
    # OpenJPH gives planes of what has no colour transform.
    if count > 1 and samples.shape == (count, rows, columns):
        samples = samples.transpose(1, 2, 0)
    return np.asarray(samples).reshape(rows, columns, count).astype(np.int64)
