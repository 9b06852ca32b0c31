"""Copies a folder of DICOM files with their text in UTF-8, for a rival that reads no Japanese character set. Files that
pydicom does not read to their end are left out.

    python3 utf8.py IN_FOLDER OUT_FOLDER
"""
import pathlib
import sys
import warnings

import pydicom

warnings.simplefilter("ignore")

source, target = map(pathlib.Path, sys.argv[1:])
for path in sorted(p for p in source.rglob("*") if p.is_file() and p.suffix != ".json"):
    try:
        data = pydicom.dcmread(path)
        data.decode()
        parts = [data, *(item for e in data.iterall() if e.VR == "SQ" for item in e.value)]
    except NotImplementedError:
        continue
    for part in parts:
        if "SpecificCharacterSet" in part or part is data:
            part.SpecificCharacterSet = "ISO_IR 192"
    target.mkdir(parents=True, exist_ok=True)
    data.save_as(target / path.name)
