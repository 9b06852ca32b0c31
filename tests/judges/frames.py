"""First frames of the corpus as code streams."""

import warnings

import pydicom
from pydicom.encaps import generate_frames

warnings.filterwarnings("ignore")

LARGEST = 20 << 20


def streams(corpus, wanted, pixels):
    """Name, Transfer Syntax UID, geometry and first frame of images up to a size."""
    for path in sorted(corpus.rglob("*")):
        if not path.is_file() or path.stat().st_size > LARGEST:
            continue
        try:
            ds = pydicom.dcmread(path)
            uid = str(ds.file_meta.TransferSyntaxUID)
            if uid not in wanted or ds.Rows * ds.Columns > pixels:
                continue
            stream = next(iter(generate_frames(ds.PixelData, number_of_frames=int(ds.get("NumberOfFrames") or 1))))
            geometry = {
                "rows": ds.Rows,
                "columns": ds.Columns,
                "samples": ds.SamplesPerPixel,
                "allocated": ds.BitsAllocated,
                "stored": ds.BitsStored,
                "signed": int(ds.get("PixelRepresentation") or 0),
                "photometric": ds.PhotometricInterpretation,
                "planar": int(ds.get("PlanarConfiguration") or 0),
            }
        except Exception:
            continue
        yield str(path.relative_to(corpus)), uid, geometry, stream
