"""Pages, encryption and damage of a file. Runs in a helper process: the file is a stranger's."""

import struct
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO, Final, NoReturn

import pypdf

from xiezhi_domain.errors import Reason, WrongState
from xiezhi_papers.sniffing.suspect import Examined, Suspect

MOST_PAGES: Final = 3_000
MOST_UNPACKED: Final = 1024 * 1024 * 1024
MOST_PACKED_RATIO: Final = 200
_TAIL: Final = 1024
_SMALL: Final = 1024 * 1024


def examine(suspect: Suspect) -> Examined:
    """Return what a file holds.

    :raises WrongState: DOCUMENT_BROKEN; it is cut off, damaged, or needs a password. DOCUMENT_TOO_LARGE; it has too
        many pages, or unpacks to too much.
    """
    look = _LOOKS.get(suspect.media_type)
    if look is None:
        return Examined(pages=0)
    with Path(suspect.path).open("rb") as file:
        return Examined(_within(look(file)))


def _within(pages: int) -> int:
    if pages > MOST_PAGES:
        raise WrongState(
            Reason.DOCUMENT_TOO_LARGE,
            f"文书共 {pages} 页，最多 {MOST_PAGES} 页，请拆分后上传",
            metadata={"pages": str(pages), "max_pages": str(MOST_PAGES)},
        )
    return pages


def _broken(message: str) -> NoReturn:
    raise WrongState(Reason.DOCUMENT_BROKEN, message)


def _pdf_pages(file: BinaryIO) -> int:
    try:
        reader = pypdf.PdfReader(file)
        # One that anybody may open has an empty user password; only changing it is forbidden.
        if reader.is_encrypted and not reader.decrypt(""):
            _broken("PDF 设有打开密码，对方法院无法查看，请去除密码后上传")
        pages = len(reader.pages)
    except (WrongState, MemoryError):
        raise
    except Exception as error:  # Whatever a stranger's file does to a library.
        raise WrongState(
            Reason.DOCUMENT_BROKEN, "PDF 不完整或已损坏，无法打开，请重新扫描或另存后上传"
        ) from error
    if not pages:
        _broken("PDF 没有页面，请核对后重新上传")
    return pages


def _tiff_pages(file: BinaryIO) -> int:
    order = "<" if file.read(4).startswith(b"II") else ">"
    pages, seen = 0, set()
    try:
        (at,) = struct.unpack(f"{order}L", file.read(4))
        while at and at not in seen and pages <= MOST_PAGES:
            seen.add(at)
            file.seek(at)
            (entries,) = struct.unpack(f"{order}H", file.read(2))
            file.seek(at + 2 + 12 * entries)
            (at,) = struct.unpack(f"{order}L", file.read(4))
            pages += 1
    except struct.error:
        _broken("图片不完整，请重新扫描后上传")
    if not pages:
        _broken("图片没有页面，请重新扫描后上传")
    return pages


def _ends_with(mark: bytes) -> Callable[[BinaryIO], int]:
    def look(file: BinaryIO) -> int:
        file.seek(max(0, file.seek(0, 2) - _TAIL))
        # Cameras write a little behind the end.
        if mark not in file.read():
            _broken("图片不完整，请重新拍摄或扫描后上传")
        return 1

    return look


def _package(file: BinaryIO) -> int:
    """Look into a zip container: an Office document, or OFD."""
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        _broken("文件不完整或已损坏，无法打开，请另存后上传")
    if any(entry.flag_bits & 1 for entry in entries):
        _broken("文件设有密码，对方法院无法查看，请去除密码后上传")
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if unpacked > MOST_UNPACKED or (unpacked > _SMALL and unpacked > MOST_PACKED_RATIO * packed):
        raise WrongState(Reason.DOCUMENT_TOO_LARGE, "文件解压后过大，请拆分后上传")
    return 0


_LOOKS: Final[Mapping[str, Callable[[BinaryIO], int]]] = {
    "application/pdf": _pdf_pages,
    "image/tiff": _tiff_pages,
    "image/jpeg": _ends_with(b"\xff\xd9"),
    "image/png": _ends_with(b"IEND"),
    "application/ofd": _package,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": _package,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": _package,
}
