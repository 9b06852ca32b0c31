"""First frames of the corpus as code streams: `frames.py FOLDER UID…`.

Writes each as a file of FOLDER. Prints one JSON array of jobs for the example of tokumei-codecs, without `out`, and with
the `name` of the file that each came from.
"""

import json
import sys
import warnings
from pathlib import Path

import pydicom
from pydicom.encaps import generate_frames

warnings.filterwarnings("ignore")

LARGEST = 20 << 20
PIXELS = 1 << 20


def streams(corpus, wanted):
    """Data sets and first frames of images up to a size."""
    for path in sorted(corpus.rglob("*")):
        if not path.is_file() or path.stat().st_size > LARGEST:
            continue
        try:
            ds = pydicom.dcmread(path)
            uid = str(ds.file_meta.TransferSyntaxUID)
            if uid not in wanted or ds.Rows * ds.Columns > PIXELS:
                continue
            stream = next(iter(generate_frames(ds.PixelData, number_of_frames=int(ds.get("NumberOfFrames") or 1))))
            geometry = {
                "rows": ds.Rows,
                "columns": ds.Columns,
                "samples": ds.SamplesPerPixel,
                "allocated": ds.BitsAllocated,
                "stored": ds.BitsStored,
                "signed": ds.PixelRepresentation,
                "photometric": ds.PhotometricInterpretation,
            }
        except Exception:
            continue
        yield path.relative_to(corpus), uid, geometry, stream


def main():
    corpus, folder, wanted = Path(sys.argv[1]), Path(sys.argv[2]), set(sys.argv[3:])
    jobs = []
    for number, (name, uid, geometry, stream) in enumerate(streams(corpus, wanted)):
        file = folder / f"corpus-{number}"
        file.write_bytes(stream)
        jobs.append({"name": str(name), "stream": str(file), "transferSyntax": uid, "geometry": geometry})
    print(json.dumps(jobs))


main()
