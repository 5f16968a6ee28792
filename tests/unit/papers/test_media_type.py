"""The media type is found in the bytes, whatever anybody calls them."""

import io
import struct
import zipfile

import pytest

from xiezhi_desk.documents.document import ACCEPTED
from xiezhi_papers.sniffing.media_type import UNKNOWN, ZIP, media_type

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def zipped(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), "content")
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "application/pdf"),
        (b"\xef\xbb\xbf\n" + b" " * 900 + b"%PDF-1.4", "application/pdf"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "image/png"),
        (b"II*\x00\x08\x00\x00\x00", "image/tiff"),
        (b"MM\x00*\x00\x00\x00\x08", "image/tiff"),
        (b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00", "video/mp4"),
        (zipped("OFD.xml", "Doc_0/Document.xml"), "application/ofd"),
        (zipped("[Content_Types].xml", "word/document.xml"), DOCX),
        (zipped("[Content_Types].xml", "xl/workbook.xml"), XLSX),
        ("（2026）苏0508执1号".encode(), "text/plain"),
        ("（2026）苏0508执1号".encode("gb18030"), "text/plain"),
        (("裁" * 40_000).encode(), "text/plain"),
    ],
)
def test_what_is_accepted(data: bytes, expected: str) -> None:
    assert media_type(io.BytesIO(data)) == expected
    assert expected in ACCEPTED


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", UNKNOWN),
        (b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00", UNKNOWN),
        (b"\x7fELF\x02\x01\x01\x00", UNKNOWN),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", UNKNOWN),
        (b"text with\x00a zero", UNKNOWN),
        (b"text with\x1b[31m colours", UNKNOWN),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", UNKNOWN),
        (b" " * 2_000 + b"\x00%PDF-1.7", UNKNOWN),
        (zipped("anything.pdf"), ZIP),
        (zipped(), UNKNOWN),
        (zipped("OFD.xml")[:-30], ZIP),
        (b"PK\x03\x04" + b"broken" * 100, ZIP),
        (
            zipped("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
            "application/vnd.ms-office.macros",
        ),
    ],
)
def test_what_is_not(data: bytes, expected: str) -> None:
    assert media_type(io.BytesIO(data)) == expected
    assert expected not in ACCEPTED


def test_a_huge_directory_is_not_read() -> None:
    data = zipped("OFD.xml")
    at = data.rindex(b"PK\x05\x06")
    crafted = data[: at + 12] + struct.pack("<L", 200 * 1024 * 1024) + data[at + 16 :]
    assert media_type(io.BytesIO(crafted)) == ZIP


def test_a_name_inside_that_climbs_is_only_a_name() -> None:
    assert media_type(io.BytesIO(zipped("../../OFD.xml"))) == ZIP
