"""Frames of the corpus, masked by the codecs and read by dcmtk: `codecs.py RUN FOLDER`.

RUN is the example of tokumei-codecs. Prints one JSON object: how many frames were compared, by transfer syntax, bits and
Photometric Interpretation; what was refused; what dcmtk does not read of the source; and what is wrong.
"""

import json
import os
import subprocess
import sys
import warnings
from collections import Counter
from pathlib import Path

import numpy as np
import pydicom
from pydicom.encaps import encapsulate, generate_frames

warnings.filterwarnings("ignore")

SYNTAXES = {f"1.2.840.10008.1.2.{uid}": uid for uid in ("5", "4.50", "4.51", "4.53", "4.55", "4.57", "4.70", "4.80", "4.81")}
LARGEST = 20 << 20


def frames(corpus):
    """First frames of all images of these transfer syntaxes, as data sets of one frame."""
    for path in sorted(corpus.rglob("*")):
        if not path.is_file() or path.stat().st_size > LARGEST:
            continue
        try:
            ds = pydicom.dcmread(path)
            uid = str(ds.file_meta.TransferSyntaxUID)
            if uid not in SYNTAXES or "PixelData" not in ds:
                continue
            stream = next(iter(generate_frames(ds.PixelData, number_of_frames=int(ds.get("NumberOfFrames") or 1))))
            ds.BitsAllocated, ds.Rows, ds.Columns, ds.SamplesPerPixel, ds.BitsStored, ds.PhotometricInterpretation
        except Exception:
            continue
        yield path, uid, ds, stream


def job(ds, uid, stream, name):
    name.write_bytes(stream)
    columns, rows = int(ds.Columns), int(ds.Rows)
    return {
        "stream": str(name),
        "transferSyntax": uid,
        "geometry": {
            "rows": rows,
            "columns": columns,
            "samples": int(ds.SamplesPerPixel),
            "allocated": int(ds.BitsAllocated),
            "stored": int(ds.BitsStored),
            "signed": int(ds.get("PixelRepresentation") or 0),
            "photometric": ds.PhotometricInterpretation,
        },
        "rects": [[3, 5, max(columns // 3, 1), max(rows // 4, 1)], [columns // 2, rows // 2, columns, 9]],
        "out": f"{name}.masked",
    }


def decoded(ds, uid, stream, folder):
    """Samples as dcmtk decodes them, without a change of colours; None when it does not."""
    one = pydicom.Dataset()
    for keyword in (
        "Rows Columns SamplesPerPixel BitsAllocated BitsStored HighBit"
        " PixelRepresentation PhotometricInterpretation PlanarConfiguration"
    ).split():
        if keyword in ds:
            one[keyword] = ds[keyword]
    one.file_meta = pydicom.dataset.FileMetaDataset()
    one.file_meta.TransferSyntaxUID = uid
    one.SOPClassUID = one.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.7"
    one.SOPInstanceUID = one.file_meta.MediaStorageSOPInstanceUID = "2.25.1"
    one.PixelData = encapsulate([stream])
    source, native = folder / "one.dcm", folder / "native.dcm"
    native.unlink(missing_ok=True)
    pydicom.dcmwrite(source, one, enforce_file_format=True)
    tool = {"5": ["dcmdrle"], "4.80": ["dcmdjpls"], "4.81": ["dcmdjpls"]}.get(SYNTAXES[uid], ["dcmdjpeg", "+cn"])
    if subprocess.run([*tool, source, native], capture_output=True).returncode != 0 or not native.is_file():
        return None
    ds = pydicom.dcmread(native)
    width = {8: "u1", 16: "<u2", 32: "<u4"}[ds.BitsAllocated]
    samples = np.frombuffer(ds.PixelData, width, int(ds.Rows) * int(ds.Columns) * int(ds.SamplesPerPixel))
    if ds.SamplesPerPixel > 1 and ds.PlanarConfiguration == 1:
        samples = samples.reshape(ds.SamplesPerPixel, -1).T
    return samples.reshape(int(ds.Rows), int(ds.Columns), -1).astype(np.int64)


def wrong(before, after, done):
    """What a mask did that it must not; None when it is right."""
    dct = done["codec"] == "JpegDct"
    around = np.zeros(before.shape[:2], bool)
    core = around.copy()
    # Where chroma is subsampled, decoders mix a pixel at the rim.
    rim = 1 if dct and before.shape[2] == 3 else 0
    for x, y, width, height in done["touched"]:
        around[max(y - rim, 0) : y + height + rim, max(x - rim, 0) : x + width + rim] = True
        core[y + rim : y + height - rim, x + rim : x + width - rim] = True
    if (before != after)[~around].any():
        return "changed outside"
    if np.ptp(after[core], axis=0).any():
        return "not constant inside"
    return None


def main(run, folder):
    folder = Path(folder)
    corpus = Path(os.environ.get("TOKUMEI_SHARED", Path(__file__).resolve().parents[3] / "shared")) / "corpus"
    cases = [
        (path, uid, ds, stream, job(ds, uid, stream, folder / str(n)))
        for n, (path, uid, ds, stream) in enumerate(frames(corpus))
    ]
    jobs = folder / "jobs.json"
    jobs.write_text(json.dumps([case[-1] for case in cases]))
    lines = subprocess.run([*run.split(), jobs], capture_output=True, text=True, check=True).stdout.splitlines()
    compared, refused, unread, faults = Counter(), {}, [], {}
    for (path, uid, ds, stream, one), line in zip(cases, lines, strict=True):
        done, name = json.loads(line), str(path.relative_to(corpus))
        if "error" in done:
            refused[name] = done["error"]
            continue
        before = decoded(ds, uid, stream, folder)
        if before is None:
            unread.append(name)
            continue
        after = decoded(ds, done["transferSyntax"] or uid, Path(one["out"]).read_bytes(), folder)
        fault = "not readable" if after is None else wrong(before, after, done)
        if fault is None and done["codec"] != "JpegDct":
            ours = np.fromfile(one["out"] + ".raw", "<i4").reshape(before.shape).astype(np.int64)
            if (ours & ((1 << done["bits"]) - 1) != before & ((1 << done["bits"]) - 1)).any():
                fault = "decoded to other samples"
        if fault:
            faults[name] = fault
        signed = "signed" if ds.get("PixelRepresentation") else "unsigned"
        bits = f"{ds.SamplesPerPixel} × {ds.BitsStored} of {ds.BitsAllocated}"
        compared[f"{SYNTAXES[uid]} | {bits} | {signed} | {ds.PhotometricInterpretation}"] += 1
    print(json.dumps({"compared": compared, "refused": refused, "unread": unread, "faults": faults}))


if __name__ == "__main__":
    main(*sys.argv[1:])
