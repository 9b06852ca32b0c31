"""For each path one line of JSON: can pydicom read the file to its end, can dcmdump, and does every written VR exist."""
import json
import logging
import subprocess
import sys
import warnings

import pydicom

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)


def by_pydicom(path):
    try:
        data = pydicom.dcmread(path, force=True)
        return all(True for _ in data.iterall())
    except Exception:  # any failure of a reader is the answer
        return False


def by_dcmdump(path):
    done = subprocess.run(["dcmdump", "-q", path], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return done.returncode == 0


def lawful(path):
    """False where an element is written with a VR of blanks, which is none (PS3.5 6.2): each reader guesses its own way there."""
    try:
        data = pydicom.dcmread(path, force=True)
        raw = open(path, "rb").read()
        return not any(raw[e.file_tell - 4 : e.file_tell - 2] == b"  " for e in data.iterall() if getattr(e, "file_tell", None))
    except Exception:
        return False


for p in sys.argv[1:]:
    print(json.dumps({"pydicom": by_pydicom(p), "dcmdump": by_dcmdump(p), "lawful": lawful(p)}))
