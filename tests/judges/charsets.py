"""Files in every character set that Japanese hospitals have, and what pydicom reads of them after cleaning.

    charsets.py make FOLDER            one file each, legal and illegal declarations, a name in three descriptions
    charsets.py check FOLDER MAPPING   of the outputs beside MAPPING; prints what is wrong as a JSON list
"""
import json
import sys
from pathlib import Path

import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

NAME = "Yamada^Hanako=山田^花子=やまだ^はなこ"
DESCRIBED = "頭部単純CT 山田花子様"
LEFT = "頭部単純CT"
HARMLESS = "胸部CT"
CT = "1.2.840.10008.5.1.4.1.1.2"
JIS = "iso2022_jp"
CASES = [
    ("\\ISO 2022 IR 87", JIS),
    ("ISO 2022 IR 6\\ISO 2022 IR 87", JIS),
    ("ISO 2022 IR 13\\ISO 2022 IR 87", JIS),
    ("\\ISO 2022 IR 13\\ISO 2022 IR 87", JIS),
    ("\\ISO 2022 IR 87\\ISO 2022 IR 159", JIS),
    ("ISO_IR 192", "utf-8"),
    ("GB18030", "gb18030"),
    # Against the standard, as devices write them.
    ("ISO 2022 IR 87", JIS),
    ("ISO_IR 13\\ISO 2022 IR 87", JIS),
    ("ISO_IR 100", JIS),
    (None, JIS),
    *[(declared, bytes_) for declared in (None, "", "ISO_IR 100", "ISO_IR 13", "ISO 2022 IR 13", "\\ISO 2022 IR 87")
      for bytes_ in ("cp932", "euc_jp", "utf-8")],
]
LEGAL = 7


def encoded(text, codec, person=False):
    """Bytes with escapes closed before the delimiters of a person's name."""
    if not person:
        return text.encode(codec)
    groups = [b"^".join(part.encode(codec) for part in group.split("^")) for group in text.split("=")]
    return b"=".join(groups)


def element(tag, vr, value):
    value += b" " * (len(value) % 2)
    head = tag.to_bytes(4, "big")
    head = bytes([head[1], head[0], head[3], head[2]])
    return head + vr + len(value).to_bytes(2, "little") + value


def make(folder):
    folder.mkdir(parents=True)
    for n, (declared, codec) in enumerate(CASES):
        described = encoded(DESCRIBED, codec)
        elements = [
            (0x00080016, b"UI", CT.encode()),
            (0x00080018, b"UI", f"1.2.3.{n}.1".encode()),
            (0x00080060, b"CS", b"OT"),
            (0x00081030, b"LO", described),
            (0x0008103E, b"LO", described),
            (0x00100010, b"PN", encoded(NAME, codec, True)),
            (0x00100020, b"LO", f"P-7788{n:02}".encode()),
            (0x00180010, b"LO", encoded(HARMLESS, codec)),
            (0x0020000D, b"UI", f"1.2.3.{n}.2".encode()),
            (0x0020000E, b"UI", f"1.2.3.{n}.3".encode()),
            (0x00204000, b"LT", described),
        ]
        if declared is not None:
            elements.append((0x00080005, b"CS", declared.encode()))
        body = b"".join(element(*e) for e in sorted(elements))
        meta = FileMetaDataset()
        meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = CT, f"1.2.3.{n}.1"
        meta.TransferSyntaxUID = ExplicitVRLittleEndian
        path = folder / f"{n:02}.dcm"
        shell = Dataset()
        shell.file_meta = meta
        pydicom.dcmwrite(path, shell, enforce_file_format=True)
        with open(path, "ab") as file:
            file.write(body)


def check(folder, mapping):
    outputs = {row["path"]: row["out"] for row in json.loads(mapping.read_text())["files"]}
    wrong = []
    for n, (declared, codec) in enumerate(CASES):
        what = f"{n:02} {declared} {codec}"
        out = outputs.get(f"{n:02}.dcm")
        if out is None:
            wrong.append(f"{what}: nothing left")
            continue
        path = mapping.parent / "out" / out
        raw = path.read_bytes()
        for part in ("山田", "花子"):
            for other in (JIS, "cp932", "euc_jp", "utf-8"):
                if part.encode(other).replace(b"\x1b(B", b"") in raw:
                    wrong.append(f"{what}: a name in {other}")
        ds = pydicom.dcmread(path)
        for keyword in ("StudyDescription", "SeriesDescription", "ImageComments"):
            if str(ds.get(keyword, "")) != LEFT:
                wrong.append(f"{what}: {keyword} reads otherwise")
        # What is not cleaned keeps its bytes, also where they break a declaration that the cleaned text follows.
        stays_broken = declared == "\\ISO 2022 IR 87" and codec != JIS
        if str(ds.ContrastBolusAgent) != HARMLESS and not stays_broken:
            wrong.append(f"{what}: an untouched text reads otherwise")
        if n < LEGAL and element(0x00180010, b"LO", encoded(HARMLESS, codec)) not in raw:
            wrong.append(f"{what}: an untouched element has other bytes")
    print(json.dumps(wrong, ensure_ascii=False))


if sys.argv[1] == "make":
    make(Path(sys.argv[2]))
else:
    check(Path(sys.argv[2]), Path(sys.argv[3]))
