"""What a file is found to be, and what a clerk is told when it cannot be opened."""

import io
import struct
import zipfile
from pathlib import Path

import pypdf
import pytest
from tests.unit.papers.letters import a_pdf, made

from xiezhi_domain.errors import Reason, WrongState
from xiezhi_papers.letters.asked import LetterFormat
from xiezhi_papers.sniffing.examine import MOST_PAGES, examine
from xiezhi_papers.sniffing.names import check_promise
from xiezhi_papers.sniffing.suspect import Suspect

PDF, PNG, JPEG, TIFF, OFD = "application/pdf", "image/png", "image/jpeg", "image/tiff", "application/ofd"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def pages(folder: Path, content: bytes, media_type: str) -> int:
    file = folder / "suspect"
    file.write_bytes(content)
    return examine(Suspect(str(file), media_type)).pages


def refused(folder: Path, content: bytes, media_type: str) -> WrongState:
    with pytest.raises(WrongState) as told:
        pages(folder, content, media_type)
    return told.value


def written(writer: pypdf.PdfWriter) -> bytes:
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def blank(count: int, **encryption: str) -> bytes:
    writer = pypdf.PdfWriter()
    for _ in range(count):
        writer.add_blank_page(595, 842)
    if encryption:
        writer.encrypt(algorithm="AES-256", **encryption)
    return written(writer)


def tiff(count: int) -> bytes:
    directories = (struct.pack("<HL", 0, 8 + 6 * (at + 1) if at + 1 < count else 0) for at in range(count))
    return b"II*\x00" + struct.pack("<L", 8) + b"".join(directories)


def zipped(size: int) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("OFD.xml", bytes(size))
    return file.getvalue()


def test_pages_are_counted(tmp_path: Path) -> None:
    assert pages(tmp_path, blank(3), PDF) == 3
    assert pages(tmp_path, tiff(4), TIFF) == 4
    assert pages(tmp_path, b"\xff\xd8\xff\xe0 image \xff\xd9", JPEG) == 1
    assert pages(tmp_path, b"\x89PNG\r\n\x1a\n image IEND\xaeB`\x82", PNG) == 1
    assert pages(tmp_path, made(LetterFormat.DOCX)[0], DOCX) == 0
    assert pages(tmp_path, b"text", "text/plain") == 0


def test_a_pdf_that_only_forbids_changes_can_be_read(tmp_path: Path) -> None:
    assert pages(tmp_path, blank(2, user_password="", owner_password="x"), PDF) == 2


@pytest.mark.parametrize(
    ("content", "media_type", "word"),
    [
        (blank(1, user_password="x"), PDF, "密码"),
        (a_pdf()[:2_000], PDF, "损坏"),
        (b"%PDF-1.7\n" + bytes(1_000), PDF, "损坏"),
        (blank(0), PDF, "没有页面"),
        (b"\xff\xd8\xff\xe0 image", JPEG, "不完整"),
        (b"\x89PNG\r\n\x1a\n image", PNG, "不完整"),
        (tiff(2)[:-3], TIFF, "不完整"),
        (b"PK\x03\x04 broken", OFD, "损坏"),
    ],
)
def test_damage_and_passwords_are_told(tmp_path: Path, content: bytes, media_type: str, word: str) -> None:
    told = refused(tmp_path, content, media_type)
    assert told.reason is Reason.DOCUMENT_BROKEN
    assert word in told.message


@pytest.mark.parametrize(
    ("content", "media_type"), [(tiff(MOST_PAGES + 1), TIFF), (zipped(64 * 1024 * 1024), OFD)]
)
def test_there_are_limits(tmp_path: Path, content: bytes, media_type: str) -> None:
    assert refused(tmp_path, content, media_type).reason is Reason.DOCUMENT_TOO_LARGE


def test_a_tiff_that_runs_in_circles_ends(tmp_path: Path) -> None:
    assert pages(tmp_path, b"II*\x00" + struct.pack("<LHL", 8, 0, 8), TIFF) == 1


@pytest.mark.parametrize(
    ("name", "media_type"),
    [("裁定书.pdf", PDF), ("裁定书.PDF", PDF), ("裁定书", PDF), ("扫描.jpeg", JPEG), ("a.b", PNG)],
)
def test_names_that_keep_what_they_promise(name: str, media_type: str) -> None:
    check_promise(name, media_type)


def test_a_name_that_does_not_is_told() -> None:
    with pytest.raises(WrongState, match="文件名为") as told:
        check_promise("裁定书.pdf", PNG)
    assert told.value.reason is Reason.DOCUMENT_TYPE_REFUSED
    assert "PNG 图片" in told.value.message
