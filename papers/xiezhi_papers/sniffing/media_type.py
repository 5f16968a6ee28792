"""The media type of a document, found by looking into its bytes; what its name says does not count.

Types whose look is a fixed beginning stand in a table. Zip containers are told apart by the names of their entries,
read from a directory of bounded size, so that no crafted archive costs more memory than that.
"""

import codecs
import struct
import zipfile
from typing import BinaryIO, Final

UNKNOWN: Final = "application/octet-stream"
ZIP: Final = "application/zip"
_MACROS: Final = "application/vnd.ms-office.macros"
_OPEN_XML: Final = "application/vnd.openxmlformats-officedocument"

_HEAD_BYTES: Final = 64 * 1024
_PDF_WITHIN: Final = 1024
_MAX_DIRECTORY_BYTES: Final = 1024 * 1024

_BEGINNINGS: Final = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
)
_MP4_BRANDS: Final = frozenset(
    {b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"MSNV", b"dash"}
)
# The entry that makes a zip container what it is.
_ENTRIES: Final = (
    ("OFD.xml", "application/ofd"),
    ("word/document.xml", f"{_OPEN_XML}.wordprocessingml.document"),
    ("xl/workbook.xml", f"{_OPEN_XML}.spreadsheetml.sheet"),
)
_ZIP_BEGINNING: Final = b"PK\x03\x04"
# The record at a zip's end: its mark, the directory's size and place in it, the longest comment behind it.
_ZIP_END: Final = b"PK\x05\x06"
_ZIP_END_FORMAT: Final = struct.Struct("<4s4H2LH")
_LONGEST_COMMENT: Final = 65_535
# Text has no control characters but these.
_TEXT_CONTROLS: Final = frozenset("\t\n\r\f")
_DELETE: Final = "\x7f"
# Courts' older systems write GB 18030, newer ones UTF-8.
_ENCODINGS: Final = ("utf-8", "gb18030")


def media_type(file: BinaryIO) -> str:
    """Return the media type of the document that *file* holds; `application/octet-stream` for what is not known."""
    file.seek(0)
    head = file.read(_HEAD_BYTES)
    for beginning, found in _BEGINNINGS:
        if head.startswith(beginning):
            return found
    if head.startswith(_ZIP_BEGINNING):
        return _zip_type(file)
    if b"%PDF-" in head[:_PDF_WITHIN]:
        return "application/pdf"
    if head[4:8] == b"ftyp":
        return "video/mp4" if head[8:12] in _MP4_BRANDS else UNKNOWN
    return "text/plain" if _is_text(head) else UNKNOWN


def _zip_type(file: BinaryIO) -> str:
    names = _zip_names(file)
    if any(name.endswith("vbaProject.bin") for name in names):
        return _MACROS
    for entry, found in _ENTRIES:
        if entry in names:
            return found
    return ZIP


def _zip_names(file: BinaryIO) -> frozenset[str]:
    """Return the names in a zip's directory; none for a broken zip or one with a huge directory."""
    if _directory_bytes(file) > _MAX_DIRECTORY_BYTES:
        return frozenset()
    try:
        with zipfile.ZipFile(file) as archive:
            return frozenset(archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        return frozenset()


def _directory_bytes(file: BinaryIO) -> int:
    """Return the size of a zip's directory as its end says; 0 where there is no end."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _ZIP_END_FORMAT.size - _LONGEST_COMMENT))
    tail = file.read()
    at = tail.rfind(_ZIP_END)
    if at < 0 or len(tail) - at < _ZIP_END_FORMAT.size:
        return 0
    directory: int = _ZIP_END_FORMAT.unpack_from(tail, at)[5]
    return directory


def _is_text(head: bytes) -> bool:
    return bool(head) and any(_reads_as(head, encoding) for encoding in _ENCODINGS)


def _reads_as(head: bytes, encoding: str) -> bool:
    # Incremental, because the head may end inside a character.
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(head)
    except UnicodeDecodeError:
        return False
    return all(char in _TEXT_CONTROLS or " " <= char != _DELETE for char in text)
