"""Sheets as files: XLSX or PDF, made in the helper processes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from xiezhi.v1 import ledger_service_pb2 as pb
from xiezhi_domain.errors import InvalidInput
from xiezhi_papers.jobs import MAKE_SHEET_PDF, MAKE_XLSX
from xiezhi_papers.sheets import PrintedSheet, Sheet
from xiezhi_papers.workshop import Workshop

PIECE_BYTES: Final = 256 * 1024
RENDER_S: Final = 120.0
_ENDINGS: Final = {pb.SHEET_FORMAT_XLSX: "xlsx", pb.SHEET_FORMAT_PDF: "pdf"}


@dataclass(frozen=True, slots=True)
class Press:
    """What sheets are printed with: the court's fonts (empty: none) and the helper processes."""

    font_directory: str
    workshop: Workshop

    async def print(self, sheet: Sheet, ending: str, now: int) -> bytes:
        """Return the file; *ending* is xlsx or pdf, *now* (ms) the time that a PDF says.

        :raises LimitExceeded: TOO_LARGE.
        """
        if ending == "xlsx":
            return await self.workshop.run(MAKE_XLSX, sheet, RENDER_S)
        printed = PrintedSheet(sheet, self.font_directory, now // 1000)
        return await self.workshop.run(MAKE_SHEET_PDF, printed, RENDER_S)


def ending_of(wanted: pb.SheetFormat.ValueType) -> str:
    """Return the ending of a format.

    :raises InvalidInput: none is stated.
    """
    ending = _ENDINGS.get(wanted)
    if ending is None:
        raise InvalidInput.in_field("format", "必填，请选择 XLSX 或 PDF")
    return ending


def pieces_of(content: bytes) -> Iterator[bytes]:
    """Give the bytes of a file in pieces."""
    for start in range(0, len(content), PIECE_BYTES):
        yield content[start : start + PIECE_BYTES]
