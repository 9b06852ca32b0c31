"""Streams of corpus, shared vectors and built ones, masked by the codecs and read by others: `codecs.py RUN FOLDER`.

RUN is the example of tokumei-codecs. Prints one JSON object: by transfer syntax, bits and Photometric Interpretation how
many streams were compared, and by which decoders; what was refused; what no decoder reads of the source; what is wrong.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import built
import decoders
import frames
import numpy as np

STILL = "5 4.50 4.51 4.53 4.55 4.57 4.70 4.80 4.81 4.90 4.91 4.201 4.202 4.203 4.110 4.111 4.112".split()
PIXELS = 1 << 22


def vectors(shared):
    for of in json.loads((shared / "codecs/vectors.json").read_text())["vectors"]:
        uid = of["ts"].removeprefix(decoders.UID)
        ycbcr = uid in ("4.50", "4.51", "4.53", "4.55", "4.111") and "_rgb" not in of["name"]
        geometry = {
            "rows": of["rows"],
            "columns": of["cols"],
            "samples": of["components"],
            "allocated": -(-of["bits"] // 8) * 8 if of["bits"] != 24 else 32,
            "stored": of["bits"],
            "signed": int(of["signed"]),
            "photometric": "MONOCHROME2" if of["components"] == 1 else "YBR_FULL" if ycbcr else "RGB",
        }
        yield of["name"], uid, geometry, (shared / "codecs" / of["file"]).read_bytes()


def of_corpus(shared):
    for name, uid, geometry, stream in frames.streams(shared / "corpus", {decoders.UID + uid for uid in STILL}, PIXELS):
        yield name, uid.removeprefix(decoders.UID), geometry, stream


def job(uid, geometry, stream, name):
    name.write_bytes(stream)
    columns, rows = geometry["columns"], geometry["rows"]
    return {
        "stream": str(name),
        "transferSyntax": decoders.UID + uid,
        "geometry": geometry,
        "rects": [[3, 5, max(columns // 3, 1), max(rows // 4, 1)], [columns // 2, rows // 2, columns, 9]],
        "out": f"{name}.masked",
    }


def wrong(before, after, done, most):
    """What a mask did that it must not; None when it is right."""
    dct = done["codec"] == "JpegDct" or done["transferSyntax"]
    around = np.zeros(before.shape[:2], bool)
    core = around.copy()
    # Where chroma is subsampled, decoders mix a pixel at the rim.
    rim = 1 if dct and before.shape[2] == 3 else 0
    for x, y, width, height in done["touched"]:
        around[max(y - rim, 0) : y + height + rim, max(x - rim, 0) : x + width + rim] = True
        core[y + rim : y + height - rim, x + rim : x + width - rim] = True
    if (abs(before - after) > most)[~around].any():
        return f"changed outside by {abs(before - after)[~around].max()}"
    if np.ptp(after[core], axis=0).any():
        return "not constant inside"
    return None


def compared(uid, geometry, stream, one, done, folder):
    """Names of the decoders that read the source, and what is wrong for one of them."""
    readers, faults = [], []
    most = decoders.tolerance(uid, stream)
    becomes = (done["transferSyntax"] or "").removeprefix(decoders.UID) or uid
    masked = Path(one["out"]).read_bytes()
    for name in ("dcmtk", "imagecodecs"):
        read = {"dcmtk": lambda *of: decoders.dcmtk(*of, folder), "imagecodecs": decoders.library}[name]
        before = read(uid, geometry, stream)
        if before is None:
            continue
        readers.append(name)
        after = read(becomes, geometry, masked)
        fault = "not readable" if after is None else wrong(before, after, done, most)
        if fault is None and done["codec"] != "JpegDct" and becomes == uid:
            fault = differs(before, after, one, done, most)
        if fault:
            faults.append(f"{name}: {fault}")
    return readers, faults


def differs(before, after, one, done, most):
    """Our samples of the source are those of the other decoder, and exactly they are outside of the mask."""
    bits = (1 << done["bits"]) - 1
    ours = np.fromfile(one["out"] + ".raw", "<i4").reshape(before.shape).astype(np.int64)
    if most == 0:
        return "decoded to other samples" if (ours & bits != before & bits).any() else None
    outside = np.ones(before.shape[:2], bool)
    for x, y, width, height in done["touched"]:
        outside[y : y + height, x : x + width] = False
    return "written as other samples" if (ours & bits != after & bits)[outside].any() else None


def main(run, folder):
    folder = Path(folder)
    shared = Path(os.environ.get("TOKUMEI_SHARED", Path(__file__).resolve().parents[3] / "shared"))
    sources = [*of_corpus(shared), *vectors(shared), *built.streams()]
    cases = [
        (name, uid, geometry, stream, job(uid, geometry, stream, folder / str(n)))
        for n, (name, uid, geometry, stream) in enumerate(sources)
    ]
    jobs = folder / "jobs.json"
    jobs.write_text(json.dumps([case[-1] for case in cases]))
    lines = subprocess.run([*run.split(), jobs], capture_output=True, text=True, check=True).stdout.splitlines()
    table, refused, unread, faults = {}, {}, [], {}
    for (name, uid, geometry, stream, one), line in zip(cases, lines, strict=True):
        done = json.loads(line)
        if "error" in done:
            refused[name] = done["error"]
            continue
        readers, wrong_for = compared(uid, geometry, stream, one, done, folder)
        if not readers:
            unread.append(name)
            continue
        if wrong_for:
            faults[name] = wrong_for
        signed = "signed" if geometry["signed"] else "unsigned"
        bits = f"{geometry['samples']} × {geometry['stored']} of {geometry['allocated']}"
        row = table.setdefault(f"{uid} | {bits} | {signed} | {geometry['photometric']}", {"streams": 0})
        row["streams"] += 1
        for reader in readers:
            row[reader] = row.get(reader, 0) + 1
    print(json.dumps({"compared": table, "refused": refused, "unread": unread, "faults": faults}))


if __name__ == "__main__":
    main(*sys.argv[1:])
