"""Rows of vendor_private.tsv against the private dictionaries of pydicom and dcmtk: `private.py TABLE`.

Prints one JSON array: rows that neither knows, or whose VR another than either says.
"""

import csv
import json
import re
import sys
from pathlib import Path

from pydicom._private_dict import private_dictionaries

LINE = re.compile(r'\((\w{4}),"([^"]+)",(\w{2})\)\s+(\w\w)\s')


def dcmtk():
    """VR by creator, group and element."""
    known = {}
    for path in Path("/usr/share").glob("libdcmtk*/private.dic"):
        for group, creator, element, vr in LINE.findall(path.read_text("latin1")):
            known[creator, group.upper(), element.upper()] = vr
    return known


def main(table):
    by_dcmtk = dcmtk()
    wrong = []
    for row in csv.DictReader(Path(table).open(), delimiter="\t"):
        place = row["creator"], row["group"], row["element"]
        entry = private_dictionaries.get(row["creator"], {}).get(f"{row['group']}xx{row['element']}")
        said = {vr for vr in (entry and entry[0], by_dcmtk.get(place)) if vr}
        if said != {row["vr"]}:
            wrong.append([*place, *sorted(said)])
    print(json.dumps(wrong))


main(sys.argv[1])
